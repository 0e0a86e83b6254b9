// SPDX-License-Identifier: Apache-2.0
// The test tickets of one lane, and who has passed with them: nothing of it outlives the test.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/hash.hpp"
#include "crypto/verifier.hpp"
#include "daemon/core/decide.hpp"
#include "daemon/entry/entry.hpp"
#include "daemon/lane/group.hpp"
#include "devices/turnstile/signal.hpp"

namespace stile {

// One ticket that a test needs, as it is to be shown.
struct TestTicket {
    std::string_view name;  // "good", "stay", "group", "card", "exit": these may pass; "expired",
                            // "early", "revoked", "other-event": these may not
    std::string text;       // of the code
    crypto::Identity identity{};
    crypto::TicketId id{};  // as its entries name it
};

// What somebody who tests a lane has to know.
struct TestOffer {
    std::vector<TestTicket> tickets;
    std::chrono::seconds longest{};  // then it is over
    std::chrono::milliseconds passage_timeout{};
    devices::Capabilities has;
    GroupWay group = GroupWay::Together;
};

// Believes its own tickets only, and no other lane does: they are signed with a key that is made
// for them and forgotten when they are signed. Only its public half stays, in memory. Thread-bound.
class TestSession {
public:
    static constexpr std::string_view kIssuer = "lane-test";
    // These numbers mean nothing outside the test.
    static constexpr std::uint32_t kEvent = 0xFFFFFFFF;
    static constexpr std::uint32_t kOtherEvent = 0xFFFFFFFE;
    static constexpr std::uint8_t kGroup = 2;

    // `now`: in the middle of their validity. Errors: Invalid, before 1970 or after 2105.
    [[nodiscard]] static Result<std::unique_ptr<TestSession>> begin(
        WallTime now, const crypto::EventSecret& secret);

    [[nodiscard]] const std::vector<TestTicket>& tickets() const { return tickets_; }

    [[nodiscard]] crypto::Proof prove(Bytes shown) const { return verifier_.prove(shown); }
    // As a ticket of this event is judged; `list`: what the gate's revocation list says of it.
    [[nodiscard]] Decision judge(const crypto::VerifiedTicket& ticket, RevocationFacts list,
                                 const ClockBounds& now, Direction direction) const;
    // How many it lets pass if it is admitted.
    [[nodiscard]] std::uint8_t people(const crypto::VerifiedTicket& ticket, Direction direction,
                                      GroupWay way) const;
    // What became of an admission. An exit uses nothing up.
    void take(const crypto::Identity& identity, const Passage& passage);

private:
    TestSession() = default;
    [[nodiscard]] EntryFacts entry_of(const crypto::Identity& identity) const;

    crypto::KeyRing keys_;
    crypto::Verifier verifier_{keys_};
    std::vector<TestTicket> tickets_;
    std::map<crypto::Identity, std::uint32_t> entered_;
};

}  // namespace stile
