// SPDX-License-Identifier: Apache-2.0
// What a collector vouches for: only while it hears, and never for a gate that it does not.
#include <gtest/gtest.h>

#include "sync/collector/doubts.hpp"
#include "sync/sqlite/sqlite_store.hpp"
#include "tests/sync/collector_store_bench.hpp"

namespace stile::sync {
namespace {

using testbed::at;
using Hears = Doubts::Hears;

class CollectorDoubts : public testing::Test {
protected:
    CollectorDoubts() : store_{std::move(*open_sqlite_store(":memory:", StoreUse::Collect))} {
        EXPECT_TRUE(notes_.load());
    }
    void hear(int second, std::vector<std::string> silent = {},
              std::map<LedgerName, std::uint64_t> ends = {}) {
        notes_.update({.silent = std::move(silent),
                       .is_back = [](const std::string& /*gate*/) { return true; },
                       .ends = std::move(ends)},
                      at(second));
    }
    [[nodiscard]] std::vector<EntryName> ends() const { return read_ends(*store_).value(); }
    [[nodiscard]] Hears hears(int second) const {
        return read_doubts(*store_, at(second)).value().hears;
    }
    [[nodiscard]] std::vector<SilentGate> silent() const {
        return read_doubts(*store_, at(0)).value().silent;
    }

    std::unique_ptr<EntryStore> store_;
    DoubtNotes notes_{*store_};
};

TEST_F(CollectorDoubts, VouchForNothingBeforeTheyHear) {
    EXPECT_EQ(hears(0), Hears::No);
}

TEST_F(CollectorDoubts, VouchForAWhile) {
    hear(0);
    EXPECT_EQ(hears(14), Hears::Yes);
    EXPECT_EQ(hears(15), Hears::No) << "it died, or cannot write";
    hear(14);
    EXPECT_EQ(hears(28), Hears::Yes);
}

TEST_F(CollectorDoubts, VouchForNothingByAnotherClock) {
    hear(100);
    EXPECT_EQ(hears(0), Hears::No);
}

TEST_F(CollectorDoubts, AreThereAsSoonAsItIsDeaf) {
    hear(0);
    notes_.deaf(at(1));
    EXPECT_EQ(hears(1), Hears::No);
}

TEST_F(CollectorDoubts, AreThereAfterARestart) {
    hear(0);
    DoubtNotes second{*store_};
    ASSERT_TRUE(second.load());
    EXPECT_EQ(hears(1), Hears::No);
}

TEST_F(CollectorDoubts, NameWhoIsSilentAndSinceWhen) {
    hear(10, {"north-1"});
    hear(20, {"north-1", "south-1"});
    EXPECT_EQ(silent(), (std::vector<SilentGate>{{"north-1", at(10)}, {"south-1", at(20)}}));
    hear(30, {"south-1"});
    EXPECT_EQ(silent(), (std::vector<SilentGate>{{"south-1", at(20)}}));
}

TEST_F(CollectorDoubts, OfAnEarlierRunStayUntilTheGateIsBack) {
    hear(10, {"north-1"});
    DoubtNotes second{*store_};
    ASSERT_TRUE(second.load());
    const auto hear_again = [&](const std::string& away) {
        second.update({.silent = {},
                       .is_back = [&](const std::string& gate) { return gate != away; },
                       .ends = {}},
                      at(20));
    };
    hear_again("north-1");
    EXPECT_EQ(silent(), (std::vector<SilentGate>{{"north-1", at(10)}}));
    hear_again("");
    EXPECT_TRUE(silent().empty());
}

TEST_F(CollectorDoubts, NameHowFarAGateCounted) {
    ASSERT_TRUE(store_->put(testbed::entries(1, 4)));
    hear(0, {}, {{{"north-1", 7}, 4}, {{"south-1", 8}, 9}});
    EXPECT_EQ(ends(), (std::vector<EntryName>{{{"south-1", 8}, 9}}));
    hear(1, {}, {{{"north-1", 7}, 6}, {{"south-1", 8}, 0}});
    EXPECT_EQ(ends(), (std::vector<EntryName>{{{"north-1", 7}, 6}})) << "a gate counts anew";
    ASSERT_TRUE(store_->put(testbed::entries(5, 6)));
    hear(2, {}, {{{"north-1", 7}, 6}});
    EXPECT_TRUE(ends().empty());
}

TEST_F(CollectorDoubts, KeepWhatAGateCountedForAnEarlierRun) {
    ASSERT_TRUE(store_->put(testbed::entries(1, 4)));
    hear(0, {}, {{{"north-1", 7}, 6}});
    DoubtNotes second{*store_};
    ASSERT_TRUE(second.load());
    const DoubtNotes::Heard heard{
        .silent = {}, .is_back = [](const std::string& /*gate*/) { return true; }, .ends = {}};
    second.update(heard, at(1));
    EXPECT_EQ(ends().size(), 1U);
    ASSERT_TRUE(store_->put(testbed::entries(5, 6)));
    second.update(heard, at(2));
    EXPECT_TRUE(ends().empty());
}

TEST_F(CollectorDoubts, VouchForNothingUntilAllIsWritten) {
    std::vector<std::string> gates;
    for (int i = 0; i < 50; ++i)
        gates.push_back("gate-" + std::to_string(i));
    hear(0, gates);
    EXPECT_EQ(hears(0), Hears::No);
    hear(1, gates);
    hear(2, gates);
    EXPECT_EQ(hears(2), Hears::Yes);
    EXPECT_EQ(silent().size(), 50U);
}

}  // namespace
}  // namespace stile::sync
