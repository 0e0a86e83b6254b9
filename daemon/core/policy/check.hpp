// SPDX-License-Identifier: Apache-2.0
// The rules of a venue's policy: asked once the ticket itself is found good.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "crypto/ticket.hpp"
#include "daemon/core/policy/access_policy.hpp"
#include "daemon/core/policy/words.hpp"
#include "daemon/core/reason.hpp"
#include "daemon/core/visit.hpp"

namespace stile {

// How well the gate knows the time. Known: disciplined, or counted on from when it was.
enum class ClockTrust : std::uint8_t { Known, Unsynced, Wrong };

// Whether this passage depends on the time: its ticket, its list or its rule names one.
enum class TimesMatter : std::uint8_t { No, Yes };

// What the ledger remembers of the ticket.
struct HolderFacts {
    std::uint32_t area = kOutside;  // where its newest passage led to
    WallTime area_since;
    std::uint32_t inside = 0;  // people who came in on it and did not leave, as far as is known
    std::uint8_t highest_reissue = 0;
};

inline constexpr std::uint8_t kNoLimit = 255;  // of the people on one ticket

struct PolicyFacts {
    std::string_view lane;
    Direction direction = Direction::Entry;
    ListKey list;  // that is asked
    std::uint32_t event = 0;
    std::uint64_t product = 0;
    crypto::Assurance assurance = crypto::Assurance::StaticCopy;
    std::uint8_t reissue = 0;
    std::uint8_t admissions = 1;  // people on the ticket
    std::uint8_t may_enter = 1;   // so many more let the access list's own rules in
    HolderFacts holder;
    // People in each area itself (inside, or admitted towards it), not in the areas inside it, as
    // AreaTree::areas() orders them: what this gate counted and what its peers reported. An area
    // without a number is full.
    std::span<const std::int64_t> people;
    std::optional<std::chrono::seconds> list_age;  // nothing: there never was a list
    ClockTrust clock = ClockTrust::Known;
    TimesMatter times = TimesMatter::Yes;
    WallTime now;  // the best guess
    TimeBounds bounds;
};

// Bits of Decided::flags (daemon/LEDGER.md).
enum class PolicyFlag : std::uint16_t { StaleLists = 2, Clock = 4, Passback = 8 };

struct PolicyRefusal {
    Reason reason = Reason::Error;
    Words words;  // what the guest should do
};

// What an admission obliges the gate and its lane to.
struct Duties {
    std::uint16_t flags = 0;               // of PolicyFlag
    std::uint8_t people = 1;               // that one release lets pass
    std::chrono::milliseconds release{0};  // how long it stays open; 0: as the lane's
    // For the ledger: so many people are no longer in `from_area`, and are in `to_area`. kOutside
    // is not counted.
    std::uint32_t from_area = kOutside;
    std::uint32_t to_area = kOutside;
};

// One rule, asked by itself; for explanations.
struct PolicyStep {
    std::string_view rule;  // "product-list", "time-slot", ...
    std::optional<PolicyRefusal> refusal;
    std::uint16_t flags = 0;
};
inline constexpr std::size_t kPolicyRules = 7;

struct Ruling {
    std::optional<PolicyRefusal> refusal;
    Duties duties;  // as far as they were known when it was refused
};

// Total and pure; allocates nothing. The first rule that refuses gives the reason: list and
// product, time slot, assurance, time, age of the lists, anti-passback, capacity. An exit is never
// refused, only flagged: nobody is kept inside.
[[nodiscard]] Ruling check(const AccessPolicy& policy, const PolicyFacts& facts);

// Every rule in its order, also those after one that refuses. At an exit, and for a product that
// the policy does not let in at all, none is asked: empty names.
[[nodiscard]] std::array<PolicyStep, kPolicyRules> steps_of(const AccessPolicy& policy,
                                                            const PolicyFacts& facts);

// People in an area and in those inside it; nothing when a number is missing.
[[nodiscard]] std::optional<std::int64_t> people_within(const AreaTree& tree, std::size_t place,
                                                        std::span<const std::int64_t> people);

}  // namespace stile
