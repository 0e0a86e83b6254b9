// SPDX-License-Identifier: Apache-2.0
// The tickets of an evening: sold by a real issuer's key, or made by a forger.
#pragma once

#include <cstdint>
#include <string>

#include "crypto/hash.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/signing_key.hpp"
#include "daemon/core/facts.hpp"

namespace stile::simulate {

enum class Kind : std::uint8_t {
    Sold,
    Forged,       // signed by a key that no gate trusts
    Changed,      // a sold one with another seat, say: its signature does not hold
    ForTomorrow,  // genuine, and too early
    OfYesterday,  // genuine, and too late
};

struct TicketOrder {
    std::uint64_t serial = 0;
    std::uint8_t people = 1;
    Kind kind = Kind::Sold;
};

inline constexpr const char* kIssuer = "arena";
inline constexpr std::uint32_t kEvent = 2026;

// Reentrant after construction.
class BoxOffice {
public:
    // The same seed makes the same keys. `doors`: of the evening.
    BoxOffice(std::uint64_t seed, WallTime doors);

    // What stands in the code.
    [[nodiscard]] std::string code(const TicketOrder& order) const;
    // Under which ledgers and messages know a genuine ticket.
    [[nodiscard]] crypto::TicketId id(std::uint64_t serial) const;
    // Files of a gate: the key that it trusts, the event secret, a list of revocations.
    [[nodiscard]] std::string keys_toml() const;
    [[nodiscard]] std::string secret_text() const;
    [[nodiscard]] static std::string revocation(std::uint64_t serial);

private:
    WallTime doors_;
    crypto::SigningKey issuer_;
    crypto::SigningKey forger_;
    crypto::EventSecret secret_{};
    crypto::KeyRecord record_;
    crypto::KeyRing ring_;
};

}  // namespace stile::simulate
