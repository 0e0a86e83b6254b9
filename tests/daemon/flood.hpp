// SPDX-License-Identifier: Apache-2.0
// A peer of the daemon that sends as fast as it can.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

#include "daemon/protocol/channel.hpp"

namespace stile::test {

// Sends whatever `make` says of the numbers from 1 on, until it goes out of scope or is thrown out.
// Reads a little in between: whoever reads all that a daemon has for it may never come to send.
class Flood {
public:
    Flood(protocol::Channel channel, std::function<protocol::Message(std::uint32_t)> make)
        : thread_{[this, channel = std::move(channel),
                   make = std::move(make)](const std::stop_token& stop) mutable {
              while (!stop.stop_requested()) {
                  const auto sent = channel.send(make(sent_ + 1));
                  if (sent) ++sent_;
                  if (!sent && sent.error().code != Errc::Timeout) break;
                  for (int i = 0; i < kReads && channel.receive().value_or(std::nullopt);)
                      ++i;
              }
              over_ = true;
          }} {}
    [[nodiscard]] std::uint32_t sent() const { return sent_; }
    // The daemon has ended the connection.
    [[nodiscard]] bool thrown_out() const { return over_; }
    // It was thrown out, or has sent so many.
    [[nodiscard]] bool done(std::uint32_t messages) const {
        return thrown_out() || sent() >= messages;
    }

private:
    static constexpr int kReads = 64;

    std::atomic<bool> over_ = false;
    std::atomic<std::uint32_t> sent_ = 0;
    std::jthread thread_;
};

}  // namespace stile::test
