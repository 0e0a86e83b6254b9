// SPDX-License-Identifier: Apache-2.0
// PNG by libpng, one bit a pixel; its errors jump, so nothing with a destructor lives between.
#include "crypto/issue/png/png.hpp"

#include <csetjmp>

#include <png.h>

namespace stile::crypto {
namespace {

// All rows of modules, 8 pixels a byte, dark is 0; and where they go.
struct Picture {
    std::size_t side;  // pixels
    std::size_t row_bytes;
    Buffer rows;  // the quiet zone, then one row for each line of modules
    Buffer file;
    std::string error;
};

Picture to_rows(const QrCode& code, std::size_t module_pixels) {
    const std::size_t side = (code.size + 2 * kQuietZone) * module_pixels;
    Picture picture{.side = side, .row_bytes = (side + 7) / 8};
    picture.rows.assign(picture.row_bytes * (code.size + 1), 0xFF);
    for (std::size_t y = 0; y < code.size; ++y) {
        std::uint8_t* const row = &picture.rows[(y + 1) * picture.row_bytes];
        for (std::size_t x = 0; x < code.size; ++x) {
            if (!code.dark(x, y)) continue;
            const std::size_t left = (x + kQuietZone) * module_pixels;
            for (std::size_t at = left; at < left + module_pixels; ++at)
                row[at / 8] &= static_cast<std::uint8_t>(~(0x80U >> (at % 8)));
        }
    }
    return picture;
}

void keep(png_structp png, png_bytep data, std::size_t size) {
    auto& file = static_cast<Picture*>(png_get_io_ptr(png))->file;
    file.insert(file.end(), data, data + size);
}

void keep_error(png_structp png, const char* what) {
    static_cast<Picture*>(png_get_error_ptr(png))->error = what;
    png_longjmp(png, 1);
}

// Rows of one colour or the same as the one above: no filter helps, and the fastest compression
// does.
void write(png_structp png, png_infop info, const Picture& picture, std::size_t modules,
           std::size_t module_pixels) {
    const auto side = static_cast<png_uint_32>(picture.side);
    png_set_IHDR(png, info, side, side, 1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
    png_set_compression_level(png, 1);
    png_write_info(png, info);
    for (std::size_t y = 0; y < picture.side; ++y) {
        const std::size_t line = y / module_pixels;
        const bool quiet = line < kQuietZone || line >= kQuietZone + modules;
        const std::size_t row = quiet ? 0 : line - kQuietZone + 1;
        png_write_row(png, &picture.rows[row * picture.row_bytes]);
    }
    png_write_end(png, info);
}

}  // namespace

Result<Buffer> to_png(const QrCode& code, std::size_t module_pixels) {
    Picture picture = to_rows(code, module_pixels);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &picture, keep_error, nullptr);
    png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
    if (info != nullptr && setjmp(png_jmpbuf(png)) == 0) {  // NOLINT(cert-err52-cpp): libpng's way
        png_set_write_fn(png, &picture, keep, nullptr);
        write(png, info, picture, code.size, module_pixels);
    } else if (picture.error.empty()) {
        picture.error = "out of memory";
    }
    png_destroy_write_struct(&png, &info);
    if (!picture.error.empty()) return fail(Errc::Io, "PNG: " + picture.error);
    return std::move(picture.file);
}

}  // namespace stile::crypto
