// SPDX-License-Identifier: Apache-2.0
// stile-reader: one camera, card reader or scanner, and the way to stiled.
#include <chrono>
#include <exception>
#include <iostream>
#include <utility>

#include "daemon/config/site.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "devices/camera/frame_memory.hpp"
#include "devices/camera/opencv/set_up.hpp"
#include "devices/camera/zxing/zxing_decoder.hpp"
#include "devices/reader/card_reader.hpp"
#include "devices/reader/cli.hpp"
#include "devices/reader/device_list.hpp"
#include "devices/reader/doctor.hpp"
#include "devices/reader/pictures.hpp"
#include "devices/reader/reader.hpp"
#include "devices/reader/scan_reader.hpp"
#include "devices/reader/scan_sources.hpp"
#include "devices/reader/usb_doctor.hpp"

namespace stile::devices {
namespace {

// The site, and in it the reader that is named; without a name any reader will do.
Result<config::Site> site_of(const Options& options) {
    auto site = config::load_site(options.config);
    if (site && !options.name.empty() && site->reader(options.name) == nullptr)
        return fail(Errc::Config, options.config + ": there is no reader named " + options.name);
    return site;
}

int read_camera(const Options& options, const config::Site& site, const config::Reader& reader) {
    keep_frame_memory();
    set_up_opencv();
    const ZxingDecoder decoder;
    const AtEnd at_end = options.run == Options::Run::Once ? AtEnd::Stop : AtEnd::PlayAgain;
    return Reader{site, reader, decoder, at_end}.run();
}

int read_cards(const config::Site& site, const config::Reader& reader) {
    auto permit = UsbPermit::parse(reader.source);
    if (!permit) {  // load_site() has looked at it
        log::error(permit.error());
        return kExitConfig;
    }
    return CardReader{site, reader, std::move(*permit)}.run();
}

int read_scanner(const config::Site& site, const config::Reader& reader) {
    const auto make = [&reader](EventLoop& loop, ScannerEvents events) {
        return make_scanner(loop, reader, std::move(events));
    };
    return ScanReader{site, reader, make}.run();
}

int check_readers(const Options& options, const config::Site& site) {
    for (const config::Reader& reader : site.readers) {
        if (config::kind_of(reader) != config::ReaderKind::Scanner) continue;
        if (const auto good = check_layout(reader); !good) {
            log::error(options.config + ": reader " + reader.name + ": " + good.error().context);
            return kExitConfig;
        }
    }
    std::cout << options.config << ": good\n";
    return kExitDone;
}

int read_for_site(const Options& options) {
    const auto site = site_of(options);
    if (!site) {
        log::error(site.error().context);
        return kExitConfig;
    }
    if (options.action == Options::Action::CheckConfig) return check_readers(options, *site);
    const config::Reader& reader = *site->reader(options.name);
    switch (config::kind_of(reader)) {
        case config::ReaderKind::Camera:
            return read_camera(options, *site, reader);
        case config::ReaderKind::Nfc:
            return read_cards(*site, reader);
        case config::ReaderKind::Scanner:
            return read_scanner(*site, reader);
    }
    return kExitUsage;
}

int examine_camera(const Options& options) {
    config::Reader settings;
    if (!options.name.empty()) {
        const auto site = site_of(options);
        if (!site) {
            log::error(site.error().context);
            return kExitConfig;
        }
        settings = *site->reader(options.name);
        if (options.source.empty() && config::kind_of(settings) != config::ReaderKind::Camera) {
            log::error("reader " + settings.name + " is no camera; see: stilectl doctor usb");
            return kExitUsage;
        }
    }
    set_up_opencv();
    const ZxingDecoder decoder;
    settings = with_wishes(std::move(settings), options.wishes);
    return examine({.source = options.source.empty() ? settings.source : options.source,
                    .mode = mode_of(settings),
                    .picture = options.picture,
                    .time = std::chrono::seconds{options.seconds},
                    .form = options.json ? DoctorOrder::Form::Json : DoctorOrder::Form::Text},
                   decoder, std::cout);
}

int look_at_usb(const Options& options) {
    Result<config::Site> site;
    if (!options.config.empty()) site = site_of(options);
    if (!site) {
        log::error(site.error().context);
        return kExitConfig;
    }
    return examine_usb(site->readers, options.json ? UsbForm::Json : UsbForm::Text, std::cout);
}

int decode_pictures(const Options& options) {
    keep_frame_memory();
    set_up_opencv();
    const ZxingDecoder decoder;
    return options.action == Options::Action::Files
               ? decode_files(options.files, decoder, std::cout)
               : decode_sequence(options.folder, decoder, std::cout);
}

int run(const Options& options) {
    switch (options.action) {
        case Options::Action::Files:
        case Options::Action::Sequence:
            return decode_pictures(options);
        case Options::Action::List:
            return print_devices(std::cout);
        case Options::Action::Doctor:
            return examine_camera(options);
        case Options::Action::DoctorUsb:
            return look_at_usb(options);
        case Options::Action::CheckConfig:
        case Options::Action::Read:
            return read_for_site(options);
    }
    return kExitUsage;
}

}  // namespace
}  // namespace stile::devices

int main(int argc, char** argv) {
    try {
        stile::log::set_program("stile-reader");
        const auto options = stile::devices::parse_command_line(argc, argv);
        return options ? stile::devices::run(*options) : options.error();
    } catch (const std::exception& thrown) {
        stile::log::error(thrown.what());
        return stile::kExitFailed;
    }
}
