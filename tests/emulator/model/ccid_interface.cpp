// SPDX-License-Identifier: Apache-2.0
// Ten bytes of header, little-endian lengths, one answer for each command - if it behaves.
#include "tests/emulator/model/ccid_interface.hpp"

#include <algorithm>
#include <utility>

namespace stile::emulator {
namespace {

constexpr std::size_t kHeader = 10;

enum Message : std::uint8_t {
    kSetParameters = 0x61,
    kPowerOn = 0x62,
    kPowerOff = 0x63,
    kGetSlotStatus = 0x65,
    kEscape = 0x6B,
    kGetParameters = 0x6C,
    kResetParameters = 0x6D,
    kTransfer = 0x6F,
    kAbort = 0x72,
    kDataBlock = 0x80,
    kSlotStatus = 0x81,
    kParameters = 0x82,
    kEscapeAnswer = 0x83,
};

constexpr std::uint8_t kFailed = 0x40;
constexpr std::uint8_t kTimeExtension = 0x80;
constexpr std::uint8_t kMute = 0xFE;

std::size_t length_in(const Buffer& message) {
    return message[1] | std::size_t{message[2]} << 8 | std::size_t{message[3]} << 16 |
           std::size_t{message[4]} << 24;
}

// "Wait": ten bytes for the command with this number.
Buffer extension_for(const Buffer& answer) {
    return {kDataBlock, 0, 0, 0, 0, answer[5], answer[6], kTimeExtension, 1, 0};
}

}  // namespace

bool CcidInterface::is_deaf() const {
    return disorder_ &&
           (disorder_->how == Misbehaviour::Deaf || disorder_->how == Misbehaviour::Dead);
}

// 0 a card with power, 1 without, 2 none.
std::uint8_t CcidInterface::icc() const {
    if (!picc_.has_card()) return 2;
    return powered_ ? 0 : 1;
}

Reply CcidInterface::take(Bytes data) {
    if (is_deaf()) return disorder_->how == Misbehaviour::Dead ? Reply::NotYet : Reply::Done;
    incoming_.insert(incoming_.end(), data.begin(), data.end());
    while (incoming_.size() >= kHeader) {
        const std::size_t whole = kHeader + length_in(incoming_);
        if (whole > max_message_) {
            incoming_.clear();
            return Reply::Stall;
        }
        if (incoming_.size() < whole) break;
        const auto end = incoming_.begin() + static_cast<std::ptrdiff_t>(whole);
        const Buffer message{incoming_.begin(), end};
        incoming_.erase(incoming_.begin(), end);
        handle(message);
    }
    return Reply::Done;
}

Reply CcidInterface::give_bulk(std::size_t most, Buffer& out) {
    if (std::exchange(stalled_, false)) return Reply::Stall;
    if (std::exchange(babbling_, false)) return Reply::Babble;
    if (answers_.empty() && for_ever_) say(*for_ever_);
    if (answers_.empty()) return Reply::NotYet;
    out = std::move(answers_.front());
    answers_.pop_front();
    if (out.size() > most) {
        answers_.emplace_front(out.begin() + static_cast<std::ptrdiff_t>(most), out.end());
        out.resize(most);
    }
    return Reply::Done;
}

Reply CcidInterface::give_interrupt(std::size_t most, Buffer& out) {
    if (is_deaf()) return Reply::NotYet;
    if (!interrupts_.empty()) {
        out = std::move(interrupts_.front());
        interrupts_.pop_front();
    } else if (std::exchange(slot_change_, false)) {
        out = {0x50, static_cast<std::uint8_t>(picc_.has_card() ? 0x03 : 0x02)};
    } else {
        return Reply::NotYet;
    }
    if (out.size() > most) out.resize(most);
    return Reply::Done;
}

void CcidInterface::abort() {
    answers_.clear();
    command_.clear();
    rest_.clear();
    for_ever_.reset();
}

void CcidInterface::reset() {
    abort();
    incoming_.clear();
    interrupts_.clear();
    powered_ = stalled_ = babbling_ = false;
    slot_change_ = picc_.has_card();
    if (disorder_ && disorder_->how == Misbehaviour::Deaf) behave();
}

void CcidInterface::slot_changed() {
    slot_change_ = true;
    powered_ = false;
}

void CcidInterface::misbehave(const Disorder& disorder) {
    const auto packets = interrupts_of(disorder.how);
    interrupts_.insert(interrupts_.end(), packets.begin(), packets.end());
    if (packets.empty()) disorder_ = disorder;
}

void CcidInterface::behave() {
    disorder_.reset();
    for_ever_.reset();
}

std::optional<Misbehaviour> CcidInterface::disorder_for(std::uint8_t command) {
    if (!disorder_ || (disorder_->in != 0 && disorder_->in != command)) return std::nullopt;
    const Misbehaviour how = disorder_->how;
    if (!is_deaf() && disorder_->times > 0 && --disorder_->times == 0) disorder_.reset();
    return how;
}

void CcidInterface::handle(const Buffer& message) {
    for_ever_.reset();
    const auto type = message[0];
    if (message[5] != 0) return answer(kSlotStatus, message, 0x42, 5, {});
    switch (type) {
        case kPowerOn:
            return power_on(message);
        case kPowerOff:
            powered_ = false;
            note_("power off");
            return answer(kSlotStatus, message, icc(), 0, {});
        case kGetSlotStatus:
            return answer(kSlotStatus, message, icc(), 0, {});
        case kTransfer:
            return transfer(message);
        case kEscape:
            return answer(kEscapeAnswer, message, icc(), 0,
                          picc_.escape(Bytes{message}.subspan(kHeader)));
        case kGetParameters:
        case kSetParameters:
        case kResetParameters:
            return answer(kParameters, message, icc(), 0,
                          Buffer{0x11, 0x10, 0x00, 0x4D, 0x00, 0x20, 0x00}, 1);
        case kAbort:
            abort();
            note_("abort");
            return answer(kSlotStatus, message, icc(), 0, {});
        default:  // a command that it does not have
            return answer(kSlotStatus, message, static_cast<std::uint8_t>(kFailed | icc()), 0, {});
    }
}

void CcidInterface::power_on(const Buffer& message) {
    const auto atr = picc_.power_on();
    powered_ = atr.has_value();
    if (!atr) return answer(kDataBlock, message, kFailed | 2, kMute, {});
    note_("power on");
    answer(kDataBlock, message, 0, 0, *atr);
}

void CcidInterface::transfer(const Buffer& message) {
    const Bytes data = Bytes{message}.subspan(kHeader);
    if (icc() != 0)
        return answer(kDataBlock, message, static_cast<std::uint8_t>(kFailed | icc()), kMute, {});
    const unsigned step = message[8] | unsigned{message[9]} << 8;
    if (step != 0 && level_ != Level::ExtendedApdu)
        return answer(kDataBlock, message, kFailed, 8, {});
    switch (step) {
        case 0x00:
            return run(message, data);
        case 0x10:
            return give_piece(message, false);
        default:
            if (step == 1) command_.clear();
            command_.insert(command_.end(), data.begin(), data.end());
            if (step == 2) return run(message, std::exchange(command_, {}));
            return answer(kDataBlock, message, 0, 0, {}, 0x10);
    }
}

void CcidInterface::run(const Buffer& message, Bytes apdu) {
    auto response = picc_.transmit(apdu);
    if (!response) {
        if (!picc_.has_card()) slot_changed();
        return answer(kDataBlock, message, static_cast<std::uint8_t>(kFailed | icc()), kMute, {});
    }
    rest_ = std::move(*response);
    give_piece(message, true);
}

void CcidInterface::give_piece(const Buffer& message, bool first) {
    const std::size_t room = max_message_ - kHeader;
    const bool last = rest_.size() <= room;
    const auto end = rest_.begin() + static_cast<std::ptrdiff_t>(std::min(room, rest_.size()));
    const Buffer piece{rest_.begin(), end};
    rest_.erase(rest_.begin(), end);
    const int chain = first ? (last ? 0 : 1) : (last ? 2 : 3);
    answer(kDataBlock, message, 0, 0, piece, static_cast<std::uint8_t>(chain));
}

void CcidInterface::answer(std::uint8_t type, const Buffer& to, std::uint8_t status,
                           std::uint8_t error, Bytes data, std::uint8_t parameter) {
    Buffer message{type,  low(data.size()), high(data.size()), 0, 0, to[5], to[6], status,
                   error, parameter};
    message.insert(message.end(), data.begin(), data.end());
    send(to[0], std::move(message));
}

void CcidInterface::send(std::uint8_t command, Buffer message) {
    const auto how = disorder_for(command);
    if (!how) return say(std::move(message));
    note_("misbehaved");
    if (damage(*how, message)) return say(std::move(message));
    if (*how == Misbehaviour::Stall) stalled_ = true;
    if (*how == Misbehaviour::Babble) babbling_ = true;
    if (*how == Misbehaviour::EndlessExtension) for_ever_ = extension_for(message);
    if (*how == Misbehaviour::StaleFirst) {
        Buffer stale = message;
        stale[6] = static_cast<std::uint8_t>(stale[6] - 1U);
        say(std::move(stale));
        say(std::move(message));
    } else if (*how == Misbehaviour::TwiceTheAnswer) {
        say(message);
        say(std::move(message));
    } else if (*how == Misbehaviour::TimeExtension) {
        for (int i = 0; i < 3; ++i)
            say(extension_for(message));
        say(std::move(message));
    }
}

}  // namespace stile::emulator
