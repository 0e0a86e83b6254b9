// SPDX-License-Identifier: Apache-2.0
// One sentence for the guest, put together without allocating.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "daemon/core/zone.hpp"

namespace stile {

// UTF-8 of at most 120 bytes; what does not fit is cut at a character.
class Words {
public:
    Words() = default;
    explicit Words(std::string_view text) { *this << text; }

    Words& operator<<(std::string_view text);
    Words& operator<<(std::uint64_t number);

    [[nodiscard]] std::string_view view() const { return {chars_.data(), size_}; }
    friend bool operator==(const Words& a, const Words& b) { return a.view() == b.view(); }

private:
    std::array<char, 120> chars_{};
    std::size_t size_ = 0;
};

// "at 18:30" on the day of `now`, "on Saturday at 18:30" within six days of it, else
// "on 1 August at 18:30"; as the clocks of the zone show it.
void add_time(Words& words, WallTime time, WallTime now, const Zone& zone);

}  // namespace stile
