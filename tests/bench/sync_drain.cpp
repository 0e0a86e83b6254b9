// SPDX-License-Identifier: Apache-2.0
// Draining a backlog: entries through our pump and session, beside the bare client library with the
// same window and payloads on the same broker.
#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <semaphore>
#include <string>
#include <vector>

#include <MQTTAsync.h>

#include "daemon/entry/entry.hpp"
#include "sync/mqtt/paho_session.hpp"
#include "sync/publish/dispatch.hpp"
#include "sync/publish/outbox_pump.hpp"
#include "sync/publish/payloads.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/sync/testbed/mosquitto.hpp"

namespace stile::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kWindow = 16;
constexpr std::uint64_t kEntries = 2'000;  // in one round; ten rounds
constexpr int kRounds = 10;
constexpr std::uint16_t kCredit = 64;
constexpr const char* kTopic = "stile/v1/arena/north-1/entry";

Buffer entry_bytes(std::uint64_t seq) {
    Decided body;
    body.verdict = Verdict::Admit;
    body.reason = Reason::Valid;
    body.medium = 1;
    body.ticket.fill(7);
    body.lane = "a";
    body.reader = "a-qr";
    body.issuer = "acme";
    Buffer bytes;
    encode_entry({1, seq, {}, ClockQuality::Synced, body}, bytes);
    return bytes;
}

// The way of an entry through stile-sync, from the daemon's bytes to the moved cursor.
class Ours {
public:
    explicit Ours(const std::string& broker)
        : session_{*sync::make_paho_session("stile-bench", [] {})} {
        const auto started = session_->connect({.attempt = 1, .broker = broker, .will_topic = "w"});
        while (started && !connected_)
            handle();
        credit_ = pump_.follow().credit;
        dispatch_.open(kWindow);
    }

    void drain() {
        const std::uint64_t last = seq_ + kEntries;
        while (cursor_ < last) {
            feed(last);
            while (const auto message = dispatch_.next())
                (void)session_->publish(*message);
            handle();
        }
    }

private:
    void feed(std::uint64_t last) {
        std::vector<std::string> payloads;
        const EntryKey first{1, seq_ + 1};
        for (; credit_ > 0 && seq_ < last; --credit_)
            payloads.push_back(entry_payload("north-1", {1, ++seq_}, entry_bytes(seq_)).json);
        (void)pump_.accept(first, std::move(payloads));
    }
    void handle() {
        for (const auto& event : session_->wait_events(5s)) {
            if (std::holds_alternative<sync::Connected>(event)) connected_ = true;
            if (const auto* done = std::get_if<sync::Delivered>(&event))
                dispatch_.delivered(done->token);
        }
        if (const auto acknowledge = pump_.take_acknowledge()) {
            cursor_ = acknowledge->seq;
            credit_ = static_cast<std::uint16_t>(credit_ + acknowledge->credit);
        }
    }

    std::unique_ptr<sync::MqttSession> session_;
    sync::OutboxPump pump_{"bench", kCredit};
    sync::Replays replays_;
    sync::Dispatch dispatch_{pump_, replays_, kTopic};
    bool connected_ = false;
    std::uint16_t credit_ = 0;
    std::uint64_t seq_ = 0;
    std::uint64_t cursor_ = 0;
};

// The C library and a counter of free places: the least that keeps a window.
class Bare {
public:
    explicit Bare(const std::string& broker)
        : payload_{entry_payload("north-1", {1, 1}, entry_bytes(1)).json} {
        MQTTAsync_createOptions create = MQTTAsync_createOptions_initializer5;
        MQTTAsync_createWithOptions(&client_, broker.c_str(), "bare-bench",
                                    MQTTCLIENT_PERSISTENCE_NONE, nullptr, &create);
        MQTTAsync_connectOptions connect = MQTTAsync_connectOptions_initializer5;
        connect.context = this;
        connect.onSuccess5 = [](void* self, MQTTAsync_successData5*) {
            static_cast<Bare*>(self)->connected_.release();
        };
        MQTTAsync_connect(client_, &connect);
        connected_.acquire();
    }
    ~Bare() { MQTTAsync_destroy(&client_); }
    Bare(const Bare&) = delete;
    Bare& operator=(const Bare&) = delete;

    void drain() {
        for (std::uint64_t i = 0; i < kEntries; ++i) {
            places_.acquire();
            MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
            options.context = this;
            options.onSuccess5 = [](void* self, MQTTAsync_successData5*) {
                static_cast<Bare*>(self)->places_.release();
            };
            MQTTAsync_send(client_, kTopic, static_cast<int>(payload_.size()), payload_.data(), 1,
                           0, &options);
        }
        for (std::size_t i = 0; i < kWindow; ++i)
            places_.acquire();
        places_.release(kWindow);
    }

private:
    std::string payload_;
    MQTTAsync client_ = nullptr;
    std::binary_semaphore connected_{0};
    std::counting_semaphore<kWindow> places_{kWindow};
};

}  // namespace
}  // namespace stile::bench

int main() {
    namespace sync = stile::sync;
    namespace bench = stile::bench;
    sync::testbed::Mosquitto broker;
    if (!sync::testbed::have_program("mosquitto") || !broker.start()) {
        std::puts("no mosquitto here: nothing measured");
        return 0;
    }
    bench::Ours ours{broker.address()};
    bench::Bare bare{broker.address()};
    bench::ratio(
        "drain 2,000 entries / bare QoS 1, same window", [&] { ours.drain(); },
        [&] { bare.drain(); }, {.count = bench::kRounds, .calls = 1});
    return 0;
}
