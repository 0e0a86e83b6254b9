// SPDX-License-Identifier: Apache-2.0
// stile-sync, the broker and a collector are killed at random while a real gate decides; the broker
// remembers nothing, and the collector ends up with exactly what is in the ledger.
#include <charconv>
#include <csignal>
#include <map>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "daemon/entry/entry_json.hpp"
#include "daemon/ledger/ledger.hpp"
#include "sync/publish/requests.hpp"
#include "tests/daemon/stiled_site.hpp"
#include "tests/sync/testbed/mosquitto.hpp"

namespace stile::sync {
namespace {

using namespace std::chrono_literals;

using Table = std::map<EntryKey, std::string>;

// The number behind a field of a payload, in that base.
std::uint64_t number_at(std::string_view payload, std::string_view field, int base) {
    std::uint64_t value = 0;
    if (const auto at = payload.find(field); at != payload.npos) {
        const auto rest = payload.substr(at + field.size());
        (void)std::from_chars(rest.data(), rest.data() + rest.size(), value, base);
    }
    return value;
}

// The least that a collector has to be: stores by key, says how far, asks for what is missing. What
// it had not stored when it is killed is gone.
class Collector {
public:
    Collector(const testbed::Mosquitto& broker, Table& table)
        : broker_{broker},
          table_{table},
          child_{{"mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(broker.port()), "-q",
                  "1", "-V", "mqttv5", "-t", kBase + "entry", "-F", "%p"},
                 testbed::Child::Stream::Output} {
        thread_ = std::jthread{[this](const std::stop_token& stop) { work(stop); }};
    }

private:
    inline static const std::string kBase = "stile/v1/arena/north/";

    void work(const std::stop_token& stop) {
        std::size_t taken = 0;
        while (!stop.stop_requested()) {
            (void)child_.lines().wait([taken](const auto& lines) { return lines.size() > taken; },
                                      100ms);
            const auto lines = child_.lines().all();
            for (; taken < lines.size(); ++taken)
                store(lines[taken]);
            if (stop.stop_requested()) return;  // killed before it could say so
            say_how_far();
        }
    }
    void store(const std::string& payload) {
        const EntryKey key{number_at(payload, "\"epoch\":\"", 16),
                           number_at(payload, "\"seq\":", 10)};
        if (key.seq != 0) table_.try_emplace(key, payload);
    }
    void say_how_far() {
        if (table_.empty()) return;
        const EntryKey newest = table_.rbegin()->first;
        EntryKey stored{newest.epoch, 0};
        while (table_.contains({stored.epoch, stored.seq + 1}))
            ++stored.seq;
        const std::string common = fmt::format("\"epoch\":\"{}\"", hex64(stored.epoch));
        (void)say("ack/main",
                  fmt::format(R"({{"v":1,"collector":"main",{},"seq":{}}})", common, stored.seq));
        if (newest.seq - stored.seq < 2) return;
        (void)say("replay",
                  fmt::format(R"({{"v":1,"from_whom":"main",{},"from":{},"to":{}}})", common,
                              stored.seq + 1, std::min(newest.seq, stored.seq + kMaxReplay)));
    }
    bool say(const std::string& topic, const std::string& payload) {
        std::vector<std::string> command{
            "mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker_.port()), "-t",
            kBase + topic,   "-m", payload};
        if (topic.starts_with("ack")) command.emplace_back("-r");
        return testbed::Child{command, testbed::Child::Stream::Errors}.wait() == 0;
    }

    const testbed::Mosquitto& broker_;
    Table& table_;
    testbed::Child child_;
    std::jthread thread_;
};

class OutboxCrash : public testing::Test {
protected:
    void SetUp() override {
        if (!testbed::have_program("mosquitto") || !testbed::have_program("mosquitto_sub"))
            GTEST_SKIP() << "mosquitto and mosquitto-clients are not installed";
    }
    void start() {
        site_.write_config("[mqtt]\nbrokers = [\"" + broker_.address() +
                           "\"]\ncollectors = [\"main\"]\nretry_first_ms = 20\n"
                           "retry_longest_ms = 200\n[metrics]\nlisten = \"\"\n");
        ASSERT_TRUE(broker_.start());
        stiled_ = site_.start();
        reader_.emplace(site_.reader(*stiled_));
        start_sync();
        collector_.emplace(broker_, table_);
    }
    void start_sync() {
        sync_ = std::make_unique<test::Process>(
            "stile-sync", std::vector<std::string>{"--config", site_.config().native()},
            site_.folder().path() / "sync");
    }
    void decide(int count) {
        for (int i = 0; i < count; ++i)
            ASSERT_TRUE(reader_->show("rubbish " + std::to_string(++shown_))) << site_.log();
    }
    // kill -9 of one of the three, and another one is there at once.
    void kill_one() {
        switch (random_() % 3) {
            case 0:
                sync_.reset();
                return start_sync();
            case 1:
                collector_.reset();
                return (void)collector_.emplace(broker_, table_);
            default:
                broker_.kill();
                ASSERT_TRUE(broker_.start());
        }
    }
    // Whether the collector has said that it has stored everything.
    bool is_stored() {
        const auto deadline = std::chrono::steady_clock::now() + 3min;
        while (std::chrono::steady_clock::now() < deadline) {
            const auto status = site_.run("stilectl", {"--json", "status"});
            if (status.out.contains("\"outbox_depth\":0")) return true;
        }
        return false;
    }
    Table ledger() {
        stiled_->signal(SIGTERM);
        EXPECT_TRUE(stiled_->wait(30s));
        const auto ledger = Ledger::open_read_only(site_.ledger());
        Table out;
        for (Watermark mark; const auto run = ledger->entries_after(mark, 100);) {
            if (run->entries.empty()) break;
            mark = {run->first.epoch, run->first.seq - 1};
            for (const Buffer& bytes : run->entries) {
                const EntryKey key{mark.epoch, ++mark.seq};
                out.emplace(key, entry_payload("north", key, bytes).json);
            }
        }
        return out;
    }
    // So many pieces of work, a kill after each.
    void run(int kills, int entries) {
        start();
        for (int i = 0; i < kills; ++i) {
            decide(entries / kills);
            kill_one();
        }
        ASSERT_TRUE(is_stored()) << site_.log();
        collector_.reset();
        const Table written = ledger();
        EXPECT_GE(written.size(), static_cast<std::size_t>(entries));
        EXPECT_EQ(table_.size(), written.size());
        EXPECT_TRUE(table_ == written);
    }

    test::Site site_;
    testbed::Mosquitto broker_;  // keeps nothing on the disk
    std::unique_ptr<test::Process> stiled_;
    std::unique_ptr<test::Process> sync_;
    std::optional<test::PlayedPeer> reader_;
    Table table_;
    std::optional<Collector> collector_;
    std::mt19937 random_{7};
    int shown_ = 0;
};

TEST_F(OutboxCrash, LosesNothingOfAFewHundredEntries) {
    run(6, 600);
}

class LongOutboxCrash : public OutboxCrash {};

TEST_F(LongOutboxCrash, LosesNothingOfTwentyThousandEntries) {
    run(200, 20'000);
}

}  // namespace
}  // namespace stile::sync
