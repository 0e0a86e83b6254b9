// SPDX-License-Identifier: Apache-2.0
// Tail, again and again.
#include "tests/simulate/gate_watch.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace stile::simulate {
namespace {

constexpr std::uint16_t kCredit = 64;

}  // namespace

GateWatch::GateWatch(EventLoop& loop, const std::filesystem::path& socket, Take take)
    : take_{std::move(take)},
      link_{loop,
            socket,
            {protocol::Role::Control, "simulation", "simulation"},
            {.on_up = [this](const protocol::Welcome&) { ask(); },
             .on_down = [](const Error&) {},
             .on_message = [this](protocol::Received&& received) { receive(received); }}} {
    link_.start();
}

void GateWatch::ask() {
    credit_ = kCredit;
    (void)link_.send(protocol::Tail{next_, kCredit});  // or it is down, and we ask again then
}

void GateWatch::receive(const protocol::Received& received) {
    const auto* entries = std::get_if<protocol::Entries>(&received.message);
    if (entries == nullptr) return;
    for (const Buffer& bytes : entries->entries) {
        const auto entry = decode_entry(bytes);
        if (!entry) std::abort();  // a gate of this version wrote what it cannot read
        next_ = entry->seq + 1;
        take_(*entry);
    }
    credit_ -= std::min(credit_, entries->entries.size());
    if (credit_ == 0) ask();
}

}  // namespace stile::simulate
