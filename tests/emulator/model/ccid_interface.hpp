// SPDX-License-Identifier: Apache-2.0
// One CCID interface of a reader: messages in, messages out, and what is wrong with them.
#pragma once

#include <deque>
#include <optional>

#include "tests/emulator/model/misbehaviour.hpp"
#include "tests/emulator/model/picc.hpp"
#include "tests/emulator/model/usb_device.hpp"

namespace stile::emulator {

// What it does wrong: `times` answers long (0: until told otherwise), and only in the answers to
// one kind of command, if `in` is its first byte (0: all).
struct Disorder {
    Misbehaviour how = Misbehaviour::Silent;
    unsigned times = 1;
    std::uint8_t in = 0;
};

enum class Level : std::uint8_t { Tpdu, ShortApdu, ExtendedApdu };

class CcidInterface {
public:
    CcidInterface(Level level, std::size_t max_message, Picc& picc, Picc::Note note)
        : level_{level}, max_message_{max_message}, picc_{picc}, note_{std::move(note)} {}

    [[nodiscard]] Reply take(Bytes data);
    [[nodiscard]] Reply give_bulk(std::size_t most, Buffer& out);
    [[nodiscard]] Reply give_interrupt(std::size_t most, Buffer& out);
    // The request at endpoint 0, which goes before the message at the bulk endpoint.
    void abort();
    void reset();
    void slot_changed();

    // From the next answer on.
    void misbehave(const Disorder& disorder);
    void behave();

private:
    [[nodiscard]] bool is_deaf() const;
    [[nodiscard]] std::uint8_t icc() const;
    void handle(const Buffer& message);
    void power_on(const Buffer& message);
    void transfer(const Buffer& message);
    void run(const Buffer& message, Bytes apdu);
    void give_piece(const Buffer& message, bool first);
    void answer(std::uint8_t type, const Buffer& to, std::uint8_t status, std::uint8_t error,
                Bytes data, std::uint8_t parameter = 0);
    void send(std::uint8_t command, Buffer message);
    void say(Buffer message) { answers_.push_back(std::move(message)); }
    [[nodiscard]] std::optional<Misbehaviour> disorder_for(std::uint8_t command);

    Level level_;
    std::size_t max_message_;
    Picc& picc_;
    Picc::Note note_;
    Buffer incoming_;
    std::deque<Buffer> answers_;
    std::deque<Buffer> interrupts_;
    Buffer command_;                  // of a chain of messages
    Buffer rest_;                     // of an answer that goes in several messages
    std::optional<Buffer> for_ever_;  // repeated at each transfer until aborted
    bool powered_ = false;
    bool stalled_ = false;
    bool babbling_ = false;
    bool slot_change_ = false;
    std::optional<Disorder> disorder_;
};

}  // namespace stile::emulator
