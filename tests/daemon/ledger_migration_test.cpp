// SPDX-License-Identifier: Apache-2.0
// A ledger of an older format: migrated with everything in it, kept aside, or left alone.
#include "daemon/ledger/migration.hpp"
#include "tests/daemon/ledger_fixture.hpp"
#include "tests/daemon/ledger_format.hpp"
#include "tests/support/small_disk.hpp"

namespace stile::test {
namespace {

namespace fs = std::filesystem;
using Part = MigrationNews::Part;

constexpr std::string_view kMark = "mark";

Result<void> mark(const lmdb::Environment& ledger, lmdb::Writer& writer) {
    return layout::put_row(ledger, writer, layout::kCursor, as_bytes(kMark), {1});
}
Result<void> unmark(const lmdb::Environment& ledger, lmdb::Writer& writer) {
    return writer.remove(ledger.table(layout::kCursor), as_bytes(kMark));
}
Result<void> give_up(const lmdb::Environment& /*ledger*/, lmdb::Writer& /*writer*/) {
    return fail(Errc::Corrupt, "a row that nobody understands");
}

class LedgerMigration : public LedgerFixture {
protected:
    // Ticket 1 is inside, ticket 2 is under way.
    LedgerMigration() {
        Ledger ledger = open();
        resolve(ledger, admit(ledger, 1), PassageResult::Entered);
        admit(ledger, 2);
        epoch_ = ledger.head().epoch;
        seq_ = ledger.head().seq;
    }
    [[nodiscard]] fs::path aside(const std::string& more = "") const {
        return folder().native() + ".before-format-" + std::to_string(layout::kFormat) + more;
    }
    Result<Ledger> open_telling(std::vector<Part>& told) {
        Ledger::Options wishes = options();
        wishes.on_migration = [&told](const MigrationNews& news) { told.push_back(news.part); };
        return Ledger::open(wishes, clock_);
    }
    Result<void> run(std::span<const MigrationStep> steps, std::uint32_t to) const {
        lmdb::Environment raw = open_raw(folder());
        return migrate(raw, folder(), steps, to, {});
    }
    [[nodiscard]] bool is_marked() const {
        const lmdb::Environment raw = open_raw(folder());
        const auto reader = raw.read();
        return layout::get_row(raw, *reader, layout::kCursor, as_bytes(kMark))->has_value();
    }
    [[nodiscard]] std::uint32_t format() const {
        return format_of(open_raw(folder()))->value_or(0);
    }

    std::uint64_t epoch_ = 0;
    std::uint64_t seq_ = 0;
};

TEST_F(LedgerMigration, ForgetsNothingAndGoesOnInItsEpoch) {
    set_format(folder(), 2);
    std::vector<Part> told;
    {
        const auto ledger = open_telling(told);
        ASSERT_TRUE(ledger) << ledger.error().context;
        EXPECT_EQ(ledger->head().epoch, epoch_);
        EXPECT_EQ(ledger->head().seq, seq_ + 2) << "the open one is presumed entered, and a start";
        EXPECT_EQ(visits(*ledger, 1).size(), 1U);
        ASSERT_EQ(visits(*ledger, 2).size(), 1U);
        EXPECT_EQ(visits(*ledger, 2)[0].standing, Visit::Standing::Passed);
        EXPECT_EQ(ledger->unresolved(), 1U);
        EXPECT_TRUE(ledger->verify());
    }
    EXPECT_EQ(format(), layout::kFormat);
    EXPECT_EQ(told, (std::vector{Part::Copying, Part::Changing, Part::Step, Part::Done}));
}

TEST_F(LedgerMigration, KeepsTheOldOneAsItWas) {
    set_format(folder(), 2);
    (void)open();
    EXPECT_EQ(format_of(open_raw(aside())), 2U);
    const auto old = Ledger::open_read_only(aside());
    ASSERT_TRUE(old) << old.error().context;
    EXPECT_EQ(old->head().epoch, epoch_);
    EXPECT_EQ(old->head().seq, seq_);
    EXPECT_TRUE(old->verify());
}

TEST_F(LedgerMigration, TheOneAsideIsACopyThatBeginsAnEpoch) {
    set_format(folder(), 2);
    (void)open();
    const fs::path kept = aside();
    fs::remove_all(folder());
    fs::rename(kept, folder());
    const Ledger ledger = open();
    EXPECT_GT(ledger.head().epoch, epoch_);
}

TEST_F(LedgerMigration, IsNotNeededTwice) {
    set_format(folder(), 2);
    std::vector<Part> told;
    (void)open_telling(told);
    told.clear();
    ASSERT_TRUE(open_telling(told));
    EXPECT_TRUE(told.empty());
    EXPECT_FALSE(fs::exists(aside("-2")));
}

TEST_F(LedgerMigration, OfALedgerOfThisProgramMakesNoCopy) {
    (void)open();
    EXPECT_FALSE(fs::exists(aside()));
}

TEST_F(LedgerMigration, KeepsBothWhenAnOlderProgramHasWrittenInBetween) {
    set_format(folder(), 2);
    (void)open();
    set_format(folder(), 2);
    (void)open();
    EXPECT_TRUE(fs::exists(aside()));
    EXPECT_TRUE(fs::exists(aside("-2")));
}

TEST_F(LedgerMigration, UsesTheCopyThatOneBeforeItHasLeft) {
    set_format(folder(), 2);
    const std::vector<MigrationStep> bad{{2, 3, "gives up", give_up}};
    ASSERT_FALSE(run(bad, 3));
    ASSERT_TRUE(fs::exists(aside()));
    (void)open();
    EXPECT_FALSE(fs::exists(aside("-2")));
    EXPECT_FALSE(fs::exists(aside(".unfinished")));
}

TEST_F(LedgerMigration, LeavesALedgerOfALaterVersionAlone) {
    set_format(folder(), 99);
    const auto opened = try_open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::Unsupported);
    EXPECT_NE(opened.error().context.find("format 99 is of a later version"), std::string::npos);
    EXPECT_EQ(format(), 99U);
    EXPECT_FALSE(fs::exists(aside()));
    EXPECT_EQ(Ledger::open_read_only(folder()).error().code, Errc::Unsupported);
}

TEST_F(LedgerMigration, ReadsAnOlderBackupAsItIs) {
    set_format(folder(), 2);
    const auto old = Ledger::open_read_only(folder());
    ASSERT_TRUE(old) << old.error().context;
    EXPECT_EQ(old->head().seq, seq_);
    EXPECT_EQ(format(), 2U);
}

TEST_F(LedgerMigration, RunsItsStepsInOrder) {
    const std::vector<MigrationStep> steps{{3, 4, "marks", mark}, {4, 5, "unmarks", unmark}};
    ASSERT_TRUE(run(steps, 4));
    EXPECT_TRUE(is_marked());
    EXPECT_EQ(format(), 4U);
    ASSERT_TRUE(run(steps, 5));
    EXPECT_FALSE(is_marked());
    EXPECT_EQ(format(), 5U);
}

TEST_F(LedgerMigration, IsUndoneWithItsLastStep) {
    const std::vector<MigrationStep> steps{{3, 4, "marks", mark}, {4, 5, "gives up", give_up}};
    const auto done = run(steps, 5);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().context, "a row that nobody understands");
    EXPECT_FALSE(is_marked());
    EXPECT_EQ(format(), 3U);
}

TEST_F(LedgerMigration, IsRefusedWhereNoStepLeadsOn) {
    const std::vector<MigrationStep> steps{{4, 5, "marks", mark}};
    EXPECT_EQ(run(steps, 5).error().code, Errc::Unsupported);
    EXPECT_EQ(format(), 3U);
}

TEST_F(LedgerMigration, LeavesADamagedLedgerAsItWas) {
    set_format(folder(), 2);
    {
        lmdb::Environment raw = open_raw(folder());
        auto writer = raw.write();
        ASSERT_TRUE(writer->put(raw.table(layout::kMeta), as_bytes(layout::kTotalsKey), Buffer{1}));
        ASSERT_TRUE(std::move(*writer).commit());
    }
    EXPECT_EQ(try_open().error().code, Errc::Corrupt);
    EXPECT_EQ(format(), 2U);
    EXPECT_FALSE(fs::exists(aside()));
}

// The ledger on a disk of its own, which goes with the test's process.
class LedgerMigrationOnASmallDisk : public LedgerMigration {
protected:
    void SetUp() override {
        fs::create_directory(small_);
        if (!mount_small_disk(small_, 24)) GTEST_SKIP() << "needs the right to mount";
        fs::copy(folder(), small_ / "ledger");
        set_format(small_ / "ledger", 2);
    }
    void TearDown() override { ::umount2(small_.c_str(), MNT_DETACH); }
    Result<Ledger> open_there() {
        Ledger::Options wishes = options();
        wishes.folder = small_ / "ledger";
        return Ledger::open(wishes, clock_);
    }
    static void fill(const fs::path& file) { std::ofstream{file} << std::string(12U << 20U, '0'); }

    fs::path small_ = temp_.path() / "small";
};

TEST_F(LedgerMigrationOnASmallDisk, IsRefusedWithoutRoomForTheCopy) {
    fill(small_ / "something");
    const auto opened = open_there();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::Full);
    EXPECT_NE(opened.error().context.find("make room"), std::string::npos);
    EXPECT_EQ(format_of(open_raw(small_ / "ledger")), 2U);
}

TEST_F(LedgerMigrationOnASmallDisk, HasTheRoomThatAnInterruptedOneHasTaken) {
    const fs::path left = small_ / "ledger.before-format-3.unfinished";
    fs::create_directory(left);
    fill(left / "data.mdb");
    const auto opened = open_there();
    EXPECT_TRUE(opened) << opened.error().context;
}

TEST(MigrationSteps, LeadFromEachFormatToThisProgramsOwn) {
    std::uint32_t at = migration_steps().front().from;
    for (const MigrationStep& step : migration_steps()) {
        EXPECT_EQ(step.from, at);
        EXPECT_GT(step.to, step.from);
        EXPECT_FALSE(step.what.empty());
        at = step.to;
    }
    EXPECT_EQ(at, layout::kFormat);
}

}  // namespace
}  // namespace stile::test
