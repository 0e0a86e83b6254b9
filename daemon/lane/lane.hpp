// SPDX-License-Identifier: Apache-2.0
// One lane's state between a release and what becomes of it. Pure: time comes in.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "crypto/hash.hpp"
#include "daemon/entry/entry.hpp"
#include "daemon/ledger/grant.hpp"

namespace stile {

// Everything that an outcome needs to be written down later.
struct Released {
    OpenAdmission admission{};
    crypto::TicketId ticket{};
    std::uint32_t release_us = 0;  // from the frame to the release
};

// What became of an admission, ready to be written down.
struct LaneOutcome {
    OpenAdmission admission{};
    Passage passage{};
};

class Lane {
public:
    using Time = std::chrono::steady_clock::time_point;
    enum class State : std::uint8_t { Idle, Open };

    Lane(std::string name, Direction direction) : name_{std::move(name)}, direction_{direction} {}

    [[nodiscard]] State state() const { return released_ ? State::Open : State::Idle; }
    // The ticket that this lane admitted a moment ago: a person holds it in view until they have
    // passed.
    [[nodiscard]] bool ignores(const crypto::Identity& identity, Time now) const;

    void open(const Released& released);
    // Somebody passed. Nothing when the lane was not open.
    [[nodiscard]] std::optional<LaneOutcome> passed(Time now);
    // Nobody passed in time; the turnstile is locked again. Nothing when the lane was not open.
    [[nodiscard]] std::optional<LaneOutcome> timed_out(Time now);

    [[nodiscard]] const std::optional<Released>& released() const { return released_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] Direction direction() const { return direction_; }

private:
    [[nodiscard]] std::optional<LaneOutcome> close(PassageResult result, Time now);

    std::string name_;
    Direction direction_;
    std::optional<Released> released_;
    crypto::Identity last_;
    std::optional<Time> ignore_until_;
};

}  // namespace stile
