// SPDX-License-Identifier: Apache-2.0
// The real stiled with turnstiles that are wired: devices that are not there, and a relay board
// that umockdev emulates.
#include <csignal>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "daemon/core/reason.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;
using protocol::Subject;

constexpr const char* kWrapper = "/usr/bin/umockdev-wrapper";
const std::string kEmulator = std::string{STILE_BIN_DIR} + "/stile-emulated-relay";

const std::string kRelayLane =
    "[[lane]]\nname = \"b\"\nturnstile = \"relay\"\nrelay_board = \"id:QAAMZ\"\nrelease = \"1\"\n"
    "pulse_ms = 100\npassage_timeout_ms = 500\n"
    "[[reader]]\nname = \"cam-b\"\nlane = \"b\"\nsource = \"nowhere\"\n";

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// Waits until that alarm is so.
std::string alarm(PlayedPeer& sync, const std::string& code, std::string_view state) {
    while (const auto report = sync.next<protocol::Report>()) {
        const bool it = report->subject == Subject::Alarm && report->name == code;
        if (it && contains(report->body, state)) return report->body;
    }
    return "";
}

TEST(StiledWiring, StartsWithoutItsDevicesAndSaysWhatIsMissing) {
    const Site site;
    site.write_config(
        "[[lane]]\nname = \"b\"\nturnstile = \"gpio\"\ngpio_chip = \"no-chip\"\nrelease = \"17\"\n"
        "[[reader]]\nname = \"cam-b\"\nlane = \"b\"\nsource = \"nowhere\"\n"
        "[fire]\ngpio_chip = \"no-panel\"\nline = \"5\"\n");
    const auto stiled = site.start();
    PlayedPeer sync = site.sync(*stiled);
    ASSERT_TRUE(sync.send(protocol::Follow{"mqtt", 64}));
    const auto panel = alarm(sync, "fire-input-gone", "raised");
    EXPECT_TRUE(contains(panel, "no-panel")) << panel;
    const auto gone = alarm(sync, "lane-b-device-gone", "raised");
    EXPECT_TRUE(contains(gone, "no-chip")) << gone;
    PlayedPeer good = site.reader(*stiled);
    EXPECT_EQ(good.show(Site::ticket(1))->outcome, protocol::Outcome::Admit) << site.log();
    PlayedPeer broken = site.reader(*stiled, "cam-b");
    EXPECT_EQ(broken.show(Site::ticket(2))->reason, std::to_underlying(Reason::LaneClosed));
    const auto page = site.run("stilectl", {"status"}).out;
    EXPECT_TRUE(contains(page, "! alarm     fire-input-gone")) << page;
    EXPECT_TRUE(contains(page, "out-of-order")) << page;
}

TEST(StiledWiring, IsCheckedBeforeItStarts) {
    const Site site;
    site.write_config(kRelayLane +
                      "[[lane]]\nname = \"c\"\nturnstile = \"relay\"\n"
                      "relay_board = \"id:QAAMZ\"\nrelease = \"1\"\n");
    const auto checked = site.run("stiled", {"--check-config"});
    EXPECT_EQ(checked.exit_code, kExitConfig);
    EXPECT_TRUE(contains(checked.err, "relay 1 of board id:QAAMZ is release of lane b already"))
        << checked.err;
}

class StiledAtARelayBoard : public testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(kWrapper) || !std::filesystem::exists(kEmulator))
            GTEST_SKIP() << "umockdev is not installed";
        site_.write_config(kRelayLane);
        stiled_ = std::make_unique<Process>(
            "/usr/bin/env",
            std::vector<std::string>{"ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0",
                                     "TSAN_OPTIONS=report_bugs=0", kWrapper, kEmulator,
                                     std::string{STILE_BIN_DIR} + "/stiled", "--config",
                                     site_.config().native()},
            site_.folder().path() / "stiled");
    }
    // What the relays did, until they have done this.
    [[nodiscard]] bool relays_did(std::string_view what) const {
        for (int i = 0; i < 4'000; ++i) {
            std::ifstream in{site_.folder().path() / "stiled.out"};
            if (contains({std::istreambuf_iterator<char>{in}, {}}, what)) return true;
            if (stiled_->wait(10ms)) return false;  // it ended
        }
        return false;
    }

    Site site_;
    std::unique_ptr<Process> stiled_;
};

TEST_F(StiledAtARelayBoard, AdmitsByAPulse) {
    PlayedPeer reader = site_.reader(*stiled_, "cam-b");
    EXPECT_EQ(reader.show(Site::ticket(1))->outcome, protocol::Outcome::Admit) << site_.log();
    EXPECT_TRUE(relays_did("relays 1\nrelays 0\n")) << site_.log();
}

TEST_F(StiledAtARelayBoard, GoesOnWhenTheBoardIsSilentAndWhenItIsBack) {
    PlayedPeer sync = site_.sync(*stiled_);
    ASSERT_TRUE(sync.send(protocol::Follow{"mqtt", 64}));
    PlayedPeer reader = site_.reader(*stiled_, "cam-b");
    stiled_->signal(SIGUSR1);
    const auto gone = alarm(sync, "lane-b-device-gone", "raised");
    EXPECT_TRUE(contains(gone, "the relay board does not answer")) << gone << site_.log();
    EXPECT_EQ(reader.show(Site::ticket(1))->reason, std::to_underlying(Reason::LaneClosed));
    stiled_->signal(SIGUSR2);
    EXPECT_NE(alarm(sync, "lane-b-device-gone", "cleared"), "") << site_.log();
    EXPECT_EQ(reader.show(Site::ticket(1))->outcome, protocol::Outcome::Admit);
    EXPECT_TRUE(relays_did("relays 1\nrelays 0\n"));
}

}  // namespace
}  // namespace stile::test
