// SPDX-License-Identifier: Apache-2.0
// How long an entry takes from the disk to a subscriber: ledger, outbox, stile-sync and broker,
// beside a bare publish to the same broker and subscriber. Pairs take turns.
#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <semaphore>
#include <string>
#include <vector>

#include <MQTTAsync.h>

#include "daemon/clock/system_clock.hpp"
#include "daemon/control/outbox.hpp"
#include "daemon/entry/entry_json.hpp"
#include "daemon/protocol/channel.hpp"
#include "sync/mqtt/hidden_socket.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/sync/testbed/mosquitto.hpp"

namespace stile::bench {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using sync::testbed::Child;

constexpr int kPairs = 2'000;
constexpr const char* kEntries = "stile/v1/arena/north-1/entry";
constexpr const char* kBare = "bare";

// One connection of the C library; several are fine here, where nobody reconnects.
class Client {
public:
    Client(const std::string& broker, const char* id) {
        MQTTAsync_createOptions create = MQTTAsync_createOptions_initializer5;
        MQTTAsync_createWithOptions(&client_, broker.c_str(), id, MQTTCLIENT_PERSISTENCE_NONE,
                                    nullptr, &create);
        MQTTAsync_setMessageArrivedCallback(client_, this, arrived);
        MQTTAsync_connectOptions connect = MQTTAsync_connectOptions_initializer5;
        connect.context = this;
        connect.onSuccess5 = done;
        MQTTAsync_connect(client_, &connect);
        done_.acquire();
        sync::set_no_delay(broker);
    }
    ~Client() { MQTTAsync_destroy(&client_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void subscribe(const char* topic) {
        MQTTAsync_responseOptions options = answer();
        MQTTAsync_subscribe(client_, topic, 1, &options);
        done_.acquire();
    }
    void publish(const std::string& payload) {
        MQTTAsync_responseOptions options = answer();
        MQTTAsync_send(client_, kBare, static_cast<int>(payload.size()), payload.data(), 1, 0,
                       &options);
    }
    void wait_until_done() { done_.acquire(); }
    // Until a message comes. Blocks.
    void wait_for_message() { messages_.acquire(); }

private:
    static void done(void* self, MQTTAsync_successData5* /*data*/) {
        static_cast<Client*>(self)->done_.release();
    }
    static int arrived(void* self, char* topic, int /*length*/, MQTTAsync_message* message) {
        static_cast<Client*>(self)->messages_.release();
        MQTTAsync_freeMessage(&message);
        MQTTAsync_free(topic);
        return 1;
    }
    MQTTAsync_responseOptions answer() {
        MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
        options.context = this;
        options.onSuccess5 = done;
        return options;
    }

    MQTTAsync client_ = nullptr;
    std::counting_semaphore<> done_{0};
    std::counting_semaphore<> messages_{0};
};

// The gate's end of sync.sock with a real ledger and the real outbox.
class Gate {
public:
    Gate(const std::string& broker, const sync::testbed::TempFolder& folder)
        : ledger_{*Ledger::open({.folder = folder.path() / "ledger", .map_bytes = 64U << 20U},
                                clock_)},
          listener_{*protocol::Listener::open(folder.path() / "sync.sock", 0600)},
          program_{{STILE_BIN_DIR "/stile-sync", "--config", site(broker, folder)},
                   Child::Stream::Errors} {
        while (!channel_) {
            if (auto peer = listener_.accept()) channel_.emplace(std::move(*peer));
        }
    }

    // An entry that is durable when this returns.
    void append() {
        auto batch = ledger_.begin();
        Decided body{.verdict = Verdict::Admit, .reason = Reason::Valid, .medium = 1};
        body.lane = "a";
        body.reader = "a-qr";
        body.issuer = "acme";
        (void)batch->append(body, clock_.now());
        (void)std::move(*batch).commit();
    }
    [[nodiscard]] std::uint64_t entries() const { return ledger_.head().seq; }
    void send() { (void)outbox_.pump(); }
    // Takes what stile-sync says, until everything is acknowledged.
    void settle() {
        while (!following_ || outbox_.depth("mqtt") > 0) {
            if (!channel_->wait_readable(10)) continue;
            while (auto received = channel_->receive()) {
                if (!*received) break;
                take((*received)->message);
            }
        }
    }

private:
    static std::string site(const std::string& broker, const sync::testbed::TempFolder& folder) {
        return folder.write("site.toml",
                            "[site]\nvenue = \"arena\"\ngate = \"north-1\"\n[paths]\nruntime = "
                            "\".\"\n[mqtt]\nbrokers = [\"" +
                                broker + "\"]\n[metrics]\nlisten = \"\"\n[[lane]]\nname = \"a\"\n");
    }
    void take(const protocol::Message& message) {
        if (std::holds_alternative<protocol::Hello>(message)) {
            (void)channel_->send(protocol::Welcome{"arena", "north-1", 1, 1, 1, "bench"});
        } else if (const auto* follow = std::get_if<protocol::Follow>(&message)) {
            following_ = true;
            (void)outbox_.follow(1, *follow);
        } else if (const auto* acknowledge = std::get_if<protocol::Acknowledge>(&message)) {
            (void)outbox_.acknowledge(1, *acknowledge);
        }
    }

    SystemClock clock_;
    Ledger ledger_;
    protocol::Listener listener_;
    Child program_;
    std::optional<protocol::Channel> channel_;
    Outbox outbox_{ledger_,
                   {.send =
                        [this](Outbox::Follower, const protocol::Entries& entries) {
                            return channel_->send(entries).has_value();
                        },
                    .acknowledged = [](const std::string&, const Watermark&) {},
                    .tail_failed = [](Outbox::Follower, const Error&) {},
                    .begins =
                        [this](Outbox::Follower, const Watermark& mark) {
                            (void)channel_->send(protocol::Position{mark.epoch, mark.seq});
                        }}};
    bool following_ = false;
};

double since_us(Clock::time_point begin) {
    return std::chrono::duration<double, std::micro>{Clock::now() - begin}.count();
}

double quantile(std::vector<double>& values, double share) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(static_cast<double>(values.size() - 1) * share)];
}

void print(const char* name, std::vector<double>& ours, std::vector<double>& bare, double share) {
    std::printf("%-58s %6.3f  (%.0f us / %.0f us)\n", name,
                quantile(ours, share) / quantile(bare, share), quantile(ours, share),
                quantile(bare, share));
}

void measure(const std::string& broker) {
    const sync::testbed::TempFolder folder;
    Client entries{broker, "sees-entries"};
    entries.subscribe(kEntries);
    Client messages{broker, "sees-bare"};
    messages.subscribe(kBare);
    Client publisher{broker, "bare"};
    Gate gate{broker, folder};
    gate.settle();
    for (std::uint64_t seq = 0; seq < gate.entries(); ++seq)
        entries.wait_for_message();  // those of a new ledger
    std::vector<double> ours;
    std::vector<double> bare;
    const std::string payload(400, 'x');  // about an entry's
    for (int i = 0; i < kPairs; ++i) {
        gate.append();
        auto begin = Clock::now();
        gate.send();
        entries.wait_for_message();
        ours.push_back(since_us(begin));
        gate.settle();
        begin = Clock::now();
        publisher.publish(payload);
        messages.wait_for_message();
        bare.push_back(since_us(begin));
        publisher.wait_until_done();
    }
    print("entry durable to subscriber / bare publish, median", ours, bare, 0.5);
    print("entry durable to subscriber / bare publish, p99", ours, bare, 0.99);
}

}  // namespace
}  // namespace stile::bench

int main() {
    namespace testbed = stile::sync::testbed;
    testbed::Mosquitto broker{"allow_anonymous true\nset_tcp_nodelay true\n"};
    if (!testbed::have_program("mosquitto") || !broker.start()) {
        std::puts("no mosquitto here: nothing measured");
        return 0;
    }
    stile::bench::measure(broker.address());
    return 0;
}
