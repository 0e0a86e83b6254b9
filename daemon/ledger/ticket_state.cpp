// SPDX-License-Identifier: Apache-2.0
// The 40 bytes of a ticket's state.
#include "daemon/ledger/ticket_state.hpp"

#include <algorithm>

#include "crypto/hash.hpp"

namespace stile {
namespace {

constexpr std::uint8_t kStateFormat = 3;

}  // namespace

std::uint32_t lane_tag(std::string_view lane) {
    const auto hash = crypto::blake2b_128({as_bytes(lane)});
    const auto tag = ByteReader{hash}.number<std::uint32_t>();
    return tag == 0 ? 1 : tag;
}

std::uint32_t TicketState::last_proof_at(std::string_view lane) const {
    const bool again = last_proof != 0 && second_chance != 0 && second_chance == lane_tag(lane);
    return again ? last_proof - 1 : last_proof;
}

void forget_before(const TicketState& state, std::vector<Visit>& visits) {
    const WallTime since{std::chrono::milliseconds{state.counts_since_ms}};
    std::erase_if(visits, [since](const Visit& visit) { return visit.time < since; });
}

EntryFacts entry_facts(const TicketState& state, std::span<const Visit> visits,
                       std::string_view lane) {
    EntryFacts facts{
        .highest_reissue = state.highest_reissue,
        .last_proof = std::chrono::sys_seconds{std::chrono::seconds{state.last_proof_at(lane)}}};
    for (const Visit& visit : visits) {
        switch (visit.direction) {
            case Direction::Entry:
                facts.entered += visit.people;
                break;
            case Direction::Exit:
                facts.left = std::min(facts.left + visit.people, facts.entered);
                break;
        }
    }
    return facts;
}

Buffer encode_state(const TicketState& state) {
    Buffer out;
    ByteWriter writer{out};
    writer.number(kStateFormat);
    writer.number(state.highest_reissue);
    writer.number(std::uint16_t{0});
    writer.number(state.last_proof);
    writer.number(state.second_chance);
    writer.number(state.area);
    writer.number(state.area_since_ms);
    writer.number(state.pending);
    writer.number(state.counts_since_ms);
    return out;
}

Result<TicketState> decode_state(Bytes bytes) {
    ByteReader reader{bytes};
    TicketState state;
    const auto format = reader.number<std::uint8_t>();
    state.highest_reissue = reader.number<std::uint8_t>();
    const auto reserved = reader.number<std::uint16_t>();
    state.last_proof = reader.number<std::uint32_t>();
    state.second_chance = reader.number<std::uint32_t>();
    state.area = reader.number<std::uint32_t>();
    state.area_since_ms = reader.number<std::uint64_t>();
    state.pending = reader.number<std::uint64_t>();
    state.counts_since_ms = reader.number<std::uint64_t>();
    if (!reader.complete() || format != kStateFormat || reserved != 0)
        return fail(Errc::Corrupt, "a ticket's state in the ledger is damaged");
    return state;
}

}  // namespace stile
