// SPDX-License-Identifier: Apache-2.0
// What the tests of devices share: folders that go away, pictures of codes, and site files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "crypto/base/bytes.hpp"
#include "devices/camera/frame.hpp"
#include "tests/support/process.hpp"

namespace stile::devices::testing {

using test::Finished;
using test::Process;
using test::run;

// An empty folder of its own for each test; removed with everything in it.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

// A frame of 640 x 480 (or as large as needed) with a QR code of `content` in its middle. Numbers
// and capital letters make small codes, bytes any.
[[nodiscard]] Frame frame_with_code(Bytes content, int module_pixels = 4);
[[nodiscard]] inline Frame frame_with_code(std::string_view text) {
    return frame_with_code(as_bytes(text));
}
// The same size, one shade of grey.
[[nodiscard]] Frame empty_frame();

void write_file(const std::filesystem::path& file, std::string_view content);
// As PGM: every picture reader knows it, and nothing has to be compressed.
void write_picture(const std::filesystem::path& file, const Frame& frame);
[[nodiscard]] std::string read_text(const std::filesystem::path& file);

// A site with one lane and the reader "cam" on `source`; sockets and state in `folder`. Returns the
// file.
[[nodiscard]] std::filesystem::path write_site(const std::filesystem::path& folder,
                                               const std::filesystem::path& source);

}  // namespace stile::devices::testing
