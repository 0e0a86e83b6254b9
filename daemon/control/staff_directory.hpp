// SPDX-License-Identifier: Apache-2.0
// Finds out who connects to the control socket, without ever waiting for a directory of users.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <thread>

#include "daemon/control/roles.hpp"
#include "daemon/runtime/event_loop.hpp"

namespace stile {

// The name service of the system is asked on a thread of its own, which may hang there for ever:
// then the files below /etc have to do, after `patience`. Thread-bound to the loop.
class StaffDirectory {
public:
    struct Options {
        RoleGroups groups;
        NameSource names = system_names();          // asked on the thread
        NameSource files = local_names();           // asked on the loop
        std::chrono::milliseconds patience{2'000};  // less than a peer has for its Hello
    };
    using Answer = std::function<void(const Caller&)>;

    StaffDirectory(EventLoop& loop, Options options);
    // Waits a moment for the thread. One that hangs in the name service is left behind.
    ~StaffDirectory();
    StaffDirectory(const StaffDirectory&) = delete;
    StaffDirectory& operator=(const StaffDirectory&) = delete;

    // For whoever is asked about from now on.
    void take_groups(RoleGroups groups);
    // Calls back once, later, on the loop.
    void identify(const protocol::Peer& peer, Answer answer);

private:
    struct Shared;
    struct Waiting {
        protocol::Peer peer;
        Answer answer;
        EventSource patience;
    };
    void collect();
    void lose_patience(std::uint64_t number);

    EventLoop& loop_;
    Options options_;
    std::shared_ptr<Shared> shared_;  // with the thread, which may outlive this
    std::map<std::uint64_t, Waiting> waiting_;
    std::uint64_t next_number_ = 1;
    EventSource answered_;
    std::jthread thread_;
};

}  // namespace stile
