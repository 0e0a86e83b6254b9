// SPDX-License-Identifier: Apache-2.0
// Guests' names on the sign: only where the site file wants them, and only of who may pass.
#include "tests/daemon/gate_platform_fixture.hpp"

namespace stile::test {
namespace {

class GateGreeting : public GatePlatformTest {
protected:
    void make(Greeting greeting) {
        load({order("D",
                    {position(5, "named", {{"attendee_name", "Ada L"}}), position(6, "unnamed")})});
        make_gate({{.passage_timeout = 60'000ms, .lists = {{"demo", 7}}, .greeting = greeting}});
        take_book();
    }
};

TEST_F(GateGreeting, ShowsTheNameOfWhoMayPass) {
    make(Greeting::Name);
    EXPECT_EQ(answer_to(0, "named"), Outcome::Admit);
    EXPECT_EQ(signs_.back().second.greeting, "Ada L");
}

TEST_F(GateGreeting, ShowsNoNameUnlessTheSiteWantsIt) {
    make(Greeting::None);
    EXPECT_EQ(answer_to(0, "named"), Outcome::Admit);
    EXPECT_EQ(signs_.back().second.greeting, "");
}

TEST_F(GateGreeting, ShowsNoNameOfAGuestWhoIsRefused) {
    make(Greeting::Name);
    EXPECT_EQ(answer_to(0, "named"), Outcome::Admit);
    pass(0);
    run_until([this] { return signs_.back().second.state == protocol::SignState::Idle; });
    (void)gate_->set_mode(0, LaneMode::ExitOnly, {"sue", "security"}, "full");
    EXPECT_EQ(answer_to(0, "unnamed"), Outcome::Refuse);
    EXPECT_EQ(signs_.back().second.state, protocol::SignState::Stop);
    EXPECT_EQ(signs_.back().second.greeting, "");
}

TEST_F(GateGreeting, GreetsNobodyWhoHasNoName) {
    make(Greeting::Name);
    EXPECT_EQ(answer_to(0, "unnamed"), Outcome::Admit);
    EXPECT_EQ(signs_.back().second.greeting, "");
}

}  // namespace
}  // namespace stile::test
