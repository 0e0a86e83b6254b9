// SPDX-License-Identifier: Apache-2.0
// PC/SC part 3 pseudo-APDUs, and the light and buzzer commands of two makes of readers.
#include "tests/emulator/model/picc.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace stile::emulator {
namespace {

constexpr const char* kColours[] = {"off", "red", "green", "orange"};

std::string milliseconds(unsigned value) {
    return std::to_string(value) + " ms";
}

}  // namespace

void Picc::insert(std::shared_ptr<Card> card) {
    card_ = std::move(card);
    commands_left_.reset();
    note_("card in");
}

void Picc::remove() {
    card_.reset();
    commands_left_.reset();
    note_("card out");
}

std::optional<Buffer> Picc::power_on() {
    if (!card_) return std::nullopt;
    card_->power_on();
    return card_->atr();
}

std::optional<Buffer> Picc::transmit(Bytes apdu) {
    note_("apdu " + to_hex(apdu));
    if (commands_left_ && (*commands_left_)-- == 0) remove();
    if (!card_) return std::nullopt;
    const auto command = command_of(apdu);
    if (!command) return status(0x6700);
    return command->cla == 0xFF ? pseudo(*command) : card_->transmit(apdu);
}

std::optional<Buffer> Picc::pseudo(const Command& command) {
    switch (command.ins) {
        case 0x00:
            if (command.p1 == 0x40 && front_ == Front::Acr122) return acr122_light(command);
            return command.p1 == 0 ? pass_through(command) : status(0x6A81);
        case 0xCA:
            if (command.p1 == 0) return with_status(card_->uid(), 0x9000);
            return card_->ats() ? with_status(*card_->ats(), 0x9000) : status(0x6A81);
        case 0xB0:
            return read_pages(command);
        default:
            return status(0x6D00);
    }
}

std::optional<Buffer> Picc::read_pages(const Command& command) {
    auto pages = card_->raw(Buffer{0x30, command.p2});
    if (!pages || pages->size() != 16 || command.p1 != 0 || command.expected > 16)
        return status(0x6300);
    pages->resize(command.expected);
    return with_status(std::move(*pages), 0x9000);
}

// A frame for the card as it is; in an ACR122U a PN532 stands between, whose InCommunicateThru
// passes it on.
std::optional<Buffer> Picc::pass_through(const Command& command) {
    const Bytes data = command.data;
    if (front_ != Front::Acr122) {
        auto raw = card_->raw(data);
        return raw ? with_status(std::move(*raw), 0x9000) : status(0x6300);
    }
    if (data.size() < 2 || data[0] != 0xD4) return status(0x6300);
    if (data[1] == 0x02) return with_status({0xD5, 0x03, 0x32, 0x01, 0x06, 0x07}, 0x9000);
    if (data[1] != 0x42) return status(0x6300);
    Buffer answer{0xD5, 0x43};
    const auto raw = card_ ? card_->raw(data.subspan(2)) : std::nullopt;
    answer.push_back(raw ? 0x00 : 0x01);  // 01: the card did not answer in time
    if (raw) answer.insert(answer.end(), raw->begin(), raw->end());
    return with_status(std::move(answer), 0x9000);
}

void Picc::light(unsigned colours) {
    colours_ = colours;
    note_(std::string{"led "} + kColours[colours & 3U]);
}

// P2: final state, mask of it, first state of the blinking, mask of it; two bits each, red first.
// The data: length of the first and of the second half of a blink in 0.1 s, how often, and in which
// half the buzzer sounds.
Buffer Picc::acr122_light(const Command& command) {
    if (command.data.size() != 4) return status(0x6300);
    const unsigned on_ms = command.data[0] * 100U;
    const unsigned off_ms = command.data[1] * 100U;
    const unsigned times = command.data[2];
    const unsigned buzzer = command.data[3] & 3U;
    const unsigned blinking = (command.p2 >> 6) & 3U;
    const unsigned first = (command.p2 >> 4) & blinking;
    if (times > 0 && blinking != 0) light((colours_ & ~blinking) | first);
    const unsigned mask = (command.p2 >> 2) & 3U;
    if (mask != 0) light((colours_ & ~mask) | (command.p2 & mask));
    const unsigned each = ((buzzer & 1U) != 0 ? on_ms : 0) + ((buzzer & 2U) != 0 ? off_ms : 0);
    for (unsigned i = 0; i < times && buzzer != 0; ++i)
        note_("buzzer " + milliseconds(each));
    return {0x90, static_cast<std::uint8_t>(colours_)};
}

Buffer Picc::acr1252(Bytes command) {
    const auto answer = [](std::uint8_t value) { return Buffer{0xE1, 0, 0, 0, 1, value}; };
    switch (command[3]) {
        case 0x18: {
            const std::string version = "ACR1252U_V100.4";
            Buffer out{0xE1, 0, 0, 0, static_cast<std::uint8_t>(version.size())};
            std::ranges::copy(version, std::back_inserter(out));
            return out;
        }
        case 0x28:
            if (command.size() == 6 && command[5] > 0)
                note_("buzzer " + milliseconds(command[5] * 10U));
            return answer(0);
        case 0x29:
            if (command.size() == 6) light(command[5] & 3U);
            return answer(static_cast<std::uint8_t>(colours_));
        case 0x21:  // what light and buzzer do by themselves
            return answer(command.size() == 6 ? command[5] : 0x8F);
        default:
            return answer(0);
    }
}

Buffer Picc::escape(Bytes bytes) {
    note_("escape " + to_hex(bytes));
    const bool e0 = bytes.size() >= 5 && bytes[0] == 0xE0 && bytes[1] == 0 && bytes[2] == 0;
    if (front_ == Front::Acr1252 && e0) return acr1252(bytes);
    const auto command = command_of(bytes);
    if (front_ != Front::Acr122 || !command || command->cla != 0xFF || command->ins != 0)
        return status(0x6300);
    switch (command->p1) {
        case 0x00:
            return pass_through(*command).value_or(status(0x6300));
        case 0x40:
            return acr122_light(*command);
        case 0x48: {  // without a status word, as old firmware has it
            const std::string version = "ACR122U214";
            return {version.begin(), version.end()};
        }
        case 0x50:
            return {0x90, 0xFF};
        case 0x51:  // what it polls for
            return {0x90, command->p2};
        case 0x52:  // its own beep at a card
            return status(0x9000);
        default:
            return status(0x6300);
    }
}

}  // namespace stile::emulator
