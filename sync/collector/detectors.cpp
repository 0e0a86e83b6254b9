// SPDX-License-Identifier: Apache-2.0
// Hands each scan to the three watches, and puts what they found into words.
#include "sync/collector/detectors.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace stile::sync {
namespace {

// As every gate, lane and issuer is named; anything else may come from anybody who can write to the
// broker, and would stand in the topic of an alarm.
bool is_name(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !text.empty() && text.size() <= 63 && std::ranges::all_of(text, allowed);
}

long percent(double share) {
    return std::lround(100 * share);
}

Strike strike(RefusalWatch::Spike&& spike) {
    return {.kind = StrikeKind::Refusals,
            .gate = std::move(spike.gate),
            .detail = fmt::format("{} of {} guests were refused in 5 minutes; {} % is usual",
                                  spike.lately.refused, spike.lately.all, percent(spike.usual))};
}

Strike strike(const crypto::TicketId& ticket) {
    return {.kind = StrikeKind::ManyGates,
            .ticket = ticket,
            .detail = fmt::format("refused at {} gates or more within {} minutes",
                                  TicketWatch::kGates, TicketWatch::kWithin.count())};
}

Strike strike(IssuerWatch::Busy&& busy) {
    return {
        .kind = StrikeKind::IssuerBusy,
        .issuer = std::move(busy.issuer),
        .detail = fmt::format("{} of {} admitted in 10 minutes are of this issuer; {} % is usual",
                              busy.tickets, busy.all, percent(busy.usual))};
}

}  // namespace

std::optional<std::size_t> Detectors::number_of(std::string_view gate) {
    if (const auto found = gate_numbers_.find(gate); found != gate_numbers_.end())
        return found->second;
    if (gate_numbers_.size() == RefusalWatch::kMostGates) return std::nullopt;
    return gate_numbers_.emplace(std::string{gate}, gate_numbers_.size()).first->second;
}

void Detectors::take(const Attempt& attempt, WallTime now) {
    if (attempt.time < now - kOldest || attempt.time > now + kAhead) return;
    if (!is_name(attempt.gate) || !is_name(attempt.lane)) return;
    refusals_.take(attempt.gate, attempt.lane, attempt.time, attempt.verdict);
    if (attempt.verdict == Verdict::Admit) {
        if (is_name(attempt.issuer)) issuers_.take(attempt.issuer, attempt.time);
        return;
    }
    if (!attempt.ticket) return;
    if (const auto gate = number_of(attempt.gate))
        tickets_.take(*attempt.ticket, *gate, attempt.time, now);
}

Detectors::Sizes Detectors::remembered() const {
    return {.gates = std::max(refusals_.gates(), gate_numbers_.size()),
            .lanes = refusals_.lanes(),
            .tickets = tickets_.remembered(),
            .issuers = issuers_.issuers()};
}

std::vector<Strike> Detectors::look(WallTime now) {
    std::vector<Strike> out;
    for (auto& spike : refusals_.look(now))
        out.push_back(strike(std::move(spike)));
    for (const auto& ticket : tickets_.look(now))
        out.push_back(strike(ticket));
    for (auto& busy : issuers_.look(now))
        out.push_back(strike(std::move(busy)));
    return out;
}

}  // namespace stile::sync
