// SPDX-License-Identifier: Apache-2.0
// stile-display with the real stiled: a ticket before the reader, a sign in the browser.
#include <memory>

#include <gtest/gtest.h>

#include "tests/daemon/stiled_site.hpp"
#include "tests/devices/display_client.hpp"

namespace stile::test {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

// A port that was free a moment ago.
std::uint16_t free_port() {
    const UniqueFd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    return ntohs(address.sin_port);
}

class DisplayProgram : public testing::Test {
protected:
    DisplayProgram() {
        site_.write_config("[display]\nlisten = \"127.0.0.1:" + std::to_string(port_) + "\"\n");
    }
    void start_display() {
        display_ = std::make_unique<Process>(
            "stile-display", std::vector<std::string>{"--config", site_.config().native()},
            site_.folder().path() / "display");
        for (int i = 0; i < 1000 && fetch(port_, "/").empty(); ++i)
            ASSERT_FALSE(display_->wait(10ms)) << "stile-display ended";
    }
    // A browser before lane-1 that sees this sign.
    void expect_sign(Browser& browser, std::string_view sign,
                     std::chrono::milliseconds most = 30s) {
        const std::string wanted = "\"state\":\"" + std::string{sign} + "\"";
        EXPECT_NE(browser.read_until(wanted, most).find(wanted), std::string::npos) << sign;
        browser.forget();
    }
    // What --check-config says about a site file with `more` in it.
    Finished checked(const std::string& more) {
        site_.write_config(more);
        return site_.run("stile-display", {"--check-config"});
    }

    Site site_;
    std::uint16_t port_ = free_port();
    std::unique_ptr<Process> display_;
};

TEST_F(DisplayProgram, ShowsWhatTheGateDecides) {
    const auto stiled = site_.start();
    PlayedPeer reader = site_.reader(*stiled);
    start_display();
    Browser browser{port_};
    browser.get("/lane/lane-1/events");
    expect_sign(browser, "idle");
    ASSERT_TRUE(reader.show(Site::ticket(1)));
    expect_sign(browser, "go");
    expect_sign(browser, "idle");
    ASSERT_TRUE(reader.show("GT1:RUBBISH"));
    EXPECT_NE(browser.read_until("\"reason\":\"INVALID\"").find("\"state\":\"stop\""),
              std::string::npos);
}

TEST_F(DisplayProgram, SaysThatTheDaemonIsGoneAndFindsItAgain) {
    start_display();
    Browser browser{port_};
    browser.get("/lane/lane-1/events");
    expect_sign(browser, "lost");
    EXPECT_TRUE(fetch(port_, "/healthz").starts_with("HTTP/1.1 503"));
    auto stiled = site_.start();
    expect_sign(browser, "idle");
    EXPECT_TRUE(fetch(port_, "/healthz").starts_with("HTTP/1.1 200"));
    stiled->signal(SIGKILL);
    expect_sign(browser, "lost");
    (void)stiled->wait(40s);
    stiled = site_.start();
    expect_sign(browser, "idle");
}

TEST_F(DisplayProgram, TakesADaemonThatSaysNothingForLost) {
    const auto stiled = site_.start();
    ASSERT_TRUE(site_.connect("display.sock", *stiled));
    start_display();
    Browser browser{port_};
    browser.get("/lane/lane-1/events");
    expect_sign(browser, "idle");
    stiled->signal(SIGSTOP);
    expect_sign(browser, "lost");
    stiled->signal(SIGCONT);
    expect_sign(browser, "idle");
}

TEST_F(DisplayProgram, HasAPageForEachLaneAndForNoOther) {
    start_display();
    EXPECT_NE(fetch(port_, "/").find("\n/lane/lane-1\n"), std::string::npos);
    const auto page = fetch(port_, "/lane/lane-1");
    EXPECT_NE(page.find("text/html; charset=utf-8"), std::string::npos);
    EXPECT_NE(page.find("script-src 'sha256-"), std::string::npos);
    for (const char* path :
         {"/lane/", "/lane/lane-2", "/lane/lane-1/", "/lane/lane-1/event", "/lane//events",
          "/lane/../etc/passwd", "/events", "/lane/lane-2/events"})
        EXPECT_TRUE(fetch(port_, path).starts_with("HTTP/1.1 404")) << path;
}

TEST_F(DisplayProgram, EndsWhileBrowsersListen) {
    start_display();
    Browser browser{port_};
    browser.get("/lane/lane-1/events");
    expect_sign(browser, "lost");
    display_->signal(SIGTERM);
    EXPECT_EQ(display_->wait(40s), 0);
}

TEST_F(DisplayProgram, RefusesToListenForOthers) {
    for (const char* address : {"0.0.0.0:9470", "192.0.2.1:9470", "[::]:9470", "9470"}) {
        const auto done = checked("[display]\nlisten = \"" + std::string{address} + "\"\n");
        EXPECT_EQ(done.exit_code, 78);
        EXPECT_NE(done.err.find("display.listen: \"" + std::string{address}), std::string::npos)
            << done.err;
    }
}

TEST_F(DisplayProgram, NamesTheKeyThatALanguageLacks) {
    std::filesystem::create_directory(site_.folder().path() / "words");
    site_.folder().write("words/nl.json",
                         R"({"language": "nl", "name": "Nederlands", "direction": "ltr"})");
    const auto done = checked("[display]\nlanguages = \"words\"\n");
    EXPECT_EQ(done.exit_code, 78);
    EXPECT_NE(
        done.err.find("language nl: missing, and shown in English: reasons.ALREADY_EXCHANGED"),
        std::string::npos)
        << done.err;
}

TEST_F(DisplayProgram, NamesALanguageThatIsNotThere) {
    const auto done = checked("[[lane]]\nname = \"lane-2\"\nlanguage = \"tlh\"\n");
    EXPECT_EQ(done.exit_code, 78);
    EXPECT_NE(done.err.find("lane.language: there is no tlh; there are ar, de, en"),
              std::string::npos)
        << done.err;
}

TEST_F(DisplayProgram, IsContentWithTheDefaults) {
    EXPECT_EQ(checked("").exit_code, 0);
}

}  // namespace
}  // namespace stile::test
