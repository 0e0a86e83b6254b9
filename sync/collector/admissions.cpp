// SPDX-License-Identifier: Apache-2.0
// The decision says where to and who, the passage when and how many; the gate counts the same way
// (daemon/ledger).
#include "sync/collector/admissions.hpp"

#include <algorithm>
#include <utility>

namespace stile::sync {
namespace {

constexpr std::uint64_t kMostPeople = 255;  // of one release: what an entry can hold

bool joins(EntryKind kind) {
    return kind == EntryKind::Decision || kind == EntryKind::Passage ||
           kind == EntryKind::Annulled || kind == EntryKind::NotStored;
}

// An entry that names no admission stands for itself.
std::uint64_t admission_of(const GateEntry& entry) {
    if (entry.kind == EntryKind::Decision) return entry.name.seq;
    const std::uint64_t named = entry.admission.value_or(0);
    return named != 0 ? named : entry.name.seq;
}

bool somebody_passed(PassageResult result) {
    return result != PassageResult::Released;
}

std::uint32_t bounded(std::uint64_t people, std::uint64_t most) {
    return static_cast<std::uint32_t>(
        std::clamp<std::uint64_t>(people, 1, std::clamp<std::uint64_t>(most, 1, kMostPeople)));
}

}  // namespace

Admissions::Change Admissions::take(const GateEntry& entry) {
    if (!joins(entry.kind)) return {};
    const LedgerName& ledger = entry.name.ledger;
    Admission& admission = ledgers_[ledger][admission_of(entry)];
    Change change{.before = movement(ledger, admission)};
    change.refused = refusal(admission, entry);
    put(admission, entry);
    change.after = movement(ledger, admission);
    return change;
}

void Admissions::put(Admission& admission, const GateEntry& entry) {
    if (entry.kind == EntryKind::Decision) {
        admission.decision = {.direction = entry.direction.value_or(Direction::Entry),
                              .area = entry.area,
                              .people = entry.people,
                              .event = entry.event.value_or(0),
                              .flags = entry.flags,
                              .ticket = entry.ticket};
    }
    // Of two outcomes of one admission the first counts, whichever comes first.
    const bool first = !admission.passage || admission.passage->seq >= entry.name.seq;
    if (entry.kind == EntryKind::Passage && entry.time && entry.result && first) {
        admission.passage = {.seq = entry.name.seq,
                             .time = *entry.time,
                             .result = *entry.result,
                             .people = entry.people,
                             .lane = entry.lane,
                             .ticket = entry.ticket};
    }
    if (entry.kind != EntryKind::Annulled) return;
    admission.annulled = true;
    if (entry.admission.value_or(0) != 0 || !entry.ticket || !entry.time) return;
    admission.undoes = true;
    admission.passage = {.seq = entry.name.seq, .time = *entry.time, .ticket = entry.ticket};
}

std::optional<Refused> Admissions::refusal(Admission& admission, const GateEntry& entry) {
    const bool decided = entry.kind == EntryKind::Decision && entry.verdict == Verdict::Refuse &&
                         !entry.has(EntryFlag::Test);
    if (admission.refused || !entry.time || (!decided && entry.kind != EntryKind::NotStored))
        return std::nullopt;
    admission.refused = true;
    return Refused{entry.name.ledger.gate, *entry.time, decided ? 1 : entry.count};
}

std::optional<Movement> Admissions::movement(const LedgerName& ledger, const Admission& admission) {
    const auto& [decision, passage, annulled, undoes, refused] = admission;
    if (!passage || !somebody_passed(passage->result) || (annulled && !undoes)) return std::nullopt;
    const auto flag = [&](EntryFlag bit) {
        return decision && (decision->flags & std::to_underlying(bit)) != 0;
    };
    if (flag(EntryFlag::Test)) return std::nullopt;
    Movement out{
        .time = passage->time,
        .entry = {ledger, passage->seq},
        .kind = undoes ? Movement::Kind::Undoes : Movement::Kind::Passes,
        .direction = passage->result == PassageResult::Left ? Direction::Exit : Direction::Entry,
        .people = bounded(passage->people, kMostPeople),
        .lane = passage->lane,
        .ticket = passage->ticket};
    if (!decision) return out;
    if (flag(EntryFlag::Passback) || flag(EntryFlag::Override))
        out.passback = Movement::Passback::Flagged;
    out.direction = decision->direction;
    out.area = decision->area;
    out.event = decision->event;
    const bool presumed = passage->result == PassageResult::PresumedEntered;
    out.people = bounded(presumed ? decision->people : passage->people, decision->people);
    if (!out.ticket) out.ticket = decision->ticket;
    return out;
}

}  // namespace stile::sync
