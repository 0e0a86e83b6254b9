// SPDX-License-Identifier: Apache-2.0
// [[key]] tables to a key ring.
#include "daemon/config/key_file.hpp"

#include <algorithm>
#include <list>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "crypto/base/bytes.hpp"
#include "daemon/config/document.hpp"

namespace stile::config {
namespace {

constexpr std::int64_t kU32 = 0xFFFF'FFFF;

// One table as it stands in the file.
struct KeyTable {
    std::string issuer;
    std::string algorithm;
    std::string public_key;
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
        {.key = "events", .target = &k.events, .need = Need::Required, .least = 0, .most = kU32},
        {.key = "products", .target = &k.products, .least = 0, .most = 0xFFFF},
        {.key = "dense_serials", .target = &k.dense_serials, .least = 0},
        {.key = "not_before", .target = &k.not_before},
        {.key = "not_after", .target = &k.not_after},
        {.key = "status", .target = &k.status, .one_of = {"active", "revoked"}}};
}

Result<crypto::KeyRecord> record(const KeyTable& table) {
    crypto::KeyRecord out;
    const auto key = from_hex(table.public_key);
    if (!key || key->size() != out.public_key.size())
        return fail(Errc::Config, "public_key must be 64 hexadecimal digits");
    std::ranges::copy(*key, out.public_key.begin());
    out.issuer = table.issuer;
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
        auto made = record(table);
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
