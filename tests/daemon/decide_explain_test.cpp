// SPDX-License-Identifier: Apache-2.0
// Explanations say what the decision did, and change nothing.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/stilectl/decide_state.hpp"
#include "daemon/stilectl/explain.hpp"
#include "daemon/stilectl/gate_view.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile {
namespace {

constexpr WallTime kNow{std::chrono::sys_days{std::chrono::year{2030} / 1 / 5}};

World fest() {
    auto world = read_world(std::filesystem::path{STILE_DECIDE_DATA} / "world.json", "fest");
    EXPECT_TRUE(world);
    return std::move(*world);
}

template <class State>
Explanation explained(State& state, std::string_view secret, std::uint64_t list) {
    const EventBook* event = state.book().find(std::string_view{"fest"});
    const ListKey key{event->event.number, list};
    const auto scan =
        state.look({.text = secret, .source = "barcode", .lists = {&key, 1}, .time = kNow});
    EXPECT_TRUE(scan);
    return explain(**scan, {}, {kNow, kNow});
}

const ExplainedStep& step(const Explanation& explanation, std::string_view name) {
    const auto found = std::ranges::find(explanation.steps, name, &ExplainedStep::name);
    EXPECT_NE(found, explanation.steps.end()) << name;
    return *found;
}

TEST(Explain, PassesEveryStepOfWhatOpens) {
    const auto state = DecideState::open(fest());
    ASSERT_TRUE(state);
    const Explanation told = explained(**state, "dayone", 1);
    EXPECT_EQ(told.decision.reason, Reason::Valid);
    EXPECT_GT(told.steps.size(), 10U);
    for (const ExplainedStep& one : told.steps) {
        EXPECT_EQ(one.result, StepResult::Passed) << one.name;
        EXPECT_FALSE(one.facts.empty()) << one.name;
    }
}

TEST(Explain, SaysFromWhenUntilWhenAndNothingOfTicketsWithoutLimits) {
    constexpr std::string_view kSigned =
        "==QCTsQIZIr4QcBlxtPVrIxfMl9sOtl7c0reCvCdNuf5qKtNbsMjTDpPnB55/"
        "lICc7UlvbMnrL3yj1lEHlnh8ld5LARMl52btQWZlNXCKAEANAQA";
    const auto state = DecideState::open(fest());
    ASSERT_TRUE(state);
    const std::string now = "now 2030-01-05T00:00:00.000Z, ";
    EXPECT_EQ(step(explained(**state, "dayone", 1), "times").facts, now + "valid at any time");
    EXPECT_EQ(step(explained(**state, kSigned, 1), "times").facts, now + "valid at any time");
}

TEST(Explain, SaysWhenAnotherTicketOfAMediumIsGood) {
    auto world = read_world(std::filesystem::path{STILE_DECIDE_DATA} / "world.json", "cards");
    ASSERT_TRUE(world);
    const auto state = DecideState::open(*world);
    ASSERT_TRUE(state);
    const ListKey list{(*state)->book().find(std::string_view{"m1"})->event.number, 51};
    const WallTime june{std::chrono::sys_days{std::chrono::year{2030} / 6 / 1}};
    const auto scan =
        (*state)->look({.text = "gap", .source = "barcode", .lists = {&list, 1}, .time = june});
    ASSERT_TRUE(scan);
    const Explanation told = explain(**scan, {}, {june, june});
    EXPECT_EQ(told.decision.reason, Reason::InvalidTime);
    EXPECT_NE(step(told, "choice").facts.find(", valid from 2030-"), std::string::npos)
        << step(told, "choice").facts;
}

TEST(Explain, AsksNothingAfterTheFirstRefusal) {
    const auto state = DecideState::open(fest());
    ASSERT_TRUE(state);
    const Explanation told = explained(**state, "barred", 1);
    EXPECT_EQ(told.decision.reason, Reason::Blocked);
    EXPECT_EQ(step(told, "order-standing").result, StepResult::Passed);
    EXPECT_EQ(step(told, "block").result, StepResult::Refused);
    EXPECT_EQ(step(told, "times").result, StepResult::NotAsked);
    EXPECT_TRUE(step(told, "times").facts.empty());
}

TEST(Explain, RefusesWithTheReasonOfTheDecision) {
    const auto state = DecideState::open(fest());
    ASSERT_TRUE(state);
    for (const std::string_view secret : {"usedcar", "owing", "waiting", "goner", "twin", "until",
                                          "withcar", "oddone", "toswap", "nobody", "workshop"}) {
        for (const std::uint64_t list : {1U, 4U, 5U, 8U, 4711U}) {
            const Explanation told = explained(**state, secret, list);
            const auto refused =
                std::ranges::find(told.steps, StepResult::Refused, &ExplainedStep::result);
            const Reason reason = refused == told.steps.end() ? Reason::Valid : refused->reason;
            EXPECT_EQ(reason, told.decision.reason) << secret << " at " << list;
        }
    }
}

TEST(Explain, NamesTheVisitsThatCount) {
    const auto state = DecideState::open(fest());
    ASSERT_TRUE(state);
    EXPECT_NE(step(explained(**state, "usedcar", 1), "entry-permission").facts.find("2029-07-01"),
              std::string::npos);
}

TEST(Explain, WritesNothingDown) {
    const auto state = DecideState::open(fest());
    ASSERT_TRUE(state);
    (void)explained(**state, "dayone", 1);
    (void)explained(**state, "nobody", 1);
    EXPECT_EQ((*state)->checkins("dayone").value(), 1U);  // the platform's own
    EXPECT_TRUE((*state)->queued().value().empty());
}

TEST(Explain, SpeaksToPeopleAndMachines) {
    const auto state = DecideState::open(fest());
    ASSERT_TRUE(state);
    const Explanation told = explained(**state, "goner", 1);
    EXPECT_NE(text_of(told).find("CANCELED"), std::string::npos);
    const auto json = nlohmann::json::parse(json_of(told));
    EXPECT_EQ(json["verdict"], "refuse");
    EXPECT_EQ(json["steps"].size(), told.steps.size());
}

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// The state of a gate that has loaded the orders and has not opened yet.
void make_state(const std::filesystem::path& folder) {
    const World world = fest();
    auto catalog = open_catalog(folder / "catalog", std::size_t{64} << 20U);
    ASSERT_TRUE(catalog);
    CatalogUpdate update{*catalog, {}};
    for (const WorldRow& row : world.rows) {
        if (row.event != "fest") continue;
        ASSERT_TRUE(update.open(row.resource, row.event));
        ASSERT_TRUE(update.add(row.json));
    }
    ASSERT_TRUE(update.finish({}));
    DecideClock clock;
    ASSERT_TRUE(Ledger::open({.folder = folder / "ledger", .map_bytes = 64U << 20U}, clock));
}

TEST(GateView, ReadsTheStateOfAGateAndLeavesItAsItIs) {
    const test::TempDir dir;
    make_state(dir.path());
    const std::string catalog = bytes_of(dir.path() / "catalog/data.mdb");
    const std::string ledger = bytes_of(dir.path() / "ledger/data.mdb");
    {
        const auto view = GateView::open(dir.path());
        ASSERT_TRUE(view) << view.error().context;
        EXPECT_EQ(explained(**view, "dayone", 1).decision.reason, Reason::Valid);
        EXPECT_EQ(explained(**view, "usedcar", 1).decision.reason, Reason::Used);
    }
    EXPECT_EQ(bytes_of(dir.path() / "catalog/data.mdb"), catalog);
    EXPECT_EQ(bytes_of(dir.path() / "ledger/data.mdb"), ledger);
}

TEST(GateView, ReadsWhileTheDaemonHasTheLedgerOpen) {
    const test::TempDir dir;
    make_state(dir.path());
    DecideClock clock;
    auto ledger = Ledger::open({.folder = dir.path() / "ledger", .map_bytes = 64U << 20U}, clock);
    ASSERT_TRUE(ledger);
    const pid_t child = ::fork();  // one process opens a file of LMDB once
    if (child == 0) ::_exit(GateView::open(dir.path()) ? 0 : 1);
    int status = 1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST(GateView, MakesNothingWhereThereIsNothing) {
    const test::TempDir dir;
    EXPECT_EQ(GateView::open(dir.path() / "state").error().code, Errc::NotFound);
    EXPECT_FALSE(std::filesystem::exists(dir.path() / "state"));
}

}  // namespace
}  // namespace stile
