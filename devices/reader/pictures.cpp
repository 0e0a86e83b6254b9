// SPDX-License-Identifier: Apache-2.0
// Read, decode, print; flushed line by line for whoever follows the output.
#include "devices/reader/pictures.hpp"

#include <chrono>

#include "daemon/config/site.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "devices/camera/opencv/picture.hpp"
#include "devices/camera/picture_files.hpp"
#include "devices/camera/sightings.hpp"
#include "devices/reader/json_lines.hpp"

namespace stile::devices {
namespace {

struct Decoded {
    std::vector<Code> codes;
    std::chrono::nanoseconds took;
};

Result<Decoded> decode_file(const std::string& file, const QrDecoder& decoder) {
    const auto frame = read_picture(file);
    if (!frame) return std::unexpected{frame.error()};
    const auto begin = std::chrono::steady_clock::now();
    auto codes = decoder.decode(*frame);
    const auto took = std::chrono::steady_clock::now() - begin;
    if (!codes) return std::unexpected{std::move(codes.error())};
    return Decoded{std::move(*codes), took};
}

}  // namespace

int decode_files(const std::vector<std::string>& files, const QrDecoder& decoder,
                 std::ostream& out) {
    int exit_code = kExitDone;
    for (const std::string& file : files) {
        const auto decoded = decode_file(file, decoder);
        if (!decoded) exit_code = kExitFailed;
        out << (decoded ? json_codes(file, decoded->codes, decoded->took)
                        : json_unreadable(file, decoded.error().context))
            << '\n'
            << std::flush;
    }
    return exit_code;
}

int decode_sequence(const std::string& folder, const QrDecoder& decoder, std::ostream& out) {
    const auto files = picture_files(folder);
    if (!files) {
        log::error(files.error().context);
        return kExitFailed;
    }
    const config::Reader camera;  // rate and hold-off as a site has them by default
    const auto period = std::chrono::nanoseconds{std::chrono::seconds{1}} / camera.rate;
    Sightings sightings{camera.hold_off};
    int exit_code = kExitDone;
    for (std::size_t i = 0; i < files->size(); ++i) {
        const std::string& file = (*files)[i].native();
        const auto decoded = decode_file(file, decoder);
        if (!decoded) {
            exit_code = kExitFailed;
            out << json_unreadable(file, decoded.error().context) << '\n' << std::flush;
            continue;
        }
        for (const Code& code : decoded->codes) {
            if (sightings.see(code.bytes, period * (i + 1)) == Sighting::New)
                out << json_scan(i + 1, file, code, decoded->took) << '\n' << std::flush;
        }
    }
    return exit_code;
}

}  // namespace stile::devices
