// SPDX-License-Identifier: Apache-2.0
// Sentences and fields.
#include "sync/collector/ticket_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "crypto/base/time_text.hpp"
#include "sync/collector/stored_row.hpp"

namespace stile::sync {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostShown = 100;

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string time_of(const GateEntry& entry) {
    return entry.time ? to_rfc3339(*entry.time) : std::string{"-"};
}

std::string people(std::uint64_t count) {
    return count == 1 ? std::string{} : fmt::format(", {} people", count);
}

// "2026-05-01T18:00:01.610Z north-1 a passage entered"
std::string line_of(const GateEntry& entry) {
    std::string line = fmt::format("  {} {} {} {}", time_of(entry), entry.name.ledger.gate,
                                   entry.lane.empty() ? "-" : entry.lane, name_of(entry.kind));
    if (entry.verdict) line += fmt::format(" {} {}", name_of(*entry.verdict), entry.reason);
    if (entry.result) line += fmt::format(" {}", name_of(*entry.result));
    return line + people(entry.people) + "\n";
}

std::string state_text(const TicketStory& story) {
    if (story.used()) {
        const Movement& first = story.entered.front();
        return fmt::format("used: entered at {} by gate {}{}", to_rfc3339(first.time),
                           first.entry.ledger.gate, people(first.people));
    }
    if (!story.open.empty())
        return fmt::format("admitted at {}; whether somebody passed is not known yet",
                           time_of(story.open.front()));
    return "not used, as far as the collector knows";
}

Json entry_json(const GateEntry& entry) {
    Json out{{"gate", entry.name.ledger.gate}};
    const auto put = [&out](const char* key, const std::string& text) {
        if (!text.empty()) out[key] = text;
    };
    put("lane", entry.lane);
    out["epoch"] = hex_of(entry.name.ledger.epoch);
    out["seq"] = entry.name.seq;
    if (entry.time) out["time"] = to_rfc3339(*entry.time);
    out["kind"] = name_of(entry.kind);
    if (entry.verdict) out["verdict"] = name_of(*entry.verdict);
    put("reason", entry.reason);
    if (entry.result) out["result"] = name_of(*entry.result);
    return out;
}

Json story_json(const TicketStory& story) {
    Json out{{"ticket", to_hex(story.ticket)},
             {"used", story.used()},
             {"inside", story.inside},
             {"revoked", story.revoked}};
    if (story.event) out["event"] = *story.event;
    if (story.product) out["product"] = *story.product;
    Json entries = Json::array();
    const std::size_t from = story.entries.size() - std::min(story.entries.size(), kMostShown);
    for (std::size_t i = from; i < story.entries.size(); ++i)
        entries.push_back(entry_json(story.entries[i]));
    out["entries"] = std::move(entries);
    return out;
}

std::string yes(Receipt::Told told) {
    return told == Receipt::Told::Yes ? "yes" : "no";
}

Json seen_json(const std::vector<Receipt::Seen>& all) {
    Json out = Json::array();
    for (const auto& [time, entry, count] : all) {
        out.push_back({{"time", to_rfc3339(time)},
                       {"gate", entry.ledger.gate},
                       {"epoch", hex_of(entry.ledger.epoch)},
                       {"seq", entry.seq},
                       {"people", count}});
    }
    return out;
}

}  // namespace

std::string story_text(const TicketStory& story) {
    std::string out = fmt::format("{}  {}\n", to_hex(story.ticket), state_text(story));
    if (story.inside) out += "  inside\n";
    if (story.revoked) out += "  revoked\n";
    if (story.event)
        out += fmt::format("  event {}, product {}\n", *story.event, story.product.value_or(0));
    for (const GateEntry& entry : story.entries)
        out += line_of(entry);
    return out;
}

std::string stories_json(const std::vector<TicketStory>& stories) {
    Json list = Json::array();
    for (const TicketStory& story : stories)
        list.push_back(story_json(story));
    return dumped(Json{{"tickets", std::move(list)}});
}

std::string receipt_text(const Receipt& receipt) {
    std::string out = fmt::format("genuine: ticket {} is {}, says collector {} of {} at {}\n",
                                  to_hex(receipt.ticket), name_of(receipt.state), receipt.collector,
                                  receipt.venue, to_rfc3339(receipt.made));
    for (const auto& [time, entry, count] : receipt.entered)
        out += fmt::format("  entered at {} by gate {}{}\n", to_rfc3339(time), entry.ledger.gate,
                           people(count));
    for (const auto& [ledger, range] : receipt.missing)
        out += fmt::format("  it does not know entries {} to {} of gate {}\n", range.from, range.to,
                           ledger.gate);
    for (const auto& [gate, since] : receipt.silent)
        out += fmt::format("  it had not heard gate {} since {}\n", gate, to_rfc3339(since));
    if (receipt.collecting == Receipt::Collecting::Stopped)
        out += "  the collector was not running\n";
    return out;
}

std::string receipt_json(const Receipt& receipt) {
    Json stored = Json::array();
    for (const auto& [upto] : receipt.stored) {
        stored.push_back(
            {{"gate", upto.ledger.gate}, {"epoch", hex_of(upto.ledger.epoch)}, {"seq", upto.seq}});
    }
    Json missing = Json::array();
    for (const auto& [ledger, range] : receipt.missing) {
        missing.push_back({{"gate", ledger.gate},
                           {"epoch", hex_of(ledger.epoch)},
                           {"from", range.from},
                           {"to", range.to}});
    }
    Json silent = Json::array();
    for (const auto& [gate, since] : receipt.silent)
        silent.push_back({{"gate", gate}, {"since", to_rfc3339(since)}});
    return dumped({{"genuine", true},
                   {"venue", receipt.venue},
                   {"collector", receipt.collector},
                   {"made", to_rfc3339(receipt.made)},
                   {"ticket", to_hex(receipt.ticket)},
                   {"state", name_of(receipt.state)},
                   {"sold", yes(receipt.sold)},
                   {"revoked", yes(receipt.revoked)},
                   {"entered", seen_json(receipt.entered)},
                   {"open", seen_json(receipt.open)},
                   {"collecting", receipt.collecting == Receipt::Collecting::Runs},
                   {"stored", std::move(stored)},
                   {"missing", std::move(missing)},
                   {"silent", std::move(silent)}});
}

std::string faults_text(const StoreFaults& faults) {
    std::string out = fmt::format("{} entries\n", faults.entries);
    for (const auto& [ledger, range] : faults.gaps)
        out += fmt::format("missing: {} to {} of gate {}, epoch {}\n", range.from, range.to,
                           ledger.gate, hex_of(ledger.epoch));
    for (const crypto::TicketId& ticket : faults.doubles)
        out += fmt::format("entered twice: {}\n", to_hex(ticket));
    return out + (faults.none() ? "nothing is missing, nobody entered twice\n" : "");
}

std::string faults_json(const StoreFaults& faults) {
    Json gaps = Json::array();
    for (const auto& [ledger, range] : faults.gaps) {
        gaps.push_back({{"gate", ledger.gate},
                        {"epoch", hex_of(ledger.epoch)},
                        {"from", range.from},
                        {"to", range.to}});
    }
    Json doubles = Json::array();
    for (const crypto::TicketId& ticket : faults.doubles)
        doubles.push_back(to_hex(ticket));
    return dumped({{"entries", faults.entries},
                   {"missing", std::move(gaps)},
                   {"entered_twice", std::move(doubles)}});
}

}  // namespace stile::sync
