// SPDX-License-Identifier: Apache-2.0
// All connected programs: who they are, what they may send, and how to reach them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "daemon/protocol/channel.hpp"
#include "daemon/runtime/event_loop.hpp"

namespace stile {

using PeerId = std::uint64_t;  // never used twice in one run

struct PeerInfo {
    PeerId id = 0;
    protocol::Role role = protocol::Role::Reader;
    std::string name;
    std::string software;
};

// Owns the listening sockets and every connection. Checks peers, greets them, and disconnects
// whoever breaks the protocol. Thread-bound to the loop; callbacks run there and may call send()
// and drop().
class Hub {
public:
    struct Handlers {
        // The peer said Hello and was welcomed. An error sends it away with that text.
        std::function<Result<void>(const PeerInfo&)> on_join;
        std::function<void(const PeerInfo&)> on_leave;
        // A message that the peer's role may send, after its Hello.
        std::function<void(const PeerInfo&, protocol::Received&&)> on_message;
    };

    Hub(EventLoop& loop, protocol::Welcome welcome, Handlers handlers);
    ~Hub();

    struct Door {
        std::filesystem::path path;
        protocol::Role role = protocol::Role::Reader;
        mode_t mode = 0660;
        std::optional<std::string>
            user;  // besides root and our own; nothing: whoever the mode lets in
    };
    // Listens. Errors: as protocol::Listener::open.
    [[nodiscard]] Result<void> open(const Door& door);

    // False when it was not delivered: the peer is gone, or does not read. For a peer that does not
    // read, Feedback, Report, CatalogProgress and Entries are left out; anything else ends the
    // connection.
    bool send(PeerId peer, const protocol::Message& message);
    void send_all(protocol::Role role, const protocol::Message& message);
    void drop(PeerId peer, protocol::Parting code, const std::string& detail);
    [[nodiscard]] std::vector<PeerInfo> peers() const;

private:
    struct Peer;
    struct OpenDoor;

    void watch(OpenDoor& door);
    void listen_to(Peer& peer);
    void accept(OpenDoor& door);
    void receive(PeerId id);
    void handle(Peer& peer, protocol::Received&& received);
    void greet(Peer& peer, const protocol::Hello& hello);
    void forget(PeerId id);
    [[nodiscard]] Peer* find(PeerId id);

    EventLoop& loop_;
    protocol::Welcome welcome_;
    Handlers handlers_;
    std::vector<std::unique_ptr<OpenDoor>> doors_;
    std::map<PeerId, std::unique_ptr<Peer>> peers_;
    PeerId next_id_ = 1;
};

}  // namespace stile
