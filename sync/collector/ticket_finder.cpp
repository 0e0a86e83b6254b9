// SPDX-License-Identifier: Apache-2.0
// A code is proven before it is looked up: a forged one has no ticket.
#include "sync/collector/ticket_finder.hpp"

#include <fmt/format.h>

#include "daemon/config/key_file.hpp"
#include "daemon/runtime/secret_file.hpp"

namespace stile::sync {

Result<TicketPrefix> TicketFinder::find(std::string_view typed) {
    if (const auto prefix = TicketPrefix::parse(typed)) return *prefix;
    const bool digits = typed.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    if (digits && typed.size() < TicketPrefix::kLeastDigits) {
        return fail(Errc::Invalid, fmt::format("\"{}\": at least {} digits of a ticket's id are "
                                               "needed",
                                               typed, TicketPrefix::kLeastDigits));
    }
    const auto ticket = prove(typed);
    if (!ticket) return std::unexpected{ticket.error()};
    const auto id = id_of(ticket->ticket().identity);
    if (!id) return std::unexpected{id.error()};
    return TicketPrefix::of(*id);
}

Result<crypto::VerifiedTicket> TicketFinder::prove(std::string_view code) {
    if (!keys_) {
        if (config_.keys.empty())
            return fail(Errc::Config,
                        "a ticket's code needs the issuers' keys: name their file in store.keys");
        auto keys = config::load_keys(config_.keys);
        if (!keys) return std::unexpected{std::move(keys.error())};
        keys_ = std::move(*keys);
    }
    const auto proof = crypto::Verifier{*keys_}.prove(as_bytes(code));
    if (!proof) {
        return fail(Errc::Invalid, fmt::format("this is no genuine ticket: {}",
                                               crypto::fault_text(proof.error())));
    }
    return *proof;
}

Result<crypto::TicketId> TicketFinder::id_of(const crypto::Identity& identity) {
    if (!secret_) {
        if (config_.secret.empty())
            return fail(Errc::Config,
                        "the event secret is needed for the id of a ticket: name its file in "
                        "store.secret");
        const auto secret = read_secret_file(config_.secret, "event secret");
        if (!secret) return std::unexpected{secret.error()};
        secret_ = *secret;
    }
    return crypto::ticket_id(*secret_, identity);
}

}  // namespace stile::sync
