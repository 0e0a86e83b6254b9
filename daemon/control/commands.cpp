// SPDX-License-Identifier: Apache-2.0
// The table of verbs.
#include "daemon/control/commands.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "daemon/catalog/orders/catalog_json.hpp"
#include "daemon/catalog/revocation_text.hpp"

namespace stile {
namespace {

using Arguments = std::vector<std::string>;
using Json = nlohmann::ordered_json;

Result<std::string> status(const Arguments& /*arguments*/, const CommandParts& parts) {
    return status_json(parts.report());
}

Result<std::string> revocation_stat(const Arguments& /*arguments*/, const CommandParts& parts) {
    const auto list = parts.revocations.list();
    if (!list) return std::unexpected{list.error()};
    return revocation_json(*list);
}

crypto::Ticket ticket_of(const RevokedSerial& named) {
    crypto::Ticket ticket;
    ticket.issuer = crypto::issuer_id(named.issuer);
    ticket.event = named.event;
    ticket.serial = named.serial;
    ticket.identity = crypto::identity_of(ticket.issuer, named.event, named.serial);
    return ticket;
}

crypto::Ticket ticket_of(const RevokedSecret& named) {
    crypto::Ticket ticket;
    ticket.event = named.event;
    ticket.identity = secret_identity(named.event, named.text);
    return ticket;
}

// Names a ticket as a line of the list does: "issuer event serial" or "secret event TEXT".
Result<crypto::Ticket> named_ticket(const Arguments& arguments) {
    if (arguments.size() != 1)
        return fail(Errc::Invalid,
                    "one argument is needed: issuer event serial, or secret event TEXT");
    const auto line = parse_revocation_line(arguments.front());
    if (!line) return std::unexpected{line.error()};
    if (const auto* serial = std::get_if<RevokedSerial>(&*line)) return ticket_of(*serial);
    if (const auto* secret = std::get_if<RevokedSecret>(&*line)) return ticket_of(*secret);
    return fail(Errc::Invalid, "that names no ticket");
}

Result<std::string> revocation_check(const Arguments& arguments, const CommandParts& parts) {
    const auto ticket = named_ticket(arguments);
    if (!ticket) return std::unexpected{ticket.error()};
    const auto found = parts.revocations.look_up(*ticket);
    if (!found) return std::unexpected{found.error()};
    return Json{{"revoked", found->revoked}, {"lowest_valid_reissue", found->lowest_valid_reissue}}
        .dump();
}

Result<std::string> catalog_stat(const Arguments& /*arguments*/, const CommandParts& parts) {
    auto view = parts.orders.view();
    if (!view) return std::unexpected{std::move(view.error())};
    return catalog_stat_json(*view);
}

Result<std::string> catalog_show(const Arguments& arguments, const CommandParts& parts) {
    if (arguments.size() != 1)
        return fail(Errc::Invalid, "one argument is needed: a secret, an order or a medium");
    auto view = parts.orders.view();
    if (!view) return std::unexpected{std::move(view.error())};
    return catalog_show_json(*view, arguments.front());
}

struct Verb {
    std::string_view name;
    Result<std::string> (*run)(const Arguments& arguments, const CommandParts& parts);
};

constexpr std::array kVerbs{Verb{"status", status}, Verb{"revocation-check", revocation_check},
                            Verb{"revocation-stat", revocation_stat},
                            Verb{"catalog-stat", catalog_stat}, Verb{"catalog-show", catalog_show}};

}  // namespace

protocol::CommandResult run_command(const protocol::Command& command, const CommandParts& parts) {
    using protocol::CommandOutcome;
    const auto* verb = std::ranges::find(kVerbs, command.verb, &Verb::name);
    if (verb == kVerbs.end()) {
        return {command.request, CommandOutcome::UnknownVerb,
                fmt::format("unknown command {}", command.verb)};
    }
    const auto done = verb->run(command.arguments, parts);
    if (!done) return {command.request, CommandOutcome::Failed, done.error().context};
    return {command.request, CommandOutcome::Done, *done};
}

}  // namespace stile
