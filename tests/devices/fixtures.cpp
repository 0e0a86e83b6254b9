// SPDX-License-Identifier: Apache-2.0
// Temporary folders, QR codes by qrcodegen, PGM files.
#include "tests/devices/fixtures.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <qrcodegen.hpp>

namespace stile::devices::testing {
namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 480;
constexpr std::uint8_t kPaper = 225;
constexpr std::uint8_t kInk = 30;

Frame grey_frame(int width, int height) {
    Frame frame{width, height};
    std::ranges::fill(frame.luma, kPaper);
    return frame;
}

}  // namespace

TempFolder::TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "stile-XXXXXX").native();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
}

TempFolder::~TempFolder() {
    std::error_code ignored;  // a left-over folder in /tmp fails no test
    std::filesystem::remove_all(path_, ignored);
}

Frame empty_frame() {
    return grey_frame(kWidth, kHeight);
}

Frame frame_with_code(Bytes content, int module_pixels) {
    const auto code = qrcodegen::QrCode::encodeBinary({content.begin(), content.end()},
                                                      qrcodegen::QrCode::Ecc::LOW);
    const int side = (code.getSize() + 8) * module_pixels;
    Frame frame = grey_frame(std::max(kWidth, side), std::max(kHeight, side));
    const int left = (frame.width - code.getSize() * module_pixels) / 2;
    const int top = (frame.height - code.getSize() * module_pixels) / 2;
    for (int y = 0; y < code.getSize() * module_pixels; ++y) {
        for (int x = 0; x < code.getSize() * module_pixels; ++x) {
            if (code.getModule(x / module_pixels, y / module_pixels))
                frame.luma[static_cast<std::size_t>((top + y) * frame.stride + left + x)] = kInk;
        }
    }
    return frame;
}

void write_file(const std::filesystem::path& file, std::string_view content) {
    std::ofstream{file, std::ios::binary} << content;
}

void write_picture(const std::filesystem::path& file, const Frame& frame) {
    write_file(file,
               fmt::format("P5\n{} {}\n255\n{}", frame.width, frame.height, as_text(frame.luma)));
}

std::string read_text(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::filesystem::path write_site(const std::filesystem::path& folder,
                                 const std::filesystem::path& source) {
    write_file(folder / "site.toml", fmt::format(R"([site]
venue = "test"
gate = "north"

[paths]
runtime = "{0}"
state = "{0}"

[[lane]]
name = "one"

[[reader]]
name = "cam"
lane = "one"
source = "{1}"
hold_off_ms = 60000
)",
                                                 folder.native(), source.native()));
    return folder / "site.toml";
}

}  // namespace stile::devices::testing
