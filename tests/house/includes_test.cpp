// SPDX-License-Identifier: Apache-2.0
// Who may include what: each third-party library has one home, and the core has none of them.
#include <algorithm>
#include <regex>

#include <gtest/gtest.h>

#include "tree.hpp"

namespace stile::test {
namespace {

// A library, and the folder that may include its headers (DESIGN section 1, STYLE 6). OpenSSL and
// libmicrohttpd have two, because no program needs both.
struct Home {
    std::string_view headers;  // the beginning of what stands in the angle brackets
    std::string_view folder;
};

constexpr Home kHomes[] = {
    {"sodium", "crypto/sodium"},
    {"openssl/", "crypto/openssl"},  // holders' signatures
    {"openssl/", "sync/openssl"},    // certificates of the way to the broker
    {"qrcodegen", "crypto/issue/qr"},
    {"png.h", "crypto/issue/png"},
    {"csv.h", "crypto/issue/csv"},
    {"cairo", "crypto/issue/pdf"},
    {"pango/", "crypto/issue/pdf"},
    {"date/", "crypto/zone"},
    {"lmdb.h", "daemon/lmdb"},
    {"toml++/", "daemon/config"},
    {"systemd/", "daemon/runtime"},
    {"opencv2/", "devices/camera/opencv"},
    {"turbojpeg.h", "devices/camera/jpeg"},
    {"ZXing/", "devices/camera/zxing"},
    {"ReadBarcode.h", "devices/camera/zxing"},
    {"libusb", "devices/usb"},
    {"xkbcommon/", "devices/scanner/xkb"},
    {"gpiod", "devices/turnstile/gpio"},
    {"mqtt/", "sync/mqtt"},
    {"MQTT", "sync/mqtt"},
    {"prometheus/", "sync/prometheus"},
    {"sqlite3.h", "sync/sqlite"},
    {"libpq-fe.h", "sync/postgresql"},
    {"microhttpd.h", "sync/http"},             // answers to monitoring
    {"microhttpd.h", "devices/display/http"},  // streams to the displays
};

// Words without a slash or a dot are the standard library's.
bool is_standard(const std::string& header) {
    static const std::regex word{"[a-z_0-9]+"};
    return std::regex_match(header, word);
}

// The operating system's, which need no adapter.
bool is_system(const std::string& header) {
    static const std::regex known{
        "(sys|linux|net|netinet|arpa)/.+|"
        "(dirent|errno|fcntl|grp|malloc|netdb|poll|pthread|pwd|sched|signal|spawn|termios|time|"
        "unistd)"
        "\\.h"};
    return std::regex_match(header, known);
}

bool reads_command_lines(const File& file) {
    const std::string name = file.name();
    return name == "main.cpp" || name == "command_line.cpp" || name.starts_with("cli") ||
           file.path.find("/cli/") != std::string::npos;
}

bool may_include(const File& file, const std::string& header) {
    const auto concerns = [&header](const Home& row) { return header.starts_with(row.headers); };
    if (std::ranges::any_of(kHomes, concerns)) {
        return std::ranges::any_of(
            kHomes, [&](const Home& row) { return concerns(row) && file.in(row.folder); });
    }
    if (header.starts_with("CLI/")) return reads_command_lines(file);
    if (header.starts_with("nlohmann/") || header.starts_with("fmt/")) return true;
    return is_standard(header) || is_system(header);
}

TEST(HouseIncludes, SeeTheProductAtAll) {
    EXPECT_GT(product_files({".hpp"}).size(), 20U);
    EXPECT_GT(product_files({".cpp"}).size(), 20U);
}

TEST(HouseIncludes, KeepEachLibraryInItsOwnFolder) {
    for (const File& file : product_files({".cpp"})) {
        for (const Include& include : includes_of(file)) {
            EXPECT_TRUE(!include.angled || may_include(file, include.header))
                << file.path << " includes <" << include.header << ">";
        }
    }
}

TEST(HouseIncludes, KeepLibrariesOutOfOurHeaders) {
    for (const File& file : product_files({".hpp"})) {
        for (const Include& include : includes_of(file)) {
            EXPECT_TRUE(!include.angled || is_standard(include.header) || is_system(include.header))
                << file.path << " includes <" << include.header << ">";
        }
    }
}

TEST(HouseIncludes, NameLibrariesInAngleBracketsAndUsFromTheTop) {
    for (const File& file : product_files({".hpp", ".cpp"})) {
        for (const Include& include : includes_of(file)) {
            if (include.angled) continue;
            EXPECT_TRUE(std::filesystem::exists(top() / include.header))
                << file.path << " includes \"" << include.header << "\"";
        }
    }
}

TEST(HouseIncludes, NeverReachFromTheProductIntoTests) {
    for (const File& file : product_files({".hpp", ".cpp"})) {
        for (const Include& include : includes_of(file)) {
            EXPECT_FALSE(include.header.starts_with("tests/") ||
                         include.header.starts_with("gtest/"))
                << file.path;
        }
    }
}

TEST(HouseIncludes, KeepTheCorePure) {
    constexpr std::string_view kEffects[] = {
        "atomic", "condition_variable", "ctime", "cstdio", "filesystem", "fstream",
        "future", "iostream",           "mutex", "random", "thread",     "cstdlib",
        "locale"};
    for (const File& file : product_files({".hpp", ".cpp"})) {
        if (!file.in("daemon/core")) continue;
        for (const auto& [header, angled] : includes_of(file)) {
            const bool ours = header.starts_with("daemon/core/") ||
                              header.starts_with("crypto/base/") || header == "crypto/ticket.hpp";
            EXPECT_TRUE(angled ? is_standard(header) : ours) << file.path << ": " << header;
            EXPECT_EQ(std::ranges::find(kEffects, header), std::end(kEffects))
                << file.path << ": " << header;
        }
    }
}

// crypto and devices are below the daemon, and sync reaches it by its protocol, never the reverse.
TEST(HouseIncludes, PointDownwards) {
    for (const File& file : product_files({".hpp", ".cpp"})) {
        for (const auto& [header, angled] : includes_of(file)) {
            if (angled) continue;
            EXPECT_FALSE(file.in("crypto") && !header.starts_with("crypto/"))
                << file.path << ": " << header;
            EXPECT_FALSE(!file.in("sync") && header.starts_with("sync/"))
                << file.path << ": " << header;
            EXPECT_FALSE(file.in("sync") && header.starts_with("devices/"))
                << file.path << ": " << header;
        }
    }
}

}  // namespace
}  // namespace stile::test
