// SPDX-License-Identifier: Apache-2.0
// The collector is killed again and again while guests enter; gates send what has no watermark.
#include <random>

#include "tests/sync/ops_program.hpp"

namespace stile::sync {
namespace {

class LongKilledVenue : public Venue {
protected:
    // The watermark of the gate, as its retained message says it.
    std::uint64_t watermark() {
        const auto ack = last("/north-1/ack/main");
        constexpr std::string_view kSeq = R"("seq":)";
        const auto found = ack.find(kSeq);
        return found == std::string::npos ? 0 : std::stoull(ack.substr(found + kSeq.size()));
    }
};

TEST_F(LongKilledVenue, LosesNoEntryAndCountsNoneTwice) {
    constexpr std::size_t kGuests = 200;
    std::vector<GateEntry> ledger;
    for (std::size_t i = 0; i < kGuests; ++i) {
        ledger.push_back(north_.admit(static_cast<std::uint8_t>(i), static_cast<int>(i)));
        ledger.push_back(
            north_.passage(ledger.back(), PassageResult::Entered, static_cast<int>(i) + 1));
    }
    std::mt19937 random{1};
    for (int kills = 0; kills < 10; ++kills) {
        const auto before = heard();
        run(config());
        ASSERT_TRUE(hears("/_ops/status", R"("state":"online")", before));
        const auto from = static_cast<std::size_t>(watermark());
        const auto to = std::min(ledger.size(), from + 20 + random() % 60);
        for (std::size_t i = from; i < to; ++i)
            ASSERT_TRUE(gates_->say(ledger[i]));
        program_->kill();  // somewhere between arriving, storing and acknowledging
        ASSERT_TRUE(hears("/_ops/status", R"("state":"lost")", before));
    }
    const auto before = heard();
    run(config());
    ASSERT_TRUE(hears("/_ops/status", R"("state":"online")", before));
    for (auto i = static_cast<std::size_t>(watermark()); i < ledger.size(); ++i)
        ASSERT_TRUE(gates_->say(ledger[i]));
    EXPECT_TRUE(hears("/north-1/ack/main", R"("seq":400,)"));
    EXPECT_TRUE(hears("/_ops/occupancy", R"("total":{"inside":200,"entered":200,"left":0)"));
    ASSERT_TRUE(hears("/_ops/conflicts", "", before));
    EXPECT_NE(last("/_ops/conflicts").find(R"("count":0)"), std::string::npos);
}

}  // namespace
}  // namespace stile::sync
