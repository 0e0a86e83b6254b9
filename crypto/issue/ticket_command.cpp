// SPDX-License-Identifier: Apache-2.0
// Signs one ticket, checks it as a gate would, and writes it in the forms that were asked for.
#include "crypto/issue/ticket_command.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "crypto/issue/files.hpp"
#include "crypto/issue/gt1_writer.hpp"
#include "crypto/issue/json_text.hpp"
#include "crypto/issue/png/png.hpp"
#include "crypto/issue/private_key.hpp"
#include "crypto/issue/qr/qr_code.hpp"
#include "crypto/issue/svg.hpp"
#include "crypto/issue/time_text.hpp"

namespace stile::crypto {
namespace {

std::string time_text(std::uint32_t time) {
    return to_rfc3339(std::chrono::sys_seconds{std::chrono::seconds{time}});
}

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

// What a gate that trusts only this key says.
Result<void> check_as_gate(const IssuerKey& key, Bytes ticket) {
    const auto parsed = SignedGt1::from_bytes(ticket);
    KeyRing ring;
    if (auto added = ring.add(key.record); !added) return added;
    const auto proven = verify_gt1_issuer(*parsed, ring);
    if (proven) return {};
    if (proven.error() == Fault::KeyNotUsable)
        return fail(Errc::Invalid, why_not(key.record, parsed->fields()));
    return fail(Errc::Corrupt,
                fmt::format("the ticket does not verify: {}", fault_text(proven.error())));
}

Result<void> write_pictures(const TicketOptions& options, const QrCode& code) {
    if (options.png) {
        const auto picture = to_png(code, options.module_pixels);
        if (!picture) return std::unexpected{picture.error()};
        if (auto written = write_file(*options.png, *picture); !written) return written;
    }
    if (options.svg) return write_file(*options.svg, as_bytes(to_svg(code, options.module_pixels)));
    return {};
}

void print_json(const IssuerKey& key, Bytes ticket, const QrCode& code,
                const TicketOptions& options) {
    const Gt1Fields& fields = options.fields;
    std::string text = fmt::format(
        "{{\"text\":{},\"hex\":\"{}\",\"key_id\":\"{}\",\"issuer\":\"{}\",\"event\":{},\"serial\":{"
        "},"
        "\"reissue\":{},\"product\":{},\"profile\":{},\"not_before\":\"{}\",\"not_after\":\"{}\","
        "\"admissions\":{},\"seat\":{},\"qr_version\":{}",
        json_text(gt1_text(ticket)), to_hex(ticket),
        to_hex(key_id(key.record.algorithm, key.record.public_key)), key.record.issuer,
        fields.event, fields.serial, fields.reissue, fields.product, fields.profile,
        time_text(fields.not_before), time_text(fields.not_after), fields.admissions,
        json_text(fields.seat.view()), code.version);
    if (options.png) text += ",\"png\":" + json_text(options.png->string());
    if (options.svg) text += ",\"svg\":" + json_text(options.svg->string());
    fmt::print("{}}}\n", text);
}

}  // namespace

Result<void> run_ticket(const TicketOptions& options) {
    const auto key =
        read_private_key(options.key, [&] { return get_passphrase(options.passphrase); });
    if (!key) return std::unexpected{key.error()};
    const auto ticket = make_gt1(options.fields, key->key);
    if (!ticket) return std::unexpected{ticket.error()};
    if (auto good = check_as_gate(*key, *ticket); !good) return good;
    const auto code = make_qr(gt1_text(*ticket));
    if (!code) return std::unexpected{code.error()};
    if (auto written = write_pictures(options, *code); !written) return written;

    const bool picture = options.png || options.svg;
    if (options.print == Print::Json) {
        print_json(*key, *ticket, *code, options);
    } else if (options.show == ShowText::Always || !picture) {
        fmt::print("{}\n", gt1_text(*ticket));
    }
    return {};
}

}  // namespace stile::crypto
