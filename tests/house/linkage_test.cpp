// SPDX-License-Identifier: Apache-2.0
// What the built programs are linked with: none holds a library that its job forbids.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace stile::test {
namespace {

struct Program {
    std::string_view name;
    std::vector<std::string_view> forbidden;  // beginnings of library names
};

std::ostream& operator<<(std::ostream& out, const Program& program) {
    return out << program.name;
}

std::string output_of(const std::string& command) {
    struct Close {
        void operator()(FILE* pipe) const { ::pclose(pipe); }
    };
    const std::unique_ptr<FILE, Close> pipe{::popen(command.c_str(), "r")};
    std::string text;
    for (int c = 0; pipe && (c = std::fgetc(pipe.get())) != EOF;)
        text += static_cast<char>(c);
    return text;
}

// The libraries that the program itself asks for, without those that they ask for in turn.
std::vector<std::string> needed_by(const std::filesystem::path& program) {
    const std::string text = output_of("readelf -dW '" + program.native() + "' 2>&1");
    static const std::regex needed{R"(\(NEEDED\)[^\[]*\[([^\]]+)\])"};
    std::vector<std::string> libraries;
    for (std::sregex_iterator at{text.begin(), text.end(), needed}, end; at != end; ++at)
        libraries.push_back((*at)[1]);
    return libraries;
}

class HouseLinkage : public testing::TestWithParam<Program> {};

TEST_P(HouseLinkage, HoldsNoLibraryThatItsJobForbids) {
    const auto program = std::filesystem::path{STILE_BIN_DIR} / GetParam().name;
    if (!std::filesystem::exists(program)) GTEST_SKIP() << program << " is not built";
    const auto libraries = needed_by(program);
    ASSERT_FALSE(libraries.empty()) << "readelf lists nothing";
    for (const std::string& library : libraries) {
        for (const std::string_view forbidden : GetParam().forbidden)
            EXPECT_FALSE(library.starts_with(forbidden)) << library;
    }
}

// DESIGN section 1: the daemon parses no pictures and no USB and has no network; a reader has no
// database and no network; the network side has neither database nor devices.
INSTANTIATE_TEST_SUITE_P(
    Programs, HouseLinkage,
    testing::Values(
        Program{"stiled",
                {"libusb", "libopencv", "libZXing", "libpaho", "libcurl", "libssl", "libpng"}},
        Program{"stile-reader", {"liblmdb", "libpaho", "libcurl", "libssl", "libcrypto"}},
        Program{"stile-sync",
                {"liblmdb", "libsqlite3", "libpq", "libopencv", "libZXing", "libusb"}},
        Program{"stile-collector", {"liblmdb", "libopencv", "libZXing", "libusb", "libgpiod"}},
        Program{"stile-display",
                {"liblmdb", "libopencv", "libZXing", "libusb", "libpaho", "libcurl", "libssl",
                 "libsodium"}},
        Program{"stilectl", {"libusb", "libopencv", "libZXing", "libpaho", "libcurl", "libssl"}},
        Program{"stile-issue", {"liblmdb", "libusb", "libopencv", "libpaho", "libcurl"}}));

}  // namespace
}  // namespace stile::test
