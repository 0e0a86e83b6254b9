// SPDX-License-Identifier: Apache-2.0
// An admission from PENDING to its end: visit, state and area go with it.
#include <algorithm>
#include <utility>

#include "daemon/ledger/layout.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/ledger/rows.hpp"

namespace stile {

using namespace layout;  // NOLINT(google-build-using-namespace): the names of this folder's own
                         // tables

namespace {

bool counts(const OpenAdmission& admission) {
    return (admission.flags & kFlagTest) == 0;
}

bool somebody_passed(PassageResult result) {
    switch (result) {
        case PassageResult::Entered:
        case PassageResult::Left:
        case PassageResult::PresumedEntered:
            return true;
        case PassageResult::Released:
            break;
    }
    return false;
}

// The sensor may see a tailgater; the ticket pays for those that it admitted.
std::uint8_t people_of(const OpenAdmission& admission, const Passage& passage) {
    if (!somebody_passed(passage.result)) return 0;
    if (passage.result == PassageResult::PresumedEntered) return admission.people;
    return std::clamp<std::uint8_t>(passage.people, 1, std::max<std::uint8_t>(1, admission.people));
}

void count(Totals& totals, const OpenAdmission& admission, std::uint8_t people) {
    if (!counts(admission)) return;
    if (people == 0) {
        ++totals.released;
        return;
    }
    switch (admission.direction) {
        case Direction::Entry:
            totals.entered += people;
            break;
        case Direction::Exit:
            totals.left += people;
            break;
    }
}

Watermark entry_of(const OpenAdmission& admission) {
    return {admission.epoch, admission.admission};
}

// What a damaged row hides stays hidden; everything else must go on.
bool goes_on(const Error& error) {
    return error.code == Errc::Corrupt;
}

}  // namespace

Result<void> Batch::put_visit(const OpenAdmission& admission, Visit::Standing standing,
                              std::uint8_t people) {
    const auto key =
        visit_key(admission.identity, admission.list, admission.time, entry_of(admission));
    return put(
        kVisit, key,
        encode_visit({.direction = admission.direction, .standing = standing, .people = people}));
}

Result<void> Batch::remove_visit(const OpenAdmission& admission) {
    return writer_.remove(ledger_.table(kVisit), visit_key(admission.identity, admission.list,
                                                           admission.time, entry_of(admission)));
}

Result<void> Batch::begin_count(std::uint32_t area, WallTime since) {
    const auto count = this->area(area);
    if (!count) return goes_on(count.error()) ? Result<void>{} : std::unexpected{count.error()};
    if (since <= count->since) return {};
    return put(kArea, big_endian(area), rows::encode_area({.since = since}));
}

// Whom a reset has forgotten cannot leave.
Result<void> Batch::count_area(std::uint32_t area, AreaCount change, WallTime admitted) {
    if (area == 0) return {};
    auto count = this->area(area);
    if (!count) return goes_on(count.error()) ? Result<void>{} : std::unexpected{count.error()};
    if (admitted < count->since) change = {.inside = std::max<std::int64_t>(change.inside, 0)};
    count->inside += change.inside;
    count->coming += change.coming;
    return put(kArea, big_endian(area), rows::encode_area(*count));
}

Result<std::uint64_t> Batch::admit(Admission admission, const ClockReading& now) {
    Decided& decided = admission.decided;
    TicketState& state = admission.state;
    OpenAdmission open{.identity = admission.identity,
                       .direction = decided.direction,
                       .epoch = head_.epoch,
                       .list = {decided.event, decided.list},
                       .time = now.time,
                       .people = decided.people,
                       .flags = decided.flags,
                       .move = admission.move,
                       .in_area_since = wall_time(state.area_since_ms)};
    const auto before = this->state(admission.identity);
    if (!before) return std::unexpected{before.error()};
    open.second_chance = before->second_chance != 0 && state.last_proof == before->last_proof;
    const auto seq = append(std::move(decided), now);
    if (!seq) return seq;
    open.admission = *seq;
    if (counts(open)) {
        state.pending = *seq;
        state.second_chance = 0;
        if (auto done = set_state(open.identity, state); !done)
            return std::unexpected{std::move(done.error())};
        if (auto done = put_visit(open, Visit::Standing::Open, open.people); !done)
            return std::unexpected{std::move(done.error())};
        if (auto done = count_area(open.move.to, {.coming = open.people}, open.time); !done)
            return std::unexpected{std::move(done.error())};
    }
    const EntryKey key = entry_key(entry_of(open));
    if (auto done = put(kOpen, key, encode_admission({.admission = open})); !done)
        return std::unexpected{std::move(done.error())};
    if (!admission.nonce.empty()) {
        if (auto done = put(kNonce, nonce_key(admission.nonce), encode_watermark(entry_of(open)));
            !done)
            return std::unexpected{std::move(done.error())};
    }
    grants_.push_back(Grant{open});
    return seq;
}

Result<void> Batch::settle_state(const OpenAdmission& admission, const Passage& passage,
                                 const ClockReading& now) {
    auto state = this->state(admission.identity);
    if (!state) return goes_on(state.error()) ? Result<void>{} : std::unexpected{state.error()};
    state->pending = 0;
    if (!somebody_passed(passage.result)) {
        if (state->last_proof != 0 && !admission.second_chance)
            state->second_chance = lane_tag(passage.lane);
    } else if (admission.move != AreaMove{}) {
        state->area = admission.move.to;
        state->area_since_ms = milliseconds(now.time);
    }
    return set_state(admission.identity, *state);
}

Result<void> Batch::resolve(const OpenAdmission& admission, Passage passage,
                            const ClockReading& now) {
    const std::uint8_t people = people_of(admission, passage);
    passage.people = people;
    // In a later epoch its number names another entry; the ticket names it still.
    passage.admission = admission.epoch == head_.epoch ? admission.admission : 0;
    if (counts(admission)) {
        const auto visit = people == 0 ? remove_visit(admission)
                                       : put_visit(admission, Visit::Standing::Passed, people);
        if (!visit) return visit;
        if (auto done = settle_state(admission, passage, now); !done) return done;
        const AreaMove& move = admission.move;
        if (auto done = count_area(move.to, {people, -admission.people}, admission.time); !done)
            return done;
        if (auto done = count_area(move.from, {.inside = -people}, admission.time); !done)
            return done;
        count(head_.totals, admission, people);
    }
    AdmissionRecord record{.admission = admission,
                           .standing = people == 0 ? Standing::Released : Standing::Passed,
                           .closed = now.time};
    record.admission.people = people;
    const EntryKey key = entry_key(entry_of(admission));
    if (auto done = writer_.remove(ledger_.table(kOpen), key); !done) return done;
    if (auto done = put(kAdmission, key, encode_admission(record)); !done) return done;
    if (auto done = append(std::move(passage), now); !done)
        return std::unexpected{std::move(done.error())};
    return {};
}

}  // namespace stile
