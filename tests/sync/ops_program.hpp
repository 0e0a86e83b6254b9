// SPDX-License-Identifier: Apache-2.0
// stile-collector as it runs at a venue: the real program, a real broker, played gates.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sync/mqtt/paho_session.hpp"
#include "tests/sync/ops_entries.hpp"
#include "tests/sync/testbed/mosquitto.hpp"

namespace stile::sync {

// Publishes what gates would. One client of the library for all tests: a second one of a process
// is slow to connect.
class PlayedGates {
public:
    [[nodiscard]] bool connect(const testbed::Mosquitto& broker) {
        if (!session_) {
            auto made = make_paho_session("played-gates", [] {});
            if (!made) return false;
            session_ = std::move(*made);
        }
        const auto deadline = std::chrono::steady_clock::now() + testbed::kPatience;
        while (std::chrono::steady_clock::now() < deadline) {
            if (try_to_connect(broker)) return true;
        }
        return false;
    }
    // Waits until the broker has it.
    [[nodiscard]] bool say(const std::string& topic, const std::string& payload,
                           Retain retain = Retain::No) {
        const Token token = ++tokens_;
        const auto sent = session_->publish({.topic = "stile/v1/arena/" + topic,
                                             .payload = payload,
                                             .retain = retain,
                                             .token = token});
        return sent && wait([&](const SessionEvent& event) {
                   const auto* done = std::get_if<Delivered>(&event);
                   return done != nullptr && done->token == token;
               });
    }
    [[nodiscard]] bool say(const GateEntry& entry) {
        return say(entry.name.ledger.gate + "/entry", ops::payload_of(entry));
    }
    // The broker says the will.
    void vanish() { session_->abandon(); }

private:
    bool try_to_connect(const testbed::Mosquitto& broker) {
        const auto started =
            session_->connect({.attempt = ++attempts_,
                               .broker = broker.address(),
                               .timeout = std::chrono::seconds{2},
                               .will_topic = "stile/v1/arena/north-1/status",
                               .will_payload = R"({"v":1,"boot":"b1","state":"lost"})",
                               .will_delay = std::chrono::seconds{0}});
        bool connected = false;
        return started && wait([&](const SessionEvent& event) {
                   const auto* up = std::get_if<Connected>(&event);
                   const auto* down = std::get_if<NotConnected>(&event);
                   connected = up != nullptr && up->attempt == attempts_;
                   return connected || (down != nullptr && down->attempt == attempts_);
               }) &&
               connected;
    }
    template <class Wanted>
    bool wait(const Wanted& wanted) {
        const auto deadline = std::chrono::steady_clock::now() + testbed::kPatience;
        while (std::chrono::steady_clock::now() < deadline) {
            for (const SessionEvent& event : session_->wait_events(std::chrono::milliseconds{50})) {
                if (wanted(event)) return true;
            }
        }
        return false;
    }
    std::unique_ptr<MqttSession> session_;
    std::uint32_t attempts_ = 0;
    Token tokens_ = 0;
};

class Venue : public testing::Test {
protected:
    static void SetUpTestSuite() { gates_ = std::make_unique<PlayedGates>(); }
    static void TearDownTestSuite() { gates_.reset(); }
    void SetUp() override {
        if (!testbed::have_program("mosquitto") || !testbed::have_program("mosquitto_sub"))
            GTEST_SKIP() << "mosquitto and mosquitto-clients are not installed";
        ASSERT_TRUE(broker_.start());
        ASSERT_TRUE(gates_->connect(broker_));
        subscriber_ = std::make_unique<testbed::Subscriber>(broker_);
    }
    void TearDown() override { gates_->vanish(); }
    std::string config(const std::string& collector = "") const {
        return folder_.write("collector.toml",
                             "[collector]\nvenue = \"arena\"\nname = \"main\"\n" + collector +
                                 "[mqtt]\nbrokers = [\"" + broker_.address() +
                                 "\"]\nretry_first_ms = 50\nretry_longest_ms = 300\n"
                                 "[store]\npath = \"" +
                                 (folder_.path() / "entries.sqlite").native() +
                                 "\"\nreceipt_key = \"" +
                                 (folder_.path() / "receipt.key").native() +
                                 "\"\n[metrics]\nlisten = \"\"\n"
                                 "[[area]]\nnumber = 0\nname = \"Arena\"\ncapacity = 2\n");
    }
    void run(const std::string& file) {
        program_ = std::make_unique<testbed::Child>(
            std::vector<std::string>{STILE_BIN_DIR "/stile-collector", "--config", file, "run"},
            testbed::Child::Stream::Errors);
    }
    // Somebody enters: two entries.
    [[nodiscard]] bool enter(ops::GateBook& gate, std::uint8_t ticket, int seconds) {
        const auto admission = gate.admit(ticket, seconds);
        return gates_->say(admission) &&
               gates_->say(gate.passage(admission, PassageResult::Entered, seconds + 1));
    }
    [[nodiscard]] bool hears(const std::string& topic, const std::string& part,
                             std::size_t from = 0) {
        return subscriber_->hears(topic, part, from);
    }
    [[nodiscard]] std::size_t heard() { return subscriber_->all().size(); }
    // The last message of a topic, without its own time.
    [[nodiscard]] std::string last(const std::string& topic) {
        std::string out;
        for (const testbed::Heard& message : subscriber_->all())
            if (message.topic.ends_with(topic)) out = message.payload;
        constexpr std::string_view kTime = R"("time":")";
        const auto at = out.find(kTime);
        return at == std::string::npos ? out : out.erase(at, kTime.size() + 25);
    }

    static inline std::unique_ptr<PlayedGates> gates_;
    testbed::TempFolder folder_{testbed::quick_parent()};
    testbed::Mosquitto broker_;
    std::unique_ptr<testbed::Subscriber> subscriber_;
    std::unique_ptr<testbed::Child> program_;
    ops::GateBook north_{"north-1"};
    ops::GateBook south_{"south-1"};
};

}  // namespace stile::sync
