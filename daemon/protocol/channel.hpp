// SPDX-License-Identifier: Apache-2.0
// One connected message socket, and the listening socket that checks who connects.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "crypto/base/result.hpp"
#include "daemon/protocol/messages.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile::protocol {

// Who is at the other end, as the kernel says.
struct Peer {
    uid_t user = 0;
    gid_t group = 0;
    std::vector<gid_t> groups;  // its other groups
    pid_t process = 0;
};

struct Received {
    Message message;
    UniqueFd descriptor;  // with CatalogOffer only
};

// A connected SOCK_SEQPACKET socket. Never blocks, but for wait_readable(). Thread-bound.
class Channel {
public:
    // Connects to a listening path. Errors: NotFound (nobody listens: the program is not running),
    // Denied (no permission on the socket), Config (the path is too long), Io.
    [[nodiscard]] static Result<Channel> connect(const std::filesystem::path& path);
    // Two connected ends, for tests.
    [[nodiscard]] static Result<std::pair<Channel, Channel>> make_pair();
    explicit Channel(UniqueFd socket) : socket_{std::move(socket)} {}

    // Errors: Timeout (the other side does not read: drop it or try later), Closed, Io.
    [[nodiscard]] Result<void> send(const Message& message);
    // The same, and passes a copy of `descriptor`.
    [[nodiscard]] Result<void> send(const Message& message, int descriptor);

    // Nothing when no message waits. Errors: Closed (the other side is gone), Invalid (a malformed
    // message or a descriptor where none belongs: end the connection), Unsupported (a message of
    // another version: the same), Io.
    [[nodiscard]] Result<std::optional<Received>> receive();

    // Waits until a message can be received, or the time is over. Blocks. Errors: Timeout, Io.
    [[nodiscard]] Result<void> wait_readable(int timeout_ms) const;

    [[nodiscard]] int fd() const { return socket_.get(); }
    // As they were when it connected. Errors: Io.
    [[nodiscard]] Result<Peer> peer() const;

private:
    UniqueFd socket_;
};

// A listening socket. Removes its path when it ends.
class Listener {
public:
    // Takes the place of a socket that nobody listens on any more. Errors: Config (the path is too
    // long), Denied, Io (also: somebody listens there already, or the path is no socket).
    // Sets the umask for a moment: call it before other threads start.
    [[nodiscard]] static Result<Listener> open(const std::filesystem::path& path, mode_t mode);
    Listener(Listener&&) noexcept = default;
    Listener& operator=(Listener&&) noexcept = delete;
    Listener(const Listener&) = delete;
    ~Listener();

    // The next waiting connection, or nothing.
    [[nodiscard]] std::optional<Channel> accept() const;
    [[nodiscard]] int fd() const { return socket_.get(); }

private:
    Listener(UniqueFd socket, std::filesystem::path path)
        : socket_{std::move(socket)}, path_{std::move(path)} {}
    UniqueFd socket_;
    std::filesystem::path path_;
};

}  // namespace stile::protocol
