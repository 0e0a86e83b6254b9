// SPDX-License-Identifier: Apache-2.0
// Cuts what a scanner types or sends into scans. Pure: time is an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crypto/base/bytes.hpp"

namespace stile::devices {

// Where a scan ends beside CR, LF and TAB.
struct ScanEnds {
    std::chrono::milliseconds gap{100};  // nothing came for that long
    std::string suffix;                  // empty: none
};

struct Piece {
    Buffer text;
    std::chrono::nanoseconds at{};  // its last byte came
    friend bool operator==(const Piece&, const Piece&) = default;
};

class Assembler {
public:
    using Time = std::chrono::nanoseconds;  // CLOCK_MONOTONIC
    static constexpr std::chrono::milliseconds kLate{20};

    explicit Assembler(ScanEnds ends) : ends_{std::move(ends)} {}

    // Takes bytes that came at `now`. Returns the scans that ended with them. However late they
    // are, they go on with the scan under way: perhaps it was this program that was late.
    [[nodiscard]] std::vector<Piece> take(Bytes bytes, Time now);
    // Something came that is no text yet; the scan under way, or a new one, goes on.
    void touch(Time now);
    // The scan under way cannot be read: it is dropped, up to its end.
    void spoil();
    // When expire() would end the scan under way.
    [[nodiscard]] std::optional<Time> deadline() const;
    // Whether the time of the scan under way is over. Asked more than kLate behind the deadline,
    // it is not: what came meanwhile may not have been taken yet, so one more gap is waited for.
    [[nodiscard]] bool is_over(Time now);
    // Ends the scan under way.
    [[nodiscard]] std::optional<Piece> end();
    // Ends the scan under way if its time is over.
    [[nodiscard]] std::optional<Piece> expire(Time now);

    // Scans that were dropped as a whole, since the start: too long, or spoiled.
    [[nodiscard]] std::uint32_t too_long() const { return too_long_; }
    [[nodiscard]] std::uint32_t spoiled() const { return spoiled_; }

private:
    enum class State { Empty, Good, TooLong, Spoiled };
    void push(std::uint8_t byte);
    void go_on(Time now);
    [[nodiscard]] bool ends_with_suffix() const;

    ScanEnds ends_;
    State state_ = State::Empty;
    Buffer text_;
    Time last_{};
    Time due_{};
    std::uint32_t too_long_ = 0;
    std::uint32_t spoiled_ = 0;
};

}  // namespace stile::devices
