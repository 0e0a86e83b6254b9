// SPDX-License-Identifier: Apache-2.0
// Reads a payload as a stream of events, so that no tree is built of what nobody asks for.
#include "sync/collector/entry.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "crypto/base/time_text.hpp"

namespace stile::sync {
namespace {

constexpr std::uint64_t kExactInJson = std::uint64_t{1} << 53U;
constexpr std::uint64_t kMostPeople = 65'535;

struct Kind {
    std::string_view name;
    EntryKind kind;
};

constexpr Kind kKinds[] = {{"decision", EntryKind::Decision},
                           {"passage", EntryKind::Passage},
                           {"epoch", EntryKind::Epoch},
                           {"start", EntryKind::Start},
                           {"list", EntryKind::List},
                           {"lane", EntryKind::Lane},
                           {"act", EntryKind::Act},
                           {"annulled", EntryKind::Annulled},
                           {"not-stored", EntryKind::NotStored},
                           {"unknown", EntryKind::Unknown},
                           {"other", EntryKind::Other}};

constexpr std::pair<std::string_view, EntryFlag> kFlags[] = {
    {"override", EntryFlag::Override}, {"stale-lists", EntryFlag::StaleLists},
    {"clock", EntryFlag::Clock},       {"passback", EntryFlag::Passback},
    {"test", EntryFlag::Test},         {"attention", EntryFlag::Attention}};

struct TextField {
    std::string_view key;
    std::string GateEntry::* member;
};

constexpr TextField kTexts[] = {{"lane", &GateEntry::lane},       {"reason", &GateEntry::reason},
                                {"medium", &GateEntry::medium},   {"issuer", &GateEntry::issuer},
                                {"channel", &GateEntry::channel}, {"person", &GateEntry::person},
                                {"event", &GateEntry::what},      {"act", &GateEntry::what},
                                {"cause", &GateEntry::what}};

constexpr std::pair<std::string_view, std::optional<std::uint64_t> GateEntry::*> kNumbers[] = {
    {"event", &GateEntry::event},
    {"product", &GateEntry::product},
    {"admission", &GateEntry::admission}};

// The value of a word, if the table has it.
template <class T, class Value>
void choose(std::optional<T>& out, std::string_view word, std::initializer_list<Value> values) {
    const auto* const found =
        std::ranges::find(values, word, [](T value) { return name_of(value); });
    if (found != values.end()) out = *found;
}

// 16 lower-case digits, as gates write it: a key has one spelling.
std::optional<std::uint64_t> parse_hex64(std::string_view text) {
    const auto bytes = from_hex(text);
    if (!bytes || bytes->size() != 8 || to_hex(*bytes) != text) return std::nullopt;
    ByteReader reader{*bytes};
    return reader.number<std::uint64_t>();
}

std::optional<crypto::TicketId> parse_ticket(std::string_view text) {
    const auto bytes = from_hex(text);
    crypto::TicketId ticket{};
    if (!bytes || bytes->size() != ticket.size()) return std::nullopt;
    std::ranges::copy(*bytes, ticket.begin());
    return ticket;
}

// Takes the values of the outermost object. A function that returns false ends the reading.
class Reader {
public:
    [[nodiscard]] GateEntry take() { return std::move(entry_); }
    [[nodiscard]] const std::string& wrong() const { return wrong_; }
    [[nodiscard]] bool has_key() const { return has_epoch_ && entry_.name.seq != 0; }
    [[nodiscard]] bool is_known_version() const { return version_ == 1; }

    // What the library calls.
    bool null() { return is_inside(); }
    bool boolean(bool /*value*/) { return is_inside(); }
    bool number_integer(std::int64_t /*value*/) { return is_inside(); }
    bool number_float(double /*value*/, const std::string& /*text*/) { return is_inside(); }
    bool binary(std::vector<std::uint8_t>& /*value*/) { return is_inside(); }
    bool number_unsigned(std::uint64_t value) {
        if (depth_ == 1 && value <= kExactInJson) return set_number(value);
        if (is_previous("seq") && value <= kExactInJson) entry_.previous_seq = value;
        return is_inside();
    }
    bool string(std::string& value) {
        if (depth_ == 1) return set_text(value);
        if (depth_ == 2 && key_ == "flags") set_flag(value);
        if (is_previous("epoch")) entry_.previous_epoch = parse_hex64(value);
        return is_inside();
    }
    bool start_object(std::size_t /*size*/) { return deeper(); }
    bool start_array(std::size_t /*size*/) { return (depth_ > 0 || is_inside()) && deeper(); }
    bool end_object() { return shallower(); }
    bool end_array() { return shallower(); }
    bool key(std::string& name) {
        (depth_ == 1 ? key_ : inner_key_) = std::move(name);
        return true;
    }
    bool parse_error(std::size_t at, const std::string& /*token*/,
                     const nlohmann::json::exception& /*error*/) {
        return refuse(fmt::format("it is no JSON at byte {}", at));
    }

private:
    bool refuse(std::string why) {
        wrong_ = std::move(why);
        return false;
    }
    // The outermost value has to be an object.
    bool is_inside() { return depth_ > 0 || refuse("it is no object"); }
    [[nodiscard]] bool is_previous(std::string_view field) const {
        return depth_ == 2 && key_ == "previous" && inner_key_ == field;
    }
    bool deeper() {
        return ++depth_ <= kMaxEntryDepth ||
               refuse(fmt::format("it is more than {} levels deep", kMaxEntryDepth));
    }
    bool shallower() {
        --depth_;
        return true;
    }

    bool set_number(std::uint64_t value) {
        if (key_ == "v") version_ = value;
        if (key_ == "area") entry_.area = value;
        if (key_ == "count" || key_ == "refusals") entry_.count = value;
        if (key_ == "people" && value > 0 && value <= kMostPeople) entry_.people = value;
        if (key_ == "seq") {
            if (entry_.name.seq != 0) return refuse("it has two sequence numbers");
            entry_.name.seq = value;
        }
        for (const auto& [key, member] : kNumbers)
            if (key_ == key) entry_.*member = value;
        return true;
    }
    bool set_text(std::string& value) {
        if (key_ == "gate") {
            if (!entry_.name.ledger.gate.empty()) return refuse("it names two gates");
            entry_.name.ledger.gate = value;
        }
        if (key_ == "epoch") return set_epoch(value);
        set_word(value);
        for (const TextField& field : kTexts)
            if (key_ == field.key) entry_.*field.member = value;
        return true;
    }
    bool set_epoch(std::string_view value) {
        if (has_epoch_) return refuse("it names two epochs");
        const auto epoch = parse_hex64(value);
        has_epoch_ = epoch.has_value();
        entry_.name.ledger.epoch = epoch.value_or(0);
        return true;
    }
    void set_word(std::string_view value) {
        if (key_ == "time") entry_.time = parse_rfc3339(value);
        if (key_ == "ticket") entry_.ticket = parse_ticket(value);
        if (key_ == "direction")
            choose(entry_.direction, value, {Direction::Entry, Direction::Exit});
        if (key_ == "verdict") choose(entry_.verdict, value, {Verdict::Admit, Verdict::Refuse});
        if (key_ == "result")
            choose(entry_.result, value,
                   {PassageResult::Entered, PassageResult::Left, PassageResult::Released,
                    PassageResult::PresumedEntered});
        if (key_ == "kind") {
            const auto* const found = std::ranges::find(kKinds, value, &Kind::name);
            entry_.kind = found == std::end(kKinds) ? EntryKind::Other : found->kind;
        }
    }
    void set_flag(std::string_view name) {
        for (const auto& [flag, bit] : kFlags) {
            if (flag == name)
                entry_.flags =
                    static_cast<std::uint8_t>(entry_.flags | static_cast<std::uint8_t>(bit));
        }
    }

    GateEntry entry_;
    std::string key_;        // of the outermost object
    std::string inner_key_;  // of any other
    int depth_ = 0;
    std::uint64_t version_ = 0;
    bool has_epoch_ = false;
    std::string wrong_;
};

// What others wrote, for the journal: short, and nothing that could look like a line of ours.
std::string for_a_line(std::string_view text) {
    constexpr std::size_t kMost = 63;
    std::string out{text.substr(0, kMost)};
    std::ranges::replace_if(out, [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

}  // namespace

std::string_view name_of(EntryKind kind) {
    const auto* const found = std::ranges::find(kKinds, kind, &Kind::kind);
    return found == std::end(kKinds) ? "other" : found->name;
}

Result<GateEntry> parse_entry(std::string_view gate, std::string_view payload) {
    const auto refuse = [](std::string why) { return fail(Errc::Invalid, std::move(why)); };
    if (payload.size() > kMaxEntryPayload)
        return refuse(fmt::format("it has more than {} bytes", kMaxEntryPayload));
    Reader reader;
    if (!nlohmann::json::sax_parse(payload, &reader)) return refuse(reader.wrong());
    GateEntry entry = reader.take();
    if (!reader.has_key()) return refuse("it has no key: gate, epoch and seq");
    if (entry.name.ledger.gate != gate)
        return refuse(fmt::format("it is of gate \"{}\"", for_a_line(entry.name.ledger.gate)));
    if (!reader.is_known_version()) {  // what its fields mean is for a later collector to say
        GateEntry bare;
        bare.name = std::move(entry.name);
        entry = std::move(bare);
    }
    entry.payload = payload;
    return entry;
}

}  // namespace stile::sync
