// SPDX-License-Identifier: Apache-2.0
// Key ids, issuer numbers, identities, and which records a ring accepts.
#include "crypto/key_ring.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/ed25519.hpp"
#include "crypto/hash.hpp"

namespace stile::crypto {
namespace {

using namespace std::string_view_literals;
constexpr std::string_view kIssuerLabel = "stile-issuer\0"sv;
constexpr std::string_view kKeyLabel = "GT1-key\0"sv;
constexpr std::string_view kTicketLabel = "stile-ticket\0"sv;
constexpr std::string_view kPayloadLabel = "stile-payload\0"sv;

// In revocation lists, "secret" stands where an issuer would.
constexpr std::string_view kReserved = "secret";

Result<void> check(const KeyRecord& record) {
    if (!is_issuer_name(record.issuer)) {
        return fail(Errc::Invalid,
                    fmt::format("issuer \"{}\": 1 to {} of a-z, 0-9 and -, and not \"secret\"",
                                record.issuer, kMaxIssuer));
    }
    if (!is_ed25519_key(record.public_key))
        return fail(Errc::Invalid, "the public key is no Ed25519 key, or a weak one");
    if (record.formats.empty()) return fail(Errc::Invalid, "the key names no format");
    const bool listed = record.scope == EventScope::Listed;
    if (listed && record.events.empty()) return fail(Errc::Invalid, "the key names no event");
    // These tickets name no event: the key does.
    if (listed && record.events.size() > 1 && signs_format(record, "pretix_sig1"))
        return fail(Errc::Invalid, "a key for pretix_sig1 names exactly one event");
    if (record.dense && record.dense->first > record.dense->last)
        return fail(Errc::Invalid, "the range of dense serials ends before it begins");
    if (record.not_before > record.not_after)
        return fail(Errc::Invalid, "the key ends before it begins");
    return {};
}

template <class T, class Value>
bool contains(const std::vector<T>& values, const Value& value) {
    return std::ranges::find(values, value) != values.end();
}

}  // namespace

bool is_issuer_name(std::string_view name) {
    if (name == kReserved) return false;
    if (name.empty() || name.size() > kMaxIssuer) return false;
    return std::ranges::all_of(
        name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

IssuerId issuer_id(std::string_view issuer) {
    const Digest digest = sha256({as_bytes(kIssuerLabel), as_bytes(issuer)});
    return IssuerId{ByteReader{digest}.number<std::uint64_t>()};
}

KeyId key_id(Algorithm algorithm, const PublicKey& key) {
    const std::array<std::uint8_t, 1> number{static_cast<std::uint8_t>(algorithm)};
    const Digest digest = sha256({as_bytes(kKeyLabel), number, key});
    KeyId id{};
    ByteReader{digest}.copy(id);
    return id;
}

Identity identity_of(IssuerId issuer, std::uint32_t event, std::uint64_t serial) {
    return Identity{
        blake2b_128({as_bytes(kTicketLabel), big_endian(static_cast<std::uint64_t>(issuer)),
                     big_endian(event), big_endian(serial)})};
}

Identity identity_of(std::uint32_t event, Bytes payload) {
    return Identity{blake2b_128({as_bytes(kPayloadLabel), big_endian(event), payload})};
}

bool signs_format(const KeyRecord& key, std::string_view format) {
    return contains(key.formats, format);
}

std::optional<Fault> key_fault(const KeyRecord& key, const Ticket& ticket) {
    if (key.status == KeyStatus::Revoked) return Fault::KeyRevoked;
    const bool event = key.scope == EventScope::Any || contains(key.events, ticket.event);
    const bool product = key.products.empty() || contains(key.products, ticket.product);
    const bool times = key.not_before <= ticket.not_before && ticket.not_after <= key.not_after;
    if (!event || !product || !times) return Fault::KeyNotUsable;
    return std::nullopt;
}

bool may_sign(const KeyRecord& key, const Ticket& ticket) {
    return !key_fault(key, ticket);
}

Result<void> KeyRing::add(KeyRecord record) {
    if (auto good = check(record); !good) return good;
    const IssuerId issuer = issuer_id(record.issuer);
    const auto other = issuer_name(issuer);
    if (other && *other != record.issuer)
        return fail(Errc::Invalid, fmt::format("issuers {} and {} have the same number: rename one",
                                               *other, record.issuer));
    const KeyId id = key_id(record.algorithm, record.public_key);
    if (find(id) != nullptr)
        return fail(Errc::Invalid, fmt::format("key {} is there twice", to_hex(id)));
    const auto place =
        std::ranges::lower_bound(by_id_, id, {}, &std::pair<KeyId, std::size_t>::first);
    by_id_.emplace(place, id, records_.size());
    records_.push_back(std::move(record));
    return {};
}

const KeyRecord* KeyRing::find(const KeyId& id) const {
    const auto place =
        std::ranges::lower_bound(by_id_, id, {}, &std::pair<KeyId, std::size_t>::first);
    return place != by_id_.end() && place->first == id ? &records_[place->second] : nullptr;
}

std::optional<std::string_view> KeyRing::issuer_name(IssuerId issuer) const {
    for (const KeyRecord& record : records_)
        if (issuer_id(record.issuer) == issuer) return record.issuer;
    return std::nullopt;
}

}  // namespace stile::crypto
