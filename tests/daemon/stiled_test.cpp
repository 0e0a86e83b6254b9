// SPDX-License-Identifier: Apache-2.0
// The real daemon as its neighbours and its installer meet it.
#include <csignal>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include "daemon/core/reason.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;
using protocol::Outcome;

Reason reason_of(const std::optional<protocol::Feedback>& answer) {
    return answer ? reason_from(answer->reason).value_or(Reason::Error) : Reason::Error;
}

int ends_with(Process& stiled) {
    return stiled.wait(20s).value_or(-1);
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(Stiled, AdmitsAGenuineTicketOnce) {
    const Site site;
    const auto stiled = site.start();
    PlayedPeer reader = site.reader(*stiled);
    const auto first = reader.show(Site::ticket(1));
    ASSERT_TRUE(first) << site.log();
    EXPECT_EQ(first->outcome, Outcome::Admit);
    EXPECT_EQ(first->headline, "Welcome");
    EXPECT_EQ(reader.show(Site::ticket(1))->outcome, Outcome::Same);
}

TEST(Stiled, WelcomesWithItsNameAndItsEpoch) {
    const Site site;
    const auto stiled = site.start();
    PlayedPeer reader = site.reader(*stiled);
    const auto welcome = reader.next<protocol::Welcome>();
    ASSERT_TRUE(welcome);
    EXPECT_EQ(welcome->venue, "arena");
    EXPECT_EQ(welcome->gate, "north");
    EXPECT_NE(welcome->epoch, 0U);
}

TEST(Stiled, RefusesAKilobyteOfRubbishAndATruncatedTicket) {
    const Site site;
    const auto stiled = site.start();
    PlayedPeer reader = site.reader(*stiled);
    EXPECT_EQ(reason_of(reader.show(std::string(1024, '#'))), Reason::Invalid);
    const std::string ticket = Site::ticket(1);
    EXPECT_EQ(reason_of(reader.show(ticket.substr(0, ticket.size() - 3))), Reason::Invalid);
    EXPECT_EQ(reader.show(ticket)->outcome, Outcome::Admit);
}

TEST(Stiled, RemembersWhoWentInAcrossARestart) {
    const Site site;
    {
        const auto stiled = site.start();
        PlayedPeer reader = site.reader(*stiled);
        EXPECT_EQ(reader.show(Site::ticket(1))->outcome, Outcome::Admit);
        stiled->signal(SIGTERM);
        EXPECT_EQ(ends_with(*stiled), kExitDone) << site.log();
    }
    const auto again = site.start();
    PlayedPeer reader = site.reader(*again);
    EXPECT_EQ(reason_of(reader.show(Site::ticket(1))), Reason::Used);
}

TEST(Stiled, SendsReadersAwayThatTheSiteDoesNotName) {
    const Site site;
    const auto stiled = site.start();
    auto channel = site.connect("reader.sock", *stiled);
    PlayedPeer stranger{std::move(*channel), {protocol::Role::Reader, "cam-9", "test"}};
    const auto goodbye = stranger.next<protocol::Goodbye>();
    ASSERT_TRUE(goodbye);
    EXPECT_EQ(goodbye->code, protocol::Parting::NotAllowed);
}

TEST(Stiled, SendsAReaderAwayThatAsksForCommands) {
    const Site site;
    const auto stiled = site.start();
    PlayedPeer reader = site.reader(*stiled);
    ASSERT_TRUE(reader.send(protocol::Command{.request = 1, .verb = "status"}));
    EXPECT_EQ(reader.next<protocol::Goodbye>()->code, protocol::Parting::NotAllowed);
    PlayedPeer again = site.reader(*stiled);
    EXPECT_EQ(again.show(Site::ticket(1))->outcome, Outcome::Admit);
}

TEST(Stiled, GoesOnWhenAReaderDiesInTheMiddle) {
    const Site site;
    const auto stiled = site.start();
    {
        PlayedPeer reader = site.reader(*stiled);
        ASSERT_TRUE(reader.next<protocol::Welcome>());
        for (int i = 0; i < 100; ++i) {
            if (!reader.send(protocol::Scan{.scan = 1, .captured_ns = 1, .content = {1}})) break;
        }
    }
    PlayedPeer again = site.reader(*stiled);
    EXPECT_EQ(again.show(Site::ticket(1))->outcome, Outcome::Admit) << site.log();
}

TEST(Stiled, SendsTheWholeLedgerToOneWhoFollowsByCredit) {
    const Site site;
    const auto stiled = site.start();
    PlayedPeer reader = site.reader(*stiled);
    (void)reader.show("rubbish");
    PlayedPeer sync = site.sync(*stiled);
    ASSERT_TRUE(sync.next<protocol::Welcome>());
    ASSERT_TRUE(sync.send(protocol::Follow{"mqtt", 2}));
    const auto first = sync.next<protocol::Entries>();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->first, 1U);
    EXPECT_EQ(first->entries.size(), 2U);
    ASSERT_TRUE(sync.send(protocol::Acknowledge{"mqtt", first->epoch, 2, 10}));
    const auto second = sync.next<protocol::Entries>();
    ASSERT_TRUE(second);
    EXPECT_EQ(second->first, 3U);
    const auto entry = decode_entry(second->entries.front());
    EXPECT_EQ(std::get<Decided>(entry->body).reason, Reason::Invalid);
}

TEST(Stiled, SendsAgainWhatAFollowerHasNotAcknowledged) {
    const Site site;
    const auto stiled = site.start();
    for (int i = 0; i < 2; ++i) {
        PlayedPeer sync = site.sync(*stiled);
        ASSERT_TRUE(sync.send(protocol::Follow{"mqtt", 10}));
        EXPECT_EQ(sync.next<protocol::Entries>()->first, 1U);
    }
}

TEST(Stiled, IgnoresAnAcknowledgementOfWhatItDoesNotHave) {
    const Site site;
    const auto stiled = site.start();
    PlayedPeer sync = site.sync(*stiled);
    ASSERT_TRUE(sync.send(protocol::Follow{"mqtt", 1}));
    const auto first = sync.next<protocol::Entries>();
    ASSERT_TRUE(sync.send(protocol::Acknowledge{"mqtt", first->epoch, 999, 1}));
    ASSERT_TRUE(sync.send(protocol::Acknowledge{"mqtt", first->epoch ^ 1U, 1, 1}));
    ASSERT_TRUE(sync.send(protocol::Acknowledge{"mqtt", first->epoch, 1, 1}));
    EXPECT_EQ(sync.next<protocol::Entries>()->first, 2U);
}

TEST(Stiled, ImportsARevocationListWhileItRuns) {
    const Site site;
    const auto stiled = site.start();
    PlayedPeer reader = site.reader(*stiled);
    const auto list =
        site.folder().write("list.txt", "test-issuer 7 5\ntest-issuer 7 6 <1\nsecret 7 ABC\n");
    const auto imported = site.run("stilectl", {"revocation", "import", list.native()});
    EXPECT_EQ(imported.exit_code, kExitDone) << imported.err;
    EXPECT_EQ(reason_of(reader.show(Site::ticket(5))), Reason::Revoked);
    EXPECT_EQ(reason_of(reader.show(Site::ticket(6))), Reason::Superseded);
    EXPECT_EQ(site.run("stilectl", {"revocation", "check", "test-issuer", "7", "5"}).exit_code,
              kExitFailed);
    EXPECT_EQ(site.run("stilectl", {"revocation", "check", "test-issuer", "7", "8"}).exit_code,
              kExitDone);
    EXPECT_EQ(site.run("stilectl", {"revocation", "check", "--secret", "7", "ABC"}).exit_code,
              kExitFailed);
    EXPECT_TRUE(contains(site.run("stilectl", {"revocation", "stat"}).out, "3 lines"));
}

TEST(Stiled, KeepsTheOldListWhenTheNewOneHasABadLine) {
    const Site site;
    const auto stiled = site.start();
    PlayedPeer reader = site.reader(*stiled);
    const auto good = site.folder().write("good.txt", "test-issuer 7 5\n");
    const auto bad = site.folder().write("bad.txt", "test-issuer 7 6\ntest-issuer seven 7\n");
    ASSERT_EQ(site.run("stilectl", {"revocation", "import", good.native()}).exit_code, kExitDone);
    const auto refused = site.run("stilectl", {"revocation", "import", bad.native()});
    EXPECT_EQ(refused.exit_code, kExitFailed);
    EXPECT_TRUE(contains(refused.err, "line 2")) << refused.err;
    EXPECT_EQ(reason_of(reader.show(Site::ticket(5))), Reason::Revoked);
    EXPECT_EQ(reader.show(Site::ticket(6))->outcome, Outcome::Admit);
}

TEST(Stiled, TellsItsStatusToPeopleAndMachines) {
    const Site site;
    const auto stiled = site.start();
    PlayedPeer reader = site.reader(*stiled);
    (void)reader.show(Site::ticket(1));
    const auto people = site.run("stilectl", {"status"});
    EXPECT_EQ(people.exit_code, kExitDone) << people.err;
    EXPECT_TRUE(contains(people.out, "arena/north")) << people.out;
    EXPECT_TRUE(contains(people.out, "1 admitted")) << people.out;
    const auto machines = site.run("stilectl", {"--json", "status"});
    EXPECT_TRUE(contains(machines.out, R"("admitted":1)")) << machines.out;
}

TEST(Stilectl, SaysThatNoDaemonRuns) {
    const Site site;
    const auto status = site.run("stilectl", {"status"});
    EXPECT_EQ(status.exit_code, kExitUnreachable);
    EXPECT_TRUE(contains(status.err, "Is stiled running?")) << status.err;
}

TEST(Stilectl, CallsAnUnknownWordAMatterOfUsage) {
    const Site site;
    EXPECT_EQ(site.run("stilectl", {"frobnicate"}).exit_code, kExitUsage);
    EXPECT_EQ(site.run("stilectl", {"decode"}).exit_code, kExitUsage);
}

TEST(StiledConfig, SaysThatAGoodOneIsGood) {
    const Site site;
    const auto checked = site.run("stiled", {"--check-config"});
    EXPECT_EQ(checked.exit_code, kExitDone) << checked.err;
    EXPECT_TRUE(contains(checked.out, "good: gate arena/north"));
}

TEST(StiledConfig, EndsWithItsCodeAndNamesFileLineAndKeyOfATypo) {
    const Site site;
    site.write_config("[mqtt]\nwindw = 3\n");
    for (const std::vector<std::string>& words : {std::vector<std::string>{"--check-config"}, {}}) {
        const auto checked = site.run("stiled", words);
        EXPECT_EQ(checked.exit_code, kExitConfig);
        EXPECT_TRUE(contains(checked.err, "site.toml:20: mqtt.windw: unknown key")) << checked.err;
    }
}

TEST(StiledConfig, NamesTheKeyFileThatIsRubbish) {
    const Site site;
    site.folder().write("keys.toml", "\x01\x02 rubbish");
    const auto checked = site.run("stiled", {});
    EXPECT_EQ(checked.exit_code, kExitConfig);
    EXPECT_TRUE(contains(checked.err, "keys.toml:1")) << checked.err;
}

TEST(StiledConfig, RefusesASmallOrderKey) {
    const Site site;
    site.folder().write("keys.toml",
                        "[[key]]\nissuer = \"evil\"\nalgorithm = \"ed25519\"\npublic_key = \"01" +
                            std::string(62, '0') + "\"\nevents = [7]\n");
    const auto checked = site.run("stiled", {"--check-config"});
    EXPECT_EQ(checked.exit_code, kExitConfig);
    EXPECT_TRUE(contains(checked.err, "evil")) << checked.err;
}

TEST(StiledConfig, RefusesAnEventSecretThatIsNotThere) {
    const Site site;
    const auto with_secret = [&](const std::string& name) {
        site.write_config("");
        std::ifstream in{site.config()};
        std::string text{std::istreambuf_iterator<char>{in}, {}};
        text.replace(text.find("keys = "), 0, "secret = \"" + name + "\"\n");
        site.folder().write("site.toml", text);
        return site.run("stiled", {"--check-config"});
    };
    const auto absent = with_secret("absent.secret");
    EXPECT_EQ(absent.exit_code, kExitConfig);
    EXPECT_TRUE(contains(absent.err, "absent.secret")) << absent.err;
    const auto by_hand = with_secret("stile.event.secret");
    EXPECT_EQ(by_hand.exit_code, kExitDone) << by_hand.err;
    EXPECT_TRUE(contains(by_hand.out, "stile.event.secret: not checked here")) << by_hand.out;
}

TEST(StiledConfig, RefusesAGateWithoutKeys) {
    const Site site;
    site.folder().write("keys.toml", "");
    EXPECT_EQ(site.run("stiled", {"--check-config"}).exit_code, kExitConfig);
}

TEST(StiledStart, RefusesASecondOneOnTheSameLedger) {
    const Site site;
    const auto first = site.start();
    ASSERT_TRUE(site.connect("control.sock", *first));
    const auto second = site.run("stiled", {});
    EXPECT_EQ(second.exit_code, kExitFailed);
    EXPECT_TRUE(contains(second.err, "another stiled works on this folder")) << second.err;
}

TEST(StiledStart, SaysThatItMayNotUseItsFolder) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may use every folder";
    const Site site;
    std::filesystem::create_directories(site.ledger());
    std::filesystem::permissions(site.ledger(), std::filesystem::perms::none);
    const auto again = site.run("stiled", {});
    std::filesystem::permissions(site.ledger(), std::filesystem::perms::owner_all);
    EXPECT_EQ(again.exit_code, kExitConfig);
    EXPECT_TRUE(contains(again.err, "ermission")) << again.err;
}

TEST(StiledStart, SaysThatOthersCanReadItsSecret) {
    const Site site;
    std::filesystem::create_directories(site.folder().path() / "state");
    const auto file = site.folder().write("state/event.secret", std::string(64, 'a'));
    std::filesystem::permissions(file, std::filesystem::perms{0644});
    const auto again = site.run("stiled", {});
    EXPECT_EQ(again.exit_code, kExitConfig);
    EXPECT_TRUE(contains(again.err, "chmod 600")) << again.err;
}

// A file system of a few MiB under the state folder.
class SmallDisk {
public:
    explicit SmallDisk(const std::filesystem::path& at) : at_{at} {
        std::filesystem::create_directories(at);
        mounted_ = ::mount("tmpfs", at.c_str(), "tmpfs", 0, "size=4m") == 0;
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk() {
        if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
    }
    [[nodiscard]] bool mounted() const { return mounted_; }
    // Takes back what a file has reserved and not written yet, as if that had been used up.
    void spend_reserve(const std::filesystem::path& file) const {
        const auto written = static_cast<off_t>(std::filesystem::file_size(at_ / file));
        const UniqueFd fd{::open((at_ / file).c_str(), O_RDWR | O_CLOEXEC)};
        ASSERT_EQ(::fallocate(fd.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, written,
                              off_t{64} << 20U),
                  0);
    }
    void fill() const {
        std::ofstream ballast{at_ / "ballast", std::ios::binary};
        const std::string block(4096, 'x');
        while (ballast.write(block.data(), 4096).flush()) {
        }
    }
    void free() const { std::filesystem::remove(at_ / "ballast"); }

private:
    std::filesystem::path at_;
    bool mounted_ = false;
};

TEST(StiledDisk, SaysAtFirstStartThatItCannotReserveSpace) {
    const Site site;
    const SmallDisk disk{site.folder().path() / "state"};
    if (!disk.mounted()) GTEST_SKIP() << "mounting a tmpfs needs root";
    disk.fill();
    const auto again = site.run("stiled", {});
    EXPECT_EQ(again.exit_code, kExitConfig);
    EXPECT_TRUE(contains(again.err, "event.secret") || contains(again.err, "reserve")) << again.err;
}

TEST(StiledDisk, AdmitsNobodyWhileItIsFullAndGoesOnWhenThereIsSpace) {
    const Site site;
    const SmallDisk disk{site.folder().path() / "state"};
    if (!disk.mounted()) GTEST_SKIP() << "mounting a tmpfs needs root";
    const auto stiled = site.start();
    PlayedPeer reader = site.reader(*stiled);
    ASSERT_EQ(reader.show(Site::ticket(1))->outcome, Outcome::Admit) << site.log();
    disk.spend_reserve("ledger/data.mdb");
    disk.fill();
    // Pages that are free already last for a while; then nothing more can be recorded.
    std::uint64_t serial = 2;
    std::optional<protocol::Feedback> answer;
    do {
        answer = reader.show(Site::ticket(serial));
        ASSERT_TRUE(answer) << site.log();
        if (answer->outcome != Outcome::Wait) ++serial;
        ASSERT_LT(serial, 1'000U);
    } while (reason_of(answer) != Reason::NotRecorded);
    EXPECT_TRUE(contains(site.log(), "nobody is admitted")) << site.log();
    disk.free();
    do {
        answer = reader.show(Site::ticket(serial));
        ASSERT_TRUE(answer) << site.log();
    } while (answer->outcome != Outcome::Admit);
    EXPECT_TRUE(contains(site.log(), "stores entries again")) << site.log();
}

}  // namespace
}  // namespace stile::test
