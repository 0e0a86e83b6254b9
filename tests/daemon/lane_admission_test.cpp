// SPDX-License-Identifier: Apache-2.0
// The table of a lane's states, edge by edge: what must hold for every one of them.
#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/lane/admission.hpp"

namespace stile {
namespace {

using S = LaneState;
using I = LaneInput;
using A = LaneAction;

std::vector<LaneEdge> all_edges() {
    std::vector<LaneEdge> all;
    for (int state = 0; state <= std::to_underlying(S::Last); ++state) {
        for (int input = 0; input <= std::to_underlying(I::Last); ++input)
            all.push_back(edge(static_cast<S>(state), static_cast<I>(input)));
    }
    return all;
}

bool has_admission(S state) {
    return state == S::Released || state == S::Passing || state == S::Closing ||
           state == S::Finishing;
}
bool is_open_for_all(S state) {
    return state == S::Free || state == S::Fire;
}
bool ends(A action) {
    return action == A::End || action == A::CountAndEnd || action == A::EndPresumed;
}
std::string words(const LaneEdge& e) {
    return std::string{name_of(e.from)} + " on input " +
           std::to_string(std::to_underlying(e.input));
}

TEST(LaneTable, HasAnEdgeForEveryStateAndInput) {
    std::set<std::pair<S, I>> seen;
    for (const LaneEdge& e : all_edges())
        seen.emplace(e.from, e.input);
    EXPECT_EQ(seen.size(), 9U * 14U);
}

TEST(LaneTable, EndsAnAdmissionExactlyWhenItLeavesIt) {
    for (const LaneEdge& e : all_edges()) {
        const bool leaves = has_admission(e.from) && !has_admission(e.to);
        EXPECT_EQ(ends(e.action), leaves) << words(e);
        if (leaves) {
            EXPECT_EQ(e.to, S::Rest) << words(e);
        }
    }
}

TEST(LaneTable, BeginsAnAdmissionOnlyWithARelease) {
    for (const LaneEdge& e : all_edges()) {
        const bool begins = !has_admission(e.from) && has_admission(e.to);
        EXPECT_EQ(e.action == A::Begin, begins) << words(e);
        if (begins) {
            EXPECT_EQ(e.input, I::Release) << words(e);
        }
    }
}

TEST(LaneTable, GivesBackEveryReleaseThatItCannotTake) {
    for (const LaneEdge& e : all_edges()) {
        if (e.input != I::Release) continue;
        const bool takes = e.from == S::Idle || e.from == S::Locked;
        EXPECT_EQ(e.action, takes ? A::Begin : A::GiveBack) << words(e);
        if (!takes) {
            EXPECT_EQ(e.to, e.from) << words(e);
        }
    }
}

TEST(LaneTable, NeverLosesAPersonWhoPasses) {
    for (const LaneEdge& e : all_edges()) {
        if (e.input != I::Passed && e.input != I::PassedLast) continue;
        if (has_admission(e.from)) {
            EXPECT_TRUE(e.action == A::Count || e.action == A::CountAndEnd) << words(e);
        } else if (is_open_for_all(e.from)) {
            EXPECT_EQ(e.action, A::CountFree) << words(e);
        } else {
            EXPECT_EQ(e.action, A::TellUnasked) << words(e);
        }
    }
}

TEST(LaneTable, TellsOrCountsWhoGoesTheWrongWay) {
    for (const LaneEdge& e : all_edges()) {
        if (e.input == I::PassedBack) {
            EXPECT_NE(e.action, A::None) << words(e);
        }
        if (e.action == A::TellReverse) {
            EXPECT_EQ(e.input, I::PassedBack) << words(e);
        }
    }
}

TEST(LaneTable, LocksBeforeItDecidesWhatATimeOutMeans) {
    for (const LaneEdge& e : all_edges()) {
        if (e.input != I::TimeOut) continue;
        const bool open = e.from == S::Released || e.from == S::Passing;
        EXPECT_EQ(e.action == A::Relock, open) << words(e);
        EXPECT_FALSE(ends(e.action)) << words(e);
    }
}

TEST(LaneTable, LeavesFireOnlyToWhatTheInputsAskFor) {
    for (const LaneEdge& e : all_edges()) {
        if (e.from == S::Fire) {
            EXPECT_TRUE(e.to == S::Fire || e.to == S::Rest) << words(e);
        }
        if (e.input == I::FireOn) {
            EXPECT_EQ(e.to, S::Rest) << words(e);
        }
    }
}

TEST(LaneTable, LetsWhoIsAdmittedPassWhateverTheModeBecomes) {
    for (const LaneEdge& e : all_edges()) {
        if (e.input == I::ModeSet && has_admission(e.from)) {
            EXPECT_EQ(e.to, e.from) << words(e);
        }
    }
}

TEST(LaneTable, HasNoStateThatNothingLeads) {
    std::set<S> reached{S::Idle, S::Free, S::Fire, S::Locked, S::OutOfOrder};  // by Rest
    for (const LaneEdge& e : all_edges())
        reached.insert(e.to);
    for (int state = 0; state <= std::to_underlying(S::Last); ++state)
        EXPECT_TRUE(reached.contains(static_cast<S>(state))) << name_of(static_cast<S>(state));
}

TEST(LaneTable, GivesEachStateItsOwnName) {
    std::set<std::string_view> names;
    for (int state = 0; state <= std::to_underlying(S::Last); ++state)
        names.insert(name_of(static_cast<S>(state)));
    EXPECT_EQ(names.size(), 9U);
}

}  // namespace
}  // namespace stile
