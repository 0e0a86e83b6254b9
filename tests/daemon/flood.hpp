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
class Flood {
public:
    Flood(protocol::Channel channel, std::function<protocol::Message(std::uint32_t)> make)
        : thread_{[this, channel = std::move(channel),
                   make = std::move(make)](const std::stop_token& stop) mutable {
              while (!stop.stop_requested()) {
                  const auto sent = channel.send(make(sent_ + 1));
                  if (sent) ++sent_;
                  if (!sent && sent.error().code != Errc::Timeout) return;
                  while (channel.receive().value_or(std::nullopt)) {
                  }
              }
          }} {}
    [[nodiscard]] std::uint32_t sent() const { return sent_; }

private:
    std::atomic<std::uint32_t> sent_ = 0;
    std::jthread thread_;
};

}  // namespace stile::test
