// SPDX-License-Identifier: Apache-2.0
// What a venue asks for beside a good ticket (daemon/POLICY.md), as plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/ticket.hpp"
#include "daemon/core/access_list.hpp"
#include "daemon/core/policy/area.hpp"
#include "daemon/core/policy/slot.hpp"
#include "daemon/core/visit.hpp"
#include "daemon/core/zone.hpp"

namespace stile {

// What to make of a doubt, from the mildest to the hardest.
enum class Doubt : std::uint8_t { Admit, Flag, Refuse };

// How the people of one ticket go through.
enum class GroupMode : std::uint8_t { OneByOne, Together };

// Somebody came in with an older copy, and now a re-issued one is shown.
enum class ReissueMode : std::uint8_t {
    Counts,   // the ticket is used
    Replaces  // whoever came in with the older copy is not counted against the new one
};

struct Freshness {
    Doubt when_stale = Doubt::Admit;
    std::chrono::minutes max_age{24 * 60};  // older lists are stale
    friend bool operator==(const Freshness&, const Freshness&) = default;
};

// What holds for one product.
struct Terms {
    std::uint8_t class_number = 0;                                // in AccessPolicy::classes
    crypto::Assurance assurance = crypto::Assurance::StaticCopy;  // at least
    GroupMode group = GroupMode::OneByOne;
    ReissueMode reissue = ReissueMode::Counts;
    std::chrono::milliseconds release{0};  // how long the turnstile stays open; 0: as the lane's
    std::optional<Freshness> freshness;    // nothing: the policy's
    std::vector<Slot> slots;               // none: always
    std::vector<std::uint64_t> lists;      // numbers of access lists; none: all
    friend bool operator==(const Terms&, const Terms&) = default;
};

struct ProductTerms {
    std::string name;
    std::optional<std::uint32_t> event;  // nothing: any
    std::vector<std::uint64_t> ids;      // in order; none: all
    Terms terms;
    friend bool operator==(const ProductTerms&, const ProductTerms&) = default;
};

// Where a lane leads in one direction; numbers of areas.
struct Way {
    std::string lane;
    Direction direction = Direction::Entry;
    std::uint32_t from = kOutside;
    std::uint32_t to = kOutside;
    std::optional<std::uint64_t> list;  // of the policy's own, the only one that is asked here
    std::string gate;                   // empty: of every gate
    friend bool operator==(const Way&, const Way&) = default;
};

// What to do when the gate is not sure of the time. `timed`: the ticket, its list or its slots
// depend on it; the harder of `timed` and `other` holds for them.
struct ClockRules {
    Doubt timed_unsynced = Doubt::Admit;
    Doubt timed_wrong = Doubt::Flag;
    Doubt other_unsynced = Doubt::Admit;
    Doubt other_wrong = Doubt::Flag;
    friend bool operator==(const ClockRules&, const ClockRules&) = default;
};

struct AccessPolicy {
    std::uint64_t version = 0;
    std::string name;
    std::string zone_name;  // of the IANA data base; empty: UTC
    Zone zone;
    AreaTree areas;
    std::vector<Way> ways;                      // none: no lane leads to an area
    std::vector<std::string> classes{"guest"};  // at most 64
    ClassSet passback_exempt = 0;
    ClassSet capacity_exempt = 0;
    std::vector<ProductTerms> products;
    std::optional<Terms> other_products = Terms{};  // nothing: refused
    Freshness freshness;
    ClockRules clock;
    std::vector<AccessList> lists;  // the gate's own; `event` 0: of every event

    // The most special row that fits: event and number before number before event before neither,
    // the first of two alike. Nothing: this product may not pass.
    [[nodiscard]] const Terms* terms(std::uint32_t event, std::uint64_t product) const;
    [[nodiscard]] const Way* way(std::string_view lane, Direction direction) const;
    [[nodiscard]] bool is_exempt(const Terms& terms, ClassSet from) const {
        return terms.class_number < 64 && (from >> terms.class_number & 1U) != 0;
    }
};

// Whether entries that were made with older copies only count against this copy.
[[nodiscard]] constexpr bool older_entries_count(const Terms& terms, std::uint8_t reissue,
                                                 std::uint8_t highest_reissue) {
    return terms.reissue == ReissueMode::Counts || reissue <= highest_reissue;
}

}  // namespace stile
