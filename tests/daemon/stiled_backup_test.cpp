// SPDX-License-Identifier: Apache-2.0
// stilectl backup through the running stiled, while guests come in.
#include <fstream>

#include <gtest/gtest.h>

#include "daemon/ledger/backup.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using protocol::CommandOutcome;

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

class StiledBackup : public testing::Test {
protected:
    Finished ctl(std::vector<std::string> words) { return site_.run("stilectl", std::move(words)); }
    PlayedPeer person() {
        auto channel = site_.connect("control.sock", *stiled_);
        return {std::move(*channel), {protocol::Role::Control, "test", "test"}};
    }
    [[nodiscard]] fs::path folder() const { return site_.folder().path(); }
    [[nodiscard]] fs::path home() const { return folder() / "state" / "backups"; }

    Site site_;
    std::unique_ptr<Process> stiled_ = site_.start();
};

TEST_F(StiledBackup, IsGoodWhileGuestsComeIn) {
    PlayedPeer reader = site_.reader(*stiled_);
    Process saving{"stilectl", {"--config", site_.config().native(), "backup"}, folder() / "save"};
    std::optional<int> saved;
    for (std::uint64_t guest = 1; !saved; ++guest) {
        ASSERT_TRUE(reader.show(Site::ticket(guest))) << site_.log();
        saved = saving.wait(0ms);
    }
    EXPECT_EQ(saved, kExitDone) << site_.log();
    const auto all = backups_in(home());
    ASSERT_EQ(all.size(), 1U);
    EXPECT_TRUE(check_backup(all.front()));
    EXPECT_TRUE(contains(site_.log(), "a good backup, up to entry")) << site_.log();
    EXPECT_EQ(ctl({"log", "verify"}).exit_code, kExitDone);
}

TEST_F(StiledBackup, IsRestoredIntoAnotherStateFolder) {
    {
        PlayedPeer reader = site_.reader(*stiled_);
        ASSERT_EQ(reader.show(Site::ticket(7))->outcome, protocol::Outcome::Admit);
    }
    const auto into = folder() / "stick";
    const Finished made = ctl({"backup", into.native()});
    ASSERT_EQ(made.exit_code, kExitDone) << made.err;
    const auto all = backups_in(into);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_TRUE(made.out.starts_with(all.front().native() + ": good, up to entry ")) << made.out;
    const std::string other = folder() / "other";
    const Finished restored = ctl({"restore", "--state", other, all.front().native()});
    EXPECT_EQ(restored.exit_code, kExitDone) << restored.err;
    EXPECT_EQ(ctl({"log", "verify", "--state", other}).exit_code, kExitDone);
    const std::string day{all.front().filename().native().substr(7, 8)};
    const std::string date = day.substr(0, 4) + "-" + day.substr(4, 2) + "-" + day.substr(6);
    const Finished lines = ctl({"export", "--day", date, "--state", other});
    EXPECT_TRUE(contains(lines.out, "\"verdict\":\"admit\"")) << lines.out << lines.err;
}

TEST_F(StiledBackup, IsInTheLedgerAndInItselfWithAName) {
    ASSERT_TRUE(site_.connect("control.sock", *stiled_));
    const Finished made = ctl({"--json", "backup"});
    ASSERT_EQ(made.exit_code, kExitDone) << made.err;
    EXPECT_TRUE(contains(made.out, "\"folder\": \"" + backups_in(home()).front().native()))
        << made.out;
    const auto text = ctl({"tail", "--no-follow", "--since", "1"}).out;
    EXPECT_TRUE(contains(text, "root (maintainer): backup")) << text;
    const auto manifest = read_manifest(backups_in(home()).front());
    const auto copy = Ledger::open_read_only(backups_in(home()).front());
    const auto last = copy->entries(manifest->end.seq, 1);
    const auto entry = decode_entry(last->front());
    ASSERT_TRUE(std::holds_alternative<Act>(entry->body));
    EXPECT_EQ(std::get<Act>(entry->body).person, "root");
}

TEST_F(StiledBackup, IsMadeOneAtATime) {
    PlayedPeer hasty = person();
    ASSERT_TRUE(hasty.send(protocol::Command{1, "backup", {}}));
    ASSERT_TRUE(hasty.send(protocol::Command{2, "backup", {}}));
    const auto second = hasty.next<protocol::CommandResult>();
    ASSERT_TRUE(second);
    EXPECT_EQ(second->request, 2U);
    EXPECT_EQ(second->outcome, CommandOutcome::Failed);
    EXPECT_TRUE(contains(second->body, "under way")) << second->body;
    EXPECT_EQ(hasty.next<protocol::CommandResult>()->outcome, CommandOutcome::Done);
    ASSERT_TRUE(hasty.send(protocol::Command{3, "backup", {}}));
    EXPECT_EQ(hasty.next<protocol::CommandResult>()->outcome, CommandOutcome::Done);
}

TEST_F(StiledBackup, IsRefusedWhereItCannotBe) {
    std::ofstream{folder() / "file"} << "in the way";
    PlayedPeer tool = person();
    const std::string file = folder() / "file";
    for (const std::vector<std::string>& odd : {std::vector<std::string>{"relative"},
                                                {"../up"},
                                                {file},
                                                {file + "/below"},
                                                {"/proc/x"},
                                                {"/a", "/b"}}) {
        ASSERT_TRUE(tool.send(protocol::Command{1, "backup", odd}));
        const auto answer = tool.next<protocol::CommandResult>();
        ASSERT_TRUE(answer) << site_.log();
        EXPECT_EQ(answer->outcome, CommandOutcome::Failed) << odd.front();
    }
    EXPECT_TRUE(contains(site_.log(), "no backup was made: ")) << site_.log();
    PlayedPeer reader = site_.reader(*stiled_);
    EXPECT_EQ(reader.show(Site::ticket(1))->outcome, protocol::Outcome::Admit);
}

// As systemd/stiled.service does to /tmp, and to all that is not the state folder.
TEST_F(StiledBackup, IsNotGoodWhereOnlyTheDaemonSeesIt) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can mount";
    ASSERT_TRUE(site_.connect("control.sock", *stiled_)) << site_.log();
    stiled_.reset();
    for (const char* name : {"own", "shut"})
        fs::create_directory(folder() / name);
    stiled_ = std::make_unique<Process>(
        "/usr/bin/unshare",
        std::vector<std::string>{
            "--mount", "/bin/sh", "-c",
            "mount -t tmpfs none " + (folder() / "own").native() +
                " && mount -t tmpfs -o ro none " + (folder() / "shut").native() +
                " && exec " STILE_BIN_DIR "/stiled --config " + site_.config().native()},
        folder() / "stiled");
    if (!site_.connect("control.sock", *stiled_)) GTEST_SKIP() << "no mounts here: " << site_.log();
    for (const char* name : {"own", "shut", "shut/deeper"}) {
        const Finished told = ctl({"backup", folder() / name});
        EXPECT_EQ(told.exit_code, kExitFailed) << name << told.out;
        EXPECT_TRUE(contains(told.err, "copy the newest of STATE/backups")) << told.err;
    }
    EXPECT_EQ(ctl({"backup"}).exit_code, kExitDone);
}

TEST_F(StiledBackup, IsMadeForSomebodyWhoIsGoneBeforeItsEnd) {
    {
        PlayedPeer hasty = person();
        ASSERT_TRUE(hasty.next<protocol::Welcome>());
        ASSERT_TRUE(hasty.send(protocol::Command{1, "backup", {}}));
    }
    PlayedPeer next = person();
    std::optional<protocol::CommandResult> answer;
    do {
        ASSERT_TRUE(next.send(protocol::Command{1, "backup", {}}));
        answer = next.next<protocol::CommandResult>();
        ASSERT_TRUE(answer) << site_.log();
    } while (answer->outcome != CommandOutcome::Done);
    EXPECT_EQ(backups_in(home()).size(), 2U);
}

TEST_F(StiledBackup, IsNotMadeOfADamagedLedger) {
    ASSERT_TRUE(site_.connect("control.sock", *stiled_));
    stiled_.reset();
    fs::resize_file(site_.ledger() / "data.mdb", 5'000);
    stiled_ = site_.start();
    ASSERT_TRUE(site_.connect("control.sock", *stiled_)) << site_.log();
    const Finished refused = ctl({"backup"});
    EXPECT_EQ(refused.exit_code, kExitFailed);
    EXPECT_TRUE(contains(refused.err, "there is nothing good to copy")) << refused.err;
    EXPECT_TRUE(backups_in(home()).empty());
}

}  // namespace
}  // namespace stile::test
