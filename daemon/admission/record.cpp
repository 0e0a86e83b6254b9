// SPDX-License-Identifier: Apache-2.0
// From a decision to the rows of the ledger.
#include "daemon/admission/record.hpp"

#include <algorithm>
#include <utility>

#include "daemon/admission/platform_record.hpp"

namespace stile {
namespace {

// What a genuine copy and its proof leave behind. True: there is something to store.
bool learn(const crypto::Ticket& ticket, Verdict verdict, TicketState& state) {
    const bool newer_copy = ticket.reissue > state.highest_reissue;
    if (newer_copy) state.highest_reissue = ticket.reissue;
    if (verdict == Verdict::Admit) remember_proof(ticket, state);
    return newer_copy;
}

Result<void> append_refusal(Batch& batch, const Case& scan, Recording& what, bool newer_copy,
                            const ClockReading& now) {
    if (newer_copy) {
        if (auto set = batch.set_state(scan.identities().front(), what.state); !set) return set;
    }
    if (auto seq = batch.append(std::move(what.entry), now); !seq)
        return std::unexpected{std::move(seq.error())};
    return {};
}

std::string nonce_for(const Batch& batch, const Decision& decision, const std::string& given) {
    if (!given.empty()) return given;
    return decision.verdict == Verdict::Admit ? batch.next_nonce() : new_nonce();
}

Result<void> tell(Batch& batch, const Case& scan, const Decision& decision,
                  const std::string& nonce) {
    // A refusal that is only counted would cost the space that there is not.
    if (decision.verdict == Verdict::Refuse && batch.refusals() == Refusals::CountOnly) return {};
    const auto record = scan_record(scan, decision, nonce_for(batch, decision, nonce));
    if (!record) return {};
    if (auto number = batch.enqueue(kPlatformQueue, as_bytes(*record)); !number)
        return std::unexpected{std::move(number.error())};
    return {};
}

}  // namespace

void remember_proof(const crypto::Ticket& ticket, TicketState& state) {
    if (!ticket.proof_time) return;
    const auto step =
        *ticket.proof_time - ticket.proof_time->time_since_epoch() % ticket.proof_step;
    const auto seconds = static_cast<std::uint32_t>(step.time_since_epoch().count());
    state.last_proof = std::max(state.last_proof, seconds);
}

void describe(const crypto::Ticket& ticket, Decided& entry) {
    entry.assurance = std::to_underlying(ticket.assurance);
    entry.reissue = ticket.reissue;
    entry.product = ticket.product;
    entry.event = ticket.event;
}

void describe(const Case& scan, const Decision& decision, const crypto::EventSecret& secret,
              Decided& entry) {
    entry.verdict = decision.verdict;
    entry.reason = decision.reason;
    entry.direction = scan.direction;
    entry.list = scan.list.list;
    entry.event = scan.list.event;
    if (scan.fault) entry.fault = std::to_underlying(*scan.fault);
    if (scan.position != nullptr) {
        entry.product = scan.position->product;
        entry.assurance = std::to_underlying(scan.assurance);
    }
    if (scan.ticket) describe(scan.ticket->ticket(), entry);
    if (scan.has_claimant()) entry.ticket = crypto::ticket_id(secret, scan.identities().front());
    if (needs_attention(scan)) entry.flags |= kFlagAttention;
}

Result<void> record(Batch& batch, const Case& scan, const Decision& decision, Recording what,
                    const ClockReading& now, Heard heard) {
    if (heard == Heard::NotYet) {
        if (auto told = tell(batch, scan, decision, what.nonce); !told) return told;
    }
    const bool newer_copy =
        scan.ticket && learn(scan.ticket->ticket(), decision.verdict, what.state);
    if (decision.verdict == Verdict::Refuse)
        return append_refusal(batch, scan, what, newer_copy, now);
    auto seq = batch.admit({.decided = std::move(what.entry),
                            .identity = scan.identities().front(),
                            .state = what.state,
                            .move = what.move,
                            .nonce = std::move(what.nonce)},
                           now);
    if (!seq) return std::unexpected{std::move(seq.error())};
    return {};
}

}  // namespace stile
