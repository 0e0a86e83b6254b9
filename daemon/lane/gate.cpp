// SPDX-License-Identifier: Apache-2.0
// Scans in, one commit, releases out.
#include "daemon/lane/gate.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace stile {
namespace {

constexpr std::chrono::milliseconds kFlushDelay{100};
constexpr std::chrono::milliseconds kRetryDelay{1000};
constexpr std::int64_t kOldestFrameNs = 2'000'000'000;  // a person who showed it then has moved on

using protocol::Feedback;
using protocol::Outcome;

std::uint32_t microseconds_since(std::uint64_t captured_ns) {
    const std::int64_t age = EventLoop::monotonic_ns() - static_cast<std::int64_t>(captured_ns);
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(age / 1000, 0, UINT32_MAX));
}

bool too_old(const protocol::Scan& scan) {
    return EventLoop::monotonic_ns() - static_cast<std::int64_t>(scan.captured_ns) > kOldestFrameNs;
}

Feedback short_answer(const WaitingScan& waiting, Outcome outcome) {
    return {.scan = waiting.scan.scan, .outcome = outcome};
}

}  // namespace

// A scan on its way: what it is, what was decided, and the answer to give once that is durable.
struct Gate::Examined {
    WaitingScan waiting;
    std::optional<crypto::VerifiedTicket> ticket;  // nothing: not a genuine ticket
    std::uint8_t fault = 0;
    crypto::TicketId ticket_id{};
    RevocationFacts revocation;
    Decision decision;
    std::uint32_t decided_us = 0;
    Outcome outcome = Outcome::Refuse;
};

Gate::Gate(Parts parts, std::vector<LaneSetup> lanes)
    : parts_{std::move(parts)},
      verifier_{parts_.keys},
      setups_{std::move(lanes)},
      time_outs_(setups_.size()) {
    for (std::size_t i = 0; i < setups_.size(); ++i) {
        lanes_.emplace_back(setups_[i].name, setups_[i].direction);
        setups_[i].turnstile->on_passage(
            [this, i] { close_lane(i, lanes_[i].passed(std::chrono::steady_clock::now())); });
    }
}

void Gate::submit(WaitingScan scan) {
    ++scans_;
    const auto before = std::ranges::count(waiting_, scan.lane, &WaitingScan::lane);
    if (std::cmp_greater_equal(before, kMostWaitingALane) || too_old(scan.scan)) {
        return scan.answer(short_answer(scan, Outcome::Wait));
    }
    waiting_.push_back(std::move(scan));
    if (!turn_) turn_ = parts_.loop.when_idle([this] { process(); });
}

void Gate::record(ListChanged change) {
    defer(std::move(change));
}

void Gate::acknowledge(std::string consumer, Watermark watermark) {
    defer(Cursor{std::move(consumer), watermark});
}

void Gate::defer(Deferred deferred) {
    deferred_.push_back(std::move(deferred));
    if (!flush_) flush_ = parts_.loop.after(kFlushDelay, [this] { flush(); });
}

void Gate::flush() {
    if (!deferred_.empty()) process();
}

void Gate::process() {
    turn_.reset();
    flush_.reset();
    std::vector<Examined> scans;
    for (WaitingScan& waiting : std::exchange(waiting_, {}))
        scans.push_back(examine(std::move(waiting)));
    auto grants = store(scans, Refusals::Store);
    if (!grants && grants.error().code == Errc::Full) grants = store(scans, Refusals::CountOnly);
    if (grants) {
        note_trouble({});
        settle(scans, *grants);
        if (parts_.on_committed) parts_.on_committed();
        return;
    }
    note_trouble(grants.error().context);
    refuse_unrecorded(scans);
    if (!deferred_.empty()) flush_ = parts_.loop.after(kRetryDelay, [this] { flush(); });
}

// What cannot be recorded is not admitted. A refusal keeps its own reason.
void Gate::refuse_unrecorded(std::vector<Examined>& scans) {
    for (Examined& scan : scans) {
        const bool undecided = scan.decision.reason == Reason::Error;
        if (scan.outcome == Outcome::Admit || scan.outcome == Outcome::Refuse)
            parts_.ledger.refusal_lost(parts_.clock.now().time);
        if (scan.outcome != Outcome::Admit && !undecided) continue;
        scan.outcome = Outcome::Refuse;
        scan.decision = {Verdict::Refuse, Reason::NotRecorded};
    }
    settle(scans, {});
}

// Everything that needs no transaction: the signature and the revocation list.
Gate::Examined Gate::examine(WaitingScan waiting) {
    Examined scan{.waiting = std::move(waiting)};
    const auto proof = verifier_.prove(scan.waiting.scan.content);
    if (!proof) {
        scan.fault = std::to_underlying(proof.error());
        scan.decision = decide(proof.error());
        return scan;
    }
    scan.ticket = *proof;
    scan.ticket_id = crypto::ticket_id(parts_.secret, proof->ticket().identity);
    const auto facts = parts_.revocations(proof->ticket());
    if (facts) {
        scan.revocation = *facts;
    } else {
        scan.revocation.list = RevocationFacts::List::Unreadable;
    }
    return scan;
}

Result<std::vector<Grant>> Gate::store(std::vector<Examined>& scans, Refusals refusals) {
    auto batch = parts_.ledger.begin(refusals);
    if (!batch) return std::unexpected{std::move(batch.error())};
    if (auto stored = store_deferred(*batch); !stored)
        return std::unexpected{std::move(stored.error())};
    std::vector<bool> lane_taken(lanes_.size());
    for (Examined& scan : scans) {
        if (auto stored = store_one(*batch, scan, lane_taken); !stored)
            return std::unexpected{std::move(stored.error())};
    }
    auto grants = std::move(*batch).commit();
    if (grants) deferred_.clear();
    return grants;
}

Result<void> Gate::store_deferred(Batch& batch) {
    const ClockReading now = parts_.clock.now();
    for (const Deferred& deferred : deferred_) {
        Result<void> stored;
        if (const auto* outcome = std::get_if<LaneOutcome>(&deferred)) {
            stored = batch.resolve(outcome->admission, outcome->passage, now);
        } else if (const auto* cursor = std::get_if<Cursor>(&deferred)) {
            stored = batch.set_cursor(cursor->consumer, cursor->watermark);
        } else if (auto put = batch.append(std::get<ListChanged>(deferred), now); !put) {
            stored = std::unexpected{std::move(put.error())};
        }
        if (!stored) return stored;
    }
    return {};
}

Result<void> Gate::store_one(Batch& batch, Examined& scan, std::vector<bool>& lane_taken) {
    const std::size_t at = scan.waiting.lane;
    const Lane& lane = lanes_[at];
    if (scan.ticket && lane.ignores((*scan.ticket)->identity, std::chrono::steady_clock::now())) {
        scan.outcome = Outcome::Same;
        return {};
    }
    if (lane.state() == Lane::State::Open || lane_taken[at]) {
        scan.outcome = Outcome::Wait;
        return {};
    }
    if (scan.ticket) {
        auto stored = store_ticket(batch, scan);
        lane_taken[at] = scan.outcome == Outcome::Admit;
        return stored;
    }
    scan.decided_us = microseconds_since(scan.waiting.scan.captured_ns);
    if (auto put = batch.append(entry_for(scan), parts_.clock.now()); !put) {
        return std::unexpected{std::move(put.error())};
    }
    return {};
}

Result<void> Gate::store_ticket(Batch& batch, Examined& scan) {
    const crypto::Ticket& ticket = scan.ticket->ticket();
    const ClockReading now = parts_.clock.now();
    const Lane& lane = lanes_[scan.waiting.lane];
    auto state = batch.state(ticket.identity);
    visits_.clear();
    const auto read = batch.visits(ticket.identity, {ticket.event, 0}, visits_);
    if (state && read) {
        scan.decision =
            decide(*scan.ticket, {scan.revocation, entry_facts(*state, visits_, lane.name())},
                   parts_.policy, now.bounds, lane.direction());
    }  // a damaged state or visit stays as it is, and refuses
    scan.decided_us = microseconds_since(scan.waiting.scan.captured_ns);
    const bool newer_copy = state && ticket.reissue > state->highest_reissue;
    if (newer_copy) state->highest_reissue = ticket.reissue;
    if (scan.decision.verdict == Verdict::Admit) {
        // A group ticket whose last admission is still open at another lane: one at a time.
        scan.outcome = state->pending != 0 ? Outcome::Wait : Outcome::Admit;
        if (scan.outcome == Outcome::Wait) return {};
        if (ticket.proof_time) {
            state->last_proof =
                static_cast<std::uint32_t>(ticket.proof_time->time_since_epoch().count());
        }
        const auto put = batch.admit({entry_for(scan), ticket.identity, *state}, now);
        return put ? Result<void>{} : std::unexpected{put.error()};
    }
    if (newer_copy) {
        if (auto put = batch.set_state(ticket.identity, *state); !put) return put;
    }
    if (auto put = batch.append(entry_for(scan), now); !put)
        return std::unexpected{std::move(put.error())};
    return {};
}

Decided Gate::entry_for(const Examined& scan) const {
    Decided entry{.verdict = scan.decision.verdict,
                  .reason = scan.decision.reason,
                  .direction = lanes_[scan.waiting.lane].direction(),
                  .medium = std::to_underlying(scan.waiting.scan.medium),
                  .fault = scan.fault,
                  .decided_us = scan.decided_us,
                  .ticket = scan.ticket_id,
                  .lane = lanes_[scan.waiting.lane].name(),
                  .reader = scan.waiting.reader};
    if (!scan.ticket) return entry;
    const crypto::Ticket& ticket = scan.ticket->ticket();
    entry.assurance = std::to_underlying(ticket.assurance);
    entry.reissue = ticket.reissue;
    entry.product = ticket.product;
    entry.event = ticket.event;
    entry.issuer = parts_.keys.issuer_name(ticket.issuer).value_or("");
    return entry;
}

// Everything is durable (or refused): move the turnstiles first, then tell the readers.
void Gate::settle(std::vector<Examined>& scans, const std::vector<Grant>& grants) {
    auto grant = grants.begin();
    for (Examined& scan : scans) {
        if (scan.outcome == Outcome::Admit) release(scan, *grant++);
    }
    for (const Examined& scan : scans) {
        Feedback feedback = short_answer(scan.waiting, scan.outcome);
        if (scan.outcome == Outcome::Admit || scan.outcome == Outcome::Refuse) {
            const ReasonText& text = text_of(scan.decision.reason);
            feedback.reason = std::to_underlying(scan.decision.reason);
            feedback.headline = text.headline;
            feedback.advice = text.advice;
        }
        scan.waiting.answer(feedback);
    }
    if (!parts_.on_decided) return;
    for (const Examined& scan : scans) {
        if (scan.outcome == Outcome::Admit || scan.outcome == Outcome::Refuse)
            parts_.on_decided(entry_for(scan));
    }
}

void Gate::release(Examined& scan, const Grant& grant) {
    const std::size_t at = scan.waiting.lane;
    const auto opened = setups_[at].turnstile->release(grant);
    const std::uint32_t release_us = microseconds_since(scan.waiting.scan.captured_ns);
    latency_.add(release_us);
    latencies_.add(release_us);
    lanes_[at].open({grant.admission(), scan.ticket_id, release_us});
    if (!opened) {  // nobody can pass: the ticket stays good
        scan.outcome = Outcome::Refuse;
        scan.decision = {Verdict::Refuse, Reason::Error};
        return close_lane(at, lanes_[at].timed_out(std::chrono::steady_clock::now()));
    }
    time_outs_[at] = parts_.loop.after(setups_[at].passage_timeout, [this, at] {
        setups_[at].turnstile->lock();
        close_lane(at, lanes_[at].timed_out(std::chrono::steady_clock::now()));
    });
}

void Gate::close_lane(std::size_t lane, std::optional<LaneOutcome> outcome) {
    if (!outcome) return;
    time_outs_[lane].reset();
    setups_[lane].turnstile->lock();
    defer(std::move(*outcome));
}

void Gate::note_trouble(std::string_view trouble) {
    if (in_trouble_ == !trouble.empty()) return;
    in_trouble_ = !trouble.empty();
    if (parts_.on_ledger_trouble) parts_.on_ledger_trouble(trouble);
}

}  // namespace stile
