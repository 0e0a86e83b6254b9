// SPDX-License-Identifier: Apache-2.0
// What messages are made of: their limits, and their choices as daemon/PROTOCOL.md numbers them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stile::protocol {

inline constexpr std::size_t kMaxMessageBytes = 16'384;
inline constexpr std::size_t kMaxScanBytes = 4'096;
inline constexpr std::size_t kMaxEntryBytes = 640;
inline constexpr std::size_t kMaxEntriesInMessage = 16;
inline constexpr std::size_t kMaxEntriesInFetch = 64;
inline constexpr std::size_t kMaxPeersPerSocket = 32;

// Enumerators count from 1; `Last` marks the end for the decoder.
enum class Role : std::uint8_t { Reader = 1, Sync, Control, Viewer, Last = Viewer };
enum class Parting : std::uint8_t {
    Done = 1,
    Malformed,
    NotAllowed,
    Busy,
    Stopping,
    Version,
    Last = Version
};
enum class Medium : std::uint8_t { Qr = 1, Nfc, Scanner, Keyed, Last = Keyed };
enum class Outcome : std::uint8_t { Admit = 1, Refuse, Wait, Same, Last = Same };
enum class CardTechnology : std::uint8_t { Type2 = 1, Type4, Other, Last = Other };
enum class CardStatus : std::uint8_t { Ok = 1, Gone, Timeout, Refused, Failed, Last = Failed };
enum class ReaderState : std::uint8_t { Starting = 1, Working, Degraded, Failed, Last = Failed };
enum class Subject : std::uint8_t { Info = 1, Health, Count, Lane, Alarm, Last = Alarm };
enum class Link : std::uint8_t { Connecting = 1, Connected, Refused, Last = Refused };
// Of an answer that needs several messages.
enum class Part : std::uint8_t { More = 1, Last };
enum class Content : std::uint8_t { RevocationText = 1, CatalogText, Last = CatalogText };
enum class CatalogOutcome : std::uint8_t { Done = 1, Failed, Last = Failed };
enum class CommandOutcome : std::uint8_t {
    Done = 1,
    Failed,
    UnknownVerb,
    NotAllowed,
    Last = NotAllowed
};
// What a lane shows (daemon/lane/lane_sign.hpp).
enum class SignState : std::uint8_t {
    Idle = 1,  // show your ticket
    Go,
    Stop,
    Wait,
    Closer,   // hold it closer to the reader
    Farther,  // hold it farther away
    Locked,
    ExitOnly,
    OutOfOrder,
    FreePassage,
    Fire,
    Test,  // it takes test tickets only
    Last = Test
};

}  // namespace stile::protocol
