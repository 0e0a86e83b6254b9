// SPDX-License-Identifier: Apache-2.0
// Strict where it matters, deaf to what it does not know.
#include "sync/collector/heard.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "crypto/base/bytes.hpp"
#include "crypto/base/time_text.hpp"
#include "sync/publish/topics.hpp"

namespace stile::sync {
namespace {

using Json = nlohmann::ordered_json;
using std::string_view;

constexpr std::size_t kMostStateBytes = 16'384;
constexpr std::size_t kMostNameBytes = 63;
constexpr std::uint64_t kMostRecent = 100;
constexpr std::uint64_t kMostSeq = std::uint64_t{1} << 53;  // as in an entry

// An object of version 1 that is not deep; null for anything else.
Json object(string_view payload, std::size_t most_bytes) {
    constexpr int kMostDepth = 8;
    if (payload.size() > most_bytes) return {};
    bool deep = false;
    const auto limit = [&deep](int depth, Json::parse_event_t, const Json&) {
        deep = deep || depth > kMostDepth;
        return !deep;
    };
    Json json = Json::parse(payload, limit, false);
    if (deep || !json.is_object()) return {};
    const auto version = json.find("v");
    return version != json.end() && *version == 1 ? json : Json{};
}

const std::string* text(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found == json.end() ? nullptr : found->get_ptr<const std::string*>();
}

std::string text_or_nothing(const Json& json, const char* key) {
    const auto* found = text(json, key);
    return found == nullptr ? "" : *found;
}

std::optional<std::uint64_t> number(const Json& json, const char* key) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number_unsigned()) return std::nullopt;
    return found->get<std::uint64_t>();
}

std::optional<std::uint64_t> hex_number(const Json& json, const char* key) {
    const auto* digits = text(json, key);
    if (digits == nullptr || digits->size() != 16) return std::nullopt;
    const auto bytes = from_hex(*digits);
    if (!bytes || bytes->size() != 8) return std::nullopt;
    std::uint64_t out = 0;
    for (const std::uint8_t byte : *bytes)
        out = out << 8 | byte;
    return out;
}

std::optional<WallTime> moment(const Json& json, const char* key) {
    const auto* found = text(json, key);
    return found == nullptr ? std::nullopt : parse_rfc3339(*found);
}

using Body = std::expected<decltype(Question::body), std::string>;

Body wrong(string_view sentence) {
    return std::unexpected{std::string{sentence}};
}

Body read_ticket(const Json& json) {
    const auto* digits = text(json, "ticket");
    const auto prefix = digits == nullptr ? std::nullopt : TicketPrefix::parse(*digits);
    if (!prefix) return wrong("ticket: 8 to 32 hexadecimal digits");
    return TicketQuestion{*prefix};
}

Body read_receipt(const Json& json) {
    const auto* digits = text(json, "ticket");
    const auto prefix = digits == nullptr ? std::nullopt : TicketPrefix::parse(*digits);
    if (!prefix || digits->size() != 32) return wrong("ticket: 32 hexadecimal digits");
    return ReceiptQuestion{prefix->first()};
}

bool is_alarm(string_view name) {
    const auto slash = name.find('/');
    if (slash == string_view::npos) return false;
    const auto gate = name.substr(0, slash);
    return (gate == "_ops" || is_topic_level(gate)) && is_alarm_code(name.substr(slash + 1));
}

Body read_acknowledge(const Json& json) {
    const auto* alarm = text(json, "alarm");
    const auto since = moment(json, "since");
    const auto* person = text(json, "person");
    if (alarm == nullptr || !is_alarm(*alarm)) return wrong("alarm: GATE/CODE or _ops/CODE");
    if (!since) return wrong("since: a time, as the alarm has it");
    if (person == nullptr || person->empty() || person->size() > kMostNameBytes)
        return wrong("person: a name of at most 63 bytes");
    return AcknowledgeQuestion{*alarm, *since, *person};
}

Body read_recent(const Json& json) {
    const auto* gate = text(json, "gate");
    const auto count = number(json, "count");
    if (gate == nullptr || !is_topic_level(*gate)) return wrong("gate: its name");
    if (!count || *count == 0 || *count > kMostRecent) return wrong("count: 1 to 100");
    return RecentQuestion{*gate, static_cast<std::size_t>(*count)};
}

Body read_report(const Json& json) {
    const auto event = number(json, "event");
    if (!event) return wrong("event: its number");
    return ReportQuestion{*event};
}

struct Kind {
    string_view ask;
    Body (*read)(const Json&);
};
constexpr Kind kKinds[] = {{"ticket", read_ticket},
                           {"receipt", read_receipt},
                           {"acknowledge", read_acknowledge},
                           {"recent", read_recent},
                           {"report", read_report}};

}  // namespace

std::optional<HeardTopic> read_topic(string_view venue, string_view topic) {
    constexpr string_view kRoot = "stile/v1/";
    if (!topic.starts_with(kRoot)) return std::nullopt;
    topic.remove_prefix(kRoot.size());
    if (!topic.starts_with(venue) || topic.size() <= venue.size() || topic[venue.size()] != '/')
        return std::nullopt;
    topic.remove_prefix(venue.size() + 1);
    const auto slash = topic.find('/');
    if (slash == string_view::npos) return std::nullopt;
    const HeardTopic out{topic.substr(0, slash), topic.substr(slash + 1)};
    if (out.gate != "_ops" && !is_topic_level(out.gate)) return std::nullopt;
    return out;
}

std::optional<GateStatus> read_status(string_view payload) {
    const Json json = object(payload, kMostStateBytes);
    const auto* boot = text(json, "boot");
    const auto* state = text(json, "state");
    if (boot == nullptr || state == nullptr || boot->size() > kMostNameBytes) return std::nullopt;
    GateStatus out{.boot = *boot};
    if (*state == "lost") out.presence = GatePresence::Lost;
    if (*state == "offline") out.presence = GatePresence::Stopped;
    return out;
}

std::optional<WallTime> read_time(string_view payload) {
    return moment(object(payload, kMostStateBytes), "time");
}

std::optional<LedgerEnd> read_count(string_view payload) {
    const Json json = object(payload, kMostStateBytes);
    const auto epoch = hex_number(json, "epoch");
    const auto seq = number(json, "seq");
    if (!epoch || !seq || *seq > kMostSeq) return std::nullopt;
    return LedgerEnd{*epoch, *seq};
}

bool is_alarm_code(string_view code) {
    const auto head = code.substr(0, kMostNameBytes);
    const auto tail = code.substr(head.size());
    return code.size() <= kMostCodeBytes && is_topic_level(head) &&
           (tail.empty() || is_topic_level(tail));
}

std::optional<AlarmOnBoard> read_alarm(string_view code, string_view payload) {
    if (!is_alarm_code(code)) return std::nullopt;
    const Json json = object(payload, kMostStateBytes);
    const auto* state = text(json, "state");
    if (state == nullptr || (*state != "raised" && *state != "cleared")) return std::nullopt;
    const auto time = moment(json, "time");
    const auto since = moment(json, "since");
    AlarmOnBoard out{.state = *state == "raised" ? AlarmState::Raised : AlarmState::Cleared};
    out.alarm = {.code = std::string{code},
                 .severity = text_or_nothing(json, "severity") == "critical" ? Severity::Critical
                                                                             : Severity::Warning,
                 .detail = text_or_nothing(json, "detail"),
                 .gate = text_or_nothing(json, "gate"),
                 .lane = text_or_nothing(json, "lane"),
                 .ticket = text_or_nothing(json, "ticket"),
                 .issuer = text_or_nothing(json, "issuer")};
    out.since = since ? *since : time.value_or(WallTime{});
    out.changed = time.value_or(out.since);
    return out;
}

std::expected<Question, BadQuestion> read_question(string_view payload) {
    const Json json = object(payload, kMostQuestionBytes);
    const auto* reply = text(json, "reply");
    if (reply == nullptr || !is_topic_level(*reply))
        return std::unexpected{BadQuestion{std::nullopt, "nobody to answer to"}};
    Asker asker{*reply, text_or_nothing(json, "id"), text_or_nothing(json, "ask")};
    const auto bad = [&](std::string error) {
        return std::unexpected{BadQuestion{std::move(asker), std::move(error)}};
    };
    if (asker.id.size() > kMostNameBytes) {
        asker.id.clear();
        return bad("id: at most 63 bytes");
    }
    const auto kind = std::ranges::find(kKinds, string_view{asker.ask}, &Kind::ask);
    if (kind == std::end(kKinds)) {
        if (asker.ask.size() > kMostNameBytes) asker.ask.clear();
        return bad("ask: one of ticket, receipt, acknowledge, recent, report");
    }
    auto body = kind->read(json);
    if (!body) return bad(std::move(body.error()));
    return Question{std::move(asker), std::move(*body)};
}

}  // namespace stile::sync
