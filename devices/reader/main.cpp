// SPDX-License-Identifier: Apache-2.0
// stile-reader: one camera, its codes, and the way to stiled.
#include <exception>
#include <iostream>

#include "daemon/config/site.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "devices/camera/frame_memory.hpp"
#include "devices/camera/opencv/set_up.hpp"
#include "devices/camera/zxing/zxing_decoder.hpp"
#include "devices/reader/cli.hpp"
#include "devices/reader/device_list.hpp"
#include "devices/reader/pictures.hpp"
#include "devices/reader/reader.hpp"

namespace stile::devices {
namespace {

int read_for_site(const Options& options, const QrDecoder& decoder) {
    const auto site = config::load_site(options.config);
    if (!site) {
        log::error(site.error().context);
        return kExitConfig;
    }
    const config::Reader* settings = site->reader(options.name);
    if (settings == nullptr && (options.action == Options::Action::Read || !options.name.empty())) {
        log::error(options.config + ": there is no reader named " + options.name);
        return kExitConfig;
    }
    if (options.action == Options::Action::CheckConfig) {
        std::cout << options.config << ": good\n";
        return kExitDone;
    }
    const AtEnd at_end = options.run == Options::Run::Once ? AtEnd::Stop : AtEnd::PlayAgain;
    return Reader{*site, *settings, decoder, at_end}.run();
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
