// SPDX-License-Identifier: Apache-2.0
// What a platform's access list asks of tickets and positions.
#include <algorithm>

#include "daemon/core/checks.hpp"

namespace stile::checks {
namespace {

bool is_entry(const Visit& visit) {
    return visit.direction == Direction::Entry;
}

// People who are in, or who went in at all where leaving gives no second entry.
std::int64_t counted(std::span<const Visit> visits, const AccessList& list) {
    std::int64_t people = 0;
    for (const Visit& visit : visits) {
        if (is_entry(visit)) people += visit.people;
        if (!is_entry(visit) && list.entry_after_exit)
            people = std::max<std::int64_t>(people - visit.people, 0);
    }
    return people;
}

}  // namespace

Refusal list_known(const Query& q) {
    const ListFacts& at = *q.facts.at;
    if (at.event == nullptr || at.list == nullptr) return Reason::Error;
    if (at.list->key.event != at.event->number) return Reason::Error;
    if (q.event() != at.event->number) return Reason::Invalid;
    return std::nullopt;
}

Refusal not_blocked(const Query& q) {
    const bool blocked = q.position() != nullptr && q.position()->blocked;
    if (blocked || q.facts.at->block == ListFacts::Block::Blocked) return Reason::Blocked;
    return std::nullopt;
}

Refusal on_list(const Query& q) {
    if (!admits_product(*q.facts.at->list, q.product())) return Reason::Product;
    return std::nullopt;
}

Refusal of_subevent(const Query& q) {
    const auto& wanted = q.facts.at->list->subevent;
    if (wanted && *wanted != q.subevent()) return Reason::Invalid;
    return std::nullopt;
}

Refusal product_known(const Query& q) {
    if (q.facts.at->product == nullptr) return Reason::Error;
    return std::nullopt;
}

Refusal may_enter(const Query& q) {
    const ListFacts& at = *q.facts.at;
    if (q.direction == Direction::Exit || at.list->multiple_entries) return std::nullopt;
    if (std::ranges::none_of(at.visits, is_entry)) return std::nullopt;
    const std::uint8_t admissions = q.ticket() != nullptr ? q.ticket()->admissions : 1;
    if (admissions == crypto::kUnlimitedAdmissions) return std::nullopt;
    if (admissions > 1) {
        if (counted(at.visits, *at.list) >= admissions) return Reason::Used;
        return std::nullopt;
    }
    if (at.list->entry_after_exit && !is_entry(std::ranges::max(at.visits))) return std::nullopt;
    return Reason::Used;
}

Refusal order_stands(const Query& q) {
    const OrderStatus status = q.position()->status;
    if (status != OrderStatus::Paid && status != OrderStatus::Pending) return Reason::Canceled;
    return std::nullopt;
}

Refusal approved(const Query& q) {
    const KnownPosition& position = *q.position();
    if (position.status != OrderStatus::Paid && position.require_approval)
        return Reason::Unapproved;
    return std::nullopt;
}

Refusal paid(const Query& q) {
    const KnownPosition& position = *q.position();
    if (position.status == OrderStatus::Paid || position.valid_if_pending) return std::nullopt;
    const ListFacts& at = *q.facts.at;
    const bool ignored = at.unpaid == ListFacts::Unpaid::Ignore && at.list->include_pending;
    if (!ignored) return Reason::Unpaid;
    return std::nullopt;
}

Refusal exchanged(const Query& q) {
    const ListFacts& at = *q.facts.at;
    const bool by_medium = std::get<PositionClaim>(q.claimant).medium != nullptr;
    if (by_medium || at.product->media == MediaPolicy::None) return std::nullopt;
    if (at.media == ListFacts::Media::None) return Reason::ExchangeRequired;
    if (at.event->media_enforced) return Reason::AlreadyExchanged;
    return std::nullopt;
}

}  // namespace stile::checks
