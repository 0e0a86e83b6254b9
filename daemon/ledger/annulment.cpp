// SPDX-License-Identifier: Apache-2.0
// Finding an admission by its nonce, and taking a passage back.
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "daemon/ledger/layout.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/ledger/rows.hpp"

namespace stile {

using namespace layout;  // NOLINT(google-build-using-namespace): the names of this folder's own
                         // tables

namespace {

constexpr std::size_t kEpochDigits = 16;

// All of `text` as a number; nothing for anything else.
std::optional<std::uint64_t> number_in(std::string_view text, int base) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// Whether this can be taken back; Done if so.
AnnulAnswer judge(const std::optional<AdmissionRecord>& record, const Annulment& annulment,
                  WallTime now) {
    if (!record) return AnnulAnswer::Unknown;
    switch (record->standing) {
        case Standing::Open:
            return AnnulAnswer::StillOpen;
        case Standing::Released:
            return AnnulAnswer::Released;
        case Standing::Annulled:
            return AnnulAnswer::Already;
        case Standing::Passed:
            break;
    }
    return now - record->closed > annulment.within ? AnnulAnswer::TooLate : AnnulAnswer::Done;
}

}  // namespace

std::string_view text_of(AnnulAnswer answer) {
    switch (answer) {
        case AnnulAnswer::Done:
            return "taken back";
        case AnnulAnswer::Unknown:
            return "there is no such admission";
        case AnnulAnswer::TooLate:
            return "it is too late to take it back";
        case AnnulAnswer::Already:
            return "it was taken back before";
        case AnnulAnswer::StillOpen:
            return "the turnstile is still open for it";
        case AnnulAnswer::Released:
            return "nobody passed: there is nothing to take back";
    }
    return "unknown";
}

std::string Ledger::derived_nonce(const Watermark& entry) const {
    return fmt::format("{}-{:016x}-{}", gate_, entry.epoch, entry.seq);
}

std::string Batch::next_nonce() const {
    return ledger_.derived_nonce({head_.epoch, head_.seq + 1});
}

std::optional<Watermark> Ledger::parse_derived(std::string_view nonce) const {
    if (!nonce.starts_with(gate_ + "-")) return std::nullopt;
    nonce.remove_prefix(gate_.size() + 1);
    if (nonce.size() < kEpochDigits + 2 || nonce[kEpochDigits] != '-') return std::nullopt;
    const auto epoch = number_in(nonce.substr(0, kEpochDigits), 16);
    const auto seq = number_in(nonce.substr(kEpochDigits + 1), 10);
    if (!epoch || !seq) return std::nullopt;
    return Watermark{*epoch, *seq};
}

Result<std::optional<FoundAdmission>> Ledger::find_in(const lmdb::Reader& reader,
                                                      std::string_view nonce) const {
    const auto row = get_row(environment_, reader, kNonce, nonce_key(nonce));
    if (!row) return std::unexpected{row.error()};
    std::optional<Watermark> entry = parse_derived(nonce);
    if (*row) {
        const auto stored = decode_watermark(**row);
        if (!stored) return std::unexpected{stored.error()};
        entry = *stored;
    }
    if (!entry) return std::optional<FoundAdmission>{};
    const auto record = rows::admission(environment_, reader, *entry);
    if (!record) return std::unexpected{record.error()};
    if (!*record) return std::optional<FoundAdmission>{};
    return FoundAdmission{
        *entry, (*record)->admission.identity, (*record)->admission.list,
        static_cast<FoundAdmission::Standing>(std::to_underlying((*record)->standing))};
}

Result<std::uint64_t> Batch::append_annulled(const OpenAdmission& admission,
                                             const Annulment& annulment, const ClockReading& now) {
    Annulled entry{.admission = admission.epoch == head_.epoch ? admission.admission : 0,
                   .person = annulment.person,
                   .reason = annulment.reason};
    const auto key = entry_key({admission.epoch, admission.admission});
    const auto stored = writer_.get(ledger_.table(kLog), key);
    if (!stored) return std::unexpected{stored.error()};
    const auto record = *stored ? split_record(**stored) : Result<Record>{};
    const auto decoded = record ? decode_entry(record->entry) : Result<Entry>{std::unexpect};
    const auto* decided = decoded ? std::get_if<Decided>(&decoded->body) : nullptr;
    if (decided != nullptr) {  // what the log cannot tell is left out
        entry.ticket = decided->ticket;
        entry.lane = decided->lane;
    }
    return append(std::move(entry), now);
}

// The ticket is where it was before, unless it has gone on since.
Result<void> Batch::move_back(const OpenAdmission& admission) {
    const std::int64_t people = admission.people;
    const AreaMove& move = admission.move;
    if (auto done = count_area(move.to, {.inside = -people}, admission.time); !done) return done;
    if (auto done = count_area(move.from, {.inside = people}, admission.time); !done) return done;
    auto state = this->state(admission.identity);
    if (!state && state.error().code != Errc::Corrupt) return std::unexpected{state.error()};
    if (!state || admission.move == AreaMove{} || state->area != admission.move.to) return {};
    state->area = admission.move.from;
    state->area_since_ms = milliseconds(admission.in_area_since);
    return set_state(admission.identity, *state);
}

Result<AnnulAnswer> Batch::annul(const Annulment& annulment, const ClockReading& now) {
    Watermark entry = annulment.entry;
    if (!annulment.nonce.empty()) {
        const auto found = find(annulment.nonce);
        if (!found) return std::unexpected{found.error()};
        if (!*found) return AnnulAnswer::Unknown;
        entry = (*found)->entry;
    }
    const auto found = rows::admission(ledger_.environment_, writer_, entry);
    if (!found) return std::unexpected{found.error()};
    const AnnulAnswer answer = judge(*found, annulment, now.time);
    if (answer != AnnulAnswer::Done) return answer;
    AdmissionRecord record = **found;
    const bool test = (record.admission.flags & kFlagTest) != 0;
    if (!test) {
        if (auto done = remove_visit(record.admission); !done)
            return std::unexpected{std::move(done.error())};
        if (auto done = move_back(record.admission); !done)
            return std::unexpected{std::move(done.error())};
        head_.totals.annulled += record.admission.people;
    }
    record.standing = Standing::Annulled;
    if (auto done = put(kAdmission, entry_key(entry), encode_admission(record)); !done)
        return std::unexpected{std::move(done.error())};
    if (auto done = append_annulled(record.admission, annulment, now); !done)
        return std::unexpected{std::move(done.error())};
    return AnnulAnswer::Done;
}

}  // namespace stile
