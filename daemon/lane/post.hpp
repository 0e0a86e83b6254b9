// SPDX-License-Identifier: Apache-2.0
// What the gate keeps beside each lane, and a scan on its way through it. For gate*.cpp only.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#include "daemon/lane/gate.hpp"
#include "daemon/lane/staff_menu.hpp"

namespace stile {

// Of people who showed a credential at the lane.
inline constexpr std::string_view kCredentialRole = "staff";

// Of a frame; at most an hour.
[[nodiscard]] std::uint32_t microseconds_since(std::uint64_t captured_ns);

// A scan on its way: what it is, what was decided, and the answer to give once that is durable.
struct Gate::Examined {
    WaitingScan waiting;
    // On a list of the platform; null: on the gate's own. Shared with the lane's last refusal.
    std::shared_ptr<Case> at_platform;
    std::optional<crypto::VerifiedTicket> ticket;  // on the gate's own list
    std::uint8_t fault = 0;
    crypto::TicketId ticket_id{};
    RevocationFacts revocation;
    const AccessList* own = nullptr;   // of the policy's; null: the site's own
    EntryFacts entry;                  // on the gate's own list
    std::optional<Reason> venue;       // why the venue's policy refuses
    Words venue_words;                 // and what it says
    Duties duties;                     // to which it obliges an admission
    std::optional<TicketState> state;  // as it will be; nothing: it cannot be read
    bool newer_copy = false;           // than any that was seen before
    Decision decision;
    std::uint32_t decided_us = 0;
    protocol::Outcome outcome = protocol::Outcome::Refuse;
    std::uint8_t people = 1;
    std::uint16_t flags = 0;  // kFlag... of its entry
    std::string login;        // who of the staff showed their credential; empty: nobody
    bool in_test = false;     // its lane: nothing of it counts
    bool overridden = false;  // by the word that waited at its lane
    std::string advice;       // instead of the reason's own; empty: that

    // All names of who asks; none: nobody that is known.
    [[nodiscard]] std::span<const crypto::Identity> identities() const {
        if (at_platform) return at_platform->identities();
        if (ticket) return {&(*ticket)->identity, 1};
        return {};
    }
};

// The lane has admitted this ticket in this batch.
struct Gate::Taken {
    std::optional<crypto::Identity> by;
};

struct Gate::Post {
    struct Refusal {
        Examined scan;
        Lane::Time at;
    };
    struct Armed {
        StaffWord word;
        Lane::Time until;
    };
    LaneSetup setup;
    std::vector<ListKey> lists;  // of its terms, as the book numbers their events
    EventSource timer;
    WallTime mode_since;                // somebody, or the schedule, set its mode
    FireInput fire = FireInput::Over;   // of this turnstile's own input
    std::optional<Refusal> refusal;     // of somebody who is known, the last
    std::optional<Armed> armed;         // an override that waits
    std::optional<Watermark> admitted;  // the last
    StaffMenu menu;
    std::optional<crypto::Identity> menu_of;  // whose credential opened it last
    std::optional<LaneAnswer> answer;         // the last
    std::optional<LaneSign> sign;             // as it was shown last
    EventSource sign_timer;
    std::unique_ptr<TestSession> test;  // null: the lane is for guests
    EventSource test_end;
};

}  // namespace stile
