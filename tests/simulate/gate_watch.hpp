// SPDX-License-Identifier: Apache-2.0
// Looks over the shoulder of one gate: its ledger's entries as they come, as `stilectl tail` does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "daemon/entry/entry.hpp"
#include "daemon/protocol/daemon_link.hpp"
#include "daemon/runtime/event_loop.hpp"

namespace stile::simulate {

// Misses nothing when the gate dies and comes back. Thread-bound to its loop.
class GateWatch {
public:
    using Take = std::function<void(const Entry&)>;
    GateWatch(EventLoop& loop, const std::filesystem::path& socket, Take take);

    [[nodiscard]] bool up() const { return link_.up(); }
    // Of the last entry that came.
    [[nodiscard]] std::uint64_t seq() const { return next_ - 1; }

private:
    void ask();
    void receive(const protocol::Received& received);

    Take take_;
    std::uint64_t next_ = 1;
    std::size_t credit_ = 0;
    protocol::DaemonLink link_;
};

}  // namespace stile::simulate
