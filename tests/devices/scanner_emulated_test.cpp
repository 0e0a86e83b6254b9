// SPDX-License-Identifier: Apache-2.0
// stile-reader with emulated scanners on USB: real libusb and udev, and a daemon that the test
// plays.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/devices/fake_daemon.hpp"
#include "tests/devices/fixtures.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using protocol::ReaderState;
using protocol::Scan;

class EmulatedScanner : public ::testing::Test {
protected:
    // Plugs a scanner in ("pos-scanner", and how it is set up) and starts the reader; returns when
    // it works.
    void start(const std::string& make, const std::string& how, const std::string& lines = {}) {
        write_file(folder_ / "site.toml",
                   "[site]\nvenue = \"test\"\ngate = \"north\"\n[paths]\nruntime = \"" +
                       folder_.path().native() + "\"\nstate = \"" + folder_.path().native() +
                       "\"\n[[lane]]\nname = \"one\"\n[[reader]]\nname = \"desk\"\n"
                       "lane = \"one\"\nkind = \"scanner\"\nsource = \"usb\"\n"
                       "end_gap_ms = 1000\n" +  // this machine may be slow
                       lines);
        const std::filesystem::path script = folder_ / "script";
        ASSERT_EQ(::mkfifo(script.c_str(), 0600), 0);
        emulator_.emplace(
            "stile-emulator",
            std::vector<std::string>{script, "--", std::string{STILE_BIN_DIR} + "/stile-reader",
                                     "--config", folder_ / "site.toml", "--name", "desk"},
            folder_ / "emulator");
        script_.reset(::open(script.c_str(), O_WRONLY | O_CLOEXEC));
        say("plug " + make + " as s1 at 1-1 " + how + "\nstart");
        (void)daemon_.greet();
        EXPECT_EQ(detail_when(ReaderState::Working), "") << log();
    }
    void say(const std::string& lines) const {
        const std::string text = lines + "\n";
        ASSERT_EQ(::write(script_.get(), text.data(), text.size()),
                  static_cast<ssize_t>(text.size()));
    }
    std::string next_text() {
        return std::string{as_text(daemon_.next<Scan>().value_or(Scan{}).content)};
    }
    std::string detail_when(ReaderState state) {
        while (const auto health = daemon_.next<protocol::ReaderHealth>()) {
            if (health->state == state) return health->detail;
        }
        return "there was no such health";
    }
    // The transcript held, and the reader ended by itself when it was asked to.
    void end_well() {
        script_.reset();
        EXPECT_EQ(emulator_->wait(60s), 0) << log();
    }
    std::string log() {
        return read_text(folder_ / "emulator.out") + read_text(folder_ / "emulator.err");
    }

    TempFolder folder_;
    FakeDaemon daemon_{folder_.path()};
    UniqueFd script_;
    std::optional<Process> emulator_;
};

constexpr const char* kGt1 = "GT1:0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:";

TEST_F(EmulatedScanner, TypesWithEnterAndWithout) {
    for (const std::string ending : {"enter", "tab", "none"}) {
        start("keyboard-scanner", "layout us ending " + ending);
        say(std::string{"scan s1 \""} + kGt1 + "\"\nexpect s1 driver detached");
        EXPECT_EQ(next_text(), kGt1) << log();
        end_well();
        std::filesystem::remove(folder_ / "script");
    }
}

TEST_F(EmulatedScanner, TypesOnTheLayoutOfTheSiteFile) {
    for (const std::string layout : {"de", "fr"}) {
        start("keyboard-scanner", "layout " + layout, "layout = \"" + layout + "\"\n");
        say(std::string{"scan s1 \""} + kGt1 + "\"\nscan s1 \"E4BibyTSylQO+/==\"");
        EXPECT_EQ(next_text(), kGt1) << log();
        EXPECT_EQ(next_text(), "E4BibyTSylQO+/==") << log();
        end_well();
        std::filesystem::remove(folder_ / "script");
    }
}

TEST_F(EmulatedScanner, TypesNumbersOfCharacters) {
    start("keyboard-scanner", "layout alt", "layout = \"fr\"\n");
    say("scan s1 \"GT1:AB\"");
    EXPECT_EQ(next_text(), "GT1:AB") << log();
    end_well();
}

TEST_F(EmulatedScanner, SpeaksHidPos) {
    start("pos-scanner", "");
    say("scan s1 \"" + std::string(200, 'x') + "\"\nscan s1 \"GT1:AB\"");
    EXPECT_EQ(next_text(), std::string(200, 'x')) << log();
    EXPECT_EQ(next_text(), "GT1:AB") << log();
    end_well();
}

TEST_F(EmulatedScanner, IsToldThatItsLayoutDoesNotFit) {
    start("keyboard-scanner", "layout de");
    say("scan s1 \"GT1:AB\"");
    EXPECT_EQ(detail_when(ReaderState::Degraded),
              "the scanner's keyboard layout does not fit: it types as de, es, it");
    end_well();
}

TEST_F(EmulatedScanner, IsPulledOutInTheMiddleOfACodeAndPutInAgain) {
    start("keyboard-scanner", "layout us");
    say("unplug s1 after 6 transfers\nscan s1 \"GT1:AB\"\nwait s1 unplugged");
    EXPECT_NE(detail_when(ReaderState::Failed), "") << log();
    say("plug keyboard-scanner as s1 at 1-1\nwait s1 claimed");
    EXPECT_EQ(detail_when(ReaderState::Working), "") << log();
    say("scan s1 \"GT1:CD\"");
    EXPECT_EQ(next_text(), "GT1:CD") << log();  // and nothing of the other one
    end_well();
}

}  // namespace
}  // namespace stile::devices
