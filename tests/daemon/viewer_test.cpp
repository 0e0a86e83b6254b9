// SPDX-License-Identifier: Apache-2.0
// The display socket of the real daemon: what a viewer is shown, and what it may not do.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/core/reason.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

using protocol::LaneView;
using protocol::SignState;
using protocol::Watch;

class Viewer : public testing::Test {
protected:
    void SetUp() override { start(""); }
    void start(const std::string& more) {
        site_.write_config(more);
        stiled_ = site_.start();
    }
    PlayedPeer viewer() {
        auto channel = site_.connect("display.sock", *stiled_);
        EXPECT_TRUE(channel) << site_.log();
        return {std::move(*channel), {protocol::Role::Viewer, "test", "test"}};
    }
    // What `send` gets for an answer.
    std::optional<protocol::Goodbye> goodbye_for(const protocol::Message& message) {
        PlayedPeer peer = viewer();
        EXPECT_TRUE(peer.send(message));
        return peer.next<protocol::Goodbye>();
    }

    Site site_;
    std::unique_ptr<Process> stiled_;
};

TEST_F(Viewer, IsShownALaneAtOnceAndWhateverItShowsNext) {
    PlayedPeer display = viewer();
    ASSERT_TRUE(display.send(Watch{"lane-1"}));
    const auto idle = display.next<LaneView>();
    ASSERT_TRUE(idle) << site_.log();
    EXPECT_EQ(idle->state, SignState::Idle);
    EXPECT_EQ(idle->lane, "lane-1");
    PlayedPeer reader = site_.reader(*stiled_);
    ASSERT_TRUE(reader.show(Site::ticket(1)));
    const auto go = display.next<LaneView>();
    ASSERT_TRUE(go);
    EXPECT_EQ(go->state, SignState::Go);
    EXPECT_EQ(go->reason, std::to_underlying(Reason::Valid));
    EXPECT_GT(go->until_ns, go->since_ns);
    const auto after = display.next<LaneView>();
    ASSERT_TRUE(after);
    EXPECT_EQ(after->state, SignState::Idle);
}

TEST_F(Viewer, MayComeWithOthers) {
    PlayedPeer one = viewer();
    PlayedPeer other = viewer();
    ASSERT_TRUE(one.send(Watch{"lane-1"}));
    ASSERT_TRUE(other.send(Watch{"lane-1"}));
    ASSERT_TRUE(one.next<LaneView>());
    ASSERT_TRUE(other.next<LaneView>());
    PlayedPeer reader = site_.reader(*stiled_);
    ASSERT_TRUE(reader.show("GT1:RUBBISH"));
    for (PlayedPeer* peer : {&one, &other}) {
        const auto stop = peer->next<LaneView>();
        ASSERT_TRUE(stop);
        EXPECT_EQ(stop->state, SignState::Stop);
        EXPECT_EQ(stop->reason, std::to_underlying(Reason::Invalid));
    }
}

TEST_F(Viewer, IsSentAwayForALaneThatIsNotThere) {
    const auto goodbye = goodbye_for(Watch{"lane-9"});
    ASSERT_TRUE(goodbye);
    EXPECT_EQ(goodbye->detail, "the site file names no lane lane-9");
}

TEST_F(Viewer, MayNeitherScanNorCommandNorFollow) {
    const Buffer code{'x'};
    for (const protocol::Message& message :
         {protocol::Message{protocol::Scan{.scan = 1, .content = code}},
          protocol::Message{protocol::Command{.request = 1, .verb = "open"}},
          protocol::Message{protocol::Follow{"mqtt", 16}}, protocol::Message{protocol::Tail{0, 16}},
          protocol::Message{LaneView{.lane = "lane-1"}}}) {
        const auto goodbye = goodbye_for(message);
        ASSERT_TRUE(goodbye);
        EXPECT_EQ(goodbye->code, protocol::Parting::NotAllowed);
    }
}

TEST_F(Viewer, CannotSayThatItIsSomebodyElse) {
    auto channel = site_.connect("display.sock", *stiled_);
    ASSERT_TRUE(channel);
    PlayedPeer liar{std::move(*channel), {protocol::Role::Control, "test", "test"}};
    const auto goodbye = liar.next<protocol::Goodbye>();
    ASSERT_TRUE(goodbye);
    EXPECT_EQ(goodbye->code, protocol::Parting::Malformed);
}

TEST_F(Viewer, IsAnsweredItsPing) {
    PlayedPeer display = viewer();
    ASSERT_TRUE(display.send(protocol::Ping{7}));
    const auto pong = display.next<protocol::Pong>();
    ASSERT_TRUE(pong);
    EXPECT_EQ(pong->token, 7U);
}

TEST_F(Viewer, ThatDoesNotReadIsSentAwayAndTheGateGoesOn) {
    PlayedPeer deaf = viewer();
    ASSERT_TRUE(deaf.send(Watch{"lane-1"}));
    PlayedPeer reader = site_.reader(*stiled_);
    for (int i = 0; i < 2'000 && site_.log().find("does not read") == std::string::npos; ++i)
        ASSERT_TRUE(reader.show("GT1:RUBBISH" + std::to_string(i)));
    EXPECT_NE(site_.log().find("does not read"), std::string::npos);
    EXPECT_TRUE(reader.show(Site::ticket(1)));
}

TEST_F(Viewer, IsTheThirtyThirdOfItsSocketInVain) {
    std::vector<PlayedPeer> peers;
    for (std::size_t i = 0; i < protocol::kMaxPeersPerSocket; ++i) {
        peers.push_back(viewer());
        ASSERT_TRUE(peers.back().next<protocol::Welcome>());
    }
    auto channel = site_.connect("display.sock", *stiled_);
    ASSERT_TRUE(channel);
    PlayedPeer late{std::move(*channel)};
    const auto goodbye = late.next<protocol::Goodbye>();
    ASSERT_TRUE(goodbye);
    EXPECT_EQ(goodbye->code, protocol::Parting::Busy);
}

}  // namespace
}  // namespace stile::test
