// SPDX-License-Identifier: Apache-2.0
// stile-reader on a real V4L2 device file, emulated by umockdev: each format that cameras have, and
// each way in which they go away.
#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>

#include "daemon/runtime/exit_code.hpp"
#include "tests/devices/fake_daemon.hpp"
#include "tests/devices/film.hpp"
#include "tests/devices/fixtures.hpp"
#include "tests/support/process.hpp"

namespace stile::devices {
namespace {

using namespace testing;

constexpr const char* kWrapper = "/usr/bin/umockdev-wrapper";

class V4l2Camera : public ::testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(kWrapper)) GTEST_SKIP() << "no " << kWrapper;
    }
    // Runs stile-reader with a camera that shows `raw` as its plot says. umockdev is loaded before
    // the sanitizers and is not made for them.
    void run_reader(std::string_view raw, const std::string& fourcc, const std::string& plot,
                    const std::vector<std::string>& arguments) {
        write_file(folder_ / "raw", raw);
        const std::string bin = STILE_BIN_DIR;
        std::vector<std::string> words{"ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0",
                                       "TSAN_OPTIONS=report_bugs=0",
                                       kWrapper,
                                       bin + "/stile-emulated-camera",
                                       folder_ / "raw",
                                       fourcc,
                                       "640",
                                       "480",
                                       plot,
                                       bin + "/stile-reader"};
        words.insert(words.end(), arguments.begin(), arguments.end());
        process_.emplace("/usr/bin/env", words, folder_ / "reader");
    }
    void start(std::string_view raw, const std::string& fourcc, const std::string& plot) {
        run_reader(raw, fourcc, plot, {"--config", site_, "--name", "cam"});
    }
    // Long enough for a reader on a busy machine to find its daemon.
    void play(std::string_view raw, const std::string& fourcc) {
        run_reader(raw, fourcc, "75", {"--config", site_, "--name", "cam", "--once"});
    }
    std::string log() { return read_text(folder_ / "reader.err"); }
    // Health messages until one is in this state; its detail.
    std::string wait_for(protocol::ReaderState state) {
        auto health = daemon_.next<protocol::ReaderHealth>();
        while (health && health->state != state)
            health = daemon_.next<protocol::ReaderHealth>();
        EXPECT_TRUE(health.has_value()) << log();
        return health ? health->detail : "";
    }
    void expect_damaged_frames() {
        auto health = daemon_.next<protocol::ReaderHealth>();
        while (health && health->detail.find("frames damaged") == std::string::npos)
            health = daemon_.next<protocol::ReaderHealth>();
        EXPECT_TRUE(health.has_value()) << log();
    }
    // The code is read once, and the end of the camera is noticed.
    void expect_the_code() {
        (void)daemon_.greet();
        const auto scan = daemon_.next<protocol::Scan>();
        ASSERT_TRUE(scan.has_value()) << log();
        EXPECT_EQ(as_text(scan->content), "CAMERA");
        daemon_.answer(*scan, protocol::Outcome::Admit);
        EXPECT_FALSE(daemon_.next<protocol::Scan>().has_value());
        EXPECT_EQ(process_->wait(std::chrono::seconds{20}), kExitFailed);
        EXPECT_NE(log().find("/dev/video0: the camera is gone"), std::string::npos);
    }

    TempFolder folder_;
    std::filesystem::path site_ = write_site(folder_.path(), "/dev/video0");
    FakeDaemon daemon_{folder_.path()};
    std::optional<Process> process_;
};

TEST_F(V4l2Camera, IsReadInYuyv) {
    const Frame frame = frame_with_code("CAMERA");
    Buffer raw;
    for (const std::uint8_t luma : frame.luma) {
        raw.push_back(luma);
        raw.push_back(128);
    }
    play(as_text(raw), "YUYV");
    expect_the_code();
}

TEST_F(V4l2Camera, IsReadInGrey) {
    play(as_text(frame_with_code("CAMERA").luma), "GREY");
    expect_the_code();
}

TEST_F(V4l2Camera, IsReadInMotionJpeg) {
    play(as_text(jpeg_of(frame_with_code("CAMERA"))), "MJPG");
    expect_the_code();
}

TEST_F(V4l2Camera, SaysWhatItGivesOtherwiseThanAsked) {
    write_file(site_, read_text(site_) + "pixel_format = \"grey\"\nexposure_us = 100000\n");
    start(as_text(jpeg_of(frame_with_code("CAMERA"))), "MJPG", "100000");
    (void)daemon_.greet();
    EXPECT_EQ(wait_for(protocol::ReaderState::Working),
              "gives MJPG instead of grey, 640 x 480 instead of 1280 x 720, 25 instead of 30 "
              "pictures a second, 50000 instead of 100000 us of exposure");
    EXPECT_NE(log().find("camera cam: gives MJPG instead of grey"), std::string::npos);
}

TEST_F(V4l2Camera, TakesTheExposureThatIsAskedFor) {
    write_file(site_, read_text(site_) +
                          "width = 640\nheight = 480\nrate = 25\n"
                          "pixel_format = \"grey\"\nexposure_us = 5000\n");
    start(as_text(frame_with_code("CAMERA").luma), "GREY", "100000");
    (void)daemon_.greet();
    EXPECT_EQ(wait_for(protocol::ReaderState::Working), "");
}

TEST_F(V4l2Camera, ComesBackByItselfWhenItIsPluggedInAgain) {
    start(as_text(frame_with_code("CAMERA").luma), "GREY", "75,unplug,100000");
    (void)daemon_.greet();
    (void)wait_for(protocol::ReaderState::Working);
    EXPECT_TRUE(wait_for(protocol::ReaderState::Failed).starts_with("unplugged: /dev/video0"));
    (void)wait_for(protocol::ReaderState::Working);
    EXPECT_NE(log().find("camera cam: ok (was unplugged)"), std::string::npos) << log();
}

TEST_F(V4l2Camera, IsOpenedAnewWhenItSendsNothing) {
    start(as_text(frame_with_code("CAMERA").luma), "GREY", "75,wedge,100000");
    (void)daemon_.greet();
    (void)wait_for(protocol::ReaderState::Working);
    EXPECT_TRUE(wait_for(protocol::ReaderState::Degraded).starts_with("wedged: "));
    (void)wait_for(protocol::ReaderState::Working);
    EXPECT_NE(log().find("camera cam: ok (was wedged)"), std::string::npos) << log();
}

TEST_F(V4l2Camera, CountsDamagedPicturesAndReadsWhatIsLeft) {
    Buffer jpeg = jpeg_of(frame_with_code("CAMERA"));
    jpeg.resize(jpeg.size() * 9 / 10);
    start(as_text(jpeg), "MJPG", "100000");
    (void)daemon_.greet();
    const auto scan = daemon_.next<protocol::Scan>();
    ASSERT_TRUE(scan.has_value()) << log();
    EXPECT_EQ(as_text(scan->content), "CAMERA");
    expect_damaged_frames();
    EXPECT_EQ(log().find("JPEG"), std::string::npos) << log();
}

TEST_F(V4l2Camera, SurvivesPacketsThatAreNoPictures) {
    start(std::string(5000, 'x'), "MJPG", "100000");
    (void)daemon_.greet();
    expect_damaged_frames();
}

TEST_F(V4l2Camera, IsExaminedByTheDoctor) {
    run_reader(as_text(frame_with_code("CAMERA").luma), "GREY", "100000",
               {"--doctor", "/dev/video0", "--seconds", "2", "--exposure-us", "2000"});
    EXPECT_EQ(process_->wait(std::chrono::seconds{20}), kExitDone) << log();
    const std::string out = read_text(folder_ / "reader.out");
    EXPECT_NE(out.find("gives     GREY 640 x 480, 25 pictures a second, exposed 2000 us\n"),
              std::string::npos)
        << out;
    EXPECT_NE(out.find("state     ok\n"), std::string::npos) << out;
    EXPECT_NE(out.find("- The camera gives 640 x 480 instead of 1280 x 720"), std::string::npos);
}

TEST_F(V4l2Camera, IsCalledWedgedByTheDoctor) {
    run_reader(as_text(frame_with_code("CAMERA").luma), "GREY", "10,wedge",
               {"--doctor", "/dev/video0", "--seconds", "30"});
    EXPECT_EQ(process_->wait(std::chrono::seconds{20}), kExitFailed) << log();
    const std::string out = read_text(folder_ / "reader.out");
    EXPECT_NE(out.find("- The camera is open and sends no pictures."), std::string::npos) << out;
}

}  // namespace
}  // namespace stile::devices
