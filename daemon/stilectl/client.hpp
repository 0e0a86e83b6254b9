// SPDX-License-Identifier: Apache-2.0
// Asks the running daemon.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/protocol/channel.hpp"

namespace stile {

// One connection to control.sock. All functions block, at most as long as they say.
class ControlClient {
public:
    // Errors: NotFound (no daemon runs there), Denied (by the file system), Invalid (the daemon
    // lets this person do nothing: its own words), Closed (it sent us away, with its reason).
    [[nodiscard]] static Result<ControlClient> connect(const std::filesystem::path& socket);

    // Runs a verb; its JSON. Waits up to 10 s. Errors: Invalid (the daemon's own words), Timeout,
    // Closed.
    [[nodiscard]] Result<std::string> command(const std::string& verb,
                                              std::vector<std::string> arguments);

    enum class Tailing { GoOn, Enough };
    using TakeEntries = std::function<Tailing(const protocol::Entries&)>;
    // Entries from `first` on (0: from the next new one), in order, until `take` has enough. Waits
    // for new ones as long as it takes. Errors: Invalid (the daemon's own words), Closed (with its
    // last words), Io.
    [[nodiscard]] Result<void> tail(std::uint64_t first, const TakeEntries& take);

    // From now on more() gives the entries from `first` on.
    [[nodiscard]] Result<void> follow(std::uint64_t first);
    // Waits so long at most; nothing: none came. Errors: as tail(), and Io when a signal came.
    [[nodiscard]] Result<std::optional<protocol::Entries>> more(int timeout_ms);

    using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;
    // Hands an open file to the daemon and waits until it is in use. Errors: as
    // command().
    [[nodiscard]] Result<std::string> import(protocol::Content content, int file,
                                             std::uint64_t bytes, const Progress& progress);

private:
    explicit ControlClient(protocol::Channel channel) : channel_{std::move(channel)} {}
    [[nodiscard]] Result<void> say(const protocol::Message& message);
    [[nodiscard]] Result<protocol::Message> receive(int timeout_ms);

    protocol::Channel channel_;
    std::uint32_t next_request_ = 1;
    std::uint64_t next_entry_ = 0;
    std::size_t credit_ = 0;
};

}  // namespace stile
