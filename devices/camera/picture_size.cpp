// SPDX-License-Identifier: Apache-2.0
// One small reader a format, chosen by the magic bytes.
#include "devices/camera/picture_size.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "devices/camera/frame.hpp"

namespace stile::devices {
namespace {

using Size = std::optional<PictureSize>;  // nothing: the head is damaged

Size png_size(Bytes file) {
    ByteReader in{file};
    in.take(12);  // magic, length of the first chunk
    const Bytes type = in.take(4);
    const auto width = in.number<std::uint32_t>();
    const auto height = in.number<std::uint32_t>();
    if (!in.ok() || as_text(type) != "IHDR") return std::nullopt;
    return PictureSize{width, height};
}

// Start-of-frame markers are C0..CF but for C4 (tables), C8 (reserved) and CC (conditioning).
bool starts_frame(std::uint8_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

Size jpeg_size(Bytes file) {
    ByteReader in{file};
    in.take(2);
    while (in.ok()) {
        if (in.number<std::uint8_t>() != 0xFF) return std::nullopt;
        auto marker = in.number<std::uint8_t>();
        while (marker == 0xFF && in.ok())
            marker = in.number<std::uint8_t>();  // fill bytes
        const auto length = in.number<std::uint16_t>();
        if (starts_frame(marker)) {
            in.take(1);  // bits a sample
            const auto height = in.number<std::uint16_t>();
            const auto width = in.number<std::uint16_t>();
            return in.ok() ? Size{{width, height}} : std::nullopt;
        }
        if (length < 2 || marker == 0xDA) return std::nullopt;  // pixels before any frame header
        in.take(length - 2U);
    }
    return std::nullopt;
}

std::uint32_t little_endian(Bytes four) {
    std::uint32_t value = 0;
    for (std::size_t i = four.size(); i-- > 0;)
        value = value << 8 | four[i];
    return value;
}

Size bmp_size(Bytes file) {
    ByteReader in{file};
    in.take(18);
    const std::uint32_t width = little_endian(in.take(4));
    std::uint32_t height = little_endian(in.take(4));
    if (!in.ok()) return std::nullopt;
    if ((height & 0x8000'0000U) != 0) height = 0U - height;  // rows from top to bottom
    return PictureSize{width, height};
}

// "P5 640 480 255": numbers apart by white space, comments from # to the end of the line.
Size pnm_size(Bytes file) {
    std::string_view rest = as_text(file.subspan(2, std::min<std::size_t>(file.size() - 2, 4096)));
    std::array<std::uint32_t, 2> sides{};
    for (std::uint32_t& side : sides) {
        while (!rest.empty() &&
               (rest[0] == '#' || rest[0] == ' ' || (rest[0] >= 9 && rest[0] <= 13)))
            rest.remove_prefix(rest[0] == '#' ? std::min(rest.find('\n'), rest.size()) : 1);
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), side);
        if (error != std::errc{}) return std::nullopt;
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    }
    return PictureSize{sides[0], sides[1]};
}

struct Row {
    std::string_view name;
    std::string_view magic;
    Size (*size)(Bytes file);
};
constexpr std::array kFormats{Row{"PNG", "\x89PNG\r\n\x1a\n", png_size},
                              Row{"JPEG", "\xFF\xD8", jpeg_size}, Row{"BMP", "BM", bmp_size},
                              Row{"PGM", "P5", pnm_size}, Row{"PPM", "P6", pnm_size}};

}  // namespace

Result<PictureSize> picture_size(Bytes file) {
    if (file.empty()) return fail(Errc::Invalid, "the file is empty");
    const auto row = std::ranges::find_if(
        kFormats, [file](const Row& r) { return as_text(file).starts_with(r.magic); });
    if (row == kFormats.end())
        return fail(Errc::Unsupported, "not a PNG, JPEG, BMP, PGM or PPM picture");
    const Size size = row->size(file);
    if (!size || size->width == 0 || size->height == 0)
        return fail(Errc::Invalid, fmt::format("a damaged {} file", row->name));
    if (std::uint64_t{size->width} * size->height > std::uint64_t{kMaxFramePixels}) {
        return fail(Errc::Invalid,
                    fmt::format("{} x {} pixels are more than {} million", size->width,
                                size->height, kMaxFramePixels / 1'000'000));
    }
    return *size;
}

}  // namespace stile::devices
