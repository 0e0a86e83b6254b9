// SPDX-License-Identifier: Apache-2.0
// pretix_sig1, the offline ticket of the pretix platform. Byte by byte in crypto/FORMAT.md.
#pragma once

#include <array>
#include <expected>
#include <optional>
#include <string_view>

#include "crypto/base/bytes.hpp"
#include "crypto/base64.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/formats/pretix_message.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/ticket.hpp"
#include "crypto/verifier.hpp"

namespace stile::crypto {

inline constexpr std::string_view kPretixSig1 = "pretix_sig1";  // in key records
inline constexpr std::size_t kPretixMaxBytes = kBase64MaxText / 4 * 3;

// A well-formed ticket; nothing of it is proven. Making and copying one never allocates.
class SignedPretix {
public:
    [[nodiscard]] static std::expected<SignedPretix, Fault> from_text(Bytes text);

    // What the issuer signed, and the one name of the ticket.
    [[nodiscard]] Bytes payload() const { return Bytes{storage_}.subspan(5, payload_size_); }
    [[nodiscard]] SignatureView signature() const {
        return Bytes{storage_}.subspan(5 + payload_size_).first<64>();
    }
    // Views into this object.
    [[nodiscard]] PretixMessage message() const;

private:
    SignedPretix() = default;
    [[nodiscard]] std::optional<Fault> parse(std::size_t size);

    std::array<std::uint8_t, kPretixMaxBytes> storage_{};
    std::size_t payload_size_ = 0;
};

// The first key of this format whose signature it is says which event the ticket is for. A ticket
// without an end or a beginning has that of its key.
[[nodiscard]] std::expected<Ticket, Fault> verify_pretix(const SignedPretix& ticket,
                                                         const KeyRing& keys);

// The identity that this text has as a ticket of `event`, whether or not its signature holds.
// Nothing if the text is no ticket. Revocation and block lists name tickets by their text.
[[nodiscard]] std::optional<Identity> pretix_identity(std::uint32_t event, std::string_view text);

// The row in the format table.
[[nodiscard]] bool claims_pretix(Bytes scan);
[[nodiscard]] std::expected<Ticket, Fault> prove_pretix(Bytes scan, const KeyRing& keys);
[[nodiscard]] std::expected<Description, Fault> describe_pretix_scan(Bytes scan);

}  // namespace stile::crypto
