// SPDX-License-Identifier: Apache-2.0
// The daemon's end of sync.sock with a scripted ledger: entries, a cursor that survives, credit.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/protocol/channel.hpp"
#include "daemon/protocol/messages.hpp"
#include "tests/sync/testbed/child.hpp"

namespace stile::sync::testbed {

inline constexpr std::uint64_t kEpoch = 0x1234'5678'9ABC'DEF0;

class FakeDaemon {
public:
    explicit FakeDaemon(std::filesystem::path socket, std::string gate = "north-1");

    // Listens and serves. stop() is a death: every connection breaks; the ledger stays.
    [[nodiscard]] bool start();
    void stop();

    // Adds entries with the next sequence numbers.
    void add_decisions(std::size_t count);
    void add_bytes(Buffer bytes);
    // Sent to whoever is connected, and after each Follow.
    void report(protocol::Subject subject, std::string name, std::string body);

    [[nodiscard]] bool wait_for_cursor(std::uint64_t seq, Timeout timeout = kPatience);
    [[nodiscard]] bool wait_for_follows(std::size_t count, Timeout timeout = kPatience);
    [[nodiscard]] bool wait_for_link(protocol::Link state, Timeout timeout = kPatience);
    [[nodiscard]] std::uint64_t cursor();
    // What it was told that this collector has stored.
    [[nodiscard]] bool wait_for_stored(const std::string& collector, std::uint64_t seq,
                                       Timeout timeout = kPatience);
    void forget_stored();
    // How often entries were fetched.
    [[nodiscard]] std::size_t fetches();

private:
    void serve(const std::stop_token& stop);
    void serve_peer();
    void handle(const protocol::Message& message);
    void send_entries();
    void answer(const protocol::Fetch& fetch);
    void drop_peer();
    template <class Condition>
    bool wait(const Condition& condition, Timeout timeout);

    std::filesystem::path socket_;
    std::string gate_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Buffer> ledger_;  // entry `seq` at seq - 1
    std::vector<protocol::Report> reports_;
    std::size_t reports_sent_ = 0;
    std::uint64_t cursor_ = 0;
    std::map<std::string, std::uint64_t> stored_;
    std::size_t fetches_ = 0;
    std::uint64_t sent_ = 0;
    std::uint32_t credit_ = 0;
    std::size_t follows_ = 0;
    std::optional<protocol::Link> link_;
    std::optional<protocol::Listener> listener_;
    std::optional<protocol::Channel> peer_;
    std::jthread thread_;
};

}  // namespace stile::sync::testbed
