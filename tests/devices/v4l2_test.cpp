// SPDX-License-Identifier: Apache-2.0
// stile-reader on a real V4L2 device file, emulated by umockdev: each format that cameras have.
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
    // Runs the reader on a camera that shows `raw` forty times, and is then unplugged. umockdev is
    // loaded before the sanitizers and is not made for them.
    void start(std::string_view raw, const std::string& fourcc) {
        write_file(folder_ / "raw", raw);
        const std::string bin = STILE_BIN_DIR;
        process_.emplace(
            "/usr/bin/env",
            std::vector<std::string>{
                "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0",
                "TSAN_OPTIONS=report_bugs=0", kWrapper, bin + "/stile-emulated-camera",
                folder_ / "raw", fourcc, "640", "480", "40", bin + "/stile-reader", "--config",
                write_site(folder_.path(), "/dev/video0"), "--name", "cam", "--once"},
            folder_ / "reader");
    }
    // The code is read once, and the end of the camera is noticed.
    void expect_the_code() {
        (void)daemon_.greet();
        const auto scan = daemon_.next<protocol::Scan>();
        ASSERT_TRUE(scan.has_value()) << read_text(folder_ / "reader.err");
        EXPECT_EQ(as_text(scan->content), "CAMERA");
        daemon_.answer(*scan, protocol::Outcome::Admit);
        EXPECT_FALSE(daemon_.next<protocol::Scan>().has_value());
        EXPECT_EQ(process_->wait(std::chrono::seconds{20}), kExitFailed);
        EXPECT_NE(read_text(folder_ / "reader.err").find("/dev/video0: the camera is gone"),
                  std::string::npos);
    }

    TempFolder folder_;
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
    start(as_text(raw), "YUYV");
    expect_the_code();
}

TEST_F(V4l2Camera, IsReadInGrey) {
    start(as_text(frame_with_code("CAMERA").luma), "GREY");
    expect_the_code();
}

TEST_F(V4l2Camera, IsReadInMotionJpeg) {
    start(as_text(jpeg_of(frame_with_code("CAMERA"))), "MJPG");
    expect_the_code();
}

}  // namespace
}  // namespace stile::devices
