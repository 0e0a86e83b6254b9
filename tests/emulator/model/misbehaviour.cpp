// SPDX-License-Identifier: Apache-2.0
// The names of misbehaviours, and what they do to ten bytes of header and the data behind.
#include "tests/emulator/model/misbehaviour.hpp"

#include <algorithm>
#include <iterator>

namespace stile::emulator {
namespace {

constexpr std::size_t kHeader = 10;

void fill_data(Buffer& message, std::uint8_t bytes, std::uint8_t with) {
    message.resize(kHeader + bytes, with);
    message[1] = bytes;
    message[2] = 0;
}

using Damage = void (*)(Buffer&);
struct Row {
    std::string_view name;
    Misbehaviour how;
    Damage damage = nullptr;
};
constexpr Row kRows[] = {
    {"length-too-long", Misbehaviour::LengthTooLong, [](Buffer& message) { message[4] = 0x7F; }},
    {"length-too-short", Misbehaviour::LengthTooShort,
     [](Buffer& message) {
         message.resize(std::max(message.size(), kHeader + 4));
         message[1] = 1;
         message[2] = 0;
     }},
    {"short-header", Misbehaviour::ShortHeader,
     [](Buffer& message) { message.resize(kHeader - 1); }},
    {"empty-answer", Misbehaviour::EmptyAnswer, [](Buffer& message) { message.clear(); }},
    {"wrong-sequence", Misbehaviour::WrongSequence,
     [](Buffer& message) { message[6] = static_cast<std::uint8_t>(message[6] ^ 0x55U); }},
    {"wrong-slot", Misbehaviour::WrongSlot, [](Buffer& message) { message[5] = 7; }},
    {"wrong-type", Misbehaviour::WrongType,
     [](Buffer& message) { message[0] = message[0] == 0x81 ? 0x80 : 0x81; }},
    {"reserved-status", Misbehaviour::ReservedStatus,
     [](Buffer& message) { message[7] = static_cast<std::uint8_t>(message[7] | 0xC0U); }},
    {"no-status-word", Misbehaviour::NoStatusWord,
     [](Buffer& message) { fill_data(message, 1, 0x90); }},
    {"long-atr", Misbehaviour::LongAtr, [](Buffer& message) { fill_data(message, 40, 0x3B); }},
    {"endless-chain", Misbehaviour::EndlessChain, [](Buffer& message) { message[9] = 3; }},
    {"stale-first", Misbehaviour::StaleFirst},
    {"twice-the-answer", Misbehaviour::TwiceTheAnswer},
    {"time-extension", Misbehaviour::TimeExtension},
    {"endless-extension", Misbehaviour::EndlessExtension},
    {"silent", Misbehaviour::Silent},
    {"stall", Misbehaviour::Stall},
    {"babble", Misbehaviour::Babble},
    {"deaf", Misbehaviour::Deaf},
    {"dead", Misbehaviour::Dead},
    {"empty-interrupt", Misbehaviour::EmptyInterrupt},
    {"bare-interrupt", Misbehaviour::BareInterrupt},
    {"hardware-error", Misbehaviour::HardwareError},
    {"interrupt-flood", Misbehaviour::InterruptFlood},
};

}  // namespace

std::optional<Misbehaviour> find_misbehaviour(std::string_view name) {
    const auto* row = std::ranges::find(kRows, name, &Row::name);
    return row == std::end(kRows) ? std::nullopt : std::optional{row->how};
}

bool damage(Misbehaviour how, Buffer& message) {
    const auto* row = std::ranges::find(kRows, how, &Row::how);
    if (row == std::end(kRows) || row->damage == nullptr) return false;
    row->damage(message);
    return true;
}

std::vector<Buffer> interrupts_of(Misbehaviour how) {
    if (how == Misbehaviour::EmptyInterrupt) return {Buffer{}};
    if (how == Misbehaviour::BareInterrupt) return {{0x50}};
    if (how == Misbehaviour::HardwareError) return {{0x51, 0, 5, 1}};
    std::vector<Buffer> packets;
    for (int i = 0; i < 1000 && how == Misbehaviour::InterruptFlood; ++i)
        packets.push_back({0x50, static_cast<std::uint8_t>(i % 2 == 0 ? 0x03 : 0x02)});
    return packets;
}

}  // namespace stile::emulator
