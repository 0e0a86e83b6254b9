// SPDX-License-Identifier: Apache-2.0
// Fields in the order of sync/TOPICS.md; nothing here can throw on bad text (it is replaced).
#include "daemon/entry/entry_json.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "crypto/base/time_text.hpp"
#include "crypto/ticket.hpp"
#include "daemon/core/reason.hpp"
#include "daemon/entry/words.hpp"
#include "daemon/protocol/vocabulary.hpp"

namespace stile {
namespace {

using Json = nlohmann::ordered_json;

std::string text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_zero(Bytes bytes) {
    return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

std::string name_of(Reason reason) {
    const auto number = std::to_underlying(reason);
    const auto known = reason_from(number);
    return known ? std::string{text_of(*known).code} : fmt::format("REASON_{}", number);
}

std::string_view name_of(EpochCause cause) {
    switch (cause) {
        case EpochCause::NewLedger:
            return "new";
        case EpochCause::Restored:
            return "restored";
        case EpochCause::WatermarkAhead:
            return "watermark-ahead";
    }
    return "unknown";
}

// The names of the bits, from the lowest.
constexpr std::array kFlagNames{"override", "stale-lists", "clock",
                                "passback", "test",        "attention"};

Json flags_json(std::uint16_t flags) {
    Json out = Json::array();
    for (std::size_t bit = 0; bit < kFlagNames.size(); ++bit) {
        if ((flags >> bit & 1U) != 0) out.push_back(kFlagNames[bit]);
    }
    return out;
}

std::string medium_name(std::uint8_t number) {
    switch (static_cast<protocol::Medium>(number)) {
        case protocol::Medium::Qr:
            return "qr";
        case protocol::Medium::Nfc:
            return "nfc";
        case protocol::Medium::Scanner:
            return "scanner";
        case protocol::Medium::Keyed:
            return "keyed";
    }
    return fmt::format("medium-{}", number);
}

std::string fault_name(std::uint8_t number) {
    using enum crypto::Fault;
    switch (static_cast<crypto::Fault>(number)) {
        case UnknownFormat:
            return "unknown-format";
        case BadEncoding:
            return "bad-encoding";
        case Truncated:
            return "truncated";
        case TrailingData:
            return "trailing-data";
        case Version:
            return "version";
        case ReservedFlag:
            return "reserved-flag";
        case BadField:
            return "bad-field";
        case CriticalExtension:
            return "critical-extension";
        case UnknownKey:
            return "unknown-key";
        case KeyNotUsable:
            return "key-not-usable";
        case BadSignature:
            return "bad-signature";
        case BadHolderKey:
            return "bad-holder-key";
        case ProofMissing:
            return "proof-missing";
        case BadProof:
            return "bad-proof";
        case ProofUnsupported:
            return "proof-unsupported";
        case KeyRevoked:
            return "key-revoked";
    }
    return fmt::format("fault-{}", number);
}

void put(Json& out, const EpochStarted& body) {
    out["kind"] = "epoch";
    out["cause"] = name_of(body.cause);
    if (body.previous_epoch == 0) return;
    out["previous"] = Json{{"epoch", hex64(body.previous_epoch)},
                           {"seq", body.previous_seq},
                           {"head", to_hex(body.previous_head)}};
}

void put(Json& out, const DaemonStarted& body) {
    out["kind"] = "start";
    out["boot"] = hex64(body.boot);
    out["unresolved"] = body.unresolved;
    out["software"] = body.software;
}

// Only a genuine ticket has an issuer, an event and so on: without one these fields are absent.
void put_ticket(Json& out, const Decided& body) {
    if (is_zero(body.ticket)) return;
    out["ticket"] = to_hex(body.ticket);
    out["issuer"] = body.issuer;
    out["event"] = body.event;
    out["product"] = body.product;
    out["reissue"] = body.reissue;
    out["assurance"] = fmt::format("A{}", body.assurance);
}

void put(Json& out, const Decided& body) {
    out["kind"] = "decision";
    out["lane"] = body.lane;
    out["reader"] = body.reader;
    out["direction"] = name_of(body.direction);
    out["medium"] = medium_name(body.medium);
    out["verdict"] = name_of(body.verdict);
    out["reason"] = name_of(body.reason);
    put_ticket(out, body);
    if (body.fault != 0) out["fault"] = fault_name(body.fault);
    out["list"] = body.list;
    out["area"] = body.area;
    if (body.people != 1) out["people"] = body.people;
    if (body.flags != 0) out["flags"] = flags_json(body.flags);
    out["channel"] = body.channel.empty() ? Json() : Json(body.channel);  // null: not known
    out["decided_us"] = body.decided_us;
}

void put(Json& out, const Passage& body) {
    out["kind"] = "passage";
    out["lane"] = body.lane;
    out["result"] = name_of(body.result);
    out["admission"] = body.admission;
    if (!is_zero(body.ticket)) out["ticket"] = to_hex(body.ticket);
    if (body.people > 1) out["people"] = body.people;
    out["release_us"] = body.release_us;
}

void put(Json& out, const ListChanged& body) {
    out["kind"] = "list";
    out["list"] = body.list;
    out["generation"] = body.generation;
    out["records"] = body.records;
}

void put_known(Json& out, std::string_view field, std::string_view value) {
    if (!value.empty()) out[std::string{field}] = value;
}

void put_admission(Json& out, std::uint64_t admission) {
    if (admission != 0) out["admission"] = admission;
}

void put(Json& out, const LaneEvent& body) {
    out["kind"] = "lane";
    out["event"] = name_of(body.what);
    out["lane"] = body.lane;
    put_admission(out, body.admission);
    out["count"] = body.count;
}

void put(Json& out, const Act& body) {
    out["kind"] = "act";
    out["act"] = name_of(body.what);
    out["person"] = body.person;
    put_known(out, "role", body.role);
    put_known(out, "reason", body.reason);
    put_known(out, "lane", body.lane);
    if (body.mode != 0) out["mode"] = name_of(static_cast<LaneMode>(body.mode));
    put_admission(out, body.admission);
}

void put(Json& out, const Annulled& body) {
    out["kind"] = "annulled";
    out["admission"] = body.admission;
    if (!is_zero(body.ticket)) out["ticket"] = to_hex(body.ticket);
    put_known(out, "person", body.person);
    put_known(out, "reason", body.reason);
    put_known(out, "lane", body.lane);
}

void put(Json& out, const NotStored& body) {
    out["kind"] = "not-stored";
    out["refusals"] = body.refusals;
    out["first"] =
        to_rfc3339(WallTime{std::chrono::milliseconds{static_cast<std::int64_t>(body.first_ms)}});
    out["last"] =
        to_rfc3339(WallTime{std::chrono::milliseconds{static_cast<std::int64_t>(body.last_ms)}});
}

Json keyed(std::string_view gate, EntryKey key) {
    return Json{{"v", 1}, {"gate", gate}, {"epoch", hex64(key.epoch)}, {"seq", key.seq}};
}

EntryPayload unreadable(std::string_view gate, EntryKey key, Bytes bytes, Error why) {
    Json out = keyed(gate, key);
    out["kind"] = "unknown";
    out["bytes"] = to_hex(bytes);
    return {text(out), std::move(why)};
}

}  // namespace

std::string hex64(std::uint64_t number) {
    return to_hex(big_endian(number));
}

std::string entry_json(std::string_view gate, const Entry& entry) {
    Json out = keyed(gate, {entry.epoch, entry.seq});
    out["time"] = to_rfc3339(entry.time);
    out["clock"] = name_of(entry.clock);
    std::visit([&out](const auto& body) { put(out, body); }, entry.body);
    return text(out);
}

EntryPayload entry_payload(std::string_view gate, EntryKey key, Bytes bytes) {
    auto entry = decode_entry(bytes);
    if (!entry) return unreadable(gate, key, bytes, std::move(entry.error()));
    if (EntryKey{entry->epoch, entry->seq} != key) {
        return unreadable(
            gate, key, bytes,
            {Errc::Invalid, fmt::format("it calls itself {}/{}", hex64(entry->epoch), entry->seq)});
    }
    return {entry_json(gate, *entry), std::nullopt};
}

}  // namespace stile
