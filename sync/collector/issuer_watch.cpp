// SPDX-License-Identifier: Apache-2.0
// An issuer's share of the last ten minutes against its share of the hour before.
#include "sync/collector/issuer_watch.hpp"

#include "sync/collector/evidence.hpp"

namespace stile::sync {
namespace {

constexpr MinuteNumber kIssuerLately = 10;
constexpr MinuteNumber kIssuerPast = 55;
// With less of a past every issuer is new.
constexpr std::uint64_t kLeastPast = 300;
constexpr double kLeastShare = 0.05;
constexpr double kPriorTickets = 5;
constexpr double kPriorAll = 100;
constexpr Excess kIssuerRaised{.least = 60, .ratio = 3, .evidence = 40};
constexpr Excess kIssuerStays{.least = 15, .ratio = 2, .evidence = 8};

}  // namespace

void IssuerWatch::take(std::string_view name, WallTime time) {
    const MinuteNumber minute = minute_number(time);
    ++all_.at(minute);
    auto found = issuers_.find(name);
    if (found == issuers_.end()) {
        if (issuers_.size() == kMostIssuers) return;
        found = issuers_.try_emplace(std::string{name}).first;
    }
    ++found->second.minutes.at(minute).tickets;
}

std::uint64_t IssuerWatch::all(MinuteNumber from, MinuteNumber to) const {
    std::uint64_t sum = 0;
    for (MinuteNumber at = from; at < to; ++at)
        if (const std::uint32_t* tickets = all_.find(at)) sum += *tickets;
    return sum;
}

IssuerWatch::Past IssuerWatch::past_of(const Issuer& issuer, MinuteNumber from,
                                       MinuteNumber to) const {
    Past past;
    for (MinuteNumber at = from; at < to; ++at) {
        const Minute* minute = issuer.minutes.find(at);
        if (minute != nullptr && minute->strange) continue;
        if (minute != nullptr) past.tickets += minute->tickets;
        past.all += all(at, at + 1);
    }
    return past;
}

std::vector<IssuerWatch::Busy> IssuerWatch::look(WallTime now) {
    const MinuteNumber end = minute_number(now) + 1;
    const MinuteNumber lately = end - kIssuerLately;
    const std::uint64_t admitted = all(lately, end);
    std::vector<Busy> out;
    for (auto& [name, issuer] : issuers_) {
        const Past past = past_of(issuer, lately - kIssuerPast, lately);
        const double usual = (static_cast<double>(past.tickets) + kPriorTickets) /
                             (static_cast<double>(past.all) + kPriorAll);
        std::uint64_t tickets = 0;
        for (MinuteNumber at = lately; at < end; ++at)
            if (const Minute* minute = issuer.minutes.find(at)) tickets += minute->tickets;
        issuer.striking =
            past.all >= kLeastPast &&
            static_cast<double>(tickets) >= kLeastShare * static_cast<double>(admitted) &&
            is_excess(tickets, admitted, usual, issuer.striking ? kIssuerStays : kIssuerRaised);
        if (!issuer.striking) continue;
        for (MinuteNumber at = lately; at < end; ++at)
            issuer.minutes.at(at).strange = true;
        out.push_back({name, tickets, admitted, usual});
    }
    return out;
}

}  // namespace stile::sync
