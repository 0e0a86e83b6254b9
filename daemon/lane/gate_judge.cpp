// SPDX-License-Identifier: Apache-2.0
// Who asks, what is remembered of them, and the decision on the state that the scan before left.
#include <algorithm>
#include <utility>

#include "daemon/admission/recall.hpp"
#include "daemon/admission/record.hpp"
#include "daemon/admission/words.hpp"
#include "daemon/lane/post.hpp"

namespace stile {
namespace {

using protocol::Outcome;

constexpr auto kStaffAssurance = crypto::Assurance::HolderTimeProof;

Result<void> append(Batch& batch, EntryBody body, const ClockReading& now) {
    if (auto put = batch.append(std::move(body), now); !put)
        return std::unexpected{std::move(put.error())};
    return {};
}

Reentry reentry_of(const AccessList* list) {
    if (list == nullptr) return Reentry::Never;
    if (list->multiple_entries) return Reentry::Always;
    return list->entry_after_exit ? Reentry::AfterExit : Reentry::Never;
}

}  // namespace

std::uint32_t microseconds_since(std::uint64_t captured_ns) {
    const std::int64_t age = EventLoop::monotonic_ns() - static_cast<std::int64_t>(captured_ns);
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(age / 1000, 0, UINT32_MAX));
}

// Everything that needs no transaction: orders, signature, revocation list.
Gate::Examined Gate::examine(WaitingScan waiting) {
    if (posts_[waiting.lane].test) return examine_test(std::move(waiting));
    Examined scan{.waiting = std::move(waiting)};
    if (const auto nothing = scan.waiting.nothing()) {
        scan.fault = std::to_underlying(crypto::Fault::UnknownFormat);
        scan.decision = {Verdict::Refuse, *nothing};
    } else if (posts_[scan.waiting.lane].lists.empty()) {
        prove(scan);
    } else {
        look_up(scan);
    }
    return scan;
}

// A medium stands for what a platform's orders say of it: beyond them it is nobody's.
crypto::Proof Gate::proof_of(const WaitingScan& scan) const {
    if (const auto* answer = scan.shown<crypto::CardSigned>())
        return verifier_.prove_answer(answer->answer, answer->challenge);
    if (const auto* card = scan.shown<crypto::CardMutual>()) return verifier_.prove_card(*card);
    if (scan.shown<crypto::CardMedium>() != nullptr)
        return std::unexpected{crypto::Fault::UnknownFormat};
    return verifier_.prove(scan.content());
}

void Gate::prove(Examined& scan) {
    const auto proof = proof_of(scan.waiting);
    if (proof && !sells((*proof)->event)) return take_ticket(scan, *proof);
    if (!proof) scan.fault = std::to_underlying(proof.error());
    scan.decision = proof ? Decision{Verdict::Refuse, Reason::Invalid} : decide(proof.error());
}

// One for the gate's own list.
void Gate::take_ticket(Examined& scan, const crypto::VerifiedTicket& ticket) {
    scan.ticket = ticket;
    scan.ticket_id = crypto::ticket_id(parts_.secret, ticket->identity);
    const auto facts = parts_.revocations(ticket.ticket());
    if (facts) {
        scan.revocation = *facts;
    } else {
        scan.revocation.list = RevocationFacts::List::Unreadable;
    }
}

Result<TicketState> Gate::recall_own(const Batch& batch, Examined& scan, WallTime now) {
    const crypto::Ticket& ticket = scan.ticket->ticket();
    auto state = batch.state(ticket.identity);
    if (!state) return state;
    scan.own = own_list(scan);
    replace_copies(scan, now, *state);
    visits_.clear();
    const ListKey list{ticket.event, scan.own == nullptr ? 0 : scan.own->key.list};
    if (auto read = batch.visits(ticket.identity, list, visits_); !read)
        return std::unexpected{std::move(read.error())};
    forget_before(*state, visits_);
    scan.entry = entry_facts(*state, visits_, lanes_[scan.waiting.lane].name());
    return state;
}

Decision Gate::decision_on(const Examined& scan, const Policy& policy,
                           const ClockBounds& now) const {
    if (!scan.at_platform) {
        const Facts facts{scan.revocation, scan.entry, nullptr, scan.venue};
        return decide(*scan.ticket, facts, policy, now, direction_of(scan));
    }
    scan.at_platform->venue = scan.venue;
    return decide(*scan.at_platform, policy, now);
}

// A damaged state or visit stays as it is, and refuses.
Result<void> Gate::judge(Batch& batch, Examined& scan) {
    const Lane& lane = lanes_[scan.waiting.lane];
    const ClockReading now = parts_.clock.now();
    Case* const asked = scan.at_platform.get();
    auto state = asked != nullptr ? recall(*asked, batch, {rules_.platform->device, lane.name()})
                                  : recall_own(batch, scan, now.time);
    if (!state) return std::unexpected{std::move(state.error())};
    const Policy policy = asked != nullptr ? rules_.own() : own_policy(scan);
    const auto people = [&](GroupWay way) {
        const auto& ticket = asked != nullptr ? asked->ticket : scan.ticket;
        return people_to_admit(ticket ? (*ticket)->admissions : 1,
                               asked != nullptr ? asked->entry : scan.entry,
                               asked != nullptr ? reentry_of(asked->door.list) : policy.reentry,
                               direction_of(scan), way);
    };
    scan.people = people(rules_.lanes[scan.waiting.lane].group);
    if (rules_.venue) {
        auto told = consult(batch, scan, *state, people(GroupWay::Together), now);
        if (!told) return told;
        scan.people = scan.duties.people;
    }
    scan.decision = decision_on(scan, policy, now.bounds);
    if (asked != nullptr) scan.advice = advice_for(*asked, scan.decision);
    if (scan.venue && scan.decision.reason == *scan.venue) scan.advice = scan.venue_words.view();
    if (lane.closed(direction_of(scan))) {
        scan.decision = {Verdict::Refuse, Reason::LaneClosed};
        scan.advice.clear();
    }
    if (scan.ticket) {
        scan.newer_copy = (*scan.ticket)->reissue > state->highest_reissue;
        if (scan.newer_copy) state->highest_reissue = (*scan.ticket)->reissue;
    }
    scan.state = *state;
    return {};
}

Result<void> Gate::store_claimant(Batch& batch, Examined& scan) {
    scan.state.reset();
    scan.decision = {};
    scan.venue.reset();
    scan.duties = {};
    scan.advice.clear();
    if (scan.in_test) return store_test(batch, scan);
    if (auto judged = judge(batch, scan); !judged && judged.error().code != Errc::Corrupt)
        return judged;
    scan.decided_us = microseconds_since(scan.waiting.scan.captured_ns);
    if (scan.decision.verdict == Verdict::Admit && scan.ticket && is_staff(*scan.ticket)) {
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
    return store_refusal(batch, scan);
}

Result<void> Gate::store_refusal(Batch& batch, Examined& scan) {
    scan.decided_us = microseconds_since(scan.waiting.scan.captured_ns);
    const ClockReading now = parts_.clock.now();
    const bool is_readable = scan.state || scan.identities().empty();
    if (scan.at_platform && is_readable) {
        Recording what{.entry = entry_for(scan), .state = scan.state.value_or(TicketState{})};
        return stile::record(batch, *scan.at_platform, scan.decision, std::move(what), now);
    }
    if (scan.newer_copy && scan.state) {
        if (auto put = batch.set_state(scan.identities().front(), *scan.state); !put) return put;
    }
    return append(batch, entry_for(scan), now);
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
                  .role = std::string{kCredentialRole},
                  .lane = lanes_[scan.waiting.lane].name()};
    return append(batch, act, parts_.clock.now());
}

// A group ticket whose last admission is still open at another lane: one after the other.
Result<void> Gate::admit(Batch& batch, Examined& scan) {
    if (scan.state->pending != 0) {
        scan.outcome = Outcome::Wait;
        return {};
    }
    scan.outcome = Outcome::Admit;
    scan.flags = static_cast<std::uint16_t>(scan.flags | scan.duties.flags);
    const ClockReading now = parts_.clock.now();
    const AreaMove move{scan.duties.from_area, scan.duties.to_area};
    if (scan.at_platform) {
        Recording what{.entry = entry_for(scan), .state = *scan.state, .move = move};
        return stile::record(batch, *scan.at_platform, scan.decision, std::move(what), now);
    }
    remember_proof(scan.ticket->ticket(), *scan.state);
    const auto put = batch.admit({.decided = entry_for(scan),
                                  .identity = (*scan.ticket)->identity,
                                  .state = *scan.state,
                                  .move = move},
                                 now);
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
    const auto& ticket = scan.at_platform ? scan.at_platform->ticket : scan.ticket;
    if (ticket) entry.issuer = keys_.issuer_name((*ticket)->issuer).value_or("");
    if (ticket && scan.in_test) entry.issuer = TestSession::kIssuer;
    if (scan.at_platform) {
        describe(*scan.at_platform, scan.decision, parts_.secret, entry);
    } else if (ticket) {
        describe((*ticket).ticket(), entry);
        if (scan.own != nullptr) entry.list = scan.own->key.list;
    }
    if (scan.decision.verdict == Verdict::Admit) entry.area = scan.duties.to_area;
    return entry;
}

}  // namespace stile
