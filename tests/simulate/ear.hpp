// SPDX-License-Identifier: Apache-2.0
// What a subscriber at the broker hears: every entry of every gate, and the last word on each other
// topic.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "daemon/runtime/event_loop.hpp"
#include "tests/support/process.hpp"

namespace stile::simulate {

// Entries of one gate by their numbers, as they came by MQTT.
using Payloads = std::map<std::uint64_t, std::string>;

// A real mosquitto_sub; its lines lie in "<log>.out" afterwards. Thread-bound to the loop.
class Ear {
public:
    // `heard` is called now and then, after something came.
    Ear(EventLoop& loop, std::uint16_t broker, const std::filesystem::path& log,
        std::function<void()> heard);

    // Nothing is missed from now on.
    [[nodiscard]] bool listens() const { return listens_; }
    [[nodiscard]] const Payloads& entries(const std::string& gate) const;
    // How often an entry came that was there already, and said the same.
    [[nodiscard]] std::size_t repeated() const { return repeated_; }
    // An entry came twice and said something else.
    [[nodiscard]] std::size_t contradictions() const { return contradictions_; }
    // Below stile/v1/VENUE/; empty: nothing came.
    [[nodiscard]] std::string_view last(const std::string& topic) const;
    // How many topics begin so and say that last.
    [[nodiscard]] std::size_t count(std::string_view beginning, std::string_view saying) const;

private:
    void look();
    void take(std::string_view line);

    std::function<void()> heard_;
    test::Process program_;
    std::ifstream lines_;
    std::string rest_;
    std::map<std::string, Payloads> entries_;
    std::map<std::string, std::string> others_;
    bool listens_ = false;
    std::size_t repeated_ = 0;
    std::size_t contradictions_ = 0;
    EventSource timer_;
};

inline constexpr std::string_view kRaised = "\"state\":\"raised\"";  // of an alarm

// The number behind "key": in JSON of ours; nothing, or no number: 0.
[[nodiscard]] std::uint64_t number_in(std::string_view json, std::string_view key);

}  // namespace stile::simulate
