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

#include "daemon/control/roles.hpp"
#include "daemon/protocol/channel.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "daemon/runtime/rate_limit.hpp"

namespace stile {

using PeerId = std::uint64_t;  // never used twice in one run

struct PeerInfo {
    PeerId id = 0;
    protocol::Role role = protocol::Role::Reader;
    std::string name;
    std::string software;
    Caller caller;  // of a control socket
};

// Owns the listening sockets and every connection. Checks peers, greets them, and disconnects
// whoever breaks the protocol. Thread-bound to the loop; callbacks run there and may call send()
// and drop().
class Hub {
public:
    struct Handlers {
        // Somebody knocked at a door without a user: call admit() once it is known who. Until then
        // nothing is read from the peer.
        std::function<void(PeerId, const protocol::Peer&)> on_knock;
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
        // Who may come in, besides root and our own user; nothing: whoever has a role.
        std::optional<std::string> user;
    };
    // Listens. Errors: as protocol::Listener::open.
    [[nodiscard]] Result<void> open(const Door& door);

    // Lets a peer in that knocked. One without a role is sent away with `refusal`.
    void admit(PeerId peer, const Caller& caller, const std::string& refusal);

    // False when it was not delivered: the peer is gone, or does not read. For a peer that does not
    // read, Feedback, Report, progress and Entries are left out; anything else ends the connection.
    bool send(PeerId peer, const protocol::Message& message);
    void send_all(protocol::Role role, const protocol::Message& message);
    void drop(PeerId peer, protocol::Parting code, const std::string& detail);
    // Also those that have not said Hello yet, or that nobody knows yet.
    void drop_all(protocol::Role role, protocol::Parting code, const std::string& detail);
    [[nodiscard]] std::vector<PeerInfo> peers() const;

private:
    struct Peer;
    struct OpenDoor;

    void watch(OpenDoor& door);
    void listen_to(Peer& peer);
    void accept(OpenDoor& door);
    void let_in(OpenDoor& door, protocol::Channel channel, const protocol::Peer& who);
    void note_refusal(const std::string& who, protocol::Role role);
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
    RateLimit refusal_words_ = RateLimit::per_second(1);  // in the journal
};

}  // namespace stile
