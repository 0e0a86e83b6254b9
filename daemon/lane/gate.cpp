// SPDX-License-Identifier: Apache-2.0
// Scans in, one commit, releases out.

#include <algorithm>
#include <optional>
#include <utility>

#include "daemon/lane/post.hpp"

namespace stile {
namespace {

constexpr std::chrono::milliseconds kFlushDelay{100};
constexpr std::chrono::milliseconds kRetryDelay{1000};
constexpr std::chrono::milliseconds kScheduleLook{5000};
constexpr auto kStaffAssurance = crypto::Assurance::HolderTimeProof;
constexpr std::int64_t kOldestFrameNs = 2'000'000'000;  // a person who showed it then has moved on

using protocol::Feedback;
using protocol::Outcome;

std::uint32_t microseconds_since(std::uint64_t captured_ns) {
    const std::int64_t age = EventLoop::monotonic_ns() - static_cast<std::int64_t>(captured_ns);
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(age / 1000, 0, UINT32_MAX));
}

Result<void> append(Batch& batch, EntryBody body, const ClockReading& now) {
    if (auto put = batch.append(std::move(body), now); !put)
        return std::unexpected{std::move(put.error())};
    return {};
}

// All proofs of one step are one, so its beginning stands for them.
void remember_proof(const crypto::Ticket& ticket, TicketState& state) {
    if (!ticket.proof_time) return;
    const auto step =
        *ticket.proof_time - ticket.proof_time->time_since_epoch() % ticket.proof_step;
    const auto seconds = static_cast<std::uint32_t>(step.time_since_epoch().count());
    state.last_proof = std::max(state.last_proof, seconds);
}

bool too_old(const protocol::Scan& scan) {
    return EventLoop::monotonic_ns() - static_cast<std::int64_t>(scan.captured_ns) > kOldestFrameNs;
}

void put_words(Feedback& answer, Reason reason) {
    const ReasonText& text = text_of(reason);
    answer.reason = std::to_underlying(reason);
    answer.headline = text.headline;
    answer.advice = text.advice;
}

Feedback short_answer(const WaitingScan& waiting, Outcome outcome) {
    return {.scan = waiting.scan.scan, .outcome = outcome};
}

// Nobody is decided on while everybody may pass: the ticket stays as it is.
Feedback free_passage(const WaitingScan& waiting) {
    Feedback answer = short_answer(waiting, Outcome::Admit);
    put_words(answer, Reason::FreePassage);
    return answer;
}

}  // namespace

Gate::Gate(Parts parts, std::vector<LaneSetup> lanes)
    : parts_{std::move(parts)}, verifier_{parts_.keys} {
    const auto now = std::chrono::steady_clock::now();
    for (LaneSetup& setup : lanes) {
        const std::size_t at = lanes_.size();
        lanes_.emplace_back(Lane::Options{setup.name, setup.direction, setup.sensor_stuck},
                            setup.turnstile->capabilities());
        setup.turnstile->on_signal([this, at](devices::Signal what) { signal(at, what); });
        setup.turnstile->lock();  // whatever an earlier run has left it at
        const StoredMode stored = stored_mode(setup.name);
        posts_.push_back({.setup = std::move(setup), .mode_since = stored.since});
        lanes_[at].set_mode(stored.mode, now);
        perform(at);
    }
    if (std::ranges::all_of(posts_, [](const Post& post) { return post.setup.schedule.empty(); }))
        return;
    schedule_timer_ = parts_.loop.every(kScheduleLook, [this] { follow_schedules(); });
    turn_ = parts_.loop.when_idle([this] {
        follow_schedules();
        process();
    });
}

Gate::~Gate() = default;

void Gate::submit(WaitingScan scan) {
    ++scans_;
    if (lanes_[scan.lane].open_for_all()) return scan.answer(free_passage(scan));
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
    if (!flush_) flush_ = parts_.loop.after(kFlushDelay, [this] { write_deferred(); });
}

void Gate::flush() {
    for (std::size_t at = 0; at < lanes_.size(); ++at) {
        lanes_[at].report_free();
        perform(at);
    }
    write_deferred();
}

void Gate::write_deferred() {
    if (!deferred_.empty()) process();
}

void Gate::process() {
    turn_.reset();
    flush_.reset();
    std::vector<Examined> scans;
    for (WaitingScan& waiting : std::exchange(waiting_, {})) {
        if (!take_card(waiting)) scans.push_back(examine(std::move(waiting)));
    }
    if (scans.empty() && deferred_.empty()) return;
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
    if (!deferred_.empty()) flush_ = parts_.loop.after(kRetryDelay, [this] { write_deferred(); });
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
    std::vector<Taken> taken(lanes_.size());
    for (Examined& scan : scans) {
        if (auto stored = store_one(*batch, scan, taken); !stored)
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
        } else if (const auto* event = std::get_if<LaneEvent>(&deferred)) {
            stored = append(batch, *event, now);
        } else {
            stored = append(batch, std::get<ListChanged>(deferred), now);
        }
        if (!stored) return stored;
    }
    return {};
}

Result<void> Gate::store_one(Batch& batch, Examined& scan, std::span<Taken> taken) {
    const std::size_t at = scan.waiting.lane;
    const Lane& lane = lanes_[at];
    const auto& by = taken[at].by;
    scan.outcome = Outcome::Refuse;
    scan.flags = 0;
    scan.overridden = false;
    scan.login.clear();
    if (scan.ticket) {
        const crypto::Identity& identity = (*scan.ticket)->identity;
        if (by == identity || has_menu(at, identity) ||
            lane.ignores(identity, std::chrono::steady_clock::now())) {
            scan.outcome = Outcome::Same;
            return {};
        }
    }
    if (lane.busy() || by || lane.open_for_all()) {
        scan.outcome = Outcome::Wait;
        return {};
    }
    if (scan.ticket) {
        auto stored = store_ticket(batch, scan);
        if (scan.outcome == Outcome::Admit) taken[at].by = (*scan.ticket)->identity;
        return stored;
    }
    scan.decided_us = microseconds_since(scan.waiting.scan.captured_ns);
    return append(batch, entry_for(scan), parts_.clock.now());
}

// A damaged state or visit stays as it is, and refuses.
Result<void> Gate::judge(const Batch& batch, Examined& scan) {
    const crypto::Ticket& ticket = scan.ticket->ticket();
    auto state = batch.state(ticket.identity);
    if (!state) return std::unexpected{std::move(state.error())};
    visits_.clear();
    auto read = batch.visits(ticket.identity, {ticket.event, 0}, visits_);
    if (!read) return read;
    const EntryFacts entry = entry_facts(*state, visits_, lanes_[scan.waiting.lane].name());
    scan.decision = decide(*scan.ticket, {scan.revocation, entry}, parts_.policy,
                           parts_.clock.now().bounds, direction_of(scan));
    if (lanes_[scan.waiting.lane].closed(direction_of(scan)))
        scan.decision = {Verdict::Refuse, Reason::LaneClosed};
    const LaneSetup& setup = posts_[scan.waiting.lane].setup;
    scan.people = people_to_admit(ticket.admissions, entry, parts_.policy.reentry,
                                  direction_of(scan), setup.group);
    scan.newer_copy = ticket.reissue > state->highest_reissue;
    if (scan.newer_copy) state->highest_reissue = ticket.reissue;
    scan.state = *state;
    return {};
}

Result<void> Gate::store_ticket(Batch& batch, Examined& scan) {
    scan.state.reset();
    scan.decision = {};
    if (auto judged = judge(batch, scan); !judged && judged.error().code != Errc::Corrupt)
        return judged;
    scan.decided_us = microseconds_since(scan.waiting.scan.captured_ns);
    if (scan.decision.verdict == Verdict::Admit && is_staff(*scan.ticket)) {
        if ((*scan.ticket)->assurance >= kStaffAssurance) return store_login(batch, scan);
        scan.decision = {Verdict::Refuse, Reason::Assurance};
    }
    if (scan.decision.verdict == Verdict::Admit) return admit(batch, scan);
    scan.people = 1;
    const StaffWord* word = waiting_word(scan.waiting.lane);
    if (word != nullptr && scan.state && scan.state->pending == 0) {
        scan.overridden = true;
        return store_override(batch, scan, *word);
    }
    if (scan.newer_copy) {
        if (auto put = batch.set_state((*scan.ticket)->identity, *scan.state); !put) return put;
    }
    return append(batch, entry_for(scan), parts_.clock.now());
}

// Who has the menu opens nothing by that, and their proof is used up.
Result<void> Gate::store_login(Batch& batch, Examined& scan) {
    const crypto::Ticket& ticket = scan.ticket->ticket();
    scan.outcome = Outcome::Wait;
    scan.login = staff_name(ticket);
    remember_proof(ticket, *scan.state);
    if (auto put = batch.set_state(ticket.identity, *scan.state); !put) return put;
    const Act act{.what = ActKind::Login,
                  .person = scan.login,
                  .role = "staff",
                  .lane = lanes_[scan.waiting.lane].name()};
    return append(batch, act, parts_.clock.now());
}

// A group ticket whose last admission is still open at another lane: one after the other.
Result<void> Gate::admit(Batch& batch, Examined& scan) {
    const crypto::Ticket& ticket = scan.ticket->ticket();
    if (scan.state->pending != 0) {
        scan.outcome = Outcome::Wait;
        return {};
    }
    scan.outcome = Outcome::Admit;
    remember_proof(ticket, *scan.state);
    const auto put =
        batch.admit({.decided = entry_for(scan), .identity = ticket.identity, .state = *scan.state},
                    parts_.clock.now());
    return put ? Result<void>{} : std::unexpected{put.error()};
}

Direction Gate::direction_of(const Examined& scan) const {
    return scan.waiting.direction.value_or(lanes_[scan.waiting.lane].direction());
}

Decided Gate::entry_for(const Examined& scan) const {
    Decided entry{.verdict = scan.decision.verdict,
                  .reason = scan.decision.reason,
                  .direction = direction_of(scan),
                  .medium = std::to_underlying(scan.waiting.scan.medium),
                  .fault = scan.fault,
                  .people = scan.people,
                  .flags = scan.flags,
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
        if (scan.outcome == Outcome::Refuse) remember_refusal(scan);
        const bool decided = scan.outcome == Outcome::Admit || scan.outcome == Outcome::Refuse;
        if (decided) posts_[scan.waiting.lane].menu.close();  // a guest came between
    }
    for (const Examined& scan : scans) {
        Feedback feedback = short_answer(scan.waiting, scan.outcome);
        if (scan.outcome == Outcome::Admit || scan.outcome == Outcome::Refuse) {
            put_words(feedback, scan.decision.reason);
        }
        if (!scan.login.empty()) open_menu(scan, feedback);
        scan.waiting.answer(feedback);
    }
    if (!parts_.on_decided) return;
    for (const Examined& scan : scans) {
        if (scan.outcome == Outcome::Admit || scan.outcome == Outcome::Refuse)
            parts_.on_decided(entry_for(scan));
    }
}

void Gate::note_trouble(std::string_view trouble) {
    if (in_trouble_ == !trouble.empty()) return;
    in_trouble_ = !trouble.empty();
    if (parts_.on_ledger_trouble) parts_.on_ledger_trouble(trouble);
}

}  // namespace stile
