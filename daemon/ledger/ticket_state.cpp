// SPDX-License-Identifier: Apache-2.0
// The 40 bytes of a ticket's state.
#include "daemon/ledger/ticket_state.hpp"

namespace stile {
namespace {

constexpr std::uint8_t kFormat = 1;

}  // namespace

void TicketState::pass(Direction direction, std::uint64_t time_ms) {
    pending = 0;
    last_ms = time_ms;
    if (first_ms == 0) first_ms = time_ms;
    switch (direction) {
        case Direction::Entry:
            ++entered;
            break;
        case Direction::Exit:
            if (left < entered) ++left;
            break;
    }
}

EntryFacts TicketState::facts() const {
    return {.highest_reissue = highest_reissue,
            .entered = entered + (pending != 0 ? 1U : 0U),
            .left = left,
            .last_proof = std::chrono::sys_seconds{std::chrono::seconds{last_proof}}};
}

Buffer encode_state(const TicketState& state) {
    Buffer out;
    ByteWriter writer{out};
    writer.number(kFormat);
    writer.number(state.highest_reissue);
    writer.number(std::uint16_t{0});
    writer.number(state.entered);
    writer.number(state.left);
    writer.number(state.last_proof);
    writer.number(state.pending);
    writer.number(state.first_ms);
    writer.number(state.last_ms);
    return out;
}

Result<TicketState> decode_state(Bytes bytes) {
    ByteReader reader{bytes};
    TicketState state;
    const auto format = reader.number<std::uint8_t>();
    state.highest_reissue = reader.number<std::uint8_t>();
    const auto reserved = reader.number<std::uint16_t>();
    state.entered = reader.number<std::uint32_t>();
    state.left = reader.number<std::uint32_t>();
    state.last_proof = reader.number<std::uint32_t>();
    state.pending = reader.number<std::uint64_t>();
    state.first_ms = reader.number<std::uint64_t>();
    state.last_ms = reader.number<std::uint64_t>();
    if (!reader.complete() || format != kFormat || reserved != 0 || state.left > state.entered) {
        return fail(Errc::Corrupt, "a ticket's state in the ledger is damaged");
    }
    return state;
}

}  // namespace stile
