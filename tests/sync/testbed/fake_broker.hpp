// SPDX-License-Identifier: Apache-2.0
// A broker that misbehaves as told, and keeps every packet that it is sent.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "tests/sync/testbed/child.hpp"

namespace stile::sync::testbed {

class FakeBroker {
public:
    enum class Manner {
        Silent,                // accepts the connection and says nothing
        Mqtt311Only,           // refuses the protocol level of MQTT 5, as a 3.1.1 broker does
        Displaces,             // lets everybody in, and out again: another has the same client id
        NeverAcknowledge,      // lets everybody in, answers pings, acknowledges no publish
        RefusesSubscriptions,  // also an old one
        SendsAMegabyte,        // of a message that nobody asked for, larger than anybody allowed
    };
    explicit FakeBroker(Manner manner);
    ~FakeBroker();

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string address() const { return "tcp://127.0.0.1:" + std::to_string(port_); }
    // The whole packet, the `count`-th of that type (CONNECT 1, PUBLISH 3, DISCONNECT 14); empty
    // when it does not come in time. Blocks.
    [[nodiscard]] Buffer wait_for_packet(std::uint8_t type, std::size_t count = 1,
                                         Timeout timeout = kPatience);

private:
    void serve(const std::stop_token& stop);
    void receive(std::size_t index);
    [[nodiscard]] Buffer answer(const Buffer& packet);

    struct Peer {
        UniqueFd socket;
        Buffer rest;
        std::uint8_t level = 5;
    };
    Manner manner_;
    UniqueFd listener_;
    std::uint16_t port_ = 0;
    std::vector<Peer> peers_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Buffer> packets_;
    std::jthread thread_;
};

}  // namespace stile::sync::testbed
