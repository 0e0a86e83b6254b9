// SPDX-License-Identifier: Apache-2.0
// stile-reader --files and --sequence: the JSON lines that other people's scripts read.
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/runtime/exit_code.hpp"
#include "tests/devices/fixtures.hpp"
#include "tests/support/process.hpp"

namespace stile::devices {
namespace {

using namespace testing;
using Json = nlohmann::json;

std::vector<Json> lines_of(const std::string& text) {
    std::vector<Json> lines;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);)
        lines.push_back(Json::parse(line));
    return lines;
}

TEST(DecodeFiles, PrintsOneLineAFile) {
    const TempFolder folder;
    write_picture(folder / "code.pgm", frame_with_code("GT1:HELLO"));
    write_picture(folder / "empty.pgm", empty_frame());
    const std::string code = folder / "code.pgm";
    const auto ended = run("stile-reader", {"--files", code, folder / "empty.pgm"}, folder.path());
    EXPECT_EQ(ended.exit_code, kExitDone) << ended.err;
    const auto lines = lines_of(ended.out);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0]["file"], code);
    EXPECT_EQ(lines[0]["texts"], Json::array({"GT1:HELLO"}));
    EXPECT_EQ(lines[0]["bytes_hex"], Json::array({"4754313a48454c4c4f"}));
    EXPECT_EQ(lines[0]["format"], "QRCode");
    EXPECT_GT(lines[0]["ms"].get<double>(), 0);
    EXPECT_EQ(lines[1]["texts"], Json::array());
    EXPECT_EQ(lines[1]["bytes_hex"], Json::array());
    EXPECT_TRUE(lines[1]["format"].is_null());
}

TEST(DecodeFiles, LetsEachFileStandAlone) {
    const TempFolder folder;
    write_picture(folder / "code.pgm", frame_with_code("AGAIN"));
    const std::string code = folder / "code.pgm";
    const auto ended = run("stile-reader", {"--files", code, code}, folder.path());
    const auto lines = lines_of(ended.out);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[1]["texts"], Json::array({"AGAIN"}));
}

TEST(DecodeFiles, NamesWhatItCannotReadAndGoesOn) {
    const TempFolder folder;
    write_file(folder / "empty.png", "");
    write_file(folder / "text.jpg", "not a picture");
    write_file(folder / "bomb.pgm", "P5 60000 60000 255\n");
    write_picture(folder / "code.pgm", frame_with_code("GOOD"));
    const auto ended =
        run("stile-reader",
            {"--files", folder / "empty.png", folder / "text.jpg", folder / "bomb.pgm",
             folder / "gone.png", folder.path(), folder / "code.pgm"},
            folder.path());
    EXPECT_EQ(ended.exit_code, kExitFailed);
    const auto lines = lines_of(ended.out);
    ASSERT_EQ(lines.size(), 6U);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_TRUE(lines[i].contains("error")) << lines[i];
        EXPECT_FALSE(lines[i].contains("texts")) << lines[i];
    }
    EXPECT_EQ(lines[5]["texts"], Json::array({"GOOD"}));
}

TEST(DecodeFiles, PrintsJsonForAFileNameThatIsNotUtf8) {
    const TempFolder folder;
    const auto ended = run("stile-reader", {"--files", folder / "\xFF.png"}, folder.path());
    EXPECT_EQ(ended.exit_code, kExitFailed);
    EXPECT_EQ(lines_of(ended.out).size(), 1U);
}

TEST(DecodeSequence, GivesOneScanForACodeThatIsHeld) {
    const TempFolder folder;
    for (int i = 1; i <= 40; ++i) {
        write_picture(folder / (std::to_string(i) + ".pgm"),
                      i < 5 ? empty_frame() : frame_with_code(i < 30 ? "FIRST" : "SECOND"));
    }
    const auto ended = run("stile-reader", {"--sequence", folder.path()}, folder.path());
    EXPECT_EQ(ended.exit_code, kExitDone) << ended.err;
    const auto lines = lines_of(ended.out);
    ASSERT_EQ(lines.size(), 2U) << ended.out;
    EXPECT_EQ(lines[0]["frame"], 5);
    EXPECT_EQ(lines[0]["text"], "FIRST");
    EXPECT_EQ(lines[1]["frame"], 30);
    EXPECT_EQ(lines[1]["text"], "SECOND");
}

TEST(DecodeSequence, GivesAScanMoreForACodeThatComesBack) {
    const TempFolder folder;
    for (int i = 1; i <= 40; ++i) {
        const bool shown = i <= 3 || i > 36;  // away for more than a second at 30 frames a second
        write_picture(folder / (std::to_string(i) + ".pgm"),
                      shown ? frame_with_code("CODE") : empty_frame());
    }
    const auto ended = run("stile-reader", {"--sequence", folder.path()}, folder.path());
    const auto lines = lines_of(ended.out);
    ASSERT_EQ(lines.size(), 2U) << ended.out;
    EXPECT_EQ(lines[1]["frame"], 37);
}

TEST(DecodeSequence, FailsForAFolderWithoutPictures) {
    const TempFolder folder;
    EXPECT_EQ(run("stile-reader", {"--sequence", folder.path()}, folder.path()).exit_code,
              kExitFailed);
}

}  // namespace
}  // namespace stile::devices
