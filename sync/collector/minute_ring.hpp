// SPDX-License-Identifier: Apache-2.0
// What is known of each of the last minutes, in a fixed space.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace stile::sync {

// Minutes since 1970.
using MinuteNumber = std::int64_t;

template <class Time>
[[nodiscard]] MinuteNumber minute_number(Time time) {
    return std::chrono::floor<std::chrono::minutes>(time.time_since_epoch()).count();
}

// A minute takes the place of the one that was 72 before it. T{} is a minute without anything.
template <class T>
class MinuteRing {
public:
    static constexpr MinuteNumber kMinutes = 72;

    T& at(MinuteNumber minute) {
        Slot& slot = slots_[place(minute)];
        if (slot.minute != minute) slot = {minute, T{}};
        return slot.value;
    }
    // Null: nothing is known of it.
    [[nodiscard]] const T* find(MinuteNumber minute) const {
        const Slot& slot = slots_[place(minute)];
        return slot.minute == minute ? &slot.value : nullptr;
    }

private:
    struct Slot {
        MinuteNumber minute = -1;
        T value{};
    };
    static std::size_t place(MinuteNumber minute) {
        return static_cast<std::size_t>((minute % kMinutes + kMinutes) % kMinutes);
    }
    std::array<Slot, kMinutes> slots_{};
};

}  // namespace stile::sync
