// SPDX-License-Identifier: Apache-2.0
// PNG by libpng's simplified interface, which returns its errors instead of jumping.
#include "crypto/issue/png/png.hpp"

#include <algorithm>

#include <png.h>

namespace stile::crypto {
namespace {

constexpr std::uint8_t kWhite = 255;
constexpr std::uint8_t kBlack = 0;

Buffer to_pixels(const QrCode& code, std::size_t module_pixels, std::size_t side) {
    Buffer pixels(side * side, kWhite);
    for (std::size_t y = 0; y < code.size * module_pixels; ++y) {
        auto* row =
            &pixels[((kQuietZone * module_pixels + y) * side) + (kQuietZone * module_pixels)];
        for (std::size_t x = 0; x < code.size; ++x)
            if (code.dark(x, y / module_pixels))
                std::fill_n(row + (x * module_pixels), module_pixels, kBlack);
    }
    return pixels;
}

}  // namespace

Result<Buffer> to_png(const QrCode& code, std::size_t module_pixels) {
    const std::size_t side = (code.size + 2 * kQuietZone) * module_pixels;
    const Buffer pixels = to_pixels(code, module_pixels, side);
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(side);
    image.height = static_cast<png_uint_32>(side);
    image.format = PNG_FORMAT_GRAY;
    Buffer file(PNG_IMAGE_PNG_SIZE_MAX(image));
    png_alloc_size_t size = file.size();
    if (png_image_write_to_memory(&image, file.data(), &size, 0, pixels.data(), 0, nullptr) == 0)
        return fail(Errc::Io, std::string{"PNG: "} + static_cast<const char*>(image.message));
    file.resize(size);
    return file;
}

}  // namespace stile::crypto
