// SPDX-License-Identifier: Apache-2.0
// The network between one gate and the broker, which can be cut.
#pragma once

#include <array>
#include <cstdint>
#include <list>

#include "daemon/runtime/event_loop.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile::simulate {

// Listens on a free port of this machine and passes bytes on. Thread-bound to its loop.
class Wire {
public:
    Wire(EventLoop& loop, std::uint16_t broker);

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // Every connection breaks, and new ones break too.
    void cut();
    void mend() { whole_ = true; }

private:
    struct Pipe {
        std::array<UniqueFd, 2> ends;
        std::array<EventSource, 2> readable;
    };
    using Pipes = std::list<Pipe>;
    void accept();
    void pass(Pipes::iterator pipe, std::size_t from);

    EventLoop& loop_;
    std::uint16_t broker_;
    std::uint16_t port_ = 0;
    UniqueFd listener_;
    EventSource knocks_;
    bool whole_ = true;
    Pipes pipes_;
};

}  // namespace stile::simulate
