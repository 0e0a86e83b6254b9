// SPDX-License-Identifier: Apache-2.0
// Ways in which a card reader breaks the rules of CCID, each of them one that a host must survive.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.hpp"

namespace stile::emulator {

enum class Misbehaviour : std::uint8_t {
    // Other bytes in the answer to a command.
    LengthTooLong,   // promises 2 GiB more than it sends
    LengthTooShort,  // promises one byte, and sends more
    ShortHeader,     // nine bytes
    EmptyAnswer,     // none
    WrongSequence,   // another command's number
    WrongSlot,       // a slot that it does not have
    WrongType,       // another kind of message
    ReservedStatus,  // a status that is none
    NoStatusWord,    // one byte of data
    LongAtr,         // 40 bytes of data, whatever was asked for
    EndlessChain,    // promises more to come
    // More, fewer or no answers.
    StaleFirst,        // an old answer before the right one
    TwiceTheAnswer,    // the right one, and again
    TimeExtension,     // three times "wait", then the right one
    EndlessExtension,  // "wait" for ever, until the next command
    Silent,            // nothing
    Stall,             // the endpoint halts
    Babble,            // more than the host asked for
    Deaf,              // nothing for anything, until reset
    Dead,              // takes nothing and says nothing, until unplugged
    // At once, out of the interrupt endpoint.
    EmptyInterrupt,
    BareInterrupt,
    HardwareError,
    InterruptFlood,  // 1,000 changes of a slot that did not change
};

// Nothing for a name that none has; TRANSCRIPT.md lists them.
[[nodiscard]] std::optional<Misbehaviour> find_misbehaviour(std::string_view name);
// Whether it is one of the first group; if so, `message` has it now.
bool damage(Misbehaviour how, Buffer& message);
// What comes out of the interrupt endpoint; nothing unless it is one of the last group.
[[nodiscard]] std::vector<Buffer> interrupts_of(Misbehaviour how);

}  // namespace stile::emulator
