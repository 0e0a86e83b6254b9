// SPDX-License-Identifier: Apache-2.0
// What a gate is made of, and whom it tells.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

#include "crypto/hash.hpp"
#include "crypto/verifier.hpp"
#include "daemon/core/decide.hpp"
#include "daemon/core/policy/check.hpp"
#include "daemon/lane/gate_rules.hpp"
#include "daemon/lane/lane.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/runtime/event_loop.hpp"

namespace stile {

// Loop, ledger and clock outlive the gate. The functions run on the gate thread.
struct GateParts {
    EventLoop& loop;
    Ledger& ledger;
    Clock& clock;
    crypto::EventSecret secret{};
    GateRules rules;
    // How old the revocation list is, and of an event of the platform its orders; nothing:
    // there never were any. For the venue's policy.
    std::function<std::optional<std::chrono::seconds>(LoadOf event, WallTime now)> list_age;
    // Is this ticket on the revocation list? Errors refuse the ticket (fail closed).
    std::function<Result<RevocationFacts>(const crypto::Ticket&)> revocations;
    // A scan was decided; told after the turnstiles have moved and the readers know.
    std::function<void(const Decided&)> on_decided;
    // New entries are durable.
    std::function<void()> on_committed;
    // Told once when the ledger stops or begins to store entries; an empty text: it works.
    std::function<void(std::string_view)> on_ledger_trouble;
    // Something happened at a lane; its entry comes with the next commit.
    std::function<void(const LaneEvent&)> on_lane_event;
    // A lane has another mode, or something happened to it.
    std::function<void(const Lane&)> on_lane_changed;
    // A lane shows something else from now on. Not told of what it shows at first: sign().
    std::function<void(std::size_t lane, const LaneSign&)> on_sign;
    std::chrono::milliseconds longest_test = std::chrono::minutes{15};
};

}  // namespace stile
