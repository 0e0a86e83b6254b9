// SPDX-License-Identifier: Apache-2.0
// One path for all dark modules, a row's neighbours drawn as one bar.
#include "crypto/issue/svg.hpp"

#include <fmt/format.h>

namespace stile::crypto {

std::string to_svg(const QrCode& code, std::size_t module_pixels) {
    const std::size_t side = code.size + 2 * kQuietZone;
    std::string path;
    for (std::size_t y = 0; y < code.size; ++y) {
        for (std::size_t x = 0; x < code.size; ++x) {
            const std::size_t start = x;
            while (x < code.size && code.dark(x, y))
                ++x;
            if (x > start)
                path += fmt::format("M{} {}h{}v1h-{}z", start + kQuietZone, y + kQuietZone,
                                    x - start, x - start);
        }
    }
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{0}\" "
        "viewBox=\"0 0 {1} {1}\" shape-rendering=\"crispEdges\">\n"
        "<rect width=\"{1}\" height=\"{1}\" fill=\"#fff\"/>\n<path d=\"{2}\"/>\n</svg>\n",
        side * module_pixels, side, path);
}

}  // namespace stile::crypto
