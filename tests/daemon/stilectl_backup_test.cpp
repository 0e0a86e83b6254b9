// SPDX-License-Identifier: Apache-2.0
// stilectl backup, restore, export and log verify on the ledger of a real stiled.
#include <algorithm>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/clock/system_clock.hpp"
#include "daemon/ledger/backup.hpp"
#include "daemon/ledger/export.hpp"
#include "daemon/ledger/state_lock.hpp"
#include "tests/daemon/ledger_fixture.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr uid_t kDaemonsUser = 4711;

class StilectlBackup : public ::testing::Test {
protected:
    // What a stiled would have written that admitted these guests and ended.
    void admit(std::uint8_t first, std::uint8_t last) const {
        fs::create_directories(state());
        SystemClock clock;
        auto ledger = Ledger::open({.folder = site_.ledger(), .map_bytes = 64U << 20U}, clock);
        ASSERT_TRUE(ledger) << ledger.error().context;
        for (std::uint8_t i = first; i <= last; ++i) {
            auto batch = ledger->begin();
            ASSERT_TRUE(batch->admit({admitted(), identity(i), {}}, clock.now()));
            const auto grants = std::move(*batch).commit();
            auto outcome = ledger->begin();
            ASSERT_TRUE(
                outcome->resolve(grants->front().admission(), {.lane = "lane-1"}, clock.now()));
            ASSERT_TRUE(std::move(*outcome).commit());
        }
    }
    // To a user of a daemon, who can reach it.
    void give_away() const {
        fs::permissions(site_.folder().path(), fs::perms{0755});
        ASSERT_EQ(::chown(state().c_str(), 4711, 4712), 0);
        for (const auto& entry : fs::recursive_directory_iterator{state()})
            ASSERT_EQ(::chown(entry.path().c_str(), 4711, 4712), 0);
    }
    // 0: that user locks the folder, writes the ledger, and backs it up.
    [[nodiscard]] int goes_on_as(uid_t user) const {
        if (::setgid(user) != 0 || ::setuid(user) != 0) return 1;
        if (!lock_state(state())) return 2;
        SystemClock clock;
        const auto ledger =
            Ledger::open({.folder = site_.ledger(), .map_bytes = 64U << 20U}, clock);
        if (!ledger) return 3;
        return back_up(ledger->environment(),
                       {.into = state() / "backups", .now = clock.now().time})
                   ? 0
                   : 4;
    }
    [[nodiscard]] Finished run(std::vector<std::string> words) const {
        return site_.run("stilectl", std::move(words));
    }
    [[nodiscard]] fs::path state() const { return site_.folder().path() / "state"; }
    [[nodiscard]] fs::path newest() const { return backups_in(state() / "backups").at(0); }

    Site site_;
};

TEST_F(StilectlBackup, MakesABackupAndPutsItBack) {
    admit(1, 3);
    const Finished made = run({"backup"});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    admit(4, 5);
    const Finished restored = run({"restore", newest().native()});
    EXPECT_EQ(restored.exit_code, 0) << restored.err;
    EXPECT_NE(restored.out.find("ledger.aside-"), std::string::npos);
    const auto ledger = Ledger::open_read_only(site_.ledger());
    std::vector<Visit> visits;
    EXPECT_TRUE(ledger->visits(identity(3), {7, 0}, visits));
    EXPECT_EQ(visits.size(), 1U);
    EXPECT_TRUE(ledger->visits(identity(4), {7, 0}, visits));
    EXPECT_EQ(visits.size(), 1U);
}

TEST_F(StilectlBackup, ByRootLeavesNothingThatTheDaemonsUserCannotGoOnWith) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
    admit(1, 3);
    fs::remove(site_.ledger() / "lock.mdb");  // as after a restore
    fs::permissions(site_.folder().path(), fs::perms{0755});
    for (const fs::path& path : {state(), site_.ledger(), site_.ledger() / "data.mdb"})
        ASSERT_EQ(::chown(path.c_str(), kDaemonsUser, kDaemonsUser), 0);
    ASSERT_EQ(run({"log", "verify"}).exit_code, 0);
    const Finished made = run({"backup"});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    const pid_t child = ::fork();
    if (child == 0) ::_exit(goes_on_as(kDaemonsUser));
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(backups_in(state() / "backups").size(), 2U);
}

// The daemon's user has to open it, and to remove it when it is old.
TEST_F(StilectlBackup, ByRootBelongsToWhomTheStateFolderBelongs) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
    admit(1, 3);
    give_away();
    const Finished made = run({"backup"});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    EXPECT_EQ(run({"log", "verify", "--all"}).exit_code, 0);
    for (const auto& entry : fs::recursive_directory_iterator{state()}) {
        struct stat owner{};
        ASSERT_EQ(::stat(entry.path().c_str(), &owner), 0);
        EXPECT_EQ(owner.st_uid, 4711U) << entry.path();
        EXPECT_EQ(owner.st_gid, 4712U) << entry.path();
    }
}

TEST_F(StilectlBackup, ByRootGoesWhereEverybodyMayWrite) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
    admit(1, 1);
    give_away();
    const fs::path stick = site_.folder().path() / "stick";
    fs::create_directory(stick);
    fs::permissions(stick, fs::perms::all | fs::perms::sticky_bit);
    const Finished made = run({"backup", stick.native()});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    EXPECT_EQ(backups_in(stick).size(), 1U);
}

TEST_F(StilectlBackup, ByRootGoesWhereOnlyRootMayWrite) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
    admit(1, 1);
    give_away();
    const fs::path stick = site_.folder().path() / "stick" / "new";
    const Finished made = run({"backup", stick.native()});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    EXPECT_EQ(backups_in(stick).size(), 1U);
}

TEST_F(StilectlBackup, WithoutALedgerMakesNothing) {
    fs::create_directory(state());
    EXPECT_EQ(run({"backup"}).exit_code, 1);
    EXPECT_TRUE(fs::is_empty(state()));
}

TEST_F(StilectlBackup, RefusesToRestoreWhileTheDaemonRuns) {
    admit(1, 1);
    ASSERT_EQ(run({"backup"}).exit_code, 0);
    const auto stiled = site_.start();
    (void)site_.reader(*stiled);
    const Finished restored = run({"restore", newest().native()});
    EXPECT_EQ(restored.exit_code, 1);
    EXPECT_NE(restored.err.find("another stiled"), std::string::npos);
}

TEST_F(StilectlBackup, RefusesToRestoreWhatIsNoBackup) {
    admit(1, 1);
    EXPECT_EQ(run({"restore", site_.folder().path().native()}).exit_code, 1);
    EXPECT_EQ(run({"restore"}).exit_code, 2);
}

TEST_F(StilectlBackup, VerifiesTheLogWhileTheDaemonWritesIt) {
    const auto stiled = site_.start();
    PlayedPeer reader = site_.reader(*stiled);
    ASSERT_TRUE(reader.show(Site::ticket(1)));
    const Finished verified = run({"log", "verify"});
    EXPECT_EQ(verified.exit_code, 0) << verified.err;
    EXPECT_NE(verified.out.find("good"), std::string::npos);
}

TEST_F(StilectlBackup, NamesADamagedLog) {
    admit(1, 30);
    ASSERT_EQ(run({"backup"}).exit_code, 0);
    EXPECT_EQ(run({"log", "verify", newest().native()}).exit_code, 0);
    const auto file = newest() / "data.mdb";
    std::fstream io{file, std::ios::in | std::ios::out | std::ios::binary};
    io.seekp(static_cast<std::streamoff>(fs::file_size(file) / 2));
    io << "rubbish";
    io.close();
    const Finished verified = run({"log", "verify", newest().native()});
    EXPECT_EQ(verified.exit_code, 1);
    EXPECT_NE(verified.err.find("damaged"), std::string::npos);
}

TEST_F(StilectlBackup, VerifiesTheLedgerAndItsNewestBackupInOneGo) {
    admit(1, 30);
    const Finished alone = run({"log", "verify", "--all"});
    EXPECT_EQ(alone.exit_code, 0) << alone.err;
    ASSERT_EQ(run({"backup"}).exit_code, 0);
    const Finished both = run({"log", "verify", "--all"});
    EXPECT_EQ(both.exit_code, 0) << both.err;
    EXPECT_EQ(std::ranges::count(both.out, '\n'), 2) << both.out;
}

TEST_F(StilectlBackup, LooksAtTheLedgerAlsoWhenItsNewestBackupIsDamaged) {
    admit(1, 30);
    ASSERT_EQ(run({"backup"}).exit_code, 0);
    fs::resize_file(newest() / "data.mdb", 10'000);
    const Finished verified = run({"log", "verify", "--all"});
    EXPECT_EQ(verified.exit_code, 1);
    EXPECT_NE(verified.err.find(newest().native()), std::string::npos) << verified.err;
    EXPECT_EQ(std::ranges::count(verified.out, '\n'), 1) << verified.out;
}

TEST_F(StilectlBackup, TakesAllOrOneFolderButNotBoth) {
    EXPECT_EQ(run({"log", "verify", "--all", "/tmp"}).exit_code, 2);
}

TEST_F(StilectlBackup, ExportsADayAsLinesOfJsonAndAsATable) {
    admit(1, 2);
    const auto now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    const std::chrono::year_month_day day{now};
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    const Finished lines = run({"export", "--day", text, "--jsonl"});
    EXPECT_EQ(lines.exit_code, 0) << lines.err;
    EXPECT_EQ(std::ranges::count(lines.out, '\n'), 6) << lines.out;  // epoch, start, 2 x 2
    EXPECT_NE(lines.out.find("\"verdict\":\"admit\""), std::string::npos);
    const Finished table = run({"export", "--day", text, "--csv"});
    EXPECT_EQ(table.exit_code, 0);
    EXPECT_EQ(std::ranges::count(table.out, '\n'), 7);
    EXPECT_TRUE(table.out.starts_with("time,clock,epoch,seq,kind,lane,"));
    EXPECT_TRUE(run({"export", "--day", "2001-01-01"}).out.empty());
}

TEST_F(StilectlBackup, RefusesADayOrAZoneThatThereIsNot) {
    admit(1, 1);
    EXPECT_EQ(run({"export", "--day", "2026-02-30"}).exit_code, 1);
    EXPECT_EQ(run({"export", "--day", "2026-02-20", "--zone", "Nowhere/Town"}).exit_code, 1);
    EXPECT_EQ(run({"export"}).exit_code, 2);
    EXPECT_EQ(run({"export", "--day", "2026-02-20", "--csv", "--jsonl"}).exit_code, 2);
}

TEST(Export, NeverMakesAFormulaOfAWord) {
    EXPECT_EQ(csv_cell("Kim"), "Kim");
    EXPECT_EQ(csv_cell("=1+1"), "'=1+1");
    EXPECT_EQ(csv_cell("@x,\"y\""), "\"'@x,\"\"y\"\"\"");
    EXPECT_EQ(csv_cell("two\nlines"), "\"two\nlines\"");
    EXPECT_EQ(csv_cell(""), "");
}

}  // namespace
}  // namespace stile::test
