// SPDX-License-Identifier: Apache-2.0
// The JSON of each entry, or its members as columns.
#include "daemon/ledger/export.hpp"

#include <array>

#include <nlohmann/json.hpp>

#include "daemon/entry/entry_json.hpp"

namespace stile {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kEntriesAtOnce = 1'000;

// Members of sync/TOPICS.md that have a column; the same for every kind of entry.
constexpr std::array kColumns{
    "time",      "clock",   "epoch",  "seq",    "kind",      "lane",    "reader",  "direction",
    "medium",    "verdict", "reason", "fault",  "ticket",    "issuer",  "event",   "product",
    "list",      "area",    "people", "flags",  "assurance", "reissue", "channel", "result",
    "admission", "act",     "mode",   "person", "role",      "count",   "cause",   "refusals"};

std::string csv_header() {
    std::string line;
    for (const char* column : kColumns)
        line += (line.empty() ? "" : ",") + std::string{column};
    return line + "\r\n";
}

std::string cell_of(const Json& member) {
    if (member.is_null()) return {};
    if (member.is_string()) return csv_cell(member.get<std::string>());
    if (!member.is_array()) return member.dump();
    std::string words;
    for (const Json& word : member)
        words += (words.empty() ? "" : " ") + word.get<std::string>();
    return csv_cell(words);
}

std::string csv_line(const std::string& json) {
    const Json entry = Json::parse(json, nullptr, false);
    std::string line;
    for (const char* column : kColumns) {
        if (column != kColumns.front()) line += ',';
        const auto member = entry.find(column);
        if (member != entry.end()) line += cell_of(*member);
    }
    return line + "\r\n";
}

}  // namespace

std::string csv_cell(std::string_view text) {
    std::string cell{text};
    if (text.find_first_of("=+-@\t\r") == 0) cell.insert(0, 1, '\'');
    if (cell.find_first_of("\",\r\n") == std::string::npos) return cell;
    for (std::size_t at = 0; (at = cell.find('"', at)) != std::string::npos; at += 2)
        cell.insert(at, 1, '"');
    return '"' + cell + '"';
}

Result<std::uint64_t> export_entries(const Ledger& ledger, const ExportWish& wish,
                                     const std::function<void(std::string_view line)>& put) {
    if (wish.form == ExportForm::Csv) put(csv_header());
    std::uint64_t count = 0;
    for (Watermark mark;;) {
        const auto run = ledger.entries_after(mark, kEntriesAtOnce);
        if (!run) return std::unexpected{run.error()};
        if (run->entries.empty()) return count;
        mark = run->first;
        for (const Buffer& bytes : run->entries) {
            const auto entry = decode_entry(bytes);
            const bool asked = entry && entry->time >= wish.from && entry->time < wish.until;
            if (asked) {
                const auto json = entry_json(wish.gate, *entry);
                put(wish.form == ExportForm::Csv ? csv_line(json) : json + "\n");
                ++count;
            }
            ++mark.seq;
        }
        --mark.seq;
    }
}

}  // namespace stile
