// SPDX-License-Identifier: Apache-2.0
// Rows under the identity of their secret, so that no other spelling of it is unknown.
#include "daemon/catalog/orders/secret_list.hpp"

#include <algorithm>
#include <utility>

#include "crypto/base/bytes.hpp"

namespace stile {
namespace {

constexpr std::uint64_t kNoSince = 0;
constexpr std::size_t kPrefixBytes = 21;

// event u32, list u8, identity 16, row id u64
using SecretKey = std::array<std::uint8_t, kPrefixBytes + 8>;

SecretKey key_of(SecretList list, std::uint32_t event, const crypto::Identity& identity,
                 std::uint64_t id) {
    SecretKey key{};
    auto at = std::ranges::copy(big_endian(event), key.begin()).out;
    at = std::ranges::copy(big_endian(std::to_underlying(list)), at).out;
    at = std::ranges::copy(identity.bytes, at).out;
    std::ranges::copy(big_endian(id), at);
    return key;
}

struct Row {
    bool listed = true;
    std::uint64_t since = kNoSince;
};

Result<Row> decode(Bytes stored) {
    ByteReader in{stored};
    const auto listed = in.number<std::uint8_t>();
    const auto since = in.number<std::uint64_t>();
    if (!in.complete() || listed > 1) return fail(Errc::Corrupt, "a listed secret is damaged");
    return Row{listed == 1, since};
}

}  // namespace

Result<void> put_secret(const lmdb::Environment& catalog, lmdb::Writer& writer, SecretList list,
                        std::uint32_t event, const ListedSecret& secret) {
    const auto table = table_of(catalog, CatalogTable::Secrets);
    const auto key = key_of(list, event, secret.identity, secret.id);
    const std::uint64_t since =
        secret.since ? static_cast<std::uint64_t>(secret.since->time_since_epoch().count())
                     : kNoSince;
    const auto stored = writer.get(table, key);
    if (!stored) return std::unexpected{stored.error()};
    if (*stored) {
        const auto old = decode(**stored);
        if (!old) return std::unexpected{old.error()};
        if (since != kNoSince && since < old->since) return {};
    }
    const bool listed = secret.listed || list == SecretList::Revoked;
    Buffer value;
    ByteWriter out{value};
    out.number(static_cast<std::uint8_t>(listed ? 1 : 0));
    out.number(since);
    return writer.put(table, key, value);
}

Result<bool> has_secret(lmdb::Cursor& secrets, SecretList list, std::uint32_t event,
                        const crypto::Identity& identity) {
    const auto first = key_of(list, event, identity, 0);
    const Bytes prefix = Bytes{first}.first(kPrefixBytes);
    auto pair = secrets.seek(first);
    for (;; pair = secrets.next()) {
        if (!pair) return std::unexpected{std::move(pair.error())};
        const std::optional<lmdb::Pair>& found = *pair;
        if (!found || found->first.size() != first.size() ||
            !std::ranges::equal(found->first.first(kPrefixBytes), prefix))
            return false;
        const auto row = decode(found->second);
        if (!row) return std::unexpected{row.error()};
        if (row->listed) return true;
    }
}

}  // namespace stile
