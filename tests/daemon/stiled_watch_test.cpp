// SPDX-License-Identifier: Apache-2.0
// What the real stiled tells of itself: alarms to stile-sync, events to the journal, scheduled
// modes.
#include <csignal>

#include <gtest/gtest.h>

#include "daemon/core/reason.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;
using protocol::Subject;

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// The next report of that alarm, within forty seconds.
std::optional<std::string> alarm(PlayedPeer& sync, const std::string& code) {
    for (int waits = 0; waits < 8; ++waits) {
        while (const auto report = sync.next<protocol::Report>()) {
            if (report->subject == Subject::Alarm && report->name == code) return report->body;
        }
    }
    return std::nullopt;
}
// Waits until it is so; false when the daemon says nothing more.
bool becomes(PlayedPeer& sync, const std::string& code, std::string_view part) {
    while (const auto told = alarm(sync, code)) {
        if (contains(*told, part)) return true;
    }
    return false;
}

TEST(StiledAlarms, OfALaneBeginAndEndForWhoeverFollows) {
    const Site site;
    site.write_config(
        "[[lane]]\nname = \"b\"\nsimulated_trouble = \"device-gone\"\n"
        "[[reader]]\nname = \"cam-b\"\nlane = \"b\"\nsource = \"nowhere\"\n");
    const auto stiled = site.start();
    PlayedPeer sync = site.sync(*stiled);
    ASSERT_TRUE(sync.send(protocol::Follow{"mqtt", 64}));
    EXPECT_EQ(alarm(sync, "lane-b-device-gone"), "") << "what an earlier run left is deleted";
    PlayedPeer reader = site.reader(*stiled, "cam-b");
    (void)reader.show(Site::ticket(1));
    EXPECT_TRUE(becomes(sync, "lane-b-device-gone", R"("state":"raised","severity":"critical")"))
        << site.log();
    EXPECT_TRUE(contains(site.log(), "lane b: device-gone")) << site.log();
}

TEST(StiledAlarms, SayThatTheLedgerIsDamaged) {
    const Site site;
    std::filesystem::create_directories(site.ledger());
    std::ofstream{site.ledger() / "data.mdb"} << std::string(100'000, 'x');
    const auto stiled = site.start();
    PlayedPeer sync = site.sync(*stiled);
    ASSERT_TRUE(sync.send(protocol::Follow{"mqtt", 64}));
    EXPECT_TRUE(becomes(sync, "ledger-damaged", R"("state":"raised")"));
    const auto page = site.run("stilectl", {"status"}).out;
    EXPECT_TRUE(contains(page, "! alarm     ledger-damaged\n")) << page;
    EXPECT_TRUE(contains(page, "! backup    none is known")) << page;
}

TEST(StiledAlarms, OfACameraBeginAndEndWithItsHealth) {
    const Site site;
    const auto stiled = site.start();
    PlayedPeer sync = site.sync(*stiled);
    ASSERT_TRUE(sync.send(protocol::Follow{"mqtt", 64}));
    PlayedPeer reader = site.reader(*stiled);
    ASSERT_TRUE(reader.send(protocol::ReaderHealth{.state = protocol::ReaderState::Degraded,
                                                   .detail = "dark: the picture is too dark"}));
    EXPECT_TRUE(becomes(sync, "camera-cam-1", "sees badly: dark: the picture")) << site.log();
    ASSERT_TRUE(reader.send(protocol::ReaderHealth{.state = protocol::ReaderState::Working}));
    EXPECT_TRUE(becomes(sync, "camera-cam-1", R"("state":"cleared")")) << site.log();
}

TEST(StiledSchedule, SetsAModeThatTheStaffCanChangeUntilTheNextOne) {
    const Site site;
    site.write_config("[[schedule]]\nfrom = \"00:00\"\nmode = \"exit-only\"\n");
    auto stiled = site.start();
    {
        PlayedPeer reader = site.reader(*stiled);
        EXPECT_EQ(reader.show(Site::ticket(1))->reason, std::to_underlying(Reason::LaneClosed));
    }
    const auto ctl = [&site](std::vector<std::string> words) {
        return site.run("stilectl", std::move(words)).out;
    };
    EXPECT_EQ(ctl({"mode"}), "lane-1     exit-only\n");
    EXPECT_TRUE(contains(ctl({"tail", "--no-follow", "--since", "1"}), "schedule"));
    EXPECT_EQ(ctl({"mode", "lane-1", "normal", "-r", "doors open early"}),
              "lane lane-1 is now normal\n");
    stiled->signal(SIGKILL);
    ASSERT_TRUE(stiled->wait(20s));
    stiled = site.start();  // it looks at the schedule before it takes a scan
    PlayedPeer reader = site.reader(*stiled);
    EXPECT_EQ(reader.show(Site::ticket(1))->outcome, protocol::Outcome::Admit) << site.log();
    EXPECT_EQ(ctl({"mode"}), "lane-1     normal\n");
}

}  // namespace
}  // namespace stile::test
