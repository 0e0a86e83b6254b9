// SPDX-License-Identifier: Apache-2.0
// The issuer keys that a gate trusts, and what each of them may sign.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "crypto/ticket.hpp"
#include "crypto/totp.hpp"

namespace stile::crypto {

using PublicKey = std::array<std::uint8_t, 32>;

enum class Algorithm : std::uint8_t { Ed25519 = 1 };
enum class KeyStatus : std::uint8_t { Active, Revoked };
// Any: for looking at tickets of unknown events. A gate's keys name theirs.
enum class EventScope : std::uint8_t { Listed, Any };

// An issuer's name fits in every record and topic that carries one.
inline constexpr std::size_t kMaxIssuer = 63;

// Serials that the issuer counts without gaps; each costs one bit in the revocation list.
// Inclusive.
struct SerialRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    friend bool operator==(const SerialRange&, const SerialRange&) = default;
};

struct KeyRecord {
    PublicKey public_key{};
    Algorithm algorithm = Algorithm::Ed25519;  // from the record, never from the ticket
    std::string issuer;                        // [a-z0-9-]+
    std::vector<std::string> formats{"gt1"};   // of the tickets that it signs; at least one
    EventScope scope = EventScope::Listed;
    std::vector<std::uint32_t> events;    // the events it may sign for; pretix_sig1: exactly one
    std::vector<std::uint16_t> products;  // empty: all products
    std::optional<SerialRange> dense;
    std::chrono::sys_seconds not_before;  // inclusive, of the key itself
    std::chrono::sys_seconds not_after = std::chrono::sys_seconds::max();
    KeyStatus status = KeyStatus::Active;
    std::optional<TotpMaster> totp_master;  // of wallet codes around its tickets; a shared secret
    friend bool operator==(const KeyRecord&, const KeyRecord&) = default;
};

// 1 to kMaxIssuer of a-z, 0-9 and -, but not "secret", which stands for an issuer in revocation
// lists.
[[nodiscard]] bool is_issuer_name(std::string_view name);

// An Ed25519 public key as people write it: 64 hexadecimal digits, or base64 of its PEM, as the
// pretix API lists keys. Nothing if it is anything else. Whether it is sound is for KeyRing::add.
[[nodiscard]] std::optional<PublicKey> parse_public_key(std::string_view text);

[[nodiscard]] IssuerId issuer_id(std::string_view issuer);
// SHA-256("GT1-key\0" || algorithm || public key), first 4 bytes.
[[nodiscard]] KeyId key_id(Algorithm algorithm, const PublicKey& key);
// The identity of a ticket with a serial, and of one that is known by its signed payload alone.
[[nodiscard]] Identity identity_of(IssuerId issuer, std::uint32_t event, std::uint64_t serial);
[[nodiscard]] Identity identity_of(std::uint32_t event, Bytes payload);

[[nodiscard]] bool signs_format(const KeyRecord& key, std::string_view format);

// Whether the key stands for this ticket: it is active, names the event and the product, and its
// own times cover the ticket's whole window. So no clock is asked, and the end of a key ends its
// tickets.
[[nodiscard]] bool may_sign(const KeyRecord& key, const Ticket& ticket);

// The same as a fault: KeyRevoked, KeyNotUsable or nothing.
[[nodiscard]] std::optional<Fault> key_fault(const KeyRecord& key, const Ticket& ticket);

// Immutable once filled; reentrant for readers. Look-up is by the 4-byte id, without allocation.
class KeyRing {
public:
    // Errors: Invalid for a small-order or non-canonical key, an empty or malformed issuer, no
    // event or format, two events of a pretix_sig1 key, an inverted range, an id or an issuer
    // number that another record already has.
    [[nodiscard]] Result<void> add(KeyRecord record);

    // The record, or null. The pointer lives as long as the ring is not changed.
    [[nodiscard]] const KeyRecord* find(const KeyId& id) const;
    [[nodiscard]] std::optional<std::string_view> issuer_name(IssuerId issuer) const;
    [[nodiscard]] std::span<const KeyRecord> records() const { return records_; }

private:
    std::vector<KeyRecord> records_;
    std::vector<std::pair<KeyId, std::size_t>> by_id_;  // sorted
};

}  // namespace stile::crypto
