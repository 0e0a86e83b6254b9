// SPDX-License-Identifier: Apache-2.0
// Text in memory (some 150 bytes a ticket), written at the end.
#include "crypto/issue/manifest.hpp"

#include <system_error>

#include <fmt/format.h>

#include "crypto/issue/csv/csv.hpp"
#include "crypto/issue/files.hpp"
#include "crypto/issue/gt1_writer.hpp"
#include "crypto/issue/json_text.hpp"

namespace stile::crypto {
namespace {

constexpr const char* kManifest = "manifest.json";
constexpr const char* kTexts = "tickets.csv";

}  // namespace

Result<void> Manifest::begin() const {
    std::error_code error;
    std::filesystem::create_directories(options_.out, error);
    for (const char* name : {kManifest, kTexts})
        if (!error) std::filesystem::remove(options_.out / name, error);
    if (!error) return {};
    return fail(Errc::Io, fmt::format("{}: {}", options_.out.string(), error.message()));
}

void Manifest::add(std::span<const BatchTicket> tickets) {
    for (const BatchTicket& ticket : tickets) {
        const Gt1Fields& fields = ticket.ticket.fields;
        const std::string ref = ticket.ref.empty() ? "" : ",\"ref\":" + json_text(ticket.ref);
        tickets_ += fmt::format(
            "{}\n{{\"line\":{}{},\"event\":{},\"serial\":{},\"reissue\":{},\"file\":\"{}\","
            "\"sha256\":\"{}\"}}",
            tickets_.empty() ? "" : ",", ticket.line, ref, fields.event, fields.serial,
            fields.reissue, file_stem(fields), to_hex(ticket.ticket.digest));
        if (options_.texts)
            texts_ +=
                fmt::format("{},{},{},{},{}\n", csv_cell(ticket.ref), fields.event, fields.serial,
                            fields.reissue, csv_cell(gt1_text(ticket.ticket.bytes)));
    }
}

Result<void> Manifest::finish(const BatchTotals& totals, const KeyRecord& key) const {
    if (options_.texts) {
        const std::string csv = "ref,event,serial,reissue,ticket\n" + texts_;
        if (auto kept = replace_file(options_.out / kTexts, as_bytes(csv)); !kept) return kept;
    }
    if (auto synced = sync_files(options_.out); !synced) return synced;
    const std::string json = fmt::format(
        "{{\"v\":1,\"batch\":{},\"issuer\":\"{}\",\"key_id\":\"{}\",\"tickets\":{},"
        "\"refused_rows\":{},\"list\":[{}\n]}}\n",
        json_text(options_.name), key.issuer, to_hex(key_id(key.algorithm, key.public_key)),
        totals.tickets, totals.refused, tickets_);
    return replace_file(options_.out / kManifest, as_bytes(json));
}

}  // namespace stile::crypto
