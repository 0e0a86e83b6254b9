// SPDX-License-Identifier: Apache-2.0
// People at the control socket: who they are, what they ask, what they look on.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/control/commands.hpp"
#include "daemon/machine.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/message_id.hpp"

namespace stile {

// Nothing is read from a person until it is known who it is.
void Machine::knock(PeerId peer, const protocol::Peer& who) {
    staff_.identify(who, [this, peer](const Caller& caller) {
        hub_.admit(peer, caller, no_role_text(caller, roles_));
    });
}

void Machine::take(const PeerInfo& peer, const protocol::Command& command) {
    const auto result =
        run_command(peer.caller, command,
                    {[this] { return report(); }, revocations_, orders_, roles_, desk_,
                     [this, &peer, &command](const std::string& folder) {
                         return back_up(peer, command.request, folder);
                     },
                     [this, &peer](const std::string& lane, const std::string& reason) {
                         return begin_test(peer, lane, reason);
                     },
                     [this, &peer, &command] { return reload(peer, command.request); }});
    if (!result) return;
    if (is_act(command.verb)) log_act(peer.caller, command, *result);
    hub_.send(peer.id, *result);
}

Result<std::string> Machine::begin_test(const PeerInfo& peer, const std::string& lane,
                                        const std::string& reason) {
    std::vector<TestReader> corners;
    for (const config::Reader& reader : site_.readers) {
        if (reader.lane != lane) continue;
        const config::Lane& of = *site_.lane(lane);
        const std::string& way = reader.direction.empty() ? of.direction : reader.direction;
        corners.push_back({.name = reader.name,
                           .kind = reader.kind,
                           .direction = way,
                           .connected = this->reader(reader.name)->connected});
    }
    auto begun = desk_.begin_test(peer.caller, lane, reason, corners);
    if (begun) testers_[*gate_.lane_named(lane)] = peer.id;
    return begun;
}

// Nobody is there any longer who would end it.
void Machine::end_tests_of(const PeerInfo& peer) {
    const std::string role{peer.caller.role ? name_of(*peer.caller.role) : ""};
    for (const auto& [lane, tester] : testers_) {
        if (tester == peer.id) gate_.end_test(lane, {peer.caller.person, role}, "stilectl is gone");
    }
    std::erase_if(testers_, [&peer](const auto& test) { return test.second == peer.id; });
}

void Machine::log_act(const Caller& caller, const protocol::Command& command,
                      const protocol::CommandResult& result) {
    const bool done = result.outcome == protocol::CommandOutcome::Done;
    const std::string role{caller.role ? name_of(*caller.role) : ""};
    log::notice(fmt::format("{} ({}): {} {}{}{}", caller.person, role, command.verb,
                            fmt::join(command.arguments, ", "),
                            done ? "" : "; not done: ", done ? "" : result.body),
                {log::message_id(log::kStaffAct),
                 {"PERSON", caller.person},
                 {"ROLE", role},
                 {"VERB", command.verb}});
}

void Machine::tick() {
    if (const auto done = desk_.tick(); !done)
        log::warning("a mode cannot end in time, trying again: " + done.error().context);
    const GateReport now = report();
    watch_.look(now, std::chrono::nanoseconds{EventLoop::monotonic_ns()});
    alarms_.forget_old(now.clock.time);
}

// Sent when nothing more urgent waits.
void Machine::take(const PeerInfo& peer, const protocol::Tail& tail) {
    if (const auto may = may_use(peer.caller, "tail", roles_); !may)
        return hub_.drop(peer.id, protocol::Parting::NotAllowed, may.error().context);
    outbox_.tail(peer.id, tail);
    if (!tail_turn_) tail_turn_ = loop_.when_idle([this] { pump(); });
}

}  // namespace stile
