// SPDX-License-Identifier: Apache-2.0
// What a receipt says while the collector cannot hear, from end to end.
#include <csignal>

#include "tests/sync/ops_program.hpp"

namespace stile::sync {
namespace {

class VenueReceipt : public Venue {
protected:
    // The command's, until it has all of these lines.
    [[nodiscard]] bool receipt_has(const std::vector<std::string>& lines) const {
        const auto deadline = std::chrono::steady_clock::now() + testbed::kPatience;
        while (std::chrono::steady_clock::now() < deadline) {
            std::size_t found = 0;
            for (const std::string& line : command({"receipt", std::string(32, 'a')}))
                for (const std::string& wanted : lines)
                    found += line.starts_with(wanted) ? 1 : 0;
            if (found == lines.size()) return true;
        }
        return false;
    }
    [[nodiscard]] std::vector<std::string> command(std::vector<std::string> words) const {
        words.insert(words.begin(), {STILE_BIN_DIR "/stile-collector", "--config",
                                     (folder_.path() / "collector.toml").native()});
        testbed::Child child{words, testbed::Child::Stream::Output};
        (void)child.wait();
        return child.lines().to_the_end();
    }
};

TEST_F(VenueReceipt, IsSureOnlyWhileTheCollectorHears) {
    const auto file = config("publishes = \"off\"\n");
    ASSERT_EQ(command({"keygen"}).size(), 1U);
    run(file);
    ASSERT_TRUE(receipt_has({"state unknown", "collecting running"}));  // so it has subscribed
    ASSERT_TRUE(
        gates_->say("north-1/status", R"({"v":1,"boot":"b1","state":"online"})", Retain::Yes));
    ASSERT_TRUE(gates_->say(north_.refuse(0)));
    ASSERT_TRUE(receipt_has({"state not-used", "collecting running"}));
    gates_->vanish();
    ASSERT_TRUE(receipt_has({"state unknown", "collecting running", "silent north-1"}));
    broker_.kill();
    EXPECT_TRUE(receipt_has({"state unknown", "collecting stopped", "silent north-1"}));
}

}  // namespace
}  // namespace stile::sync
