// SPDX-License-Identifier: Apache-2.0
// One lane between a release and what becomes of it. Pure: time comes in, orders go out.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "crypto/hash.hpp"
#include "daemon/entry/entry.hpp"
#include "daemon/lane/admission.hpp"
#include "daemon/lane/arm_watch.hpp"
#include "daemon/lane/lane_sign.hpp"
#include "daemon/lane/passage_sensor.hpp"
#include "daemon/ledger/grant.hpp"

namespace stile {

// Everything that an outcome needs to be written down later.
struct Released {
    OpenAdmission admission{};
    crypto::TicketId ticket{};
    std::uint32_t release_us = 0;  // from the frame to the release
    std::uint8_t people = 1;       // who may pass
    std::chrono::milliseconds hold{8000};
};

// What became of an admission, ready to be written down.
struct LaneOutcome {
    OpenAdmission admission{};
    Passage passage{};
};

enum class ArmOrder : std::uint8_t { Lock, Open };

// What the lane wants done, in order. On a time-out the arm comes long before the outcome.
using LaneOrder = std::variant<ArmOrder, LaneOutcome, LaneEvent>;

// Since the daemon started, without tests.
struct LaneCounts {
    std::uint64_t entered = 0;
    std::uint64_t left = 0;
    std::uint64_t released = 0;  // admissions taken back because nobody passed
    std::uint64_t free = 0;      // people who passed while it was open for everybody
    std::uint64_t events = 0;
    friend bool operator==(const LaneCounts&, const LaneCounts&) = default;
};

enum class FireInput : std::uint8_t { Over, Active };

class Lane {
public:
    using Time = std::chrono::steady_clock::time_point;
    struct Options {
        std::string name;
        Direction direction = Direction::Entry;
        std::chrono::milliseconds sensor_stuck{10'000};
    };
    // A passage that began this long after the lock still counts.
    static constexpr std::chrono::milliseconds kGrace{700};
    // Held in view until then, an admitted ticket is not a new scan.
    static constexpr std::chrono::seconds kIgnoreAfterwards{3};
    // Who follows this soon after an admission came in with its guest.
    static constexpr std::chrono::seconds kTailgate{2};
    // Free passages are written down together.
    static constexpr std::chrono::minutes kFreeReport{1};

    explicit Lane(Options options, devices::Capabilities has = {});

    // The turnstile was released for this admission. Not while busy().
    void release(const Released& released, Time now);
    // The turnstile could not be released: nobody passes.
    void release_failed(const Released& released, Time now);
    void take(devices::Signal signal, Time now);
    void set_mode(LaneMode mode, Time now);
    // In test it opens for whoever is admitted, whatever its mode, unless everybody may pass.
    void set_use(LaneUse use, Time now);
    void fire(FireInput fire, Time now);
    // Call when due() has come; later is harmless.
    void tick(Time now);
    [[nodiscard]] std::optional<Time> due() const;
    // People counted and not written down yet become an event. For a clean stop.
    void report_free();
    // What is to be done; the lane forgets it.
    [[nodiscard]] std::vector<LaneOrder> take_orders();

    // The ticket that this lane admitted a moment ago: a person holds it in view until they have
    // passed.
    [[nodiscard]] bool ignores(const crypto::Identity& identity, Time now) const;
    // An admission is not ended yet.
    [[nodiscard]] bool busy() const { return released_.has_value(); }
    // Everybody may pass without a ticket.
    [[nodiscard]] bool open_for_all() const;
    // Nobody is admitted in this direction now.
    [[nodiscard]] bool closed(Direction direction) const;
    // Nothing can be released, not even by the staff.
    [[nodiscard]] bool out_of_order() const { return state_ == LaneState::OutOfOrder; }

    [[nodiscard]] LaneState state() const { return state_; }
    [[nodiscard]] LaneMode mode() const { return mode_; }
    [[nodiscard]] LaneUse use() const { return use_; }
    [[nodiscard]] const std::optional<Released>& released() const { return released_; }
    // What its sign is made from.
    [[nodiscard]] LaneLook look() const;
    [[nodiscard]] const std::string& name() const { return options_.name; }
    [[nodiscard]] Direction direction() const { return options_.direction; }
    [[nodiscard]] const LaneCounts& counts() const { return counts_; }
    [[nodiscard]] std::optional<LaneEventKind> last_event() const { return last_event_; }

private:
    void feed(LaneInput input, Time now);
    void act(LaneAction action, Time now);
    void enter(LaneState state, Time now);
    [[nodiscard]] LaneState rest() const;
    [[nodiscard]] LaneInput passage(PassageSensor::Sight sight) const;
    void sensed(PassageSensor::Sight sight, Time now);
    void device_gone(Time now);
    void device_back(Time now);
    void end(PassageResult result, Time now);
    void count(const OpenAdmission& admission, PassageResult result, std::uint8_t people);
    void write(const Released& released, PassageResult result, std::uint8_t people);
    void tell(LaneEventKind what, std::uint32_t count = 1);
    void command(Time now);
    void order(ArmOrder order, Time now);

    Options options_;
    devices::Capabilities has_;
    PassageSensor sensor_;
    ArmWatch arm_;
    LaneState state_ = LaneState::Idle;
    LaneMode mode_ = LaneMode::Normal;
    LaneUse use_ = LaneUse::Guests;
    FireInput fire_ = FireInput::Over;
    bool gone_ = false;
    std::optional<Released> released_;
    std::optional<Released> refused_;   // given back at once
    std::uint8_t passed_ = 0;           // of the people of released_
    std::optional<Time> time_out_;      // of released_
    std::optional<Time> grace_;         // while Closing
    crypto::Identity last_;             // admitted here
    std::uint64_t last_admission_ = 0;  // with a passage
    std::optional<Time> ended_;         // the last admission
    std::uint32_t free_ = 0;            // people not written down yet
    std::optional<Time> free_report_;
    LaneCounts counts_;
    std::optional<LaneEventKind> last_event_;
    std::vector<LaneOrder> orders_;
};

}  // namespace stile
