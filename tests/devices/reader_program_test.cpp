// SPDX-License-Identifier: Apache-2.0
// stile-reader as a real process against a daemon that the test plays.
#include <csignal>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "daemon/runtime/exit_code.hpp"
#include "tests/devices/fake_daemon.hpp"
#include "tests/devices/fixtures.hpp"
#include "tests/support/process.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using protocol::Outcome;
using protocol::ReaderState;
using protocol::Scan;

class ReaderProgram : public ::testing::Test {
protected:
    // A film of pictures: each code is held for 45 frames, in which a reader on a busy machine
    // finds its daemon; "" is an empty view of 20.
    std::filesystem::path film(const std::vector<std::string>& codes) {
        const auto frames = folder_ / "frames";
        std::filesystem::create_directory(frames);
        int number = 0;
        for (const std::string& code : codes) {
            const Frame frame = code.empty() ? empty_frame() : frame_with_code(code);
            for (int i = 0; i < (code.empty() ? 20 : 45); ++i)
                write_picture(frames / (std::to_string(number++) + ".pgm"), frame);
        }
        return frames;
    }
    enum class Until { End, Signal };
    void start(const std::filesystem::path& source, Until until = Until::Signal) {
        std::vector<std::string> arguments{"--config", write_site(folder_.path(), source), "--name",
                                           "cam"};
        if (until == Until::End) arguments.emplace_back("--once");
        process_.emplace("stile-reader", std::move(arguments), folder_ / "reader");
    }
    std::optional<int> end() { return process_->wait(20s); }
    std::string log() { return read_text(folder_ / "reader.err"); }

    TempFolder folder_;
    std::optional<Process> process_;
};

TEST_F(ReaderProgram, IntroducesItselfByName) {
    FakeDaemon daemon{folder_.path()};
    start(film({""}));
    const auto hello = daemon.greet();
    EXPECT_EQ(hello.role, protocol::Role::Reader);
    EXPECT_EQ(hello.name, "cam");
}

TEST_F(ReaderProgram, SendsAHeldCodeOnceAndEndsWithTheFilm) {
    FakeDaemon daemon{folder_.path()};
    start(film({"", "TICKET", ""}), Until::End);
    (void)daemon.greet();
    const auto scan = daemon.next<Scan>();
    ASSERT_TRUE(scan.has_value());
    EXPECT_EQ(as_text(scan->content), "TICKET");
    EXPECT_EQ(scan->scan, 1U);
    EXPECT_EQ(scan->medium, protocol::Medium::Qr);
    EXPECT_LE(scan->captured_ns, scan->decoded_ns);
    daemon.answer(*scan, Outcome::Admit);
    EXPECT_FALSE(daemon.next<Scan>().has_value());  // the reader ended instead
    EXPECT_EQ(end(), kExitDone) << log();
}

TEST_F(ReaderProgram, SendsTwoTicketsAsTwoScans) {
    FakeDaemon daemon{folder_.path()};
    start(film({"FIRST", "SECOND"}), Until::End);
    (void)daemon.greet();
    EXPECT_EQ(as_text(daemon.next<Scan>().value_or(Scan{}).content), "FIRST");
    const auto second = daemon.next<Scan>();
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ(as_text(second->content), "SECOND");
    EXPECT_EQ(second->scan, 2U);
}

TEST_F(ReaderProgram, SendsACodeAgainAfterWait) {
    FakeDaemon daemon{folder_.path()};
    start(film({"TICKET"}));
    (void)daemon.greet();
    const auto first = daemon.next<Scan>();
    ASSERT_TRUE(first.has_value());
    daemon.answer(*first, Outcome::Wait);
    const auto again = daemon.next<Scan>();
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->content, first->content);
    EXPECT_EQ(again->scan, 2U);
}

TEST_F(ReaderProgram, DoesNotSendACodeAgainAfterSame) {
    FakeDaemon daemon{folder_.path()};
    start(film({"TICKET"}), Until::End);
    (void)daemon.greet();
    const auto scan = daemon.next<Scan>();
    ASSERT_TRUE(scan.has_value());
    daemon.answer(*scan, Outcome::Same);
    EXPECT_FALSE(daemon.next<Scan>().has_value());
}

// A screen that shows another large code in each picture, as fast as the camera can see.
TEST_F(ReaderProgram, PassesFewOfManyCodesOnAndStaysSmall) {
    const auto frames = folder_ / "frames";
    std::filesystem::create_directory(frames);
    for (int i = 0; i < 150; ++i) {
        const std::string content = std::to_string(i) + std::string(900, 'x');
        write_picture(frames / (std::to_string(i) + ".pgm"), frame_with_code(as_bytes(content), 4));
    }
    FakeDaemon daemon{folder_.path()};
    const auto begin = std::chrono::steady_clock::now();
    start(frames, Until::End);
    (void)daemon.greet();
    int scans = 0;
    while (daemon.next<Scan>())  // never answered
        ++scans;
    const auto took = std::chrono::steady_clock::now() - begin;
    EXPECT_EQ(end(), kExitDone) << log();
    EXPECT_GE(scans, 20);
    EXPECT_LE(scans, 21 + took / 100ms);
    rusage used{};
    ASSERT_EQ(::getrusage(RUSAGE_CHILDREN, &used), 0);
    // Sanitizers take memory of their own.
    const bool sanitized = !std::string_view{STILE_SANITIZERS}.empty();
    EXPECT_LT(used.ru_maxrss, (sanitized ? 1024 : 300) * 1024) << "KiB";
}

TEST_F(ReaderProgram, IgnoresFeedbackThatItDidNotAskFor) {
    FakeDaemon daemon{folder_.path()};
    start(film({"TICKET"}), Until::End);
    (void)daemon.greet();
    const auto scan = daemon.next<Scan>();
    ASSERT_TRUE(scan.has_value());
    daemon.send(protocol::Feedback{.scan = 99, .outcome = Outcome::Wait});
    daemon.answer(*scan, Outcome::Admit);
    EXPECT_FALSE(daemon.next<Scan>().has_value());
    EXPECT_EQ(end(), kExitDone);
}

TEST_F(ReaderProgram, WaitsForADaemonAndReadsTheCodeThatIsStillInView) {
    start(film({"TICKET"}));
    FakeDaemon daemon{folder_.path()};
    (void)daemon.greet();
    const auto scan = daemon.next<Scan>();
    ASSERT_TRUE(scan.has_value()) << log();
    EXPECT_EQ(as_text(scan->content), "TICKET");
}

TEST_F(ReaderProgram, SurvivesARestartOfTheDaemon) {
    start(film({"TICKET"}));
    {
        FakeDaemon daemon{folder_.path()};
        (void)daemon.greet();
        ASSERT_TRUE(daemon.next<Scan>().has_value());
    }
    FakeDaemon daemon{folder_.path()};
    (void)daemon.greet();
    const auto scan = daemon.next<Scan>();  // never answered, so it is read again
    ASSERT_TRUE(scan.has_value()) << log();
    EXPECT_EQ(scan->scan, 1U);  // counted anew on each connection
}

TEST_F(ReaderProgram, EndsWithoutAnAnswerToItsLastScan) {
    FakeDaemon daemon{folder_.path()};
    start(film({"TICKET"}), Until::End);
    (void)daemon.greet();
    ASSERT_TRUE(daemon.next<Scan>().has_value());
    EXPECT_EQ(end(), kExitDone);
}

TEST_F(ReaderProgram, EndsCleanlyOnSigterm) {
    FakeDaemon daemon{folder_.path()};
    start(film({""}));
    (void)daemon.greet();
    process_->signal(SIGTERM);
    EXPECT_TRUE(daemon.next<protocol::Goodbye>().has_value());
    EXPECT_EQ(end(), kExitDone) << log();
}

TEST_F(ReaderProgram, ReportsThatItWorks) {
    FakeDaemon daemon{folder_.path()};
    start(film({"TICKET"}));
    (void)daemon.greet();
    for (int i = 0; i < 5; ++i) {
        const auto health = daemon.next<protocol::ReaderHealth>();
        ASSERT_TRUE(health.has_value());
        if (health->state == ReaderState::Working && health->frames > 0) {
            EXPECT_GT(health->decode_us, 0U);
            return;
        }
    }
    FAIL() << "no working state in five messages";
}

TEST_F(ReaderProgram, ReportsACoveredLensAndSaysSoOnce) {
    FakeDaemon daemon{folder_.path()};
    start(film({""}));
    (void)daemon.greet();
    auto health = daemon.next<protocol::ReaderHealth>();
    while (health && health->state != ReaderState::Degraded)
        health = daemon.next<protocol::ReaderHealth>();
    ASSERT_TRUE(health.has_value()) << log();
    EXPECT_TRUE(health->detail.starts_with("covered: the picture has only one shade"))
        << health->detail;
    (void)daemon.next<protocol::ReaderHealth>();
    const std::string text = log();
    const auto line = text.find("camera cam: covered (was starting)");
    ASSERT_NE(line, std::string::npos) << text;
    EXPECT_EQ(text.find("camera cam: ", line + 1), std::string::npos) << text;
}

TEST_F(ReaderProgram, ReportsALostSourceAndItsReturn) {
    FakeDaemon daemon{folder_.path()};
    start(folder_ / "frames");
    (void)daemon.greet();
    auto health = daemon.next<protocol::ReaderHealth>();
    while (health && health->state != ReaderState::Failed)
        health = daemon.next<protocol::ReaderHealth>();
    ASSERT_TRUE(health.has_value());
    EXPECT_NE(health->detail.find("frames: not there"), std::string::npos) << health->detail;

    (void)film({"TICKET"});  // now it is there
    EXPECT_TRUE(daemon.next<Scan>().has_value()) << log();
    while (health && health->state != ReaderState::Working)
        health = daemon.next<protocol::ReaderHealth>();
    EXPECT_TRUE(health.has_value());
}

// A camera that is missing at boot must not make systemd start its reader again and again.
TEST_F(ReaderProgram, IsReadyWithoutACamera) {
    const UniqueFd socket{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder_ / "notify";
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    const auto site = write_site(folder_.path(), "/dev/video987");
    process_.emplace("/usr/bin/env",
                     std::vector<std::string>{"NOTIFY_SOCKET=" + path,
                                              std::string{STILE_BIN_DIR} + "/stile-reader",
                                              "--config", site, "--name", "cam"},
                     folder_ / "reader");
    pollfd wait{socket.get(), POLLIN, 0};
    ASSERT_EQ(::poll(&wait, 1, FakeDaemon::kTimeoutMs), 1) << log();
    std::string text(1000, '\0');
    text.resize(static_cast<std::size_t>(::recv(socket.get(), text.data(), text.size(), 0)));
    EXPECT_EQ(text, "READY=1");
}

TEST_F(ReaderProgram, FailsWhenTheSourceOfASinglePlayIsMissing) {
    start(folder_ / "nothing.avi", Until::End);
    EXPECT_EQ(end(), kExitFailed);
    EXPECT_NE(log().find("nothing.avi: not there"), std::string::npos) << log();
}

TEST_F(ReaderProgram, EndsWith78OnATypingErrorInTheSiteFile) {
    const auto site = write_site(folder_.path(), "/dev/video0");
    write_file(site, read_text(site) + "hold_of_ms = 5\n");
    const auto ended = run("stile-reader", {"--config", site, "--name", "cam"}, folder_.path());
    EXPECT_EQ(ended.exit_code, kExitConfig);
    EXPECT_NE(ended.err.find("site.toml:17: reader.hold_of_ms: unknown key"), std::string::npos)
        << ended.err;
}

TEST_F(ReaderProgram, EndsWith78WhenTheSiteFileIsNotThere) {
    EXPECT_EQ(run("stile-reader", {"--config", "/nowhere.toml", "--name", "cam"}, folder_.path())
                  .exit_code,
              kExitConfig);
}

TEST_F(ReaderProgram, EndsWith78WhenItsNameIsNotInTheSiteFile) {
    const auto site = write_site(folder_.path(), "/dev/video0");
    const auto ended = run("stile-reader", {"--config", site, "--name", "other"}, folder_.path());
    EXPECT_EQ(ended.exit_code, kExitConfig);
    EXPECT_NE(ended.err.find("no reader named other"), std::string::npos);
}

TEST_F(ReaderProgram, ChecksASiteFile) {
    const auto site = write_site(folder_.path(), "/dev/video0");
    EXPECT_EQ(run("stile-reader", {"--check-config", "--config", site}, folder_.path()).exit_code,
              kExitDone);
}

TEST_F(ReaderProgram, RefusesAKeyboardLayoutThatIsNotThere) {
    const auto site = write_site(folder_.path(), "/dev/video0");
    std::ofstream{site, std::ios::app} << "[[reader]]\nname = \"pos\"\nlane = \"one\"\n"
                                          "kind = \"scanner\"\nsource = \"usb\"\n"
                                          "layout = \"klingon\"\n";
    const auto ended = run("stile-reader", {"--check-config", "--config", site}, folder_.path());
    EXPECT_EQ(ended.exit_code, kExitConfig);
    EXPECT_NE(ended.err.find("reader pos: reader.layout: "), std::string::npos) << ended.err;
}

TEST_F(ReaderProgram, RefusesAWrongUsage) {
    const std::vector<std::vector<std::string>> wrong{
        {},
        {"--config", "x"},
        {"--files"},
        {"--list", "--files", "x"},
        {"x.png"},
        {"--nonsense"},
        {"--sequence"},
        {"--name", "cam"},
        {"--doctor"},
        {"--doctor", "--config", "x"},
        {"--doctor", "/dev/video0", "--name", "cam"},
        {"--doctor", "/dev/video0", "--list"},
        {"--doctor", "/dev/video0", "--seconds", "0"},
        {"--doctor", "/dev/video0", "--rate", "241"},
        {"--doctor", "/dev/video0", "--pixel-format", "h264"},
        {"--list", "--json"},
        {"--list", "--picture", "x.png"}};
    for (const auto& arguments : wrong) {
        EXPECT_EQ(run("stile-reader", arguments, folder_.path()).exit_code, kExitUsage)
            << ::testing::PrintToString(arguments);
    }
}

TEST_F(ReaderProgram, ListsDevicesWhereThereAreNone) {
    const auto ended = run("stile-reader", {"--list"}, folder_.path());
    EXPECT_EQ(ended.exit_code, kExitDone);
    EXPECT_FALSE(ended.out.empty());
}

}  // namespace
}  // namespace stile::devices
