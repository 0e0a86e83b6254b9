// SPDX-License-Identifier: Apache-2.0
// The messages of CCID: ten bytes of header, then data. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"

namespace stile::devices {

inline constexpr std::size_t kCcidHeaderBytes = 10;
inline constexpr std::size_t kLongestAtr = 33;

// What the host sends. There is no command here that could change a card or a reader's firmware.
enum class CcidRequest : std::uint8_t {
    SetParameters = 0x61,
    PowerOn = 0x62,
    PowerOff = 0x63,
    SlotStatus = 0x65,
    Escape = 0x6B,
    Transfer = 0x6F,
    Abort = 0x72,
};

// What the reader sends.
enum class CcidReply : std::uint8_t {
    DataBlock = 0x80,
    SlotStatus = 0x81,
    Parameters = 0x82,
    Escape = 0x83,
    DataRate = 0x84,
};
// The one that answers a request.
[[nodiscard]] CcidReply reply_to(CcidRequest request);

enum class CardPower : std::uint8_t { Active = 0, Inactive = 1, Absent = 2 };
enum class CcidOutcome : std::uint8_t { Ok = 0, Failed = 1, MoreTime = 2 };

// Where a block stands in a chain, for commands and answers alike.
enum class CcidChain : std::uint8_t { Whole = 0, First = 1, Last = 2, Middle = 3, Next = 0x10 };

// The error codes that this program treats in a way of their own.
inline constexpr std::uint8_t kCcidCardMute = 0xFE;
inline constexpr std::uint8_t kCcidParity = 0xFD;
inline constexpr std::uint8_t kCcidOverrun = 0xFC;
inline constexpr std::uint8_t kCcidHardware = 0xFB;

struct CcidCommand {
    CcidRequest request = CcidRequest::SlotStatus;
    std::uint8_t slot = 0;
    std::uint8_t sequence = 0;
    std::array<std::uint8_t, 3> specific{};
    Bytes data;  // a view
};

struct CcidAnswer {
    CcidReply reply = CcidReply::SlotStatus;
    std::uint8_t slot = 0;
    std::uint8_t sequence = 0;
    CardPower card = CardPower::Absent;
    CcidOutcome outcome = CcidOutcome::Ok;
    std::uint8_t error = 0;     // bError; of MoreTime the factor
    std::uint8_t specific = 0;  // the last byte of the header: a chain, a clock, a protocol
    Bytes data;                 // a view
};

// The header with its data behind it. At most 2^32 - 1 bytes of data.
[[nodiscard]] Buffer encode(const CcidCommand& command);
// Reads one whole transfer. Errors: Invalid (cut off, longer or shorter than it says, an unknown
// kind, a reserved state).
[[nodiscard]] Result<CcidAnswer> decode_ccid_answer(Bytes transfer);
// Likewise of DataBlock. Nothing for a value that no chain has.
[[nodiscard]] std::optional<CcidChain> chain_of(const CcidAnswer& answer);

// What the interrupt endpoint tells of one slot.
enum class SlotNews : std::uint8_t { Unchanged, Inserted, Removed };
// Nothing for anything that is not a well-formed notification of slots.
[[nodiscard]] SlotNews news_of(Bytes notification, std::uint8_t slot);
// The reader's hardware has a fault (too much current, for one).
[[nodiscard]] bool tells_hardware_fault(Bytes notification);

}  // namespace stile::devices
