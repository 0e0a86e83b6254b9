// SPDX-License-Identifier: Apache-2.0
// [[key]] tables to a key ring.
#include "daemon/config/key_file.hpp"

#include <algorithm>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "daemon/config/document.hpp"
#include "daemon/runtime/secret_file.hpp"

namespace stile::config {
namespace {

constexpr std::int64_t kU32 = 0xFFFF'FFFF;

// One table as it stands in the file.
struct KeyTable {
    std::string issuer;
    std::string algorithm;
    std::string public_key;
    std::vector<std::string> formats{"gt1"};
    std::string totp_secret;
    std::vector<std::int64_t> events;
    std::vector<std::int64_t> products;
    std::vector<std::int64_t> dense_serials;
    std::chrono::sys_seconds not_before;
    std::chrono::sys_seconds not_after = std::chrono::sys_seconds::max();
    std::string status = "active";
};

Fields fields(KeyTable& k) {
    return {
        {.key = "issuer", .target = &k.issuer, .need = Need::Required, .form = Field::Form::Name},
        {.key = "algorithm", .target = &k.algorithm, .need = Need::Required, .one_of = {"ed25519"}},
        {.key = "public_key", .target = &k.public_key, .need = Need::Required},
        {.key = "formats", .target = &k.formats, .one_of = {"gt1", "pretix_sig1"}},
        {.key = "totp_secret", .target = &k.totp_secret, .form = Field::Form::Filled},
        {.key = "events", .target = &k.events, .need = Need::Required, .least = 0, .most = kU32},
        {.key = "products", .target = &k.products, .least = 0, .most = 0xFFFF},
        {.key = "dense_serials", .target = &k.dense_serials, .least = 0},
        {.key = "not_before", .target = &k.not_before},
        {.key = "not_after", .target = &k.not_after},
        {.key = "status", .target = &k.status, .one_of = {"active", "revoked"}}};
}

// A relative path is relative to the folder of the key file.
Result<std::optional<crypto::TotpMaster>> totp_master(const KeyTable& table,
                                                      const std::filesystem::path& folder) {
    if (table.totp_secret.empty()) return std::nullopt;
    if (std::ranges::find(table.formats, "gt1") == table.formats.end())
        return fail(Errc::Config, "totp_secret is for keys of the format gt1");
    auto secret = read_secret_file(folder / table.totp_secret, "TOTP secret");
    if (!secret) return std::unexpected{std::move(secret.error())};
    return *secret;
}

Result<crypto::KeyRecord> record(const KeyTable& table, const std::filesystem::path& folder) {
    crypto::KeyRecord out;
    const auto key = crypto::parse_public_key(table.public_key);
    if (!key)
        return fail(Errc::Config,
                    "public_key must be 64 hexadecimal digits, or a key as pretix lists it");
    out.public_key = *key;
    out.issuer = table.issuer;
    out.formats = table.formats;
    for (const std::int64_t event : table.events)
        out.events.push_back(static_cast<std::uint32_t>(event));
    for (const std::int64_t product : table.products)
        out.products.push_back(static_cast<std::uint16_t>(product));
    if (!table.dense_serials.empty()) {
        if (table.dense_serials.size() != 2)
            return fail(Errc::Config, "dense_serials must be [first, last]");
        out.dense = {static_cast<std::uint64_t>(table.dense_serials[0]),
                     static_cast<std::uint64_t>(table.dense_serials[1])};
    }
    out.not_before = table.not_before;
    out.not_after = table.not_after;
    out.status = table.status == "revoked" ? crypto::KeyStatus::Revoked : crypto::KeyStatus::Active;
    auto master = totp_master(table, folder);
    if (!master) return std::unexpected{std::move(master.error())};
    out.totp_master = *master;
    return out;
}

}  // namespace

Result<crypto::KeyRing> load_keys(const std::filesystem::path& file) {
    const auto document = Document::read(file);
    if (!document) return std::unexpected{document.error()};
    std::list<KeyTable> tables;  // a list, so that targets stay where they are
    const Section section{"key", [&tables] { return fields(tables.emplace_back()); },
                          Section::Count::List};
    if (auto filled = document->fill({section}); !filled) return std::unexpected{filled.error()};
    crypto::KeyRing ring;
    std::size_t number = 0;
    for (const KeyTable& table : tables) {
        ++number;
        const auto place = fmt::format("{}: key {} ({})", file.native(), number, table.issuer);
        auto made = record(table, file.parent_path());
        if (!made) return fail(place, std::move(made.error()));
        if (auto added = ring.add(std::move(*made)); !added)
            return fail(Errc::Config, place + ": " + added.error().context);
    }
    if (ring.records().empty()) {
        return fail(Errc::Config,
                    file.native() + ": no [[key]]; without one, no ticket is genuine");
    }
    return ring;
}

}  // namespace stile::config
