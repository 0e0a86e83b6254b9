// SPDX-License-Identifier: Apache-2.0
// The site file and all that it names, read once more for a gate that runs.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "daemon/admission/access_book.hpp"
#include "daemon/config/changes.hpp"
#include "daemon/lane/gate_rules.hpp"
#include "daemon/runtime/bounded_queue.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "daemon/site_rules.hpp"

namespace stile {

// Good as a whole, and ready to be taken over.
struct Reading {
    Rules rules;         // what needs a restart is in them as it was
    GateRules for_gate;  // the same, as the gate understands it
    std::vector<config::Change> changes;
};

// By what the gate decides until then; not changed while somebody reads.
struct Running {
    const Rules& rules;
    const CardKeys& cards;
    Orders& orders;
    std::shared_ptr<const AccessBook> book;  // null: none that can be read
};

// Reentrant; blocks for the disk. Errors: as read_rules(), and Config when something of the new
// file does not go with the lanes that are there until a restart.
[[nodiscard]] Result<Reading> read_anew(const Running& running);

// Of two key rings, by issuer and number of the key. At most 20 names, then how many more. A key
// that is gone goes on counting where it is also among those that the platform has `named`: that is
// said.
[[nodiscard]] std::vector<config::Change> key_changes(const crypto::KeyRing& before,
                                                      const crypto::KeyRing& now,
                                                      const crypto::KeyRing& named);

// What a list of keys and paths is about: "keys, policy, lane north". At most `room` characters.
[[nodiscard]] std::string about(const std::vector<config::Change>& changes, std::size_t room);

// Reads on a thread of its own, one reading at a time: a key file with many keys takes longer than
// a guest should wait. Thread-bound to the loop; the destructor waits for the thread.
class SiteReader {
public:
    explicit SiteReader(EventLoop& loop) : loop_{loop} {}

    [[nodiscard]] bool is_busy() const { return busy_; }
    // Not while busy. Whatever `running` borrows stays as it is until collect() gives the end.
    void start(const Running& running);
    // Call when the loop was woken. Nothing: it goes on.
    [[nodiscard]] std::optional<Result<Reading>> collect();

private:
    EventLoop& loop_;
    bool busy_ = false;
    BoundedQueue<Result<Reading>> ended_{1};  // one reading at a time
    std::jthread thread_;                     // last: it ends before what it uses
};

}  // namespace stile
