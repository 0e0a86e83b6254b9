// SPDX-License-Identifier: Apache-2.0
// Scans in, one commit, releases out.

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include "daemon/lane/post.hpp"

namespace stile {
namespace {

constexpr std::chrono::milliseconds kFlushDelay{100};
constexpr std::chrono::milliseconds kRetryDelay{1000};
constexpr std::int64_t kOldestFrameNs = 2'000'000'000;  // a person who showed it then has moved on

using protocol::Feedback;
using protocol::Outcome;

Result<void> append_deferred(Batch& batch, EntryBody body, const ClockReading& now) {
    if (auto put = batch.append(std::move(body), now); !put)
        return std::unexpected{std::move(put.error())};
    return {};
}

// A card is there until it has been heard out, and what it shows is as fresh as its nonce.
bool too_old(const WaitingScan& waiting) {
    if (waiting.card) return false;
    const auto captured = static_cast<std::int64_t>(waiting.scan.captured_ns);
    return EventLoop::monotonic_ns() - captured > kOldestFrameNs;
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
    : parts_{std::move(parts)}, rules_{std::move(parts_.rules)}, verifier_{keys_} {
    assert(rules_.lanes.size() == lanes.size());
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
    adopt_rules();
}

Gate::~Gate() = default;

void Gate::submit(WaitingScan scan) {
    ++scans_;
    if (lanes_[scan.lane].open_for_all()) return scan.answer(free_passage(scan));
    if (scan.nothing() == Reason::CardTorn) return tell_torn(scan);
    const auto before = std::ranges::count(waiting_, scan.lane, &WaitingScan::lane);
    if (std::cmp_greater_equal(before, kMostWaitingALane) || too_old(scan)) {
        return scan.answer(short_answer(scan, Outcome::Wait));
    }
    waiting_.push_back(std::move(scan));
    if (!turn_) turn_ = parts_.loop.when_idle([this] { process(); });
}

// Nobody can be decided on until the card is back, so this is in no ledger.
void Gate::tell_torn(const WaitingScan& scan) {
    answered(scan.lane, {.state = SignState::Stop,
                         .reason = Reason::CardTorn,
                         .direction = scan.direction.value_or(lanes_[scan.lane].direction()),
                         .at = std::chrono::steady_clock::now()});
    Feedback answer = short_answer(scan, Outcome::Refuse);
    put_words(answer, Reason::CardTorn);
    scan.answer(answer);
}

void Gate::record(ListChanged change) {
    defer(std::move(change));
}

// The newest of each consumer is enough: they may come by the thousand while nothing can be stored.
void Gate::acknowledge(std::string consumer, Watermark watermark) {
    for (Deferred& deferred : deferred_) {
        auto* cursor = std::get_if<Cursor>(&deferred);
        if (cursor == nullptr || cursor->consumer != consumer) continue;
        cursor->watermark = watermark;
        return;
    }
    defer(Cursor{std::move(consumer), watermark});
}

void Gate::defer(Deferred deferred) {
    deferred_.push_back(std::move(deferred));
    if (!flush_) flush_ = parts_.loop.after(kFlushDelay, [this] { write_deferred(); });
}

void Gate::flush() {
    for (std::size_t at = 0; at < lanes_.size(); ++at) {
        end_test(at, {"stiled", ""}, "the daemon ends");
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
        const bool decided = scan.outcome == Outcome::Admit || scan.outcome == Outcome::Refuse;
        if (decided && !scan.in_test) parts_.ledger.refusal_lost(parts_.clock.now().time);
        if (scan.outcome != Outcome::Admit && !undecided) continue;
        scan.outcome = Outcome::Refuse;
        scan.decision = {Verdict::Refuse, Reason::NotRecorded};
    }
    settle(scans, {});
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
            if (stored && outcome->passage.result == PassageResult::Released)
                stored = tell_released(batch, outcome->admission, now.time);
        } else if (const auto* cursor = std::get_if<Cursor>(&deferred)) {
            stored = batch.set_cursor(cursor->consumer, cursor->watermark);
        } else if (const auto* event = std::get_if<LaneEvent>(&deferred)) {
            stored = append_deferred(batch, *event, now);
        } else if (const auto* act = std::get_if<Act>(&deferred)) {
            stored = append_deferred(batch, *act, now);
        } else {
            stored = append_deferred(batch, std::get<ListChanged>(deferred), now);
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
    scan.flags = scan.in_test ? kFlagTest : std::uint16_t{0};
    scan.overridden = false;
    scan.login.clear();
    for (const crypto::Identity& identity : scan.identities()) {
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
    if (scan.identities().empty()) return store_refusal(batch, scan);
    auto stored = store_claimant(batch, scan);
    if (scan.outcome == Outcome::Admit) taken[at].by = scan.identities().front();
    return stored;
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
            if (!scan.advice.empty()) feedback.advice = scan.advice;
        }
        if (!scan.login.empty()) open_menu(scan, feedback);
        scan.waiting.answer(feedback);
        if (scan.outcome == Outcome::Refuse || scan.outcome == Outcome::Wait)
            answered(scan.waiting.lane, answer_for(scan));
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
