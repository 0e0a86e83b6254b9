// SPDX-License-Identifier: Apache-2.0
// QR codes, PNG and SVG: an independent reader gets the text back.
#define ZX_USE_UTF8 1  // texts as std::string, as the library's next release has them
#include <ZXing/BarcodeFormat.h>
#include <ZXing/DecodeHints.h>
#include <ZXing/ReadBarcode.h>
#include <ZXing/Result.h>
#include <gtest/gtest.h>
#include <png.h>

#include "crypto/issue/png/png.hpp"
#include "crypto/issue/qr/qr_code.hpp"
#include "crypto/issue/svg.hpp"
#include "tests/crypto/issuer.hpp"

namespace stile::crypto {
namespace {

std::string static_text() {
    return gt1_text(tests::test_ticket(tests::test_fields(), tests::test_key(1)));
}

struct Picture {
    int width = 0;
    int height = 0;
    Buffer pixels;
};

// A reference if the picture can be changed.
auto& pixel(auto& picture, int x, int y) {
    return picture.pixels[(static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width)) +
                          static_cast<std::size_t>(x)];
}

Picture decode_png(const Buffer& file) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    EXPECT_NE(png_image_begin_read_from_memory(&image, file.data(), file.size()), 0);
    image.format = PNG_FORMAT_GRAY;
    Picture picture{.width = static_cast<int>(image.width),
                    .height = static_cast<int>(image.height),
                    .pixels = Buffer(PNG_IMAGE_SIZE(image))};
    EXPECT_NE(png_image_finish_read(&image, nullptr, picture.pixels.data(), 0, nullptr), 0);
    return picture;
}

std::string read_qr(const Picture& picture) {
    const ZXing::ImageView view{picture.pixels.data(), picture.width, picture.height,
                                ZXing::ImageFormat::Lum};
    ZXing::DecodeHints hints;
    hints.setFormats(ZXing::BarcodeFormat::QRCode);
    return ZXing::ReadBarcode(view, hints).text();
}

TEST(QrCode, AStaticTicketIsVersion6) {
    const auto code = make_qr(static_text());
    ASSERT_TRUE(code);
    EXPECT_EQ(code->version, 6);
    EXPECT_EQ(code->size, 41U);
    EXPECT_EQ(code->modules.size(), 41U * 41U);
}

TEST(QrCode, ATicketWithSeatIsVersion7) {
    Gt1Fields fields = tests::test_fields();
    fields.seat = InlineText<kGt1MaxSeat>{"BLOCK C"};
    EXPECT_EQ(make_qr(gt1_text(tests::test_ticket(fields, tests::test_key(1))))->version, 7);
}

TEST(QrCode, RefusesCharactersOutsideItsMode) {
    for (const char* text : {"lower", "A\nB", "\xC3\xA4", "A_B"})
        EXPECT_EQ(make_qr(text).error().code, Errc::Invalid) << text;
}

TEST(QrCode, RefusesATextThatFitsNoVersion) {
    EXPECT_TRUE(make_qr(std::string(3391, 'A')));
    EXPECT_EQ(make_qr(std::string(3392, 'A')).error().code, Errc::Invalid);
}

TEST(Png, ReadsBackAsTheText) {
    for (const std::size_t module_pixels : {2U, 3U, 8U}) {
        const auto file = to_png(*make_qr(static_text()), module_pixels);
        ASSERT_TRUE(file);
        EXPECT_EQ(read_qr(decode_png(*file)), static_text()) << module_pixels;
    }
}

TEST(Png, HasAQuietZoneOfFourModules) {
    const Picture picture = decode_png(*to_png(*make_qr(static_text()), 3));
    EXPECT_EQ(picture.width, (41 + 8) * 3);
    EXPECT_EQ(picture.height, picture.width);
    const auto at = [&](int x, int y) { return pixel(picture, x, y); };
    for (int i = 0; i < picture.width; ++i) {
        for (int edge = 0; edge < 12; ++edge) {
            EXPECT_EQ(at(i, edge), 255);
            EXPECT_EQ(at(edge, i), 255);
            EXPECT_EQ(at(i, picture.height - 1 - edge), 255);
            EXPECT_EQ(at(picture.width - 1 - edge, i), 255);
        }
    }
    EXPECT_EQ(at(12, 12), 0);  // the corner of the finder pattern
}

// Paints the bars of our own path: M x y h n v1 h-n z.
Picture paint(const std::string& svg, int side) {
    constexpr int kScale = 4;
    Picture picture{.width = side * kScale,
                    .height = side * kScale,
                    .pixels = Buffer(static_cast<std::size_t>(side) * kScale *
                                         static_cast<std::size_t>(side) * kScale,
                                     255)};
    for (auto at = svg.find('M'); at != std::string::npos; at = svg.find('M', at + 1)) {
        int x = 0;
        int y = 0;
        int width = 0;
        EXPECT_EQ(std::sscanf(svg.c_str() + at, "M%d %dh%dv1", &x, &y, &width), 3);
        for (int py = y * kScale; py < (y + 1) * kScale; ++py)
            for (int px = x * kScale; px < (x + width) * kScale; ++px)
                pixel(picture, px, py) = 0;
    }
    return picture;
}

TEST(Svg, ReadsBackAsTheText) {
    const std::string svg = to_svg(*make_qr(static_text()), 8);
    EXPECT_NE(svg.find("width=\"392\""), std::string::npos);
    EXPECT_NE(svg.find("viewBox=\"0 0 49 49\""), std::string::npos);
    EXPECT_EQ(read_qr(paint(svg.substr(svg.find("<path")), 49)), static_text());
}

}  // namespace
}  // namespace stile::crypto
