// SPDX-License-Identifier: Apache-2.0
// A gate with a real ledger, real tickets and turnstiles that the test moves.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include "daemon/lane/gate.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/support/fakes.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::test {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using protocol::Outcome;

// In the middle of the test tickets' validity, whenever this program was built.
inline const crypto::Gt1Fields kFields = [] {
    crypto::Gt1Fields fields = tests::test_fields();
    fields.not_after = 4'000'000'000;
    return fields;
}();
inline const WallTime kNoon{std::chrono::milliseconds{3'000'000'000'000}};

class GateTest : public ::testing::Test {
protected:
    GateTest() { make_gate({{}, {}}); }

    struct LaneWish {
        Direction direction = Direction::Entry;
        std::chrono::milliseconds passage_timeout{60'000};
        GroupWay group = GroupWay::Together;
        std::vector<ScheduleRow> schedule;
        std::vector<PlatformList> lists;
        Greeting greeting = Greeting::None;
    };

    void make_gate(const std::vector<LaneWish>& wishes, Policy policy = {}) {
        gate_.reset();
        turnstiles_.clear();
        std::vector<LaneSetup> setups;
        GateRules rules{.keys = ring_,
                        .events = {policy.events.begin(), policy.events.end()},
                        .products = {policy.products.begin(), policy.products.end()},
                        .reentry = policy.reentry,
                        .staff_products = staff_products_,
                        .platform = platform_,
                        .venue = venue_};
        for (const LaneWish& wish : wishes) {
            auto turnstile = std::make_unique<FakeTurnstile>();
            turnstiles_.push_back(turnstile.get());
            setups.push_back({.name = "lane-" + std::to_string(setups.size() + 1),
                              .direction = wish.direction,
                              .turnstile = std::move(turnstile)});
            rules.lanes.push_back({.passage_timeout = wish.passage_timeout,
                                   .group = wish.group,
                                   .each_person = 10ms,
                                   .schedule = wish.schedule,
                                   .lists = wish.lists,
                                   .entrance = "North",
                                   .greeting = wish.greeting});
        }
        rules_ = rules;
        Gate::Parts parts{
            .loop = loop_,
            .ledger = ledger_,
            .clock = clock_,
            .rules = std::move(rules),
            .list_age = [this](LoadOf, WallTime) { return list_age_; },
            .revocations = [this](const crypto::Ticket&) { return revocation_; },
            .on_committed = [this] { ++commits_; },
            .on_ledger_trouble = [this](std::string_view what) { troubles_.emplace_back(what); },
            .on_lane_changed =
                [this](const Lane& lane) {
                    if (on_lane_changed_) on_lane_changed_(lane);
                },
            .on_sign = [this](std::size_t lane,
                              const LaneSign& sign) { signs_.emplace_back(lane, sign); },
            .longest_test = longest_test_};
        gate_.emplace(std::move(parts), std::move(setups));
    }

    static crypto::BoxKey device_key() { return crypto::BoxKey{Buffer(32, 7)}; }
    static Ledger open_ledger(const std::filesystem::path& folder, Clock& clock) {
        return Ledger::open({.folder = folder,
                             .map_bytes = 16U << 20U,
                             .gate = "north",
                             .device = device_key().public_key()},
                            clock)
            .value();
    }

    static std::string text(crypto::Gt1Fields fields) {
        return crypto::gt1_text(tests::test_ticket(fields, tests::test_key(1)));
    }
    static std::string text(std::uint64_t serial) {
        crypto::Gt1Fields fields = kFields;
        fields.serial = serial;
        return text(fields);
    }

    // Puts a scan in line; its answer lands under the number that this returns.
    std::uint64_t show(std::size_t lane, const std::string& content, std::int64_t age_ns = 0,
                       std::optional<Direction> reader = {}) {
        const std::uint64_t number = next_scan_++;
        protocol::Scan scan{
            .scan = number,
            .medium = protocol::Medium::Qr,
            .captured_ns = static_cast<std::uint64_t>(EventLoop::monotonic_ns() - age_ns),
            .content = {as_bytes(content).begin(), as_bytes(content).end()}};
        gate_->submit(
            {lane, "cam-1", std::move(scan),
             [this, number](const protocol::Feedback& answer) { answers_[number] = answer; },
             reader});
        return number;
    }
    // Runs the loop until `done`; a test that waits in vain ends by the runner's time-out.
    void run_until(const std::function<bool()>& done) {
        const EventSource look = loop_.every(1ms, [&] {
            if (done()) loop_.stop(0);
        });
        loop_.run();
    }
    Outcome outcome(std::uint64_t scan) {
        run_until([&] { return answers_.contains(scan); });
        return answers_[scan].outcome;
    }
    Reason reason(std::uint64_t scan) {
        (void)outcome(scan);
        return reason_from(answers_[scan].reason).value_or(Reason::Error);
    }
    Outcome answer_to(std::size_t lane, const std::string& content) {
        return outcome(show(lane, content));
    }

    template <class Body>
    std::vector<Body> entries() const {
        std::vector<Body> out;
        const auto stored = ledger_.entries(1, 1000);
        for (const Buffer& bytes : *stored) {
            const Entry entry = decode_entry(bytes).value();
            if (const auto* body = std::get_if<Body>(&entry.body)) out.push_back(*body);
        }
        return out;
    }
    void pass(std::size_t lane) {
        const std::size_t before = entries<Passage>().size();
        turnstiles_[lane]->pass();
        run_until([&] { return entries<Passage>().size() > before; });
    }

    TempDir temp_;
    FakeClock clock_{kNoon};
    crypto::KeyRing ring_ = tests::ring_of(tests::test_record(tests::test_key(1)));
    EventLoop loop_;
    Ledger ledger_ = open_ledger(temp_.path() / "ledger", clock_);
    Result<RevocationFacts> revocation_;
    std::vector<FakeTurnstile*> turnstiles_;
    std::optional<Gate> gate_;
    std::map<std::uint64_t, protocol::Feedback> answers_;
    std::vector<std::string> troubles_;
    std::vector<std::pair<std::size_t, LaneSign>> signs_;  // as they were shown
    std::function<void(const Lane&)> on_lane_changed_;
    std::vector<std::uint64_t> staff_products_;
    std::optional<PlatformSetup> platform_;
    std::optional<AccessPolicy> venue_;
    std::optional<std::chrono::seconds> list_age_ = std::chrono::seconds{60};
    std::chrono::milliseconds longest_test_ = std::chrono::minutes{15};
    GateRules rules_;  // with which the gate was made
    int commits_ = 0;
    std::uint64_t next_scan_ = 1;
};

// While one lives, no file of this process can be written: the disk is as good as full.
class NoWriting {
public:
    NoWriting() {
        (void)::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        set(0);
    }
    NoWriting(const NoWriting&) = delete;
    NoWriting& operator=(const NoWriting&) = delete;
    ~NoWriting() { set(before_.rlim_cur); }

private:
    void set(rlim_t bytes) const {
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    rlimit before_{};
};

}  // namespace stile::test
