// SPDX-License-Identifier: Apache-2.0
// A gate and a collector at work, and each of their messages held to the AsyncAPI document.
#include <chrono>
#include <csignal>

#include "crypto/base/time_text.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "tests/daemon/stiled_site.hpp"
#include "tests/sync/testbed/mosquitto.hpp"

namespace stile::test {
namespace {

using sync::testbed::Heard;
using sync::testbed::Mosquitto;
using sync::testbed::Subscriber;

constexpr int kCannot = 77;  // the validator's, without python3-jsonschema
constexpr const char* kValidator = STILE_SOURCE_DIR "/tests/sync/validate_messages.py";

Finished validate(std::vector<std::string> words, const TempDir& folder) {
    words.insert(words.begin(), {"python3", kValidator});
    return run("/usr/bin/env", std::move(words), folder.path());
}

// The real programs on a real broker.
class GateMessages : public testing::Test {
protected:
    void SetUp() override {
        if (!sync::testbed::have_program("mosquitto_sub"))
            GTEST_SKIP() << "mosquitto and mosquitto-clients are not installed";
        ASSERT_TRUE(broker_.start());
        site_.write_config(
            "[[lane]]\nname = \"b\"\nsimulated_trouble = \"device-gone\"\n"
            "[[reader]]\nname = \"cam-b\"\nlane = \"b\"\nsource = \"nowhere\"\n"
            "[metrics]\nlisten = \"\"\n"
            "[mqtt]\nhealth_period_ms = 500\nbrokers = [\"" +
            broker_.address() + "\"]\n");
        subscriber_ = std::make_unique<Subscriber>(broker_);
        stiled_ = site_.start();
        ASSERT_TRUE(site_.connect("control.sock", *stiled_)) << site_.log();
        sync_ = std::make_unique<Process>("stile-sync",
                                          std::vector<std::string>{"--config", site_.config()},
                                          site_.folder().path() / "sync");
        ASSERT_TRUE(hears("/status", R"("state":"online")"));
    }
    [[nodiscard]] bool hears(const std::string& topic, const std::string& part) {
        return subscriber_->hears(topic, part);
    }
    void ctl(std::vector<std::string> words) const {
        const Finished done = site_.run("stilectl", std::move(words));
        EXPECT_EQ(done.exit_code, kExitDone) << done.err;
    }
    // As mosquitto_sub -v writes them.
    [[nodiscard]] std::string recording() {
        std::string lines;
        for (const Heard& heard : subscriber_->all()) {
            if (heard.topic.starts_with("stile/"))
                lines += heard.topic + " " + heard.payload + "\n";
        }
        return site_.folder().write("recording", lines);
    }
    Mosquitto broker_;
    Site site_;
    std::unique_ptr<Subscriber> subscriber_;
    std::unique_ptr<Process> stiled_;
    std::unique_ptr<Process> sync_;
};

TEST_F(GateMessages, FitTheDocument) {
    {
        PlayedPeer reader = site_.reader(*stiled_);
        EXPECT_EQ(reader.show(Site::ticket(1))->outcome, protocol::Outcome::Admit);
        ASSERT_TRUE(hears("/entry", R"("result":"entered")"));
        (void)reader.show("no ticket at all");
        ASSERT_TRUE(hears("/entry", R"("reason":"INVALID")"));
        PlayedPeer gone = site_.reader(*stiled_, "cam-b");
        (void)gone.show(Site::ticket(2));
        ASSERT_TRUE(reader.send(protocol::ReaderHealth{.state = protocol::ReaderState::Degraded,
                                                       .frames = 60,
                                                       .decode_us = 3'100,
                                                       .detail = "dark: the picture is dark"}));
        ASSERT_TRUE(hears("/alarm/camera-cam-1", R"("state":"raised")"));
        ASSERT_TRUE(hears("/alarm/lane-b-device-gone", R"("state":"raised")"));
        ASSERT_TRUE(hears("/health", R"("alarms":["camera-cam-1")"));
    }
    site_.folder().write("revoked", "");
    ctl({"revocation", "import", site_.folder().path() / "revoked"});
    ctl({"mode", "lane-1", "locked", "-r", "queue inside"});
    ASSERT_TRUE(hears("/lane/lane-1", R"("mode":"locked")"));
    ASSERT_TRUE(hears("/entry", R"("act":"mode")"));
    ASSERT_TRUE(hears("/count", R"("INVALID":1)"));
    sync_->signal(SIGTERM);
    ASSERT_TRUE(hears("/status", R"("state":"offline")"));

    const Finished verdict =
        validate({"--want",
                  "status,info,health,count,lane,alarm,entry-decision,entry-passage,entry-epoch,"
                  "entry-start,entry-list,entry-lane,entry-act",
                  recording()},
                 site_.folder());
    if (verdict.exit_code == kCannot) GTEST_SKIP() << verdict.err;
    EXPECT_EQ(verdict.exit_code, kExitDone) << verdict.err << verdict.out;
}

// The collector of the venue beside the gate.
class VenueMessages : public GateMessages {
protected:
    void SetUp() override {
        GateMessages::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        const auto config = site_.folder().write(
            "collector.toml",
            "[collector]\nvenue = \"arena\"\nname = \"main\"\n[metrics]\nlisten = \"\"\n"
            "[mqtt]\nbrokers = [\"" +
                broker_.address() + "\"]\n[store]\npath = \"" +
                (site_.folder().path() / "entries.sqlite").native() + "\"\nreceipt_key = \"" +
                (site_.folder().path() / "receipt.key").native() +
                "\"\n[[event]]\nnumber = 42\nname = \"Summer\"\nsold = 100\nstarts = " + soon() +
                "\n[[area]]\nnumber = 0\nname = \"Arena\"\ncapacity = 100\n");
        EXPECT_EQ(
            run("stile-collector", {"--config", config, "keygen"}, site_.folder().path()).exit_code,
            kExitDone);
        collector_ = std::make_unique<Process>("stile-collector",
                                               std::vector<std::string>{"--config", config, "run"},
                                               site_.folder().path() / "collector");
        ASSERT_TRUE(hears("/_ops/status", R"("state":"online")"));
    }
    // Asks, and waits for the answer.
    void ask(const std::string& what, const std::string& fields) {
        const auto topic = "stile/v1/arena/_ops/ask";
        const auto question =
            R"({"v":1,"ask":")" + what + R"(","reply":"me","id":")" + what + R"(",)" + fields + "}";
        sync::testbed::Child tool{
            {"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker_.port()), "-q", "1",
             "-t", topic, "-m", question},
            sync::testbed::Child::Stream::Errors};
        EXPECT_EQ(tool.wait(), 0);
        EXPECT_TRUE(hears("/_ops/answer/me", R"("id":")" + what + '"')) << what;
    }
    static std::string soon() {
        const auto now = std::chrono::system_clock::now();
        return to_rfc3339(std::chrono::floor<std::chrono::seconds>(now) + std::chrono::hours{2});
    }

    std::unique_ptr<Process> collector_;
};

TEST_F(VenueMessages, FitTheDocument) {
    PlayedPeer reader = site_.reader(*stiled_);
    EXPECT_EQ(reader.show(Site::ticket(1))->outcome, protocol::Outcome::Admit);
    ASSERT_TRUE(hears("/_ops/occupancy", R"("inside":1)"));
    ASSERT_TRUE(hears("/_ops/forecast/42", R"("name":"Summer")"));
    ASSERT_TRUE(hears("/_ops/flow", R"("gate":"north")"));
    ASSERT_TRUE(hears("/ack/main", R"("seq":4)"));
    ask("ticket", R"("ticket":"abababab")");
    ask("receipt", R"("ticket":"abababababababababababababababab")");
    ask("acknowledge",
        R"("alarm":"north/no-such","since":"2026-05-01T18:00:00.250Z","person":"mia")");
    ask("recent", R"("gate":"north","count":20)");
    ask("report", R"("event":42)");
    const Finished verdict =
        validate({"--want",
                  "ack,ops-status,ops-gates,ops-occupancy,ops-flow,ops-forecast,ops-conflicts,"
                  "ops-acknowledged,ask-ticket,ask-receipt,ask-acknowledge,ask-recent,ask-report,"
                  "answer-ticket,answer-receipt,answer-recent,answer-report,answer-failed",
                  recording()},
                 site_.folder());
    if (verdict.exit_code == kCannot) GTEST_SKIP() << verdict.err;
    EXPECT_EQ(verdict.exit_code, kExitDone) << verdict.err << verdict.out;
}

TEST(RecordedMessages, AreNotAllTakenForGood) {
    const TempDir folder;
    const auto file =
        folder.write("recording",
                     "stile/v1/arena/north/status {\"v\":1,\"gate\":\"north\"}\n"
                     "stile/v1/arena/north/unheard {}\n"
                     "stile/v1/arena/north/info \n"
                     "stile/v1/arena/north/alarm/x \n"
                     "stile/v1/arena/north/lane/x (null)\n"
                     "homeassistant/x {}\n"
                     "stile/v1/arena/north/entry no json\n"
                     "stile/v1/arena/north/status {\"v\":1,\"gate\":\"north\",\"boot\":"
                     "\"3dc63fe2433203a1\",\"state\":\"lost\",\"secret\":1}\n");
    const Finished verdict = validate({"--want", "entry-act", file}, folder);
    if (verdict.exit_code == kCannot) GTEST_SKIP() << verdict.err;
    EXPECT_EQ(verdict.exit_code, kExitFailed);
    EXPECT_NE(verdict.out.find("0 messages, 6 mistakes"), std::string::npos)
        << verdict.out << verdict.err;
}

TEST(MessageDocuments, FitEachOther) {
    const Finished verdict = validate({"--documents"}, TempDir{});
    if (verdict.exit_code == kCannot) GTEST_SKIP() << verdict.err;
    EXPECT_EQ(verdict.exit_code, kExitDone) << verdict.err;
}

}  // namespace
}  // namespace stile::test
