// SPDX-License-Identifier: Apache-2.0
// PDF pages as grey pixels by pdftoppm, and the codes on them by ZXing: what a printer and a gate
// see.
#pragma once

#define ZX_USE_UTF8 1  // texts as std::string, as the library's next release has them
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <ZXing/BarcodeFormat.h>
#include <ZXing/DecodeHints.h>
#include <ZXing/ReadBarcode.h>
#include <ZXing/Result.h>

#include "crypto/base/bytes.hpp"
#include "tests/crypto/process.hpp"
#include "tests/crypto/temporary_folder.hpp"

namespace stile::tests {

inline constexpr const char* kPdfToPpm = "/usr/bin/pdftoppm";

struct Page {
    int width = 0;
    int height = 0;
    Buffer pixels;

    [[nodiscard]] Page crop(int top, int rows) const {
        const auto begin = pixels.begin() + std::ptrdiff_t{top} * width;
        return {width, rows, Buffer(begin, begin + std::ptrdiff_t{rows} * width)};
    }
};

[[nodiscard]] inline Page read_pgm(const std::string& path) {
    std::ifstream in{path, std::ios::binary};
    std::string magic;
    int largest = 0;
    Page page;
    in >> magic >> page.width >> page.height >> largest;
    in.get();
    page.pixels.resize(static_cast<std::size_t>(page.width) *
                       static_cast<std::size_t>(page.height));
    in.read(reinterpret_cast<char*>(page.pixels.data()), std::ssize(page.pixels));
    return page;
}

// All pages at this many dots an inch.
[[nodiscard]] inline std::vector<Page> pages_of(const std::string& pdf, int dots) {
    const TemporaryFolder folder;
    const auto done = run(kPdfToPpm, {"-gray", "-r", std::to_string(dots), pdf, folder / "p"});
    if (done.code != 0) return {};
    std::set<std::string> files;
    for (const auto& file : std::filesystem::directory_iterator{folder / ""})
        files.insert(file.path().string());
    std::vector<Page> pages;
    for (const std::string& file : files)
        pages.push_back(read_pgm(file));
    return pages;
}

[[nodiscard]] inline std::string read_code(const Page& page) {
    const ZXing::ImageView view{page.pixels.data(), page.width, page.height,
                                ZXing::ImageFormat::Lum};
    ZXing::DecodeHints hints;
    hints.setFormats(ZXing::BarcodeFormat::QRCode);
    return ZXing::ReadBarcode(view, hints).text();
}

}  // namespace stile::tests
