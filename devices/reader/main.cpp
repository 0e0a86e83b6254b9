// SPDX-License-Identifier: Apache-2.0
// stile-reader: one camera, its codes, and the way to stiled.
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
#include "devices/reader/cli.hpp"
#include "devices/reader/device_list.hpp"
#include "devices/reader/doctor.hpp"
#include "devices/reader/pictures.hpp"
#include "devices/reader/reader.hpp"

namespace stile::devices {
namespace {

// The site, and in it the reader that is named; without a name any reader will do.
Result<config::Site> site_of(const Options& options) {
    auto site = config::load_site(options.config);
    if (site && !options.name.empty() && site->reader(options.name) == nullptr)
        return fail(Errc::Config, options.config + ": there is no reader named " + options.name);
    return site;
}

int read_for_site(const Options& options, const QrDecoder& decoder) {
    const auto site = site_of(options);
    if (!site) {
        log::error(site.error().context);
        return kExitConfig;
    }
    if (options.action == Options::Action::CheckConfig) {
        std::cout << options.config << ": good\n";
        return kExitDone;
    }
    const AtEnd at_end = options.run == Options::Run::Once ? AtEnd::Stop : AtEnd::PlayAgain;
    return Reader{*site, *site->reader(options.name), decoder, at_end}.run();
}

int examine_camera(const Options& options, const QrDecoder& decoder) {
    config::Reader settings;
    if (!options.name.empty()) {
        const auto site = site_of(options);
        if (!site) {
            log::error(site.error().context);
            return kExitConfig;
        }
        settings = *site->reader(options.name);
    }
    settings = with_wishes(std::move(settings), options.wishes);
    return examine({.source = options.source.empty() ? settings.source : options.source,
                    .mode = mode_of(settings),
                    .picture = options.picture,
                    .time = std::chrono::seconds{options.seconds},
                    .form = options.json ? DoctorOrder::Form::Json : DoctorOrder::Form::Text},
                   decoder, std::cout);
}

int run(const Options& options) {
    keep_frame_memory();
    set_up_opencv();
    const ZxingDecoder decoder;
    switch (options.action) {
        case Options::Action::Files:
            return decode_files(options.files, decoder, std::cout);
        case Options::Action::Sequence:
            return decode_sequence(options.folder, decoder, std::cout);
        case Options::Action::List:
            return print_devices(std::cout);
        case Options::Action::Doctor:
            return examine_camera(options, decoder);
        case Options::Action::CheckConfig:
        case Options::Action::Read:
            return read_for_site(options, decoder);
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
