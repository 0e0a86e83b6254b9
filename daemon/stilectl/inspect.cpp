// SPDX-License-Identifier: Apache-2.0
// The gate's verifier and decision, with no memory and no lists behind them.
#include "daemon/stilectl/inspect.hpp"

#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "crypto/verifier.hpp"
#include "daemon/core/decide.hpp"

namespace stile {
namespace {

using Json = nlohmann::ordered_json;

// What the ticket itself says, proven or not.
void add_description(Json& out, std::string_view text, const crypto::Format& format) {
    const auto said = format.describe(as_bytes(text));
    if (!said) return;
    for (const crypto::Saying& saying : *said) {
        const std::string name{saying.first};
        if (const auto* number = std::get_if<std::uint64_t>(&saying.second)) out[name] = *number;
        if (const auto* words = std::get_if<std::string>(&saying.second)) out[name] = *words;
    }
}

// What is known once the signature holds.
void add_proof(Json& out, const crypto::Ticket& ticket, const NamedKeys& keys) {
    const auto name = keys.names.find(ticket.key);
    if (name != keys.names.end()) out["key"] = name->second;
    out["key_id"] = to_hex(ticket.key);
    out["issuer"] = keys.ring.issuer_name(ticket.issuer).value_or("");
    if (const auto* key = keys.ring.find(ticket.key); key != nullptr && !key->events.empty())
        out["event"] = ticket.event;
    out["identity"] = to_hex(ticket.identity.bytes);
    out["assurance"] = fmt::format("A{}", std::to_underlying(ticket.assurance));
}

}  // namespace

std::string inspect_ticket(std::string_view text, const NamedKeys& keys,
                           std::chrono::sys_seconds now) {
    const crypto::Format* format = crypto::format_of(as_bytes(text));
    const auto proof = crypto::Verifier{keys.ring}.prove(as_bytes(text));
    const Decision decision =
        proof ? decide(*proof, {}, {}, {now, now}, Direction::Entry) : decide(proof.error());
    Json out{{"format", format == nullptr ? "unknown" : format->name},
             {"valid", decision.verdict == Verdict::Admit},
             {"reason", text_of(decision.reason).code}};
    if (!proof) {
        out["detail"] = crypto::fault_text(proof.error());
    } else if (decision.verdict == Verdict::Refuse) {
        out["detail"] = text_of(decision.reason).headline;
    }
    if (format != nullptr) add_description(out, text, *format);
    if (proof) add_proof(out, proof->ticket(), keys);
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace stile
