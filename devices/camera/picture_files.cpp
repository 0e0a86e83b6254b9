// SPDX-License-Identifier: Apache-2.0
// Directory listing and natural order.
#include "devices/camera/picture_files.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <system_error>

namespace stile::devices {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kEndings{".png", ".jpg", ".jpeg", ".bmp", ".pgm", ".ppm"};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Takes the run of digits, or the one other character, at the front of `rest`.
std::string_view take_piece(std::string_view& rest) {
    std::size_t size = 1;
    if (is_digit(rest[0])) {
        while (size < rest.size() && is_digit(rest[size]))
            ++size;
    }
    const std::string_view piece = rest.substr(0, size);
    rest.remove_prefix(size);
    return piece;
}

std::string_view without_zeros(std::string_view digits) {
    const auto first = digits.find_first_not_of('0');
    return first == std::string_view::npos ? std::string_view{} : digits.substr(first);
}

// Below, above or equal to 0. Numbers of any length are compared without being computed.
int compare_pieces(std::string_view a, std::string_view b) {
    if (is_digit(a[0]) && is_digit(b[0])) {
        a = without_zeros(a);
        b = without_zeros(b);
        if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    }
    return a.compare(b);
}

bool looks_like_picture(const fs::path& file) {
    std::string ending = file.extension().native();
    std::ranges::transform(ending, ending.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return std::ranges::find(kEndings, ending) != kEndings.end();
}

Errc code_of(const std::error_code& error) {
    if (error == std::errc::no_such_file_or_directory) return Errc::NotFound;
    return error == std::errc::permission_denied ? Errc::Denied : Errc::Io;
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
    std::string_view rest_a = a;
    std::string_view rest_b = b;
    while (!rest_a.empty() && !rest_b.empty()) {
        const int order = compare_pieces(take_piece(rest_a), take_piece(rest_b));
        if (order != 0) return order < 0;
    }
    if (rest_a.empty() != rest_b.empty()) return rest_a.empty();
    return a < b;  // "01" and "1": any fixed order will do
}

Result<std::vector<fs::path>> picture_files(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> files;
    for (fs::directory_iterator at{folder, error}, end; !error && at != end; at.increment(error)) {
        if (looks_like_picture(at->path())) files.push_back(at->path());
    }
    if (error) return fail(code_of(error), folder.native() + ": " + error.message());
    if (files.empty()) return fail(Errc::NotFound, folder.native() + ": no pictures in it");
    std::ranges::sort(files, [](const fs::path& a, const fs::path& b) {
        return natural_less(a.filename().native(), b.filename().native());
    });
    return files;
}

}  // namespace stile::devices
