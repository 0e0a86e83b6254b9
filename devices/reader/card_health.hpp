// SPDX-License-Identifier: Apache-2.0
// Sums up how a card reader does, for its ReaderHealth messages. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/protocol/reader_messages.hpp"
#include "devices/reader/card_visits.hpp"

namespace stile::devices {

// The first word of the detail (daemon/PROTOCOL.md).
enum class CardTroubleName : std::uint8_t {
    None,       // cards can be read
    Starting,   // it was found just now
    Unplugged,  // it is not there
    Unusable,   // it is there and cannot be had, or is no reader for us
    Wedged,     // it does not answer as it should; its driver sees to it
};

class CardHealth {
public:
    // Returns whether that is news.
    bool is(CardTroubleName name, std::string_view why);
    // What an installer should know although cards can be read.
    void note(std::string what) { note_ = std::move(what); }

    [[nodiscard]] protocol::ReaderState state() const;
    // With the counts of visits since the last call.
    [[nodiscard]] protocol::ReaderHealth take(const CardVisits::Counts& counts) const;
    // "unplugged: ..."; empty: nothing to say.
    [[nodiscard]] std::string detail() const;

private:
    CardTroubleName name_ = CardTroubleName::Starting;
    std::string why_;
    std::string note_;
};

}  // namespace stile::devices
