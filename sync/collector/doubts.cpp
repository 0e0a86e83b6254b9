// SPDX-License-Identifier: Apache-2.0
// "hears" with the time at which that was so, and "silent/{gate}" with the time since when.
#include "sync/collector/doubts.hpp"

#include "crypto/base/time_text.hpp"

namespace stile::sync {
namespace {

constexpr std::string_view kHears = "hears";
constexpr std::string_view kSilent = "silent/";

// Clocks are set, and those of two machines differ.
bool is_recent(WallTime time, WallTime now, std::chrono::seconds span) {
    return std::chrono::abs(now - time) < span;
}

}  // namespace

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
    return out;
}

Result<void> DoubtNotes::load() {
    if (auto taken_back = store_.keep({std::string{kHears}, ""}); !taken_back) return taken_back;
    const auto notes = store_.notes(kSilent);
    if (!notes) return std::unexpected{notes.error()};
    for (const Note& note : *notes)
        noted_[note.name] = note.text;
    return {};
}

DoubtNotes::Texts DoubtNotes::wanted(const Heard& heard, WallTime now) const {
    Texts out;
    for (const auto& [name, text] : noted_) {
        if (!heard.is_back(name.substr(kSilent.size()))) out[name] = text;
    }
    for (const std::string& gate : heard.silent) {
        const std::string name = std::string{kSilent} + gate;
        const auto known = noted_.find(name);
        out[name] = known == noted_.end() ? to_rfc3339(now) : known->second;
    }
    return out;
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
    if (write(wanted(heard, now)))
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
