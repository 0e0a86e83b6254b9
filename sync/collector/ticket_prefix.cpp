// SPDX-License-Identifier: Apache-2.0
// The ends of a range of ids that begin alike.
#include <string>

#include "sync/collector/store.hpp"

namespace stile::sync {
namespace {

constexpr std::size_t kDigits = 2 * crypto::TicketId{}.size();

std::optional<crypto::TicketId> filled_up(std::string_view digits, char with) {
    std::string all{digits};
    all.resize(kDigits, with);
    const auto bytes = from_hex(all);
    if (!bytes) return std::nullopt;
    crypto::TicketId ticket{};
    std::ranges::copy(*bytes, ticket.begin());
    return ticket;
}

}  // namespace

std::optional<TicketPrefix> TicketPrefix::parse(std::string_view digits) {
    if (digits.size() < kLeastDigits || digits.size() > kDigits) return std::nullopt;
    const auto first = filled_up(digits, '0');
    const auto last = filled_up(digits, 'f');
    if (!first || !last) return std::nullopt;
    TicketPrefix prefix;
    prefix.first_ = *first;
    prefix.last_ = *last;
    return prefix;
}

TicketPrefix TicketPrefix::of(const crypto::TicketId& ticket) {
    TicketPrefix prefix;
    prefix.first_ = ticket;
    prefix.last_ = ticket;
    return prefix;
}

}  // namespace stile::sync
