// SPDX-License-Identifier: Apache-2.0
// Signs, checks as a gate would, and writes down.
#include "crypto/issue/desk.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "crypto/issue/gt1_writer.hpp"
#include "crypto/issue/time_text.hpp"

namespace stile::crypto {
namespace {

using namespace std::string_view_literals;

// Why the key may not sign this, in words that say what to change.
std::string why_not(const KeyRecord& key, const Gt1Fields& fields) {
    if (std::ranges::find(key.events, fields.event) == key.events.end())
        return fmt::format(
            "the key signs for event(s) {}, not {}: change --event or use another key",
            fmt::join(key.events, ", "), fields.event);
    const auto& products = key.products;
    if (!products.empty() && std::ranges::find(products, fields.product) == products.end())
        return fmt::format(
            "the key signs for product(s) {}, not {}: change --product or use another key",
            fmt::join(products, ", "), fields.product);
    return fmt::format(
        "the ticket must be valid only while the key is: set --from and --until inside "
        "{} to {}",
        to_rfc3339(key.not_before),
        key.not_after == KeyRecord{}.not_after ? "for ever" : to_rfc3339(key.not_after));
}

IssueEntry entry_of(const IssuedTicket& ticket, IssueAct act, std::chrono::sys_seconds now) {
    IssueEntry entry{.time = now, .act = act, .fields = ticket.fields, .digest = ticket.digest};
    entry.carrier = ticket.fields.holder ? Carrier::Holder : Carrier::Copy;
    return entry;
}

std::filesystem::path log_path(const DeskOptions& options) {
    if (!options.log.empty()) return options.log;
    return std::filesystem::path{options.key}.replace_extension(".issued");
}

}  // namespace

Result<IssueLog> open_log(const DeskOptions& options, const KeyRecord& record) {
    const auto path = log_path(options);
    auto log = IssueLog::open(path, record.issuer, record.dense, options.now);
    if (log && log->mended_bytes() > 0)
        fmt::print(
            stderr,
            "stile-issue: a crash tore the last line of {}; its {} bytes are cut off and the "
            "log says so. No ticket of that line had left the program\n",
            path.string(), log->mended_bytes());
    return log;
}

Result<Gt1Fields> read_own_ticket(std::string_view text, const KeyRecord& record,
                                  const IssueIndex& index) {
    const auto ticket = SignedGt1::from_text(as_bytes(text));
    if (!ticket)
        return fail(Errc::Invalid, fmt::format("no GT1 ticket: {}", fault_text(ticket.error())));
    const Gt1Fields& fields = ticket->fields();
    const IssueEntry* const newest = index.newest(fields.event, fields.serial);
    if (newest != nullptr && newest->digest == sha256({ticket->core()})) return fields;
    KeyRing ring;
    if (auto added = ring.add(record); !added) return std::unexpected{added.error()};
    if (const auto proven = verify_gt1_issuer(*ticket, ring); !proven)
        return fail(Errc::Invalid,
                    fmt::format("not a ticket of this key: {}", fault_text(proven.error())));
    return fields;
}

Desk::Desk(IssuerKey key, IssueLog log, std::chrono::sys_seconds now)
    : key_{std::move(key)},
      log_{std::move(log)},
      now_{now},
      row_secret_{sha256({as_bytes("stile-issue-row\0"sv), key_.key.seed()})} {}

Result<Desk> Desk::open(const DeskOptions& options) {
    auto key = read_private_key(options.key, [&] { return get_passphrase(options.passphrase); });
    if (!key) return std::unexpected{key.error()};
    auto log = open_log(options, key->record);
    if (!log) return std::unexpected{log.error()};
    Desk desk{std::move(*key), std::move(*log), options.now};
    if (auto added = desk.ring_.add(desk.key_.record); !added)
        return std::unexpected{added.error()};
    return desk;
}

// What a gate that trusts only this key says.
Result<void> Desk::check_as_gate(Bytes ticket) const {
    const auto parsed = SignedGt1::from_bytes(ticket);
    const auto proven = verify_gt1_scan(*parsed, ring_);
    if (proven || proven.error() == Fault::ProofMissing) return {};
    if (proven.error() == Fault::KeyNotUsable)
        return fail(Errc::Invalid, why_not(key_.record, parsed->fields()));
    if (proven.error() == Fault::BadHolderKey)
        return fail(Errc::Invalid, "the holder key is no point of its curve");
    return fail(Errc::Corrupt,
                fmt::format("the ticket does not verify: {}", fault_text(proven.error())));
}

Result<IssuedTicket> Desk::sign(const Gt1Fields& fields) const {
    auto bytes = make_gt1(fields, key_.key);
    if (!bytes) return std::unexpected{bytes.error()};
    if (auto good = check_as_gate(*bytes); !good) return std::unexpected{good.error()};
    IssuedTicket ticket{.fields = fields, .bytes = std::move(*bytes)};
    ticket.fields.key = key_id(Algorithm::Ed25519, key_.key.public_key());
    ticket.digest = sha256({ticket.bytes});
    return ticket;
}

// Ed25519 signs the same bytes alike, so a ticket can be made again without being kept.
Result<IssuedTicket> Desk::again(TicketPlan plan, const IssueEntry& made) const {
    const std::uint64_t serial = made.fields.serial;
    if (index().is_revoked(made.fields.event, serial))
        return fail(Errc::Invalid, fmt::format("was made as serial {}, which is revoked", serial));
    if (index().newest(made.fields.event, serial) != &made)
        return fail(Errc::Invalid,
                    fmt::format("was made as serial {}, which has a newer copy", serial));
    plan.fields.serial = serial;
    plan.fields.not_before = made.fields.not_before;
    plan.fields.not_after = made.fields.not_after;
    auto ticket = sign(plan.fields);
    if (!ticket) return ticket;
    if (ticket->digest == made.digest) return ticket;
    return fail(
        Errc::Invalid,
        fmt::format("was made as serial {} and said something else, or its key was another: "
                    "use reissue",
                    serial));
}

Result<IssuedTicket> Desk::issue(TicketPlan plan, const std::optional<RowTag>& row) {
    if (const IssueEntry* made = row ? index().made_of(*row) : nullptr; made != nullptr)
        return again(std::move(plan), *made);
    if (plan.serial) {
        plan.fields.serial = *plan.serial;
    } else {
        const auto serial = index().next_serial(plan.fields.event);
        if (!serial) return std::unexpected{serial.error()};
        plan.fields.serial = *serial;
    }
    auto ticket = sign(plan.fields);
    if (!ticket) return ticket;
    const IssueEntry* const newest = index().newest(plan.fields.event, plan.fields.serial);
    if (!row && newest != nullptr && newest->digest == ticket->digest) return ticket;
    if (!plan.off_sale.empty()) return fail(Errc::Invalid, plan.off_sale);
    IssueEntry entry = entry_of(*ticket, IssueAct::Issue, now_);
    entry.row = row;
    if (auto staged = log_.stage(entry); !staged)
        return fail(Errc::Invalid,
                    staged.error().context + ": choose another --serial, or use reissue");
    return ticket;
}

Result<IssuedTicket> Desk::renew(Gt1Fields fields, IssueAct act) {
    const IssueEntry* const newest = index().newest(fields.event, fields.serial);
    const int counter = std::max<int>(fields.reissue, newest ? newest->fields.reissue : 0) + 1;
    if (counter > UINT8_MAX)
        return fail(Errc::Invalid,
                    fmt::format("serial {} has had all its 255 copies: revoke it and issue another",
                                fields.serial));
    fields.reissue = static_cast<std::uint8_t>(counter);
    auto ticket = sign(fields);
    if (!ticket) return ticket;
    if (auto staged = log_.stage(entry_of(*ticket, act, now_)); !staged)
        return std::unexpected{staged.error()};
    return ticket;
}

RowTag Desk::tag_of(std::string_view batch, std::string_view row) const {
    const auto size = big_endian(std::uint64_t{batch.size()});
    return blake2b_128({row_secret_, size, as_bytes(batch), as_bytes(row)});
}

}  // namespace stile::crypto
