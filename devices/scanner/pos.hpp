// SPDX-License-Identifier: Apache-2.0
// Puts the reports of a HID POS scanner together to codes. Pure: time is an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "crypto/base/bytes.hpp"
#include "devices/scanner/scanner_form.hpp"

namespace stile::devices {

struct PosCode {
    Buffer data;
    std::string aim;  // identifier, "]Q1"; empty: none
    friend bool operator==(const PosCode&, const PosCode&) = default;
};

class PosReports {
public:
    using Time = std::chrono::nanoseconds;  // CLOCK_MONOTONIC

    // The next piece of a code comes within that time, or never.
    static constexpr std::chrono::milliseconds kPatience{500};

    explicit PosReports(const PosForm& form) : form_{form} {}

    // The code that is whole with this report. A report of another number says nothing.
    [[nodiscard]] std::optional<PosCode> take(Bytes report, Time now);
    // Something was lost on the way: the code under way is dropped.
    void spoil(Time now);

    // Codes that were dropped as a whole, since the start.
    [[nodiscard]] std::uint32_t too_long() const { return too_long_; }
    [[nodiscard]] std::uint32_t spoiled() const { return spoiled_; }

private:
    enum class State { Empty, Good, TooLong, Spoiled };
    void add(Bytes report);
    void drop();
    [[nodiscard]] std::size_t least_bytes() const;
    [[nodiscard]] std::optional<std::size_t> length_of(Bytes report) const;
    [[nodiscard]] std::string aim_of(Bytes report) const;
    [[nodiscard]] bool more_follows(Bytes report) const;

    PosForm form_;
    State state_ = State::Empty;
    PosCode code_;
    Time last_{};
    std::uint32_t too_long_ = 0;
    std::uint32_t spoiled_ = 0;
};

}  // namespace stile::devices
