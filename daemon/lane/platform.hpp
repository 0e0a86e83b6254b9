// SPDX-License-Identifier: Apache-2.0
// What a gate asks of a ticketing platform: which lists, and as whom.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/catalog/orders/orders.hpp"
#include "daemon/core/facts.hpp"

namespace stile {

// One access list of the platform.
struct PlatformList {
    std::string event;  // its short name
    std::uint64_t list = 0;
};

struct PlatformSetup {
    Orders* orders = nullptr;  // never null
    std::uint64_t gate = 0;    // the platform's number of this entrance; 0: none
    std::uint64_t device = 0;  // and of this gate as a device
    ListFacts::Unpaid unpaid = ListFacts::Unpaid::Refuse;
    ListFacts::Asking asking = ListFacts::Asking::Skip;
    // Whose signatures prove a ticket: only those of the gate's key file, or also those that the
    // platform names for the events of the lists.
    enum class Keys : std::uint8_t { Pinned, OfEvents } keys = Keys::Pinned;
};

}  // namespace stile
