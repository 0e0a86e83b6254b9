// SPDX-License-Identifier: Apache-2.0
// The process dies or the power fails at every call to the disk while a ledger is migrated: there
// is always the old one or the new one, and nobody gets in twice.
#include <sys/wait.h>
#include <unistd.h>

#include "tests/daemon/fault_disk.hpp"
#include "tests/daemon/ledger_fixture.hpp"
#include "tests/daemon/ledger_format.hpp"

namespace stile::test {
namespace {

namespace fs = std::filesystem;

constexpr int kMostCalls = 400;
constexpr std::uint8_t kInside = 40;  // tickets
constexpr int kFaulted = 9;

class LedgerMigrationCrash : public LedgerFixture, public ::testing::WithParamInterface<DiskFault> {
protected:
    LedgerMigrationCrash() {
        {
            Ledger ledger = open();
            for (std::uint8_t ticket = 1; ticket <= kInside; ++ticket)
                resolve(ledger, admit(ledger, ticket), PassageResult::Entered);
            admit(ledger, kInside + 1);
        }
        set_format(folder(), 2);
        fs::rename(folder(), old());
    }
    [[nodiscard]] fs::path old() const { return temp_.path() / "old"; }
    [[nodiscard]] fs::path place() const { return temp_.path() / "state"; }

    // True when the fault came before the ledger was open.
    bool migrate_until(int call) {
        const pid_t child = ::fork();
        if (child == 0) {
            arm_disk({place(), GetParam(), call, 7, [](DiskStep) {}});
            const auto ledger = Ledger::open(wishes(), clock_);
            ::_exit(ledger ? 0 : kFaulted);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    }
    [[nodiscard]] Ledger::Options wishes() const {
        Ledger::Options out = options();
        out.folder = place() / "ledger";
        return out;
    }
    void compare() {
        const auto ledger = Ledger::open(wishes(), clock_);
        ASSERT_TRUE(ledger) << ledger.error().context;
        for (std::uint8_t ticket = 1; ticket <= kInside + 1; ++ticket) {
            const auto found = visits(*ledger, ticket);
            ASSERT_EQ(found.size(), 1U) << int{ticket};
            EXPECT_EQ(found[0].standing, Visit::Standing::Passed) << int{ticket};
        }
        const auto good = ledger->verify();
        EXPECT_TRUE(good) << good.error().context;
        EXPECT_EQ(format_of(ledger->environment()), layout::kFormat);
        look_at_copies();
    }
    // Whatever has the name of a copy is a whole one: the way back to the program before this.
    void look_at_copies() const {
        int copies = 0;
        for (const auto& each : fs::directory_iterator{place()}) {
            const std::string name = each.path().filename();
            if (!name.starts_with("ledger.before-") || name.ends_with(".unfinished")) continue;
            ++copies;
            const auto copy = Ledger::open_read_only(each.path());
            ASSERT_TRUE(copy) << name << ": " << copy.error().context;
            EXPECT_EQ(format_of(copy->environment()), 2U) << name;
            EXPECT_EQ(visits(*copy, kInside).size(), 1U) << name;
            const auto good = copy->verify();
            EXPECT_TRUE(good) << name << ": " << good.error().context;
        }
        EXPECT_GT(copies, 0);
    }
};

TEST_P(LedgerMigrationCrash, LeavesTheOldOneOrTheNewOneAtEveryStep) {
    const int stride = GetParam() == DiskFault::Kill ? 1 : 3;
    int call = 1;
    for (; call < kMostCalls; call += stride) {
        SCOPED_TRACE(call);
        fs::remove_all(place());
        fs::create_directory(place());
        fs::copy(old(), place() / "ledger");
        const bool faulted = migrate_until(call);
        compare();
        if (HasFailure() || !faulted) break;
    }
    EXPECT_GT(call, 10) << "it writes more often than that";
    EXPECT_LT(call, kMostCalls);
}

INSTANTIATE_TEST_SUITE_P(EveryFault, LedgerMigrationCrash,
                         ::testing::Values(DiskFault::Kill, DiskFault::PowerCut,
                                           DiskFault::InputOutput, DiskFault::Full));

}  // namespace
}  // namespace stile::test
