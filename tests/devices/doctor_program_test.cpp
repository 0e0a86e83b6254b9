// SPDX-License-Identifier: Apache-2.0
// stilectl doctor camera and stile-reader --doctor as an installer runs them.
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/runtime/exit_code.hpp"
#include "tests/devices/fixtures.hpp"
#include "tests/support/process.hpp"

namespace stile::devices {
namespace {

using namespace testing;
using Json = nlohmann::json;

class Doctor : public ::testing::Test {
protected:
    std::string pictures(const std::vector<Frame>& frames) {
        const auto folder = folder_ / "frames";
        std::filesystem::create_directory(folder);
        for (std::size_t i = 0; i < frames.size(); ++i)
            write_picture(folder / (std::to_string(i) + ".pgm"), frames[i]);
        return folder;
    }
    Finished doctor(std::vector<std::string> words) {
        words.insert(words.begin(), {"doctor", "camera"});
        return run("stilectl", std::move(words), folder_.path());
    }
    TempFolder folder_;
};

TEST_F(Doctor, FindsAGoodCameraOk) {
    const auto ended = doctor({pictures({frame_with_code("A"), frame_with_code("B")})});
    EXPECT_EQ(ended.exit_code, kExitDone) << ended.err;
    EXPECT_NE(ended.out.find("state     ok\n"), std::string::npos) << ended.out;
    EXPECT_NE(ended.out.find("qr code   read in 2 of 2 pictures, 1 bytes\n"), std::string::npos)
        << ended.out;
}

TEST_F(Doctor, FindsTroubleAndGivesAdvice) {
    const auto ended = doctor({pictures({Frame{640, 480}})});
    EXPECT_EQ(ended.exit_code, kExitFailed);
    EXPECT_NE(ended.out.find("state     dark\n- The picture is too dark: "), std::string::npos)
        << ended.out;
}

TEST_F(Doctor, PrintsJsonForMachines) {
    const auto ended = doctor({pictures({frame_with_code("SECRET")}), "--json"});
    const Json found = Json::parse(ended.out);
    EXPECT_EQ(found["state"], "ok");
    EXPECT_EQ(found["pictures"], 1);
    EXPECT_EQ(found["width"], 640);
    EXPECT_EQ(found["pictures_with_code"], 1);
    EXPECT_EQ(found["code_bytes"], 6);
    EXPECT_EQ(found["noise"], nullptr);
    EXPECT_EQ(found["advice"], Json::array());
    EXPECT_EQ(ended.out.find("SECRET"), std::string::npos);  // what a code holds is nobody's
}

TEST_F(Doctor, WritesOnePictureForItsOwnerOnly) {
    const std::string file = folder_ / "picture.png";
    const auto ended = doctor({pictures({frame_with_code("A")}), "--picture", file});
    EXPECT_EQ(ended.exit_code, kExitDone) << ended.err;
    EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms{0600});
    const auto read = run("stile-reader", {"--files", file}, folder_.path());
    EXPECT_EQ(Json::parse(read.out)["texts"], Json::array({"A"}));
}

TEST_F(Doctor, WritesThePictureIntoAnOpenFile) {
    const std::string file = folder_ / "picture.png";
    write_file(file, std::string(1'000'000, 'x'));
    const auto ended =
        run("/bin/sh",
            {"-c", "exec " STILE_BIN_DIR "/stile-reader --doctor " +
                       pictures({frame_with_code("A")}) + " --picture /dev/fd/5 5<>" + file},
            folder_.path());
    EXPECT_EQ(ended.exit_code, kExitDone) << ended.err;
    EXPECT_LT(std::filesystem::file_size(file), 1'000'000U) << "something of before is left";
    const auto read = run("stile-reader", {"--files", file}, folder_.path());
    EXPECT_EQ(Json::parse(read.out)["texts"], Json::array({"A"}));
}

TEST_F(Doctor, FailsWhenThePictureCannotBeWritten) {
    const std::string frames = pictures({frame_with_code("A")});
    EXPECT_EQ(doctor({frames, "--picture", folder_ / "picture.jpg"}).exit_code, kExitFailed);
    EXPECT_EQ(doctor({frames, "--picture", "/nowhere/at/all.png"}).exit_code, kExitFailed);
    EXPECT_EQ(doctor({frames, "--picture", "/dev/fd/99"}).exit_code, kExitFailed);
    EXPECT_EQ(doctor({frames, "--picture", "/dev/fd/"}).exit_code, kExitFailed);
}

TEST_F(Doctor, DoesNotWriteThroughALink) {
    std::filesystem::create_symlink(folder_ / "target", folder_ / "link.png");
    const auto ended =
        doctor({pictures({frame_with_code("A")}), "--picture", folder_ / "link.png"});
    EXPECT_EQ(ended.exit_code, kExitFailed);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "target"));
}

TEST_F(Doctor, SaysWhyACameraCannotBeOpened) {
    const auto ended = doctor({"/dev/video987"});
    EXPECT_EQ(ended.exit_code, kExitFailed);
    EXPECT_NE(ended.out.find("state     unplugged: /dev/video987: no such camera"),
              std::string::npos)
        << ended.out;
    EXPECT_NE(ended.out.find("- There is nothing at that name."), std::string::npos);
}

TEST_F(Doctor, DoesNotTellThePasswordOfAStream) {
    for (const char* form : {"--json", "--seconds=1"}) {
        const auto ended = doctor({"http://admin:topsecret@127.0.0.1:1/?pwd=topsecret", form});
        EXPECT_EQ(ended.exit_code, kExitFailed);
        EXPECT_EQ((ended.out + ended.err).find("topsecret"), std::string::npos) << ended.out;
    }
}

TEST_F(Doctor, TakesTheFirstReaderOfTheSiteFile) {
    const auto site = write_site(folder_.path(), pictures({frame_with_code("A")}));
    const auto ended = doctor({"--config", site, "--json"});
    EXPECT_EQ(ended.exit_code, kExitDone) << ended.err;
    EXPECT_EQ(Json::parse(ended.out)["source"], (folder_ / "frames").native());
}

TEST_F(Doctor, TakesTheProfileOfAReader) {
    const auto site = write_site(folder_.path(), pictures({frame_with_code("A")}));
    write_file(site, read_text(site) + "pixel_format = \"grey\"\nexposure_us = 5000\n");
    const auto ended = doctor({"--config", site, "--reader", "cam", "--json"});
    const Json asked = Json::parse(ended.out)["asked"];
    EXPECT_EQ(asked["pixel_format"], "grey");
    EXPECT_EQ(asked["exposure_us"], 5000);
}

TEST_F(Doctor, TakesWishesInPlaceOfTheProfile) {
    const auto ended = run("stile-reader",
                           {"--doctor", pictures({frame_with_code("A")}), "--json", "--width",
                            "640", "--exposure-us", "200", "--pixel-format", "yuyv"},
                           folder_.path());
    const Json asked = Json::parse(ended.out)["asked"];
    EXPECT_EQ(asked["width"], 640);
    EXPECT_EQ(asked["height"], 720);
    EXPECT_EQ(asked["exposure_us"], 200);
    EXPECT_EQ(asked["pixel_format"], "yuyv");
}

TEST_F(Doctor, EndsWith78OnAWrongSiteFileOrReader) {
    const auto site = write_site(folder_.path(), "/dev/video0");
    EXPECT_EQ(doctor({"--config", site, "--reader", "other"}).exit_code, kExitConfig);
    write_file(site, "[site\n");
    EXPECT_EQ(doctor({"--config", site}).exit_code, kExitConfig);
    EXPECT_EQ(doctor({"--config", site, "--reader", "cam"}).exit_code, kExitConfig);
}

TEST_F(Doctor, EndsWith2OnAWrongUsage) {
    EXPECT_EQ(doctor({"/dev/video0", "--seconds", "0"}).exit_code, kExitUsage);
    EXPECT_EQ(doctor({"/dev/video0", "/dev/video1"}).exit_code, kExitUsage);
    EXPECT_EQ(run("stilectl", {"doctor", "ghosts"}, folder_.path()).exit_code, kExitUsage);
}

}  // namespace
}  // namespace stile::devices
