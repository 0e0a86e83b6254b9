// SPDX-License-Identifier: Apache-2.0
// "hears" with the time at which that was so, "silent/{gate}" with the time since when, and
// "end/{gate}/{epoch}" with a sequence number.
#include "sync/collector/doubts.hpp"

#include <charconv>

#include "crypto/base/time_text.hpp"
#include "sync/collector/stored_row.hpp"

namespace stile::sync {
namespace {

constexpr std::string_view kHears = "hears";
constexpr std::string_view kSilent = "silent/";
constexpr std::string_view kEnd = "end/";

// Clocks are set, and those of two machines differ.
bool is_recent(WallTime time, WallTime now, std::chrono::seconds span) {
    return std::chrono::abs(now - time) < span;
}

std::string end_note(const LedgerName& ledger) {
    return std::string{kEnd} + ledger.gate + "/" + hex_of(ledger.epoch);
}

EntryName end_of(std::string_view name, std::string_view text) {
    name.remove_prefix(kEnd.size());
    const auto slash = std::min(name.rfind('/'), name.size());
    EntryName out{{std::string{name.substr(0, slash)},
                   epoch_of(name.substr(std::min(slash + 1, name.size())))},
                  0};
    (void)std::from_chars(text.data(), text.data() + text.size(), out.seq);
    return out;
}

}  // namespace

Result<std::vector<EntryName>> read_ends(EntryStore& store) {
    const auto notes = store.notes(kEnd);
    if (!notes) return std::unexpected{notes.error()};
    std::vector<EntryName> out;
    for (const Note& note : *notes)
        out.push_back(end_of(note.name, note.text));
    return out;
}

Result<Doubts> read_doubts(EntryStore& store, WallTime now) {
    Doubts out;
    const auto hears = store.notes(kHears);
    if (!hears) return std::unexpected{hears.error()};
    for (const Note& note : *hears) {
        const auto said = parse_rfc3339(note.text);
        if (note.name == kHears && said && is_recent(*said, now, kHeardFor))
            out.hears = Doubts::Hears::Yes;
    }
    const auto silent = store.notes(kSilent);
    if (!silent) return std::unexpected{silent.error()};
    for (const Note& note : *silent) {
        out.silent.push_back(
            {note.name.substr(kSilent.size()), parse_rfc3339(note.text).value_or(WallTime{})});
    }
    auto ends = read_ends(store);
    if (!ends) return std::unexpected{std::move(ends.error())};
    out.ends = std::move(*ends);
    return out;
}

Result<void> DoubtNotes::load() {
    if (auto taken_back = store_.keep({std::string{kHears}, ""}); !taken_back) return taken_back;
    for (const std::string_view kind : {kSilent, kEnd}) {
        const auto notes = store_.notes(kind);
        if (!notes) return std::unexpected{notes.error()};
        for (const Note& note : *notes)
            noted_[note.name] = note.text;
    }
    return {};
}

void DoubtNotes::want_silent(const Heard& heard, WallTime now, Texts& wanted) const {
    for (const auto& [name, text] : noted_) {
        if (name.starts_with(kSilent) && !heard.is_back(name.substr(kSilent.size())))
            wanted[name] = text;
    }
    for (const std::string& gate : heard.silent) {
        const std::string name = std::string{kSilent} + gate;
        const auto known = noted_.find(name);
        wanted[name] = known == noted_.end() ? to_rfc3339(now) : known->second;
    }
}

void DoubtNotes::want_ends(const Heard& heard, Texts& wanted) const {
    const Coverage& coverage = store_.coverage();
    for (const auto& [name, text] : noted_) {
        if (!name.starts_with(kEnd)) continue;
        const EntryName end = end_of(name, text);  // perhaps of an earlier run
        if (!heard.ends.contains(end.ledger) && coverage.newest(end.ledger) < end.seq)
            wanted[name] = text;
    }
    for (const auto& [ledger, seq] : heard.ends) {
        if (coverage.newest(ledger) < seq) wanted[end_note(ledger)] = std::to_string(seq);
    }
}

bool DoubtNotes::write(const Texts& wanted) {
    std::map<std::string, std::string> changes;
    for (const auto& [name, text] : noted_) {
        if (!wanted.contains(name)) changes[name] = "";
    }
    for (const auto& [name, text] : wanted) {
        const auto known = noted_.find(name);
        if (known == noted_.end() || known->second != text) changes[name] = text;
    }
    std::size_t written = 0;
    for (const auto& [name, text] : changes) {
        if (written++ == kMostAtOnce || !store_.keep({name, text})) return false;
        if (text.empty())
            noted_.erase(name);
        else
            noted_[name] = text;
    }
    return true;
}

void DoubtNotes::update(const Heard& heard, WallTime now) {
    Texts wanted;
    want_silent(heard, now, wanted);
    want_ends(heard, wanted);
    if (write(wanted))
        vouch(now);
    else
        deaf(now);
}

void DoubtNotes::vouch(WallTime now) {
    if (is_recent(vouched_, now, kSayAgain)) return;
    if (store_.keep({std::string{kHears}, to_rfc3339(now)})) vouched_ = now;
}

// What was said long ago has ended by itself.
void DoubtNotes::deaf(WallTime now) {
    if (!is_recent(vouched_, now, kHeardFor)) return;
    if (store_.keep({std::string{kHears}, ""})) vouched_ = {};
}

}  // namespace stile::sync
