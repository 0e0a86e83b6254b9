// SPDX-License-Identifier: Apache-2.0
// What an event sells and who may pass where: plain values, made once when the lists are loaded.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/visit.hpp"

namespace stile {

struct EventTimes {
    std::optional<WallTime> from;
    std::optional<WallTime> to;
    std::optional<WallTime> admission;
};

// One date of a series.
struct Subevent {
    std::uint64_t id = 0;
    std::string name;
    EventTimes times;
};

struct Event {
    std::uint32_t number = 0;  // as in tickets and keys
    std::string slug;          // the platform's short name
    std::string name;
    std::string zone;  // of the IANA data base: "Asia/Tokyo"
    EventTimes times;
    bool media_enforced = false;  // who has a medium for a product that wants one must use it
    std::vector<Subevent> subevents;
};

struct Variation {
    std::uint64_t id = 0;
    std::string name;
    bool attention = false;
    std::string checkin_text;
};

// Whether a ticket of this product must be swapped for a medium before it opens.
enum class MediaPolicy : std::uint8_t { None, Wanted };

// pretix calls it item.
struct Product {
    std::uint64_t id = 0;
    std::string name;
    bool admission = false;
    bool attention = false;  // staff should look at whoever holds it
    std::string checkin_text;
    MediaPolicy media = MediaPolicy::None;
    std::vector<Variation> variations;
};

// A pretix check-in list, or one of the gate's own. Its custom rule is kept beside it.
struct AccessList {
    ListKey key;
    std::string name;
    bool all_products = false;
    std::vector<std::uint64_t> products;
    std::optional<std::uint64_t> subevent;
    bool include_pending = false;   // staff may let pass who has not paid yet
    bool multiple_entries = false;  // entry however often
    bool entry_after_exit = false;
    bool addon_match = false;  // a ticket's add-ons stand for it on this list
};

[[nodiscard]] inline bool admits_product(const AccessList& list, std::uint64_t product) {
    return list.all_products || std::ranges::find(list.products, product) != list.products.end();
}

}  // namespace stile
