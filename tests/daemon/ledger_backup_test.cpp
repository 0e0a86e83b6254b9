// SPDX-License-Identifier: Apache-2.0
// A copy is good when it is needed, and whoever goes on with it takes other numbers.
#include <condition_variable>
#include <fstream>
#include <mutex>

#include <sys/stat.h>
#include <unistd.h>

#include "daemon/ledger/backup.hpp"
#include "daemon/ledger/layout.hpp"
#include "daemon/ledger/scrubber.hpp"
#include "daemon/ledger/state_lock.hpp"
#include "tests/daemon/ledger_fixture.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class LedgerBackup : public LedgerFixture {
protected:
    [[nodiscard]] fs::path into() const { return temp_.path() / "backups"; }
    BackupMade back_up_now(const Ledger& ledger, std::size_t keep = 8) {
        auto made = back_up(ledger.environment(), {.into = into(),
                                                   .keep = keep,
                                                   .now = clock_.now().time,
                                                   .gate = "north-1",
                                                   .software = "test"});
        EXPECT_TRUE(made) << made.error().context;
        return std::move(*made);
    }
    static void flip(const fs::path& file, std::streamoff at) {
        std::fstream io{file, std::ios::in | std::ios::out | std::ios::binary};
        io.seekg(at);
        const char byte = static_cast<char>(io.get() ^ 1);
        io.seekp(at);
        io.put(byte);
    }
    void make_entries(Ledger& ledger, std::uint8_t count) {
        for (std::uint8_t i = 1; i <= count; ++i)
            resolve(ledger, admit(ledger, i), PassageResult::Entered);
    }
};

TEST_F(LedgerBackup, IsVerifiedAndDescribesItself) {
    Ledger ledger = open();
    make_entries(ledger, 20);
    const BackupMade made = back_up_now(ledger);
    EXPECT_EQ(made.manifest.end, (Watermark{ledger.head().epoch, ledger.head().seq}));
    EXPECT_EQ(made.manifest.head, to_hex(ledger.head().chain));
    const auto checked = check_backup(made.folder);
    ASSERT_TRUE(checked) << checked.error().context;
    EXPECT_EQ(*checked, made.manifest);
    EXPECT_FALSE(fs::exists(into() / ".unfinished"));
}

TEST_F(LedgerBackup, IsMadeBesideABatchThatIsNotCommitted) {
    Ledger ledger = open();
    auto batch = ledger.begin();
    ASSERT_TRUE(batch->append(refused(Reason::Used), clock_.now()));
    EXPECT_EQ(back_up_now(ledger).manifest.end.seq, 2U);
    ASSERT_TRUE(std::move(*batch).commit());
}

TEST_F(LedgerBackup, KeepsTheNewestOnes) {
    Ledger ledger = open();
    std::vector<fs::path> made;
    for (std::uint8_t i = 1; i <= 4; ++i) {
        clock_.advance(1min);
        make_entries(ledger, 1);
        made.push_back(back_up_now(ledger, 2).folder);
    }
    EXPECT_EQ(backups_in(into()), (std::vector{made[3], made[2]}));
}

TEST_F(LedgerBackup, OfADamagedLedgerIsNotMade) {
    Ledger ledger = open();
    make_entries(ledger, 3);
    const BackupMade good = back_up_now(ledger);
    {
        auto& environment = const_cast<lmdb::Environment&>(ledger.environment());
        auto writer = environment.write();
        ASSERT_TRUE(
            writer->put(environment.table(layout::kState), identity(2).bytes, as_bytes("rubbish")));
        ASSERT_TRUE(std::move(*writer).commit());
    }
    clock_.advance(1min);
    const auto made = back_up(ledger.environment(), {.into = into(), .now = clock_.now().time});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::Corrupt);
    EXPECT_EQ(backups_in(into()), std::vector{good.folder});
    EXPECT_FALSE(fs::exists(into() / ".unfinished"));
}

TEST_F(LedgerBackup, SaysWhereItCannotBeWritten) {
    Ledger ledger = open();
    temp_.write("file", "");
    const auto made = back_up(ledger.environment(), {.into = temp_.path() / "file"});
    ASSERT_FALSE(made);
    EXPECT_NE(made.error().context.find("file"), std::string::npos);
}

TEST_F(LedgerBackup, IsNotBelievedWhenAByteChanged) {
    Ledger ledger = open();
    make_entries(ledger, 10);
    const BackupMade made = back_up_now(ledger);
    const auto size = static_cast<std::streamoff>(made.manifest.bytes);
    for (const std::streamoff at : {std::streamoff{0}, size / 2, size - 1}) {
        flip(made.folder / "data.mdb", at);
        const auto checked = check_backup(made.folder);
        ASSERT_FALSE(checked);
        EXPECT_EQ(checked.error().code, Errc::Corrupt);
        flip(made.folder / "data.mdb", at);
    }
    fs::resize_file(made.folder / "data.mdb", made.manifest.bytes - 1);
    EXPECT_FALSE(check_backup(made.folder));
}

TEST_F(LedgerBackup, IsNotBelievedWithoutAGoodManifest) {
    Ledger ledger = open();
    const BackupMade made = back_up_now(ledger);
    Manifest other = made.manifest;
    ++other.end.seq;
    for (const std::string& text : {std::string{}, std::string{"{}"}, std::string{"{\"v\":2}"},
                                    std::string{"[1]"}, manifest_json(other)}) {
        std::ofstream{made.folder / "manifest.json"} << text;
        EXPECT_FALSE(check_backup(made.folder)) << text;
    }
    fs::remove(made.folder / "manifest.json");
    EXPECT_EQ(check_backup(made.folder).error().code, Errc::NotFound);
}

TEST_F(LedgerBackup, RunsOnItsThreadOneAtATime) {
    Ledger ledger = open();
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Result<BackupMade>> outcome;
    Backup backup{ledger.environment(), [&](Result<BackupMade> made) {
                      const std::lock_guard lock{mutex};
                      outcome = std::move(made);
                      changed.notify_all();
                  }};
    ASSERT_TRUE(backup.start({.into = into(), .now = kLedgerNoon}));
    std::unique_lock lock{mutex};
    changed.wait(lock, [&] { return outcome.has_value(); });
    EXPECT_TRUE(*outcome);
}

class LedgerRestore : public LedgerBackup {
protected:
    [[nodiscard]] fs::path state() const { return temp_.path(); }
    [[nodiscard]] fs::path folder_of_another() const {
        fs::permissions(temp_.path(), fs::perms{0755});
        fs::create_directory(state() / "of-another");
        EXPECT_EQ(::chown((state() / "of-another").c_str(), 4711, 4712), 0);
        return state() / "of-another";
    }
    static void expect_owner(const fs::path& path, uid_t user, gid_t group) {
        struct stat about{};
        ASSERT_EQ(::stat(path.c_str(), &about), 0) << path;
        EXPECT_EQ(about.st_uid, user) << path;
        EXPECT_EQ(about.st_gid, group) << path;
    }
};

TEST_F(LedgerRestore, BringsPeopleBackUnderOtherNumbers) {
    BackupMade made;
    Watermark lost;
    {
        Ledger ledger = open();
        make_entries(ledger, 5);
        made = back_up_now(ledger);
        make_entries(ledger, 9);
        lost = {ledger.head().epoch, ledger.head().seq};
    }
    const auto restored = restore_backup(made.folder, state(), kLedgerNoon);
    ASSERT_TRUE(restored) << restored.error().context;
    EXPECT_TRUE(fs::exists(restored->aside / "data.mdb"));
    const Ledger ledger = open();
    EXPECT_EQ(visits(ledger, 5).size(), 1U);
    EXPECT_TRUE(visits(ledger, 6).empty());
    EXPECT_GT(ledger.head().epoch, lost.epoch);
    const auto started = std::get<EpochStarted>(entry_at(ledger, 1).body);
    EXPECT_EQ(started.cause, EpochCause::Restored);
    EXPECT_EQ(started.previous_seq, made.manifest.end.seq);
    EXPECT_FALSE(ledger.is_ahead(lost));
    EXPECT_TRUE(ledger.verify());
}

TEST_F(LedgerRestore, BeginsAnotherEpochOnlyOnce) {
    {
        Ledger ledger = open();
        ASSERT_TRUE(restore_backup(back_up_now(ledger).folder, state() / "other", kLedgerNoon));
    }
    Ledger::Options wishes = options();
    wishes.folder = state() / "other" / "ledger";
    const std::uint64_t epoch = Ledger::open(wishes, clock_)->head().epoch;
    EXPECT_EQ(Ledger::open(wishes, clock_)->head().epoch, epoch);
}

TEST_F(LedgerRestore, CountsAdmissionsThatWereOpenInTheCopy) {
    BackupMade made;
    {
        Ledger ledger = open();
        (void)admit(ledger, 1);
        made = back_up_now(ledger);
    }
    ASSERT_TRUE(restore_backup(made.folder, state(), kLedgerNoon));
    const Ledger ledger = open();
    EXPECT_EQ(ledger.unresolved(), 1U);
    EXPECT_EQ(visits(ledger, 1)[0].standing, Visit::Standing::Passed);
    const auto passage = std::get<Passage>(entry_at(ledger, 2).body);
    EXPECT_EQ(passage.admission, 0U) << "its number is of the earlier epoch";
    EXPECT_EQ(passage.ticket, admitted().ticket);
}

TEST_F(LedgerRestore, RefusesWhileADaemonWorksOnTheFolder) {
    const Ledger ledger = open();
    const BackupMade made = back_up_now(ledger);
    const auto daemon = lock_state(state());
    ASSERT_TRUE(daemon);
    const auto restored = restore_backup(made.folder, state(), kLedgerNoon);
    ASSERT_FALSE(restored);
    EXPECT_EQ(restored.error().code, Errc::Io);
}

TEST_F(LedgerRestore, ByRootBelongsToWhomTheStateFolderBelongs) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
    const fs::path other = folder_of_another();
    Ledger ledger = open();
    ASSERT_TRUE(restore_backup(back_up_now(ledger).folder, other, kLedgerNoon));
    for (const fs::path& path : {other / "lock", other / "ledger", other / "ledger/data.mdb"})
        expect_owner(path, 4711, 4712);
}

TEST_F(LedgerRestore, ByRootThatFailsLeavesALockOfTheOwner) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
    const fs::path other = folder_of_another();
    Ledger ledger = open();
    const BackupMade made = back_up_now(ledger);
    flip(made.folder / "data.mdb", 5000);
    ASSERT_FALSE(restore_backup(made.folder, other, kLedgerNoon));
    struct stat owner{};
    ASSERT_EQ(::stat((other / "lock").c_str(), &owner), 0);
    EXPECT_EQ(owner.st_uid, 4711U);
}

TEST_F(LedgerRestore, OfNoBackupMakesNoStateFolder) {
    const auto restored = restore_backup(temp_.path(), state() / "new", kLedgerNoon);
    ASSERT_FALSE(restored);
    EXPECT_EQ(restored.error().code, Errc::NotFound);
    EXPECT_NE(restored.error().context.find(": no backup: "), std::string::npos);
    EXPECT_FALSE(fs::exists(state() / "new"));
}

TEST_F(LedgerRestore, ChangesNothingForADamagedBackup) {
    std::uint64_t epoch = 0;
    BackupMade made;
    {
        Ledger ledger = open();
        make_entries(ledger, 3);
        epoch = ledger.head().epoch;
        made = back_up_now(ledger);
    }
    flip(made.folder / "data.mdb", 5000);
    ASSERT_FALSE(restore_backup(made.folder, state(), kLedgerNoon));
    EXPECT_FALSE(fs::exists(state() / "ledger.restoring"));
    EXPECT_EQ(open().head().epoch, epoch);
}

class LedgerScrub : public LedgerBackup {
protected:
    // One whole round in steps of `rows`.
    static std::vector<std::string> bad_rows(const Ledger& ledger, std::size_t rows) {
        Scrubber scrubber{ledger.environment()};
        for (auto step = scrubber.step(rows); *step != Scrubber::Progress::Complete;)
            step = scrubber.step(rows);
        return scrubber.bad();
    }
};

TEST_F(LedgerScrub, LooksAtEveryRowInStepsOfAnySize) {
    Ledger ledger = open();
    make_entries(ledger, 10);
    for (const std::size_t rows : {1U, 3U, 7U, 1000U}) {
        Scrubber scrubber{ledger.environment()};
        for (auto step = scrubber.step(rows); *step != Scrubber::Progress::Complete;)
            step = scrubber.step(rows);
        EXPECT_TRUE(scrubber.bad().empty());
        EXPECT_EQ(scrubber.rows(), check_backup(back_up_now(ledger).folder)->rows - 1) << "no mark";
        EXPECT_EQ(scrubber.log_end().seq, ledger.head().seq);
    }
}

TEST_F(LedgerScrub, NamesEveryRowThatWasChangedInEveryTable) {
    Ledger::Options wishes = options();
    wishes.device = crypto::BoxKey{Buffer(32, 7)}.public_key();
    Ledger ledger = Ledger::open(wishes, clock_).value();
    resolve(ledger, admit(ledger, {admitted(), identity(1), {}, {0, 5}, "nonce"}),
            PassageResult::Entered);
    (void)admit(ledger, 2);
    {
        auto batch = ledger.begin();
        ASSERT_TRUE(batch->set_cursor("mqtt", {1, 1}));
        ASSERT_TRUE(batch->enqueue("pretix", as_bytes("a")));
        ASSERT_TRUE(std::move(*batch).commit());
    }
    auto& environment = const_cast<lmdb::Environment&>(ledger.environment());
    for (std::size_t table = 0; table < layout::kTables.size(); ++table) {
        auto writer = environment.write();
        const auto last = lmdb::Cursor::open(*writer, environment.table(table))->last();
        ASSERT_TRUE(*last) << layout::kTables[table].name;
        Buffer key{(*last)->first.begin(), (*last)->first.end()};
        Buffer value{(*last)->second.begin(), (*last)->second.end()};
        const Buffer good = value;
        value[value.size() / 2] ^= 4U;
        ASSERT_TRUE(writer->put(environment.table(table), key, value));
        ASSERT_TRUE(std::move(*writer).commit());
        EXPECT_EQ(bad_rows(ledger, 5).size(), 1U) << layout::kTables[table].name;
        EXPECT_FALSE(ledger.verify());
        auto again = environment.write();
        ASSERT_TRUE(again->put(environment.table(table), key, good));
        ASSERT_TRUE(std::move(*again).commit());
    }
    EXPECT_TRUE(ledger.verify());
}

TEST_F(LedgerScrub, RefusesATicketWithADamagedVisitAndNoOther) {
    Ledger ledger = open();
    make_entries(ledger, 2);
    auto& environment = const_cast<lmdb::Environment&>(ledger.environment());
    {
        auto writer = environment.write();
        const auto first = lmdb::Cursor::open(*writer, environment.table(layout::kVisit))->first();
        const Buffer key{(*first)->first.begin(), (*first)->first.end()};
        ASSERT_TRUE(writer->put(environment.table(layout::kVisit), key, as_bytes("rubbish")));
        ASSERT_TRUE(std::move(*writer).commit());
    }
    std::vector<Visit> found;
    EXPECT_EQ(ledger.visits(identity(1), {7, 0}, found).error().code, Errc::Corrupt);
    EXPECT_EQ(visits(ledger, 2).size(), 1U);
    resolve(ledger, admit(ledger, 2), PassageResult::Entered);
}

TEST_F(LedgerScrub, CallsALedgerOfAnEarlierDayByItsName) {
    {
        Ledger ledger = open();
        auto& environment = const_cast<lmdb::Environment&>(ledger.environment());
        auto writer = environment.write();
        ASSERT_TRUE(writer->put(environment.table(layout::kMeta), as_bytes("format"),
                                big_endian(std::uint32_t{1})));
        ASSERT_TRUE(std::move(*writer).commit());
    }
    const auto opened = try_open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::Unsupported);
    EXPECT_NE(opened.error().context.find("earlier day"), std::string::npos);
}

TEST_F(LedgerScrub, ReadsWhatAnotherOneWritesAndWritesNothing) {
    const Ledger writer = open();
    // Within one process LMDB opens a file once; a reader is another program.
    const auto made = back_up_now(writer);
    auto reader = Ledger::open_read_only(made.folder);
    ASSERT_TRUE(reader) << reader.error().context;
    EXPECT_EQ(reader->head().seq, writer.head().seq);
    EXPECT_FALSE(reader->begin());
    EXPECT_EQ(Ledger::open_read_only(temp_.path() / "nowhere").error().code, Errc::NotFound);
}

}  // namespace
}  // namespace stile::test
