// SPDX-License-Identifier: Apache-2.0
// stile-reader with a scanner, as a real process against a daemon that the test plays.
#include <csignal>

#include <gtest/gtest.h>

#include "daemon/runtime/exit_code.hpp"
#include "tests/devices/fake_daemon.hpp"
#include "tests/devices/fixtures.hpp"
#include "tests/devices/scanner_pty.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using protocol::Outcome;
using protocol::ReaderState;
using protocol::Scan;

class ScannerProgram : public ::testing::Test {
protected:
    [[nodiscard]] std::filesystem::path write_site(const std::string& lines) const {
        write_file(folder_ / "site.toml",
                   "[site]\nvenue = \"test\"\ngate = \"north\"\n"
                   "[paths]\nruntime = \"" +
                       folder_.path().native() + "\"\nstate = \"" + folder_.path().native() +
                       "\"\n[[lane]]\nname = \"one\"\n"
                       "[[reader]]\nname = \"desk\"\nlane = \"one\"\n"
                       "kind = \"scanner\"\n" +
                       lines);
        return folder_ / "site.toml";
    }
    [[nodiscard]] std::vector<std::string> arguments(const std::string& lines) const {
        return {"--config", write_site(lines), "--name", "desk"};
    }
    void start(const std::string& lines) {
        process_.emplace("stile-reader", arguments(lines), folder_ / "reader");
    }
    [[nodiscard]] std::string on_line() const {
        return "source = \"" + line_.name().native() + "\"\n";
    }
    std::string next_text() {
        return std::string{as_text(daemon_.next<Scan>().value_or(Scan{}).content)};
    }
    // The first health that is so.
    std::string detail_when(ReaderState state) {
        while (const auto health = daemon_.next<protocol::ReaderHealth>()) {
            if (health->state == state) return health->detail;
        }
        return "there was no such health";
    }
    std::string log() { return read_text(folder_ / "reader.err"); }

    TempFolder folder_;
    // In /dev, as a site file wants it, and a name of its own.
    SerialLine line_{"/dev/shm/" + folder_.path().filename().native() + ".tty"};
    FakeDaemon daemon_{folder_.path()};
    std::optional<Process> process_;

    ~ScannerProgram() override { std::filesystem::remove(line_.name()); }
};

TEST_F(ScannerProgram, PassesACodeOn) {
    start(on_line());
    EXPECT_EQ(daemon_.greet().name, "desk");
    EXPECT_EQ(detail_when(ReaderState::Working), "") << log();
    line_.send("]Q1GT1:AB\r");
    const auto scan = daemon_.next<Scan>();
    ASSERT_TRUE(scan.has_value()) << log();
    EXPECT_EQ(as_text(scan->content), "GT1:AB");
    EXPECT_EQ(scan->medium, protocol::Medium::Scanner);
    EXPECT_EQ(scan->scan, 1U);
    EXPECT_LE(scan->captured_ns, scan->decoded_ns);
    process_->signal(SIGTERM);
    EXPECT_TRUE(daemon_.next<protocol::Goodbye>().has_value());
    EXPECT_EQ(process_->wait(20s), kExitDone) << log();
}

TEST_F(ScannerProgram, PassesACodeThatIsHeldUnderItOnOnce) {
    start(on_line());
    (void)daemon_.greet();
    (void)detail_when(ReaderState::Working);
    line_.send("A\rA\rA\rB\r");
    EXPECT_EQ(next_text(), "A");
    EXPECT_EQ(next_text(), "B");
}

TEST_F(ScannerProgram, PassesACodeOnAgainAfterWait) {
    start(on_line());
    (void)daemon_.greet();
    (void)detail_when(ReaderState::Working);
    line_.send("A\r");
    const auto first = daemon_.next<Scan>();
    ASSERT_TRUE(first.has_value());
    daemon_.answer(*first, Outcome::Wait);
    line_.send("B\rA\r");
    EXPECT_EQ(next_text(), "B");
    // Whether the answer overtook the bytes is not said; a second try is after it for certain.
    line_.send("A\r");
    EXPECT_EQ(next_text(), "A");
}

TEST_F(ScannerProgram, TakesOffWhatTheSiteFileSays) {
    start(on_line() + "prefix = \"<\"\nsuffix = \"#\\r\"\nend_gap_ms = 5000\nbaud = 115200\n");
    (void)daemon_.greet();
    (void)detail_when(ReaderState::Working);
    line_.send("<A#");
    EXPECT_EQ(next_text(), "A");
}

TEST_F(ScannerProgram, SurvivesThatTheLineIsUnpluggedEvenAsTheFirstOfItsSession) {
    std::vector<std::string> all = arguments(on_line());
    all.insert(all.begin(), {"--wait", std::string{STILE_BIN_DIR} + "/stile-reader"});
    process_.emplace("/usr/bin/setsid", all, folder_ / "reader");
    (void)daemon_.greet();
    (void)detail_when(ReaderState::Working);
    line_.unplug();
    EXPECT_NE(detail_when(ReaderState::Failed), "") << log();
    line_.plug();
    EXPECT_EQ(detail_when(ReaderState::Working), "") << log();
    line_.send("A\r");
    EXPECT_EQ(next_text(), "A");
}

TEST_F(ScannerProgram, RefusesALayoutThatIsNotThere) {
    start("source = \"usb\"\nlayout = \"klingon\"\n");
    EXPECT_EQ(process_->wait(20s), kExitConfig);
    EXPECT_NE(log().find("reader.layout: there is no keyboard layout \"klingon\""),
              std::string::npos)
        << log();
}

TEST_F(ScannerProgram, RefusesASiteFileThatIsWrong) {
    for (const std::string lines :
         {"baud = 9601\n", "end_gap_ms = 5\n", "prefix = 3\n", "layout = \"\"\n"}) {
        start(on_line() + lines);
        EXPECT_EQ(process_->wait(20s), kExitConfig) << lines;
        EXPECT_NE(log().find("reader."), std::string::npos) << log();
    }
}

}  // namespace
}  // namespace stile::devices
