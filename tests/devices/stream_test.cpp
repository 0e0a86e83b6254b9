// SPDX-License-Identifier: Apache-2.0
// Network cameras: a real server on loopback that serves, stalls, drops and lies.
#include <chrono>

#include <gtest/gtest.h>

#include "devices/camera/opencv/open_source.hpp"
#include "devices/camera/opencv/video.hpp"
#include "devices/camera/source_name.hpp"
#include "devices/camera/zxing/zxing_decoder.hpp"
#include "tests/devices/fake_daemon.hpp"
#include "tests/devices/film.hpp"
#include "tests/devices/fixtures.hpp"
#include "tests/devices/picture_server.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using Clock = std::chrono::steady_clock;
using Then = PictureServer::Then;

constexpr auto kSlack = 10s;  // of a busy machine; without our limits OpenCV takes thirty

Buffer picture() {
    return jpeg_of(frame_with_code("STREAM"));
}

TEST(SourceName, KeepsAPathAsItIs) {
    EXPECT_EQ(without_secrets("/dev/video0"), "/dev/video0");
    EXPECT_EQ(without_secrets("/films/a@b?c.avi"), "/films/a@b?c.avi");
}

TEST(SourceName, KeepsAnAddressWithoutSecrets) {
    EXPECT_EQ(without_secrets("rtsp://10.0.0.5:554/stream1"), "rtsp://10.0.0.5:554/stream1");
}

TEST(SourceName, HidesUserAndPassword) {
    EXPECT_EQ(without_secrets("rtsp://admin:secret@cam/1"), "rtsp://***@cam/1");
    EXPECT_EQ(without_secrets("http://token@cam"), "http://***@cam");
}

TEST(SourceName, HidesAPasswordThatHoldsTheSignsOfAnAddress) {
    for (const char* address :
         {"rtsp://a:se@cret@cam/1", "rtsp://a:se/cret@cam/1", "rtsp://a:se?cret@cam/1",
          "rtsp://a:se://cret@cam/1", "rtsp://a:se#cret@cam/1"})
        EXPECT_EQ(without_secrets(address), "rtsp://***@cam/1");
}

TEST(SourceName, HidesTheQuery) {
    EXPECT_EQ(without_secrets("http://cam/video.cgi?user=admin&pwd=secret"),
              "http://cam/video.cgi?***");
    EXPECT_EQ(without_secrets("http://cam/#secret"), "http://cam/?***");
}

TEST(SourceName, KnowsTheSchemeOfAnAddressOnly) {
    EXPECT_EQ(scheme_of("RTSP://cam"), "rtsp");
    EXPECT_EQ(scheme_of("/dev/video0"), "");
}

TEST(Stream, GivesThePicturesOfAServer) {
    const PictureServer server{picture(), 1000, Then::Drop};
    const auto source = open_source(server.url(), {});
    ASSERT_TRUE(source.has_value()) << source.error().context;
    const auto frame = (*source)->next({});
    ASSERT_TRUE(frame.has_value()) << frame.error().context;
    EXPECT_EQ(ZxingDecoder{}.decode(*frame).value().at(0).text, "STREAM");
    EXPECT_GT(frame->captured_ns, 0);
}

TEST(Stream, BreaksOffWithTheServer) {
    const PictureServer server{picture(), 50, Then::Drop};
    const auto source = open_source(server.url(), {});
    ASSERT_TRUE(source.has_value()) << source.error().context;
    auto frame = (*source)->next({});
    for (int i = 0; frame && i < 100; ++i)
        frame = (*source)->next({});
    ASSERT_FALSE(frame.has_value());
    EXPECT_EQ(frame.error().code, Errc::Io);
    EXPECT_EQ(frame.error().context, server.url() + ": the stream broke off");
}

TEST(Stream, TimesOutWhenTheServerStalls) {
    const PictureServer server{picture(), 50, Then::Stall};
    const auto source = open_source(server.url(), {});
    ASSERT_TRUE(source.has_value()) << source.error().context;
    auto frame = (*source)->next({});
    auto begin = Clock::now();
    for (int i = 0; frame && i < 100; ++i) {
        begin = Clock::now();
        frame = (*source)->next({});
    }
    ASSERT_FALSE(frame.has_value());
    EXPECT_EQ(frame.error().code, Errc::Timeout);
    EXPECT_LT(Clock::now() - begin, kStreamReadTimeout + kSlack);
    begin = Clock::now();
    EXPECT_EQ((*source)->next({}).error().code, Errc::Timeout);  // and at once
    EXPECT_LT(Clock::now() - begin, kStreamReadTimeout);
}

TEST(Stream, GivesUpOnAServerThatSaysNothing) {
    for (const char* scheme : {"http", "rtsp"}) {
        const PictureServer server{picture(), 0, Then::Mute};
        const auto begin = Clock::now();
        const auto source = open_source(scheme + server.url().substr(4), {});
        ASSERT_FALSE(source.has_value());
        EXPECT_EQ(source.error().code, Errc::Timeout) << source.error().context;
        EXPECT_LT(Clock::now() - begin, kStreamOpenTimeout + kSlack);
    }
}

TEST(Stream, GivesUpOnAServerThatSendsNonsense) {
    const PictureServer server{picture(), 0, Then::Rave};
    const auto begin = Clock::now();
    const auto source = open_source(server.url(), {});
    if (source) {
        EXPECT_FALSE((*source)->next({}).has_value());
    }
    EXPECT_LT(Clock::now() - begin, kStreamOpenTimeout + kStreamReadTimeout + kSlack);
}

TEST(Stream, HasNoConnectionWhereNobodyListens) {
    std::string url;
    {
        const PictureServer server{picture(), 0, Then::Drop};
        url = server.url("admin:secret");
    }
    const auto source = open_source(url, {});
    ASSERT_FALSE(source.has_value());
    EXPECT_EQ(source.error().code, Errc::Io);
    EXPECT_EQ(source.error().context.find("secret"), std::string::npos);
}

TEST(Stream, RefusesSchemesThatReachFurther) {
    for (const char* url : {"file:///etc/passwd", "concat://a", "ftp://cam/1", "://cam",
                            "rtmp://user:secret@cam/1"}) {
        const auto source = open_source(url, {});
        ASSERT_FALSE(source.has_value());
        EXPECT_EQ(source.error().code, Errc::Unsupported) << url;
        EXPECT_EQ(source.error().context.find("secret"), std::string::npos);
    }
}

// The whole reader on a stream, against a daemon that the test plays.
class StreamReader : public ::testing::Test {
protected:
    void start(const std::string& url) {
        process_.emplace(
            "stile-reader",
            std::vector<std::string>{"--config", write_site(folder_.path(), url), "--name", "cam"},
            folder_ / "reader");
    }
    std::string log() { return read_text(folder_ / "reader.err"); }
    std::string wait_for(protocol::ReaderState state) {
        auto health = daemon_.next<protocol::ReaderHealth>();
        while (health && health->state != state)
            health = daemon_.next<protocol::ReaderHealth>();
        EXPECT_TRUE(health.has_value()) << log();
        return health ? health->detail : "";
    }

    TempFolder folder_;
    FakeDaemon daemon_{folder_.path()};
    std::optional<Process> process_;
};

TEST_F(StreamReader, ReadsCodesAndNeverTellsThePassword) {
    const PictureServer server{picture(), 1'000'000, Then::Drop};
    start(server.url("admin:topsecret", "/video?pwd=topsecret"));
    (void)daemon_.greet();
    const auto scan = daemon_.next<protocol::Scan>();
    ASSERT_TRUE(scan.has_value()) << log();
    EXPECT_EQ(as_text(scan->content), "STREAM");
    EXPECT_NE(log().find("reading http://***@127.0.0.1"), std::string::npos) << log();
    EXPECT_EQ(log().find("topsecret"), std::string::npos);
}

TEST_F(StreamReader, ConnectsAgainToAServerThatDrops) {
    PictureServer server{picture(), 50, Then::Drop};
    start(server.url("admin:topsecret"));
    (void)daemon_.greet();
    (void)wait_for(protocol::ReaderState::Working);
    const std::string detail = wait_for(protocol::ReaderState::Failed);
    EXPECT_TRUE(detail.starts_with("unplugged: http://***@")) << detail;
    server.forgive();
    (void)wait_for(protocol::ReaderState::Working);
    EXPECT_GT(server.connections(), 1);
    EXPECT_EQ(log().find("topsecret"), std::string::npos);
}

TEST_F(StreamReader, ConnectsAgainToAServerThatStalls) {
    PictureServer server{picture(), 50, Then::Stall};
    start(server.url("admin:topsecret"));
    (void)daemon_.greet();
    (void)wait_for(protocol::ReaderState::Working);
    const std::string detail = wait_for(protocol::ReaderState::Degraded);
    EXPECT_TRUE(detail.starts_with("wedged: http://***@")) << detail;
    server.forgive();
    (void)wait_for(protocol::ReaderState::Working);
    EXPECT_EQ(log().find("topsecret"), std::string::npos);
}

}  // namespace
}  // namespace stile::devices
