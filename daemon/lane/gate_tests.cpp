// SPDX-License-Identifier: Apache-2.0
// A lane in test: its own tickets only, the whole way through the turnstile, and nothing counts.
#include <utility>

#include "daemon/lane/post.hpp"

namespace stile {
// One that is out of order for the guests is what somebody who mended it wants to test.
Result<void> Gate::can_test(std::size_t lane) const {
    if (lane >= lanes_.size()) return fail(Errc::NotFound, "there is no such lane");
    const Lane& at = lanes_[lane];
    const auto no = [&at](std::string_view why) {
        return fail(Errc::Invalid, "lane " + at.name() + std::string{why});
    };
    if (posts_[lane].test) return no(" is being tested already");
    if (at.state() == LaneState::Fire) return no(" is open for everybody: fire release");
    switch (at.mode()) {
        case LaneMode::Free:
            return no(" is open for everybody: set another mode first");
        case LaneMode::Locked:
            return no(" is locked: whoever locked it has to set another mode first");
        case LaneMode::Normal:
        case LaneMode::ExitOnly:
        case LaneMode::OutOfOrder:
            break;
    }
    if (at.busy()) return no(" is open for somebody: try again when they have passed");
    if (at.out_of_order() && at.mode() != LaneMode::OutOfOrder)
        return no(" is out of order: its turnstile does not answer");
    return {};
}

Result<TestOffer> Gate::begin_test(std::size_t lane, const Actor& actor, std::string_view reason) {
    if (actor.person.empty() || reason.empty())
        return fail(Errc::Invalid, "this needs a name and a reason");
    if (auto can = can_test(lane); !can) return std::unexpected{std::move(can.error())};
    auto session = TestSession::begin(parts_.clock.now().time, parts_.secret);
    if (!session) return std::unexpected{std::move(session.error())};
    const Act act{.what = ActKind::Test,
                  .person = actor.person,
                  .role = actor.role,
                  .reason = std::string{reason},
                  .lane = lanes_[lane].name()};
    if (auto written = note(act); !written) return std::unexpected{std::move(written.error())};
    Post& post = posts_[lane];
    post.test = std::move(*session);
    post.test_end = parts_.loop.after(
        parts_.longest_test, [this, lane] { end_test(lane, {"clock", ""}, "its time is over"); });
    post.refusal.reset();
    post.armed.reset();
    post.answer.reset();
    post.menu.close();
    lanes_[lane].set_use(LaneUse::Test, std::chrono::steady_clock::now());
    perform(lane);
    if (parts_.on_lane_changed) parts_.on_lane_changed(lanes_[lane]);
    return TestOffer{
        .tickets = post.test->tickets(),
        .longest = std::chrono::duration_cast<std::chrono::seconds>(parts_.longest_test),
        .passage_timeout = rules_.lanes[lane].passage_timeout,
        .has = post.setup.turnstile->capabilities(),
        .group = rules_.lanes[lane].group};
}

// An admission that is open still ends by itself: its flag says that it does not count.
void Gate::end_test(std::size_t lane, const Actor& actor, std::string_view reason) {
    if (lane >= posts_.size() || !posts_[lane].test) return;
    Post& post = posts_[lane];
    post.test.reset();
    post.test_end.reset();
    if (!lanes_[lane].busy()) post.answer.reset();
    lanes_[lane].set_use(LaneUse::Guests, std::chrono::steady_clock::now());
    perform(lane);
    defer(Act{.what = ActKind::TestEnd,
              .person = actor.person,
              .role = actor.role,
              .reason = std::string{reason},
              .lane = lanes_[lane].name()});
    if (parts_.on_lane_changed) parts_.on_lane_changed(lanes_[lane]);
}

// Of what is no ticket of this test nothing is looked at, so nothing of it can change.
Gate::Examined Gate::examine_test(WaitingScan waiting) const {
    Examined scan{.waiting = std::move(waiting)};
    scan.in_test = true;
    scan.decision = {Verdict::Refuse, scan.waiting.nothing().value_or(Reason::LaneClosed)};
    if (scan.waiting.nothing() || scan.waiting.shown<crypto::CardMedium>() != nullptr ||
        scan.waiting.shown<crypto::CardMutual>() != nullptr) {
        scan.fault = std::to_underlying(crypto::Fault::UnknownFormat);
        return scan;
    }
    const auto proof = posts_[scan.waiting.lane].test->prove(scan.waiting.content());
    if (!proof) {
        scan.fault = std::to_underlying(proof.error());
        return scan;
    }
    scan.ticket = *proof;
    scan.ticket_id = crypto::ticket_id(parts_.secret, (*proof)->identity);
    if (const auto facts = parts_.revocations((*proof).ticket())) {
        scan.revocation = *facts;
    } else {
        scan.revocation.list = RevocationFacts::List::Unreadable;
    }
    return scan;
}

// Decided like any other, by what the session remembers; the ledger keeps entries and no state.
Result<void> Gate::store_test(Batch& batch, Examined& scan) {
    const TestSession& test = *posts_[scan.waiting.lane].test;
    const ClockReading now = parts_.clock.now();
    const Direction direction = direction_of(scan);
    scan.decision = test.judge(*scan.ticket, scan.revocation, now.bounds, direction);
    scan.people = 1;
    if (scan.decision.verdict == Verdict::Refuse) return store_refusal(batch, scan);
    scan.people = test.people(*scan.ticket, direction, rules_.lanes[scan.waiting.lane].group);
    scan.decided_us = microseconds_since(scan.waiting.scan.captured_ns);
    scan.state = TicketState{};
    return admit(batch, scan);
}

}  // namespace stile
