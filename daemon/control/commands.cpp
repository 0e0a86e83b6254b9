// SPDX-License-Identifier: Apache-2.0
// The table of verbs.
#include "daemon/control/commands.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "daemon/catalog/orders/catalog_json.hpp"
#include "daemon/catalog/revocation_text.hpp"

namespace stile {
namespace {

using Arguments = std::vector<std::string>;
using Json = nlohmann::ordered_json;
using Answer = Result<std::optional<std::string>>;  // no text: it comes later

// One command of somebody who may give it, with as many arguments as it takes.
struct Order {
    const Caller& caller;
    const Arguments& arguments;
};

Answer status(const Order& /*order*/, const CommandParts& parts) {
    return status_json(parts.report());
}

Answer revocation_stat(const Order& /*order*/, const CommandParts& parts) {
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
Result<crypto::Ticket> named_ticket(const std::string& text) {
    const auto line = parse_revocation_line(text);
    if (!line) return std::unexpected{line.error()};
    if (const auto* serial = std::get_if<RevokedSerial>(&*line)) return ticket_of(*serial);
    if (const auto* secret = std::get_if<RevokedSecret>(&*line)) return ticket_of(*secret);
    return fail(Errc::Invalid, "that names no ticket");
}

Answer revocation_check(const Order& order, const CommandParts& parts) {
    const auto ticket = named_ticket(order.arguments.front());
    if (!ticket) return std::unexpected{ticket.error()};
    const auto found = parts.revocations.look_up(*ticket);
    if (!found) return std::unexpected{found.error()};
    return Json{{"revoked", found->revoked}, {"lowest_valid_reissue", found->lowest_valid_reissue}}
        .dump();
}

Answer catalog_stat(const Order& /*order*/, const CommandParts& parts) {
    auto view = parts.orders.view();
    if (!view) return std::unexpected{std::move(view.error())};
    return catalog_stat_json(*view);
}

Answer catalog_show(const Order& order, const CommandParts& parts) {
    auto view = parts.orders.view();
    if (!view) return std::unexpected{std::move(view.error())};
    return catalog_show_json(*view, order.arguments.front());
}

// A reason that says something: what stands in the ledger for ever.
Result<void> check_reason(const std::string& reason) {
    if (reason.find_first_not_of(" \t") != std::string::npos) return {};
    return fail(Errc::Invalid, "a reason is needed: it stands in the ledger beside your name");
}

Answer open(const Order& order, const CommandParts& parts) {
    const auto& reason = order.arguments[1];
    if (const auto good = check_reason(reason); !good) return std::unexpected{good.error()};
    return parts.desk.open(order.caller, order.arguments[0], reason);
}

Answer override_refusal(const Order& order, const CommandParts& parts) {
    const auto& reason = order.arguments[1];
    if (const auto good = check_reason(reason); !good) return std::unexpected{good.error()};
    return parts.desk.override_refusal(order.caller, order.arguments[0], reason);
}

Answer annul(const Order& order, const CommandParts& parts) {
    const auto& reason = order.arguments[1];
    if (const auto good = check_reason(reason); !good) return std::unexpected{good.error()};
    return parts.desk.annul(order.caller, order.arguments[0], reason);
}

// Seconds since 1970, if the argument is there.
Result<std::optional<WallTime>> until_of(const Order& order) {
    if (order.arguments.size() < 3) return std::optional<WallTime>{};
    const std::string& text = order.arguments[2];
    std::int64_t seconds = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    constexpr std::int64_t kLatest = 253'402'300'799;  // of the year 9999
    if (error != std::errc{} || stop != text.data() + text.size() || seconds < 0 ||
        seconds > kLatest)
        return fail(Errc::Invalid, "until: not a number of seconds since 1970");
    return WallTime{std::chrono::seconds{seconds}};
}

template <LaneMode Mode>
Answer set_mode(const Order& order, const CommandParts& parts) {
    const auto& reason = order.arguments[1];
    if (const auto good = check_reason(reason); !good) return std::unexpected{good.error()};
    const auto until = until_of(order);
    if (!until) return std::unexpected{until.error()};
    return parts.desk.set_mode(order.caller, {order.arguments[0], Mode, *until}, reason);
}

Answer back_up(const Order& order, const CommandParts& parts) {
    const std::string folder = order.arguments.empty() ? "" : order.arguments.front();
    if (auto begun = parts.back_up(folder); !begun)
        return std::unexpected{std::move(begun.error())};
    return std::nullopt;
}

Answer begin_test(const Order& order, const CommandParts& parts) {
    const auto& reason = order.arguments[1];
    if (const auto good = check_reason(reason); !good) return std::unexpected{good.error()};
    return parts.begin_test(order.arguments[0], reason);
}

Answer end_test(const Order& order, const CommandParts& parts) {
    const auto& reason = order.arguments[1];
    if (const auto good = check_reason(reason); !good) return std::unexpected{good.error()};
    return parts.desk.end_test(order.caller, order.arguments[0], reason);
}

Answer reload(const Order& /*order*/, const CommandParts& parts) {
    if (auto begun = parts.reload(); !begun) return std::unexpected{std::move(begun.error())};
    return std::nullopt;
}

// What one row says. A verb without `run` is asked by a message of its own.
struct Verb {
    std::string_view name;
    StaffRole least;
    std::string_view command;    // of stilectl
    std::string_view arguments;  // in capitals; the last one in brackets may be left out
    Answer (*run)(const Order& order, const CommandParts& parts);
};

constexpr std::array kVerbs{
    Verb{"status", StaffRole::Viewer, "status", "", status},
    Verb{"tail", StaffRole::Viewer, "tail", "", nullptr},
    Verb{"revocation-stat", StaffRole::Viewer, "revocation stat", "", revocation_stat},
    Verb{"revocation-check", StaffRole::Operator, "revocation check", "TICKET", revocation_check},
    Verb{"revocation-import", StaffRole::Security, "revocation import", "", nullptr},
    Verb{"catalog-stat", StaffRole::Viewer, "catalog stat", "", catalog_stat},
    Verb{"catalog-show", StaffRole::Operator, "catalog show", "NAME", catalog_show},
    Verb{"catalog-import", StaffRole::Security, "catalog import", "", nullptr},
    Verb{"open", StaffRole::Operator, "open", "LANE REASON", open},
    Verb{"override", StaffRole::Supervisor, "override", "LANE REASON", override_refusal},
    Verb{"annul", StaffRole::Supervisor, "annul", "ADMISSION REASON", annul},
    Verb{"mode-normal", StaffRole::Supervisor, "mode", "LANE REASON [UNTIL]",
         set_mode<LaneMode::Normal>},
    Verb{"mode-exit-only", StaffRole::Supervisor, "mode", "LANE REASON [UNTIL]",
         set_mode<LaneMode::ExitOnly>},
    Verb{"mode-out-of-order", StaffRole::Supervisor, "mode", "LANE REASON [UNTIL]",
         set_mode<LaneMode::OutOfOrder>},
    Verb{"mode-locked", StaffRole::Security, "mode", "LANE REASON [UNTIL]",
         set_mode<LaneMode::Locked>},
    Verb{"mode-free", StaffRole::Security, "mode", "LANE REASON [UNTIL]", set_mode<LaneMode::Free>},
    Verb{"test-begin", StaffRole::Supervisor, "test-lane", "LANE REASON", begin_test},
    Verb{"test-end", StaffRole::Supervisor, "test-lane", "LANE REASON", end_test},
    Verb{"backup", StaffRole::Maintainer, "backup", "[FOLDER]", back_up},
    Verb{"reload", StaffRole::Maintainer, "reload", "", reload},
};

// How many arguments a row names, without the one in brackets.
std::size_t least_arguments(const Verb& verb) {
    const auto words = verb.arguments.empty() ? 0 : 1 + std::ranges::count(verb.arguments, ' ');
    return static_cast<std::size_t>(words - std::ranges::count(verb.arguments, '['));
}

bool fits(const Verb& verb, const Arguments& arguments) {
    const std::size_t least = least_arguments(verb);
    const bool one_more = verb.arguments.find('[') != std::string_view::npos;
    return arguments.size() == least || (one_more && arguments.size() == least + 1);
}

const Verb* find(std::string_view name) {
    const auto* verb = std::ranges::find(kVerbs, name, &Verb::name);
    return verb == kVerbs.end() ? nullptr : verb;
}

// "stile-supervisor, door-chiefs or stile-security"; empty when the site file names none.
std::string groups_text(StaffRole least, const RoleGroups& groups) {
    std::vector<std::string> names;
    for (auto role = std::to_underlying(least); role <= kStaffRoles; ++role) {
        const auto& some = groups_of(groups, static_cast<StaffRole>(role));
        names.insert(names.end(), some.begin(), some.end());
    }
    if (names.size() < 2) return names.empty() ? "" : names.front();
    const std::string last = std::move(names.back());
    names.pop_back();
    return fmt::format("{} or {}", fmt::join(names, ", "), last);
}

}  // namespace

std::optional<protocol::CommandResult> run_command(const Caller& caller,
                                                   const protocol::Command& command,
                                                   const CommandParts& parts) {
    using protocol::CommandOutcome;
    using protocol::CommandResult;
    const Verb* verb = find(command.verb);
    if (verb == nullptr || verb->run == nullptr) {
        return CommandResult{command.request, CommandOutcome::UnknownVerb,
                             fmt::format("unknown command {}", command.verb)};
    }
    if (const auto may = may_use(caller, command.verb, parts.groups); !may)
        return CommandResult{command.request, CommandOutcome::NotAllowed, may.error().context};
    if (!fits(*verb, command.arguments)) {
        return CommandResult{command.request, CommandOutcome::Failed,
                             fmt::format("{} takes these arguments: {}", verb->name,
                                         verb->arguments.empty() ? "none" : verb->arguments)};
    }
    const auto done = verb->run({caller, command.arguments}, parts);
    if (!done) return CommandResult{command.request, CommandOutcome::Failed, done.error().context};
    if (!*done) return std::nullopt;
    return CommandResult{command.request, CommandOutcome::Done, **done};
}

Result<void> may_use(const Caller& caller, std::string_view name, const RoleGroups& groups) {
    const Verb* verb = find(name);
    if (verb == nullptr) return fail(Errc::Denied, fmt::format("unknown command {}", name));
    if (caller.role && *caller.role >= verb->least) return {};
    return fail(Errc::Denied,
                fmt::format("{} may not use \"stilectl {}\" as {}: that takes {}, of the group {}",
                            caller.person, verb->command,
                            caller.role ? name_of(*caller.role) : "a stranger",
                            name_of(verb->least), groups_text(verb->least, groups)));
}

std::string no_role_text(const Caller& caller, const RoleGroups& groups) {
    const std::string names = groups_text(StaffRole::Viewer, groups);
    const std::string advice = names.empty()
                                   ? ", and the site file names no group that has one"
                                   : fmt::format(". Join the group {}, and log in again", names);
    return fmt::format("{} has no role at this gate{}", caller.person, advice);
}

bool is_act(std::string_view name) {
    const Verb* verb = find(name);
    return verb != nullptr && verb->arguments.find("REASON") != std::string_view::npos;
}

std::vector<VerbAbout> all_verbs() {
    std::vector<VerbAbout> all;
    for (const Verb& verb : kVerbs)
        all.push_back({verb.name, verb.least, verb.command});
    return all;
}

}  // namespace stile
