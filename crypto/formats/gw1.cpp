// SPDX-License-Identifier: Apache-2.0
// "GW1:" seconds ":" code ":" base45 of a GT1 core, and its proof in a straight line.
#include "crypto/formats/gw1.hpp"

#include <algorithm>
#include <charconv>

namespace stile::crypto {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Seconds as one decimal spelling each: no sign, no zero in front.
std::optional<std::uint32_t> read_time(std::string_view text) {
    std::uint32_t time = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), time);
    const bool whole = error == std::errc{} && stop == text.data() + text.size();
    if (!whole || text.front() == '0') return std::nullopt;
    return time;
}

std::optional<TotpCode> read_code(std::string_view text) {
    TotpCode code{};
    if (text.size() != code.size() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
    std::ranges::copy(as_bytes(text), code.begin());
    return code;
}

// Cuts what stands before the next colon, and the colon, off the front of `text`.
std::optional<std::string_view> cut(std::string_view& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view head = text.substr(0, colon);
    text.remove_prefix(colon + 1);
    return head;
}

bool code_holds(const SignedGw1& ticket, const TotpMaster& master) {
    const Gt1Fields& fields = ticket.core.fields();
    const auto key = totp_key(master, fields.event, fields.serial);
    if (!key) return false;
    const auto step = static_cast<std::uint64_t>(ticket.time / kTotpStep.count());
    const auto code = totp_code(*key, step);
    return code && same_code(*code, ticket.code);
}

}  // namespace

std::expected<SignedGw1, Fault> SignedGw1::from_text(Bytes text) {
    if (!claims_gw1(text)) return std::unexpected{Fault::UnknownFormat};
    std::string_view rest = as_text(text).substr(kGw1Prefix.size());
    const auto seconds = cut(rest);
    const auto digits = cut(rest);
    if (!seconds || !digits) return std::unexpected{Fault::Truncated};
    const auto time = read_time(*seconds);
    const auto code = read_code(*digits);
    if (!time || !code) return std::unexpected{Fault::BadField};
    auto core = SignedGt1::from_base45(as_bytes(rest));
    if (!core) return std::unexpected{core.error()};
    if (core->proof() != Gt1Proof::None) return std::unexpected{Fault::TrailingData};
    return SignedGw1{*time, *code, *core};
}

std::expected<Ticket, Fault> verify_gw1(const SignedGw1& signed_ticket, const KeyRing& keys) {
    auto ticket = verify_gt1_issuer(signed_ticket.core, keys);
    if (!ticket) return ticket;
    if (const auto fault = unproven_holder_fault(signed_ticket.core.fields()))
        return std::unexpected{*fault};
    const KeyRecord* key = keys.find(signed_ticket.core.fields().key);
    if (key == nullptr || !key->totp_master) return std::unexpected{Fault::ProofUnsupported};
    if (!code_holds(signed_ticket, *key->totp_master)) return std::unexpected{Fault::BadProof};
    ticket->assurance = Assurance::SharedSecret;
    ticket->proof_time = std::chrono::sys_seconds{std::chrono::seconds{signed_ticket.time}};
    ticket->proof_step = kTotpStep;
    return ticket;
}

bool claims_gw1(Bytes scan) {
    return as_text(scan).starts_with(kGw1Prefix);
}

std::expected<Ticket, Fault> prove_gw1(Bytes scan, const KeyRing& keys) {
    const auto ticket = SignedGw1::from_text(scan);
    if (!ticket) return std::unexpected{ticket.error()};
    return verify_gw1(*ticket, keys);
}

std::expected<Description, Fault> describe_gw1_scan(Bytes scan) {
    const auto ticket = SignedGw1::from_text(scan);
    if (!ticket) return std::unexpected{ticket.error()};
    Description said = describe_gt1(ticket->core);
    said.back().second = "totp";  // the core itself carries no proof
    said.emplace_back("proof_time", std::uint64_t{ticket->time});
    return said;
}

}  // namespace stile::crypto
