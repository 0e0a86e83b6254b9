// SPDX-License-Identifier: Apache-2.0
// A real mosquitto on a free port, and a real subscriber.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/sync/testbed/child.hpp"

namespace stile::sync::testbed {

class Mosquitto {
public:
    // `extra`: lines of its configuration; without any, anonymous clients may do everything.
    explicit Mosquitto(std::string extra = "allow_anonymous true\n");
    // Starts it, or starts it again on the same port with what it stored. Blocks until it listens.
    [[nodiscard]] bool start();
    void kill() { child_.reset(); }
    void signal(int number) const { child_->signal(number); }
    void configure(std::string extra) { extra_ = std::move(extra); }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string address() const { return "tcp://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] const TempFolder& folder() const { return folder_; }

private:
    TempFolder folder_;
    std::string extra_;
    std::uint16_t port_ = free_port();
    std::unique_ptr<Child> child_;
};

struct Heard {
    bool retained = false;
    std::string topic;
    std::string payload;
};

// mosquitto_sub on stile/#, in a session that the broker keeps.
class Subscriber {
public:
    enum class Session { Fresh, Kept };
    // Blocks until it is subscribed.
    explicit Subscriber(const Mosquitto& broker, Session session = Session::Fresh);

    // Waits until a message on `topic` (its last levels) contains `part`; counts those from number
    // `from` on. Blocks.
    [[nodiscard]] bool hears(const std::string& topic, const std::string& part,
                             std::size_t from = 0, Timeout timeout = kPatience);
    [[nodiscard]] std::vector<Heard> all();
    // The sequence numbers of the entries, as they came. Waits until `last` is among them. Blocks.
    [[nodiscard]] std::vector<std::uint64_t> entries_until(std::uint64_t last,
                                                           Timeout timeout = kPatience);

private:
    Child child_;
};

}  // namespace stile::sync::testbed
