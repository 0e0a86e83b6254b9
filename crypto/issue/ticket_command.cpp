// SPDX-License-Identifier: Apache-2.0
// Single tickets: signed, written down, then handed out.
#include "crypto/issue/ticket_command.hpp"

#include <fmt/format.h>

#include "crypto/issue/files.hpp"
#include "crypto/issue/words.hpp"

namespace stile::crypto {
namespace {

// What the log knows of the newest copy. It knows no holder key.
Result<Gt1Fields> fields_in_log(const Desk& desk, const RenewOptions& options) {
    const auto event = parse_number<std::uint32_t>(options.changes[Column::Event]);
    const auto serial = parse_number<std::uint64_t>(options.changes[Column::Serial]);
    if (!event || !serial)
        return fail(Errc::Invalid, "which ticket? Give --ticket, or --event and --serial");
    const IssueEntry* const newest = desk.index().newest(*event, *serial);
    if (newest == nullptr)
        return fail(Errc::Invalid, fmt::format("serial {} was never issued", *serial));
    if (newest->carrier == Carrier::Holder && options.bind == Bind::AsBefore)
        return fail(Errc::Invalid,
                    "the log knows no holder keys: give --ticket, or exchange to a new key");
    return newest->fields;
}

// What the newer copy says: the changes, and the old copy where they are silent.
Result<TicketPlan> plan_of(const RenewOptions& options, const Gt1Fields& old) {
    Cells cells = options.changes;
    Cells before = cells_of(old);
    if (options.bind != Bind::AsBefore) before[Column::Holder].clear();
    cells.fill_from(before);
    auto plan = make_plan(cells, options.desk.now);
    if (!plan)
        return fail(Errc::Invalid,
                    fmt::format("--{}: {}", column_name(plan.error().column), plan.error().text));
    plan->fields.event = old.event;
    plan->fields.serial = old.serial;
    plan->fields.reissue = old.reissue;
    return std::move(*plan);
}

// A holder takes part in an exchange before or after it; otherwise it is a re-issue.
Result<IssueAct> act_of(const RenewOptions& options, const Desk& desk, const Gt1Fields& old) {
    if (options.bind == Bind::AsBefore) return IssueAct::Reissue;
    const IssueEntry* const newest = desk.index().newest(old.event, old.serial);
    const bool bound = old.holder || (newest != nullptr && newest->carrier == Carrier::Holder);
    if (options.bind == Bind::ToHolder || bound) return IssueAct::Exchange;
    return fail(Errc::Invalid, "the ticket is bound to no holder already: use reissue");
}

}  // namespace

Result<void> run_ticket(const TicketOptions& options) {
    auto desk = Desk::open(options.desk);
    if (!desk) return std::unexpected{desk.error()};
    const auto ticket = desk->issue(options.plan);
    if (!ticket) return std::unexpected{ticket.error()};
    if (auto done = desk->commit(); !done) return done;
    return hand_out(*ticket, options.plan.print, desk->record(), options.output, "");
}

Result<void> run_renew(const RenewOptions& options) {
    auto desk = Desk::open(options.desk);
    if (!desk) return std::unexpected{desk.error()};
    const auto old = options.ticket.empty()
                         ? fields_in_log(*desk, options)
                         : read_own_ticket(options.ticket, desk->record(), desk->index());
    if (!old) return std::unexpected{old.error()};
    const auto act = act_of(options, *desk, *old);
    if (!act) return std::unexpected{act.error()};
    const auto plan = plan_of(options, *old);
    if (!plan) return std::unexpected{plan.error()};
    const auto ticket = desk->renew(plan->fields, *act);
    if (!ticket) return std::unexpected{ticket.error()};
    if (auto done = desk->commit(); !done) return done;

    std::string line = fmt::format("{} {} {} <{}", desk->record().issuer, ticket->fields.event,
                                   ticket->fields.serial, ticket->fields.reissue);
    if (!options.revocations.empty()) {
        if (auto kept = append_to_file(options.revocations, as_bytes(line + "\n")); !kept)
            return kept;
        line.clear();
    }
    return hand_out(*ticket, plan->print, desk->record(), options.output, line);
}

}  // namespace stile::crypto
