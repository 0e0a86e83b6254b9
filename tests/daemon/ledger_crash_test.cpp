// SPDX-License-Identifier: Apache-2.0
// The process dies, the power fails, the disk errs or fills up at every step of every act of the
// ledger. Afterwards it is compared with what the gate was told.
#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include <sys/wait.h>
#include <unistd.h>

#include "daemon/ledger/backup.hpp"
#include "tests/daemon/fault_disk.hpp"
#include "tests/daemon/ledger_fixture.hpp"

namespace stile::test {
namespace {

enum class Deed : std::uint8_t {
    Admit = 1,  // alone
    Batch,      // three at once, and a refusal
    Enter,
    Release,
    Annul,
    SetMode,
    Acknowledge,  // a cursor, and a platform's record
    Backup,
    NewEpoch,
    Last = NewEpoch
};

// What the worker tells before it dies: facts that the world has seen.
struct Told {
    enum class What : std::uint8_t { Begins = 1, Fault, Granted, Entered, Annulled, Lost } what;
    std::uint8_t detail = 0;  // deed, step, or ticket
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;
};

crypto::TicketId ticket_name(std::uint8_t ticket) {
    crypto::TicketId name{};
    name.fill(ticket);
    return name;
}

// Works on the ledger with random deeds until the disk ends it.
class Worker {
public:
    Worker(Ledger& ledger, std::filesystem::path folder, int pipe, unsigned seed)
        : ledger_{ledger}, folder_{std::move(folder)}, pipe_{pipe}, random_{seed} {}

    void work(int deeds) {
        std::uniform_int_distribution<int> any{1, static_cast<int>(Deed::Last)};
        for (int i = 0; i < deeds; ++i) {
            const auto deed = static_cast<Deed>(any(random_));
            tell({Told::What::Begins, static_cast<std::uint8_t>(deed)});
            act(deed);
        }
    }
    void tell(const Told& told) const { (void)::write(pipe_, &told, sizeof told); }

private:
    struct Guest {
        std::uint8_t ticket = 0;
        OpenAdmission admission;
    };

    void act(Deed deed) {
        switch (deed) {
            case Deed::Admit:
                return admit(1);
            case Deed::Batch:
                return admit(3);
            case Deed::Enter:
                return settle(PassageResult::Entered);
            case Deed::Release:
                return settle(PassageResult::Released);
            case Deed::Annul:
                return annul();
            case Deed::SetMode:
                return (void)write([this](Batch& batch) {
                    return batch.append(Act{.what = ActKind::SetMode, .mode = 3}, clock_.now())
                        .has_value();
                });
            case Deed::Acknowledge:
                return (void)write([this](Batch& batch) {
                    return batch.set_cursor("mqtt", {ledger_.head().epoch, ledger_.head().seq}) &&
                           batch.enqueue("pretix", Buffer(300, 7));
                });
            case Deed::Backup:
                return (void)back_up(ledger_.environment(),
                                     {.into = folder_ / "backups", .keep = 2});
            case Deed::NewEpoch:
                return (void)ledger_.begin_epoch(EpochCause::WatermarkAhead, clock_.now());
        }
    }

    // True when it is durable.
    template <class Fill>
    bool write(Fill fill) {
        auto batch = ledger_.begin();
        if (!batch || !fill(*batch)) return false;
        auto grants = std::move(*batch).commit();
        if (!grants) return false;
        for (const Grant& grant : *grants) {
            const OpenAdmission& open = grant.admission();
            const std::uint8_t ticket = open.identity.bytes[0];
            tell({Told::What::Granted, ticket, open.epoch, open.admission});
            guests_.push_back({ticket, open});
        }
        return true;
    }

    void admit(int tickets) {
        (void)write([&](Batch& batch) {
            for (int i = 0; i < tickets; ++i) {
                const auto ticket = static_cast<std::uint8_t>(1 + random_() % 250);
                auto state = batch.state(identity(ticket));
                if (!state) return false;
                Decided decided = admitted();
                decided.ticket = ticket_name(ticket);
                if (!batch.admit({decided, identity(ticket), *state, {0, 5}}, clock_.now()))
                    return false;
            }
            return tickets == 1 || batch.append(refused(Reason::Used), clock_.now()).has_value();
        });
    }

    void settle(PassageResult result) {
        if (guests_.empty()) return;
        const Guest guest = guests_.back();
        const bool done = write([&](Batch& batch) {
            return batch
                .resolve(guest.admission, {.result = result, .lane = "lane-1"}, clock_.now())
                .has_value();
        });
        if (!done) return;
        guests_.pop_back();
        if (result != PassageResult::Entered) return;
        inside_.push_back(guest);
        tell({Told::What::Entered, guest.ticket, guest.admission.epoch, guest.admission.admission});
    }

    void annul() {
        if (inside_.empty()) return;
        const Guest guest = inside_.back();
        inside_.pop_back();
        const Watermark entry{guest.admission.epoch, guest.admission.admission};
        tell({Told::What::Lost, guest.ticket, entry.epoch, entry.seq});  // it may be annulled
        const bool done = write([&](Batch& batch) {
            return batch.annul({.entry = entry}, clock_.now()) == AnnulAnswer::Done;
        });
        if (done) tell({Told::What::Annulled, guest.ticket, entry.epoch, entry.seq});
    }

    Ledger& ledger_;
    std::filesystem::path folder_;
    int pipe_;
    std::minstd_rand random_;
    FakeClock clock_{kLedgerNoon};
    std::vector<Guest> guests_;
    std::vector<Guest> inside_;
};

class LedgerCrash : public LedgerFixture {
protected:
    using Key = std::pair<std::uint64_t, std::uint64_t>;

    Ledger::Options sealing() const {
        Ledger::Options wishes = options();
        wishes.device = crypto::BoxKey{Buffer(32, 7)}.public_key();
        return wishes;
    }

    // One life of a worker, and what it told.
    std::vector<Told> live(DiskFault fault, int at, unsigned seed) {
        int ends[2];
        EXPECT_EQ(::pipe(ends), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(ends[0]);
            FakeClock clock{kLedgerNoon};
            auto ledger = Ledger::open(sealing(), clock);
            if (!ledger) ::_exit(3);
            Worker worker{*ledger, temp_.path(), ends[1], seed};
            arm_disk({temp_.path(), fault, at, seed, [&worker](DiskStep step) {
                          worker.tell({Told::What::Fault, static_cast<std::uint8_t>(step)});
                      }});
            worker.work(14);
            ::_exit(0);
        }
        ::close(ends[1]);
        std::vector<Told> told;
        for (Told one; ::read(ends[0], &one, sizeof one) == sizeof one;)
            told.push_back(one);
        ::close(ends[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        EXPECT_FALSE(WIFEXITED(status) && WEXITSTATUS(status) != 0) << "did not open";
        return told;
    }

    void believe(const std::vector<Told>& told) {
        Deed deed{};
        for (const Told& one : told) {
            const Key key{one.epoch, one.seq};
            switch (one.what) {
                case Told::What::Begins:
                    deed = static_cast<Deed>(one.detail);
                    break;
                case Told::What::Fault:
                    seen_.emplace(deed, static_cast<DiskStep>(one.detail));
                    ++faults_;
                    break;
                case Told::What::Granted:
                    EXPECT_TRUE(granted_.emplace(key, one.detail).second) << "a number used twice";
                    break;
                case Told::What::Entered:
                    entered_.insert(key);
                    break;
                case Told::What::Annulled:
                case Told::What::Lost:
                    entered_.erase(key);
                    break;
            }
        }
    }

    // Reads everything, and compares.
    void compare() {
        auto ledger = Ledger::open(sealing(), clock_);
        ASSERT_TRUE(ledger) << ledger.error().context;
        const auto verified = ledger->verify();
        ASSERT_TRUE(verified) << verified.error().context;
        std::map<Key, Entry> now;
        for (Watermark mark;;) {
            const auto run = ledger->entries_after(mark, 1000).value();
            if (run.entries.empty()) break;
            for (std::size_t i = 0; i < run.entries.size(); ++i) {
                const Entry entry = decode_entry(run.entries[i]).value();
                const Key key{entry.epoch, entry.seq};
                const auto [at, fresh] = entries_.emplace(key, run.entries[i]);
                ASSERT_EQ(at->second, run.entries[i]) << "an entry changed";
                now.emplace(key, entry);
                mark = {entry.epoch, entry.seq};
            }
        }
        ASSERT_EQ(now.size(), entries_.size()) << "an entry is lost";
        for (const auto& [key, ticket] : granted_) {
            ASSERT_TRUE(now.contains(key)) << "released without a durable entry";
            const auto& decided = std::get<Decided>(now.at(key).body);
            ASSERT_EQ(decided.verdict, Verdict::Admit);
            ASSERT_EQ(decided.ticket, ticket_name(ticket));
        }
        std::int64_t people = 0;
        std::set<std::pair<std::uint8_t, std::uint64_t>> visited;
        for (unsigned ticket = 1; ticket <= 250; ++ticket) {
            for (const Visit& visit : visits(*ledger, static_cast<std::uint8_t>(ticket))) {
                ASSERT_EQ(visit.standing, Visit::Standing::Passed) << "open after a start";
                visited.emplace(static_cast<std::uint8_t>(ticket), visit.order);
                people += visit.people;
            }
        }
        for (const Key& key : entered_)
            ASSERT_TRUE(visited.contains({granted_.at(key), key.second})) << "an entry is lost";
        ASSERT_EQ(*ledger->area(5), (AreaCount{people, 0}));
        for (const auto& backup : backups_in(temp_.path() / "backups")) {
            const auto good = check_backup(backup);
            ASSERT_TRUE(good) << good.error().context;
        }
    }

    // A new disk, so that long runs do not read for ever.
    void start_over() {
        for (const char* name : {"ledger", "backups"})
            std::filesystem::remove_all(temp_.path() / name);
        granted_.clear();
        entered_.clear();
        entries_.clear();
        (void)Ledger::open(sealing(), clock_);
    }

    std::map<Key, std::uint8_t> granted_;
    std::set<Key> entered_;
    std::map<Key, Buffer> entries_;
    std::set<std::pair<Deed, DiskStep>> seen_;
    int faults_ = 0;
};

TEST_F(LedgerCrash, LosesNothingAndUsesNoNumberTwiceWhereverTheDiskFails) {
    const char* wish = std::getenv("STILE_CRASH_RUNS");
    const int runs = wish == nullptr ? 100 : std::atoi(wish);
    std::mt19937 random{20261122};
    std::uniform_int_distribution<int> calls{1, 60};
    for (int run = 0; run < runs; ++run) {
        if (run % 100 == 0) start_over();
        const auto fault = static_cast<DiskFault>(1 + run % static_cast<int>(DiskFault::Last));
        SCOPED_TRACE("run " + std::to_string(run) + ", fault " +
                     std::to_string(static_cast<int>(fault)));
        believe(live(fault, calls(random), static_cast<unsigned>(run)));
        compare();
        if (HasFatalFailure()) return;
    }
    RecordProperty("faults", faults_);
    RecordProperty("steps", static_cast<int>(seen_.size()));
    std::set<Deed> deeds;
    for (const auto& [deed, step] : seen_)
        deeds.insert(deed);
    if (runs >= 1000) {  // three steps of each act that commits, three of a backup
        EXPECT_EQ(seen_.size(), 27U) << "not every step was struck";
    }
    EXPECT_GE(faults_, runs / 2) << "too few of them happened";
    EXPECT_EQ(deeds.size(), static_cast<std::size_t>(Deed::Last)) << "not every act was struck";
}

}  // namespace
}  // namespace stile::test
