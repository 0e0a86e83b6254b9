// SPDX-License-Identifier: Apache-2.0
// The envelope of pretix_sig1 and its proof: one spelling, exact lengths, and the key names the
// event.
#include "crypto/formats/pretix_sig1.hpp"

#include <algorithm>

namespace stile::crypto {
namespace {

constexpr std::uint8_t kSig1Version = 1;
constexpr std::size_t kHeader = 5;
constexpr std::size_t kSignature = 64;
constexpr std::size_t kShortestText = 92;  // of a header and a signature alone

std::chrono::sys_seconds time_or(const std::optional<std::uint64_t>& unix_seconds,
                                 std::chrono::sys_seconds otherwise) {
    if (unix_seconds.value_or(0) == 0) return otherwise;
    return std::chrono::sys_seconds{std::chrono::seconds{static_cast<std::int64_t>(*unix_seconds)}};
}

Ticket to_ticket(const SignedPretix& signed_ticket, const KeyRecord& key) {
    const PretixMessage message = signed_ticket.message();
    Ticket ticket;
    ticket.event = key.events.empty() ? 0 : key.events.front();
    ticket.identity = identity_of(ticket.event, signed_ticket.payload());
    ticket.issuer = issuer_id(key.issuer);
    ticket.key = key_id(key.algorithm, key.public_key);
    ticket.product = message.item;
    ticket.variation = message.variation;
    ticket.subevent = message.subevent;
    ticket.not_before = time_or(message.valid_from, key.not_before);
    ticket.not_after = time_or(message.valid_until, key.not_after);
    return ticket;
}

}  // namespace

std::expected<SignedPretix, Fault> SignedPretix::from_text(Bytes text) {
    if (text.size() > kBase64MaxText) return std::unexpected{Fault::TrailingData};
    std::array<std::uint8_t, kBase64MaxText> turned{};
    std::ranges::reverse_copy(text, turned.begin());
    SignedPretix ticket;
    const auto size = base64_decode(Bytes{turned}.first(text.size()), ticket.storage_);
    if (!size) return std::unexpected{Fault::BadEncoding};
    if (const auto fault = ticket.parse(*size)) return std::unexpected{*fault};
    return ticket;
}

std::optional<Fault> SignedPretix::parse(std::size_t size) {
    ByteReader in{Bytes{storage_}.first(size)};
    const auto version = in.number<std::uint8_t>();
    payload_size_ = in.number<std::uint16_t>();
    const auto signature_size = in.number<std::uint16_t>();
    if (!in.ok()) return Fault::Truncated;
    if (version != kSig1Version) return Fault::Version;
    if (signature_size != kSignature) return Fault::BadField;
    if (size < kHeader + payload_size_ + kSignature) return Fault::Truncated;
    if (size > kHeader + payload_size_ + kSignature) return Fault::TrailingData;
    const auto message = parse_pretix_message(payload());
    return message ? std::nullopt : std::optional{message.error()};
}

PretixMessage SignedPretix::message() const {
    return parse_pretix_message(payload()).value_or(PretixMessage{});  // parse() accepted it
}

std::expected<Ticket, Fault> verify_pretix(const SignedPretix& signed_ticket, const KeyRing& keys) {
    Fault fault = Fault::UnknownKey;
    for (const KeyRecord& key : keys.records()) {
        if (!signs_format(key, kPretixSig1)) continue;
        fault = Fault::BadSignature;
        if (!ed25519_verify(key.public_key, signed_ticket.payload(), signed_ticket.signature()))
            continue;
        const Ticket ticket = to_ticket(signed_ticket, key);
        if (const auto bad = key_fault(key, ticket)) return std::unexpected{*bad};
        return ticket;
    }
    return std::unexpected{fault};
}

std::optional<Identity> pretix_identity(std::uint32_t event, std::string_view text) {
    if (!claims_pretix(as_bytes(text))) return std::nullopt;
    const auto ticket = SignedPretix::from_text(as_bytes(text));
    if (!ticket) return std::nullopt;
    return identity_of(event, ticket->payload());
}

// Reversed base64: the first bits of the version stand at the end, and those of versions 0 to 3 are
// spelled "A". Shorter and other texts are codes that mean nothing by themselves.
bool claims_pretix(Bytes scan) {
    return scan.size() >= kShortestText && scan.back() == 'A';
}

std::expected<Ticket, Fault> prove_pretix(Bytes scan, const KeyRing& keys) {
    const auto ticket = SignedPretix::from_text(scan);
    if (!ticket) return std::unexpected{ticket.error()};
    return verify_pretix(*ticket, keys);
}

std::expected<Description, Fault> describe_pretix_scan(Bytes scan) {
    const auto ticket = SignedPretix::from_text(scan);
    if (!ticket) return std::unexpected{ticket.error()};
    const PretixMessage message = ticket->message();
    Description said;
    said.emplace_back("seed", std::string{message.seed});
    said.emplace_back("item", message.item);
    if (message.variation != 0) said.emplace_back("variation", message.variation);
    if (message.subevent != 0) said.emplace_back("subevent", message.subevent);
    if (message.valid_from) said.emplace_back("validFromUnixTime", *message.valid_from);
    if (message.valid_until) said.emplace_back("validUntilUnixTime", *message.valid_until);
    return said;
}

}  // namespace stile::crypto
