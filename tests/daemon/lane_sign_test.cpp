// SPDX-License-Identifier: Apache-2.0
// What a lane shows, in every state, with and without an answer.
#include "daemon/lane/lane_sign.hpp"

#include <initializer_list>

#include "tests/daemon/lane_fixture.hpp"

namespace stile::test {
namespace {

const SignTime kNow{1'000s};

LaneAnswer answered(SignState state, std::chrono::milliseconds ago = 100ms) {
    LaneAnswer answer{.state = state,
                      .direction = Direction::Entry,
                      .words = "words",
                      .seat = "C 4",
                      .greeting = "Ada",
                      .at = kNow - ago};
    if (state == SignState::Go) answer.reason = Reason::Valid;
    if (state == SignState::Stop) answer.reason = Reason::Used;
    return answer;
}

SignState shown(LaneState state, const std::optional<LaneAnswer>& answer = {},
                LaneMode mode = LaneMode::Normal) {
    return sign_of({.state = state, .mode = mode}, answer, kNow).state;
}

TEST(LaneSign, AsksForATicketWhenNothingHappens) {
    const LaneSign sign = sign_of({.direction = Direction::Exit}, {}, kNow);
    EXPECT_EQ(sign, (LaneSign{.state = SignState::Idle, .direction = Direction::Exit}));
}

TEST(LaneSign, SaysGoAsLongAsTheLaneIsOpenAndUntilWhen) {
    for (const LaneState state : {LaneState::Released, LaneState::Passing}) {
        const SignTime end = kNow + 8s;
        const LaneSign sign = sign_of({.state = state, .people = 3, .open_until = end},
                                      answered(SignState::Go, 20s), kNow);
        EXPECT_EQ(sign.state, SignState::Go);
        EXPECT_EQ(sign.reason, Reason::Valid);
        EXPECT_EQ(sign.people, 3);
        EXPECT_EQ(sign.until, end);
        EXPECT_EQ(sign.seat, "C 4");
        EXPECT_EQ(sign.greeting, "Ada");
        EXPECT_EQ(sign.since, kNow - 20s);
    }
}

TEST(LaneSign, SaysGoToAGuestWhomTheStaffLetPassWithoutAnybodysSeat) {
    for (const auto& answer :
         {std::optional<LaneAnswer>{}, std::optional{answered(SignState::Stop)}}) {
        const LaneSign sign = sign_of({.state = LaneState::Released}, answer, kNow);
        EXPECT_EQ(sign.state, SignState::Go);
        EXPECT_EQ(sign.reason, Reason::Valid);
        EXPECT_EQ(sign.seat, "");
        EXPECT_EQ(sign.words, "");
    }
}

TEST(LaneSign, NeverSaysGoWhileTheTurnstileIsShut) {
    for (const LaneState state : {LaneState::Idle, LaneState::Closing, LaneState::Finishing,
                                  LaneState::Locked, LaneState::OutOfOrder, LaneState::Rest})
        EXPECT_NE(shown(state, answered(SignState::Go)), SignState::Go) << name_of(state);
}

TEST(LaneSign, AsksToWaitWhileALaneCloses) {
    EXPECT_EQ(shown(LaneState::Closing, answered(SignState::Go)), SignState::Wait);
    EXPECT_EQ(shown(LaneState::Finishing, answered(SignState::Go)), SignState::Wait);
}

TEST(LaneSign, PutsTheLanesOwnTroubleBeforeEveryAnswer) {
    for (const SignState answer : {SignState::Go, SignState::Stop, SignState::Wait}) {
        EXPECT_EQ(shown(LaneState::Fire, answered(answer)), SignState::Fire);
        EXPECT_EQ(shown(LaneState::Free, answered(answer)), SignState::FreePassage);
        EXPECT_EQ(shown(LaneState::Locked, answered(answer)), SignState::Locked);
        EXPECT_EQ(shown(LaneState::OutOfOrder, answered(answer)), SignState::OutOfOrder);
    }
}

TEST(LaneSign, KeepsARefusalLongEnoughToRead) {
    const auto sign = sign_of({}, answered(SignState::Stop, kStopStands - 1ms), kNow);
    EXPECT_EQ(sign.state, SignState::Stop);
    EXPECT_EQ(sign.reason, Reason::Used);
    EXPECT_EQ(sign.words, "words");
    EXPECT_EQ(sign.until, kNow + 1ms);
    EXPECT_EQ(shown(LaneState::Idle, answered(SignState::Stop, kStopStands)), SignState::Idle);
}

TEST(LaneSign, NamesNobodyWhoIsRefused) {
    const auto sign = sign_of({}, answered(SignState::Stop), kNow);
    EXPECT_EQ(sign.greeting, "");
    EXPECT_EQ(sign.seat, "");
}

TEST(LaneSign, ShowsAWaitAndAHintForAMoment) {
    EXPECT_EQ(shown(LaneState::Idle, answered(SignState::Wait)), SignState::Wait);
    EXPECT_EQ(shown(LaneState::Idle, answered(SignState::Wait, kWaitStands)), SignState::Idle);
    for (const SignState hint : {SignState::Closer, SignState::Farther}) {
        EXPECT_EQ(shown(LaneState::Idle, answered(hint)), hint);
        EXPECT_EQ(shown(LaneState::Idle, answered(hint, kHintStands)), SignState::Idle);
    }
}

TEST(LaneSign, TellsAnEntranceThatLetsOnlyOut) {
    EXPECT_EQ(shown(LaneState::Idle, {}, LaneMode::ExitOnly), SignState::ExitOnly);
    const LaneLook exit{.mode = LaneMode::ExitOnly, .direction = Direction::Exit};
    EXPECT_EQ(sign_of(exit, {}, kNow).state, SignState::Idle);
    EXPECT_EQ(shown(LaneState::Idle, answered(SignState::Stop), LaneMode::ExitOnly),
              SignState::Stop);
}

TEST(LaneSign, DiffersForTwoAnswersWithTheSameWords) {
    EXPECT_NE(sign_of({}, answered(SignState::Stop, 1ms), kNow),
              sign_of({}, answered(SignState::Stop, 2ms), kNow));
}

TEST(LaneSign, FindsItsTextByTheReasonOrByTheState) {
    EXPECT_EQ(text_key(sign_of({}, answered(SignState::Stop), kNow)), "USED");
    EXPECT_EQ(text_key(sign_of({.state = LaneState::Released}, {}, kNow)), "VALID");
    EXPECT_EQ(text_key(sign_of({.state = LaneState::Free}, {}, kNow)), "free-passage");
    EXPECT_EQ(text_key(LaneSign{}), "idle");
}

TEST_F(LaneTest, LooksAsItIsToItsSign) {
    release(3);
    EXPECT_EQ(lane_.look().people, 3);
    EXPECT_EQ(lane_.look().open_until, now_ + 8s);
    walk();
    EXPECT_EQ(lane_.look().people, 2);
    wait(20s);
    EXPECT_EQ(lane_.look().state, LaneState::Idle);
    EXPECT_FALSE(lane_.look().open_until);
}

}  // namespace
}  // namespace stile::test
