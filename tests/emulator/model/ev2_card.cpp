// SPDX-License-Identifier: Apache-2.0
// AuthenticateEV2First and ReadData in MAC mode, as AN12196 prints them.
#include "tests/emulator/model/ev2_card.hpp"

#include <algorithm>
#include <utility>

#include "crypto/hash.hpp"
#include "tests/emulator/model/aes.hpp"

namespace stile::emulator {
namespace {

constexpr std::uint16_t kGood = 0x9100;
constexpr std::uint16_t kMore = 0x91AF;
constexpr std::size_t kFileBytes = 256;

Buffer rotated(Bytes bytes) {
    Buffer out{bytes.begin(), bytes.end()};
    std::ranges::rotate(out, out.begin() + 1);
    return out;
}

void append(Buffer& out, Bytes bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

Buffer session_key(Bytes key, std::uint8_t first, std::uint8_t second, Bytes a, Bytes b) {
    Buffer input{first, second, 0x00, 0x01, 0x00, 0x80};
    append(input, a.first(2));
    for (std::size_t i = 0; i < 6; ++i)
        input.push_back(static_cast<std::uint8_t>(a[2 + i] ^ b[i]));
    append(input, b.subspan(6));
    append(input, a.subspan(8));
    return aes_cmac(key, input);
}

std::size_t three_bytes(Bytes bytes) {
    return bytes[0] | std::size_t{bytes[1]} << 8 | std::size_t{bytes[2]} << 16;
}

}  // namespace

Buffer ev2_card_key(Bytes master, Bytes uid, Bytes context) {
    Buffer input{0x01};
    append(input, uid);
    append(input, context);
    return aes_cmac(master, input);
}

std::optional<Ev2Card::Habit> Ev2Card::find_habit(std::string_view name) {
    if (name == "honest") return Habit::Honest;
    if (name == "delay") return Habit::Delay;
    return name == "wrong-mac" ? std::optional{Habit::WrongMac} : std::nullopt;
}

Ev2Card::Ev2Card(Ev2Make make, Habit habit)
    : Card{make.uid}, make_{std::move(make)}, habit_{habit}, random_(16), transaction_(4) {
    ByteWriter file{file_};
    file.number(static_cast<std::uint16_t>(make_.message.size()));
    file.raw(make_.message);
    file_.resize(std::max(kFileBytes, file_.size()));
    crypto::fill_random(random_);
    crypto::fill_random(transaction_);
}

void Ev2Card::set_random(Buffer random, Buffer transaction) {
    random_ = std::move(random);
    transaction_ = std::move(transaction);
}

void Ev2Card::power_on() {
    selected_ = challenged_ = false;
    session_mac_key_.clear();
}

std::optional<Buffer> Ev2Card::transmit(Bytes apdu) {
    const auto command = command_of(apdu);
    if (!command) return status(0x6700);
    if (command->cla == 0x00 && command->ins == 0xA4 && command->p1 == 0x04)
        return select(command->data, 0x9000);
    if (command->cla != 0x90) return status(0x6E00);
    switch (command->ins) {
        case 0x5A:
            return select(command->data, kGood);
        case 0x71:
            return challenge(command->data);
        case 0xAF:
            return authenticate(command->data);
        case 0xAD:
        case 0xBD:
            return read(*command);
        default:
            return status(0x911C);
    }
}

Buffer Ev2Card::select(Bytes application, std::uint16_t good) {
    power_on();
    selected_ = std::ranges::equal(application, make_.application);
    if (selected_) return status(good);
    return status(good == 0x9000 ? 0x6A82 : 0x91A0);
}

Buffer Ev2Card::challenge(Bytes data) {
    if (!selected_) return status(0x919D);
    if (data.size() < 2) return status(0x917E);
    if (data[0] != make_.key_number) return status(0x9140);
    if (habit_ == Habit::Delay) return status(0x91AD);
    challenged_ = true;
    return with_status(aes_encrypt(make_.key, random_), kMore);
}

Buffer Ev2Card::authenticate(Bytes data) {
    if (!std::exchange(challenged_, false)) return status(0x91CA);
    if (data.size() != 32) return status(0x917E);
    const Buffer plain = aes_decrypt(make_.key, data);
    const Bytes theirs = Bytes{plain}.first(16);
    if (!std::ranges::equal(Bytes{plain}.last(16), rotated(random_))) return status(0x91AE);
    session_mac_key_ = session_key(make_.key, 0x5A, 0xA5, theirs, random_);
    counter_ = 0;
    Buffer answer = transaction_;
    append(answer, rotated(theirs));
    answer.resize(32);
    return with_status(aes_encrypt(make_.key, answer), kGood);
}

// The eight bytes with odd index of a CMAC.
Buffer Ev2Card::mac(Bytes data) const {
    const Buffer whole = aes_cmac(session_mac_key_, data);
    Buffer out;
    for (std::size_t i = 1; i < whole.size(); i += 2)
        out.push_back(whole[i]);
    return out;
}

Buffer Ev2Card::read(const Command& command) {
    if (session_mac_key_.empty()) return status(0x919D);
    if (command.data.size() != 15) return status(0x917E);
    const Bytes header = command.data.first(7);
    const auto counted = [this](std::uint8_t first) {
        Buffer input{first, static_cast<std::uint8_t>(counter_ & 0xFFU),
                     static_cast<std::uint8_t>(counter_ >> 8)};
        append(input, transaction_);
        return input;
    };
    Buffer asked = counted(command.ins);
    append(asked, header);
    if (!std::ranges::equal(command.data.last(8), mac(asked))) return status(0x911E);
    const std::size_t offset = three_bytes(header.subspan(1));
    const std::size_t length = three_bytes(header.subspan(4));
    if (header[0] != make_.file_number) return status(0x91F0);
    if (offset + length > file_.size()) return status(0x91BE);
    ++counter_;
    Buffer said = counted(0x00);
    const Bytes content = Bytes{file_}.subspan(offset, length);
    append(said, content);
    Buffer answer{content.begin(), content.end()};
    append(answer, mac(said));
    if (habit_ == Habit::WrongMac) answer.front() = static_cast<std::uint8_t>(answer.front() ^ 1U);
    return with_status(std::move(answer), kGood);
}

}  // namespace stile::emulator
