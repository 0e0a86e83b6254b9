// SPDX-License-Identifier: Apache-2.0
// A scanner on a serial line, which is a real pseudo terminal.
#include <optional>

#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "devices/scanner/serial_scanner.hpp"
#include "tests/devices/fixtures.hpp"
#include "tests/devices/scanner_pty.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;

class SerialScanning : public ::testing::Test {
protected:
    void start(const std::filesystem::path& path, ScannerSettings settings = {}) {
        scanner_.emplace(
            loop_, path, 115200, std::move(settings),
            ScannerEvents{
                .on_ready = [this](const std::string& what) { happened("ready", what); },
                .on_scan = [this](const ScannedText& scan) { happened("scan", scan.text); },
                .on_loss = [this](const ScanLosses&) { happened("loss", {}); },
                .on_note = [this](const std::string& note) { happened("note", note); },
                .on_trouble =
                    [this](const Error& why) {
                        trouble_ = why.code;
                        happened("trouble", why.context);
                    }});
        scanner_->start();
    }
    // What happens next, "scan ABC".
    std::string next() {
        while (events_.empty() && !late_) {
            limit_ = loop_.after(10s, [this] {
                late_ = true;
                loop_.stop(0);
            });
            (void)loop_.run();
        }
        if (events_.empty()) return "nothing";
        std::string event = events_.front();
        events_.erase(events_.begin());
        return event;
    }
    void happened(std::string_view what, const std::string& text) {
        events_.push_back(std::string{what} + (text.empty() ? "" : " ") + text);
        loop_.stop(0);
    }

    TempFolder folder_;
    SerialLine line_{folder_ / "tty"};
    EventLoop loop_;
    std::vector<std::string> events_;
    Errc trouble_ = Errc::Invalid;
    bool late_ = false;
    EventSource limit_;
    std::optional<SerialScanner> scanner_;
};

TEST_F(SerialScanning, ReadsCodesWithAndWithoutAnEnd) {
    start(line_.name());
    EXPECT_EQ(next(), "ready a serial scanner (" + line_.name().native() + ", 115200 baud)");
    line_.send("]Q1GT1:AB\r\n");
    EXPECT_EQ(next(), "scan GT1:AB");
    line_.send("kfndg");
    EXPECT_EQ(next(), "scan kfndg");
}

TEST_F(SerialScanning, TakesBytesAsTheyAre) {
    start(line_.name(), {.ends = {.gap = 100ms, .suffix = "\x03"},
                         .wrapping = {.prefix = "\x02", .suffix = "\x03"}});
    (void)next();
    line_.send(
        "\x02"
        "A\x1D\x04\x11\xC3\xBC\x03");  // of an own mind would be: 03 04 11
    EXPECT_EQ(next(), "scan A\x1D\x04\x11\xC3\xBC");
}

TEST_F(SerialScanning, ThrowsAwayWhatWasSentBefore) {
    const UniqueFd before{::open(line_.name().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)};
    line_.send("OLD\n");
    start(line_.name());
    (void)next();
    line_.send("NEW\r");
    EXPECT_EQ(next(), "scan NEW");
}

TEST_F(SerialScanning, KeepsTheLineToItselfRawAndFast) {
    start(line_.name());
    (void)next();
    const UniqueFd other{::open(line_.name().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)};
    int exclusive = 1;  // whom it concerns cannot open it at all
    if (other) {
        ASSERT_EQ(::ioctl(other.get(), TIOCGEXCL, &exclusive), 0);
    }
    EXPECT_NE(exclusive, 0);
    termios form{};
    ASSERT_EQ(::tcgetattr(line_.master(), &form), 0);
    EXPECT_EQ(::cfgetispeed(&form), speed_t{B115200});
    EXPECT_EQ(form.c_lflag & static_cast<tcflag_t>(ICANON | ECHO | ISIG), tcflag_t{0});
}

TEST_F(SerialScanning, SaysThatACodeWasDropped) {
    start(line_.name());
    (void)next();
    line_.send(std::string(3000, 'x'));
    line_.send(std::string(3000, 'x'));
    EXPECT_EQ(next(), "loss");
    line_.send("NEXT\r");
    EXPECT_EQ(next(), "scan NEXT");
}

TEST_F(SerialScanning, FindsTheLineAgain) {
    start(line_.name());
    (void)next();
    line_.send("LOST WITH THE PLUG");
    line_.unplug();
    EXPECT_TRUE(next().starts_with("trouble"));
    EXPECT_EQ(trouble_, Errc::Closed);
    EXPECT_TRUE(next().starts_with("trouble"));
    EXPECT_EQ(trouble_, Errc::NotFound);
    line_.plug();
    std::string event = next();
    while (event.starts_with("trouble"))
        event = next();
    EXPECT_TRUE(event.starts_with("ready")) << event;
    line_.send("BACK\r");
    EXPECT_EQ(next(), "scan BACK");
}

TEST_F(SerialScanning, WaitsForALineThatIsNotThere) {
    start(folder_ / "absent");
    EXPECT_NE(next().find("is the scanner plugged in?"), std::string::npos);
    EXPECT_EQ(trouble_, Errc::NotFound);
}

TEST_F(SerialScanning, DoesNotReadWhatIsNoLine) {
    write_file(folder_ / "file", "GT1:AB\r");
    start(folder_ / "file");
    EXPECT_EQ(next(), "trouble " + (folder_ / "file").native() + " is no serial line");
    EXPECT_EQ(trouble_, Errc::Unsupported);
}

}  // namespace
}  // namespace stile::devices
