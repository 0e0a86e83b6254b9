// SPDX-License-Identifier: Apache-2.0
// SELECT our application, then one challenge and its answer (crypto/FORMAT.md).
#include "tests/emulator/model/phone.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "crypto/hash.hpp"

namespace stile::emulator {
namespace {

constexpr std::uint8_t kApplication[] = {0xF0, 0x47, 0x41, 0x54, 0x45, 0x54, 0x4B, 0x54, 0x01};
constexpr std::size_t kChallengeBytes = 28;  // nonce, gate and time
constexpr std::uint8_t kNonceProof = 0x20;

struct Row {
    std::string_view name;
    Phone::Habit habit;
};
constexpr Row kHabits[] = {
    {"honest", Phone::Habit::Honest},      {"locked", Phone::Habit::Locked},
    {"replays", Phone::Habit::Replays},    {"other-key", Phone::Habit::OtherKey},
    {"cut-short", Phone::Habit::CutShort}, {"no-app", Phone::Habit::NoApp},
};

}  // namespace

std::optional<Phone::Habit> Phone::find_habit(std::string_view name) {
    const auto* found = std::ranges::find(kHabits, name, &Row::name);
    return found == std::end(kHabits) ? std::nullopt : std::optional{found->habit};
}

Phone::Phone(Buffer uid, Buffer core, HolderKey key, Habit habit)
    : Card{std::move(uid)}, core_{std::move(core)}, key_{std::move(key)}, habit_{habit} {
    if (habit == Habit::OtherKey) key_ = HolderKey::make();
}

std::optional<Buffer> Phone::transmit(Bytes apdu) {
    const auto command = command_of(apdu);
    if (!command) return status(0x6700);
    if (command->cla == 0x00 && command->ins == 0xA4 && command->p1 == 0x04) {
        const bool ours = std::ranges::equal(command->data, kApplication);
        selected_ = ours && habit_ != Habit::NoApp;
        return selected_ ? with_status({0x01, 0x00}, 0x9000) : status(0x6A82);
    }
    if (!selected_) return status(0x6D00);
    if (command->cla != 0x80 || command->ins != 0x10) return status(0x6D00);
    if (command->data.size() != kChallengeBytes) return status(0x6700);
    if (habit_ == Habit::Locked) return status(0x6985);
    return answer(command->data);
}

Buffer Phone::answer(Bytes challenge) {
    if (first_challenge_.empty()) first_challenge_.assign(challenge.begin(), challenge.end());
    if (habit_ == Habit::Replays) challenge = first_challenge_;
    const std::string_view label{"GT1-proof\0", 10};
    Buffer message{as_bytes(label).begin(), as_bytes(label).end()};
    ByteWriter writer{message};
    writer.raw(crypto::sha256({core_}));
    writer.number(kNonceProof);
    writer.raw(challenge);
    Buffer out = core_;
    ByteWriter answer{out};
    answer.number(kNonceProof);
    answer.raw(key_.sign(message));
    if (habit_ == Habit::CutShort) out.resize(out.size() / 2);
    return with_status(std::move(out), 0x9000);
}

}  // namespace stile::emulator
