// SPDX-License-Identifier: Apache-2.0
// The policy's own lists and re-issued copies at the live gate, and areas of platform's tickets.
#include "tests/daemon/gate_platform_fixture.hpp"
#include "tests/daemon/gate_policy_fixture.hpp"

namespace stile::test {
namespace {

constexpr std::string_view kProducts =
    "[[product]]\nname = \"day\"\nids = [10]\n[[product]]\nname = \"crew\"\nids = [20]\n";

class GateOwnLists : public GatePolicyTest {
protected:
    static std::string of_product(std::uint16_t product, std::uint64_t serial) {
        crypto::Gt1Fields out = fields(serial);
        out.product = product;
        return text(out);
    }
    static std::string copy(std::uint8_t reissue) {
        crypto::Gt1Fields out = fields(1);
        out.reissue = reissue;
        return text(out);
    }
};

TEST_F(GateOwnLists, StandForTheSitesPolicy) {
    apply(std::string{kProducts} + "[[list]]\nname = \"guests\"\nproducts = [\"day\"]\n",
          Reentry::Always);
    EXPECT_EQ(reason(show(0, of_product(20, 1))), Reason::Product);
    expect_pass(0, of_product(10, 2));
    EXPECT_EQ(reason(show(1, of_product(10, 2))), Reason::Used);  // never is the list's default
}

TEST_F(GateOwnLists, TheOneOfTheProductIsAsked) {
    apply(std::string{kProducts} +
          "[[list]]\nname = \"guests\"\nproducts = [\"day\"]\n"
          "[[list]]\nname = \"staff\"\nnumber = 1\nproducts = [\"crew\"]\nreentry = \"always\"\n");
    expect_pass(0, of_product(20, 1));
    EXPECT_EQ(answer_to(1, of_product(20, 1)), Outcome::Admit);
    EXPECT_EQ(entries<Decided>()[0].list, 1U);
}

TEST_F(GateOwnLists, ALaneMayAskOneAlone) {
    apply(std::string{kProducts} +
          "[[list]]\nname = \"guests\"\nproducts = [\"day\"]\n"
          "[[list]]\nname = \"staff\"\nnumber = 1\nproducts = [\"crew\"]\n"
          "[[lane]]\nname = \"lane-1\"\nlist = \"staff\"\n");
    EXPECT_EQ(reason(show(0, of_product(10, 1))), Reason::Product);
    EXPECT_EQ(answer_to(0, of_product(20, 2)), Outcome::Admit);
    EXPECT_EQ(answer_to(1, of_product(10, 1)), Outcome::Admit);
}

TEST_F(GateOwnLists, AListOfAnotherEventIsForNobodyHere) {
    apply("[[list]]\nname = \"other\"\nevent = 1\n");
    EXPECT_EQ(reason(show(0, text(1))), Reason::Invalid);
}

TEST_F(GateOwnLists, ANewerCopyIsUsedWhereOlderEntriesCount) {
    apply("", Reentry::Never);
    expect_pass(0, copy(0));
    EXPECT_EQ(reason(show(1, copy(1))), Reason::Used);
}

TEST_F(GateOwnLists, ANewerCopyReplacesTheOlderOnceForItself) {
    venue_ = policy("[[product]]\nname = \"all\"\nreissue = \"replaces\"\n");
    make_gate({{}, {}, {}, {}});
    expect_pass(0, copy(0));
    clock_.advance(1s);
    expect_pass(1, copy(1));
    EXPECT_EQ(reason(show(2, copy(0))), Reason::Superseded);
    EXPECT_EQ(reason(show(3, copy(1))), Reason::Used);
}

TEST_F(GateOwnLists, ANewerCopyThatNobodyPassedOnStaysGood) {
    venue_ = policy("[[product]]\nname = \"all\"\nreissue = \"replaces\"\n");
    make_gate({{}, {.passage_timeout = 20ms}, {}});
    expect_pass(0, copy(0));
    clock_.advance(1s);
    EXPECT_EQ(answer_to(1, copy(1)), Outcome::Admit);
    run_until([&] { return entries<Passage>().size() == 2; });
    EXPECT_EQ(answer_to(2, copy(1)), Outcome::Admit);
}

TEST_F(GateOwnLists, ANewerCopyThatWasRefusedFirstStaysGood) {
    apply("[[product]]\nname = \"all\"\nreissue = \"replaces\"\n", Reentry::Never);
    expect_pass(0, copy(0));
    clock_.advance(1s);
    ASSERT_TRUE(gate_->set_mode(1, LaneMode::Locked, {"ann", "lead"}, "break"));
    EXPECT_EQ(reason(show(1, copy(1))), Reason::LaneClosed);
    ASSERT_TRUE(gate_->set_mode(1, LaneMode::Normal, {"ann", "lead"}, "break"));
    EXPECT_EQ(answer_to(1, copy(1)), Outcome::Admit);
}

class GatePlatformPolicy : public GatePlatformTest {};

TEST_F(GatePlatformPolicy, CapacityHoldsForSecretsToo) {
    venue_ = policy(std::string{kArena}.append("capacity = 1\n").append(kWays));
    make_lanes(2);
    const auto one = show(0, "first");
    const auto other = show(1, "second");
    EXPECT_EQ(outcome(one), Outcome::Admit);
    EXPECT_EQ(reason(other), Reason::Capacity);
    EXPECT_EQ(answers_[other].advice, "the arena is full. Please wait here.");
    EXPECT_EQ(entries<Decided>()[0].area, 1U);
    EXPECT_EQ(records()[1]["kind"], "failed");
}

TEST_F(GatePlatformPolicy, WhatIsWrongWithTheTicketIsSaidFirst) {
    venue_ = policy(std::string{kArena}.append("capacity = 0\n").append(kWays));
    make_lanes(1);
    EXPECT_EQ(reason(show(0, "unpaid")), Reason::Unpaid);
    EXPECT_EQ(reason(show(0, "first")), Reason::Capacity);
}

TEST_F(GatePlatformPolicy, AProductMayBeKeptToOneOfThePlatformsLists) {
    venue_ = policy("[[product]]\nname = \"day\"\nids = [1]\nlists = [8]\n");
    make_lanes(1);
    EXPECT_EQ(reason(show(0, "first")), Reason::Product);
    EXPECT_EQ(answer_to(0, "second"), Outcome::Admit);
}

}  // namespace
}  // namespace stile::test
