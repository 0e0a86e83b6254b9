// SPDX-License-Identifier: Apache-2.0
// Readers' scans go to the gate, its entries to those who follow.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/machine.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/message_id.hpp"
#include "daemon/runtime/notify.hpp"
#include "daemon/site_lanes.hpp"

namespace stile {
namespace {

using protocol::Role;

constexpr std::chrono::milliseconds kReportDelay{200};

}  // namespace

Result<void> Machine::join(const PeerInfo& peer) {
    if (peer.role == Role::Reader) {
        ReaderReport* known = reader(peer.name);
        if (known == nullptr)
            return fail(Errc::NotFound, fmt::format("the site file names no reader {}", peer.name));
        if (known->connected)
            return fail(Errc::Io, fmt::format("reader {} is connected already", peer.name));
        known->connected = true;
        known->health = {};
        known->frames_per_s = 0;
        card_corners_.at(peer.name).peer = peer.id;
    }
    if (peer.role != Role::Control)
        log::info(fmt::format("{} connected ({})", peer.name, peer.software),
                  {log::message_id(log::kPeerConnected), {"PEER", peer.name}});
    if (peer.role == Role::Reader) report_soon();
    return {};
}

void Machine::leave(const PeerInfo& peer) {
    outbox_.leave(peer.id);
    std::erase_if(catalog_jobs_, [&peer](const auto& job) { return job.second.first == peer.id; });
    std::erase_if(viewers_, [&peer](const auto& viewer) { return viewer.second == peer.id; });
    end_tests_of(peer);
    if (peer.role == Role::Sync) link_.following = false;
    if (peer.role == Role::Reader) {
        if (ReaderReport* known = reader(peer.name)) {
            known->connected = false;
            known->frames_per_s = 0;
            known->heard_at.reset();
        }
        card_corners_.at(peer.name).desk.reset();
        report_soon();
    }
    if (peer.role != Role::Control)
        log::warning(fmt::format("{} is gone, going on without it", peer.name),
                     {log::message_id(log::kPeerGone), {"PEER", peer.name}});
}

void Machine::receive(const PeerInfo& peer, protocol::Received&& received) {
    using namespace protocol;  // NOLINT(google-build-using-namespace): message names only
    Message& message = received.message;
    if (auto* scan = std::get_if<Scan>(&message)) return take(peer, std::move(*scan));
    if (const auto* card = std::get_if<CardPresent>(&message)) return take(peer, *card);
    if (const auto* answer = std::get_if<CardAnswer>(&message)) return take(peer, *answer);
    if (const auto* gone = std::get_if<CardGone>(&message)) return take(peer, *gone);
    if (const auto* health = std::get_if<ReaderHealth>(&message)) return take(peer, *health);
    if (const auto* follow = std::get_if<Follow>(&message)) return take(peer, *follow);
    if (const auto* acknowledge = std::get_if<Acknowledge>(&message))
        return take(peer, *acknowledge);
    if (const auto* stored = std::get_if<Stored>(&message)) return take(peer, *stored);
    if (const auto* fetch = std::get_if<Fetch>(&message)) return take(peer, *fetch);
    if (const auto* link = std::get_if<LinkState>(&message)) return take(peer, *link);
    if (const auto* command = std::get_if<Command>(&message)) return take(peer, *command);
    if (const auto* tail = std::get_if<Tail>(&message)) return take(peer, *tail);
    if (const auto* watch = std::get_if<Watch>(&message)) return take(peer, *watch);
    if (const auto* offer = std::get_if<CatalogOffer>(&message)) {
        return take(peer, *offer, std::move(received.descriptor));
    }
    hub_.drop(peer.id, Parting::NotAllowed, "this version has no use for that message");
}

void Machine::take(const PeerInfo& peer, protocol::Scan&& scan) {
    const std::chrono::nanoseconds now{EventLoop::monotonic_ns()};
    if (!scan_limits_.at(peer.name).take(now)) return refuse_flood(peer, scan.scan);
    const config::Reader& from = *site_.reader(peer.name);
    gate_.submit({.lane = lane_of(from),
                  .reader = peer.name,
                  .scan = std::move(scan),
                  .answer = [this, id = peer.id](
                                const protocol::Feedback& feedback) { hub_.send(id, feedback); },
                  .direction = direction_of(from)});
}

// A reader that sends more than a camera sees must not cost the other lanes their time, nor the
// ledger its space.
void Machine::refuse_flood(const PeerInfo& peer, std::uint64_t scan) {
    ++reader(peer.name)->refused;
    hub_.send(peer.id, protocol::Feedback{.scan = scan, .outcome = protocol::Outcome::Wait});
    if (!flood_words_.take(std::chrono::nanoseconds{EventLoop::monotonic_ns()})) return;
    log::warning(fmt::format("{} sends more scans than a camera sees, ignoring some", peer.name),
                 {log::message_id(log::kReaderFlood), {"READER", peer.name}});
}

void Machine::take(const PeerInfo& peer, const protocol::ReaderHealth& health) {
    ReaderReport* from = reader(peer.name);
    const bool changed = from->health.state != health.state;
    const std::chrono::nanoseconds now{EventLoop::monotonic_ns()};
    if (from->heard_at && now > *from->heard_at)
        from->frames_per_s =
            health.frames / std::chrono::duration<double>{now - *from->heard_at}.count();
    from->heard_at = now;
    from->health = health;
    from->frames += health.frames;
    from->codes += health.codes;
    from->dropped += health.dropped;
    if (changed) report_soon();
}

void Machine::take(const PeerInfo& peer, const protocol::Follow& follow) {
    link_.following = true;
    report_all();
    report_counts();
    alarms_.tell_all();
    report_health();
    if (const auto followed = outbox_.follow(peer.id, follow); !followed) {
        hub_.drop(peer.id, protocol::Parting::Done, followed.error().context);
    }
}

void Machine::take(const PeerInfo& /*peer*/, const protocol::LinkState& link) {
    link_.link = link;
}

void Machine::decided(const Decided& entry) {
    const bool admitted = entry.verdict == Verdict::Admit;
    const std::string code{text_of(entry.reason).code};
    const bool test = (entry.flags & kFlagTest) != 0;
    const std::string ticket = entry.fault == 0 ? to_hex(Bytes{entry.ticket}.first(8)) : "";
    log::info(fmt::format("{}: {}{} {}{}{}", entry.lane, test ? "test, " : "",
                          admitted ? "admitted" : "refused", code,
                          ticket.empty() ? "" : ", ticket ", ticket),
              {log::message_id(log::kDecision),
               {"LANE", entry.lane},
               {"READER", entry.reader},
               {"VERDICT", admitted ? "admit" : "refuse"},
               {"REASON", code},
               {"TICKET", ticket}});
}

void Machine::pump() {
    tail_turn_.reset();
    if (const auto pumped = outbox_.pump(); !pumped)
        log::error("entries cannot be sent: " + pumped.error().context);
}

void Machine::after_commit() {
    pump();
    // Counts go out a moment later, so that a crowd of scans makes one message.
    if (!count_timer_) count_timer_ = loop_.after(kReportDelay, [this] { report_counts(); });
}

void Machine::ledger_trouble(std::string_view trouble) {
    if (!stores_.ledger_damage.empty()) trouble = stores_.ledger_damage;  // the cause of all others
    ledger_trouble_ = trouble;
    alarms_.set(kLedgerFailingAlarm, trouble, clock_->now().time);
    if (trouble.empty()) {
        log::notice("the ledger stores entries again", {log::message_id(log::kLedgerWorking)});
        notify::status("ready");
    } else {
        log::error(
            fmt::format("the ledger cannot store entries, so nobody is admitted: {}", trouble),
            {log::message_id(log::kLedgerFailing)});
        notify::status("the ledger cannot store entries, so nobody is admitted");
    }
    report_health();
}

ReaderReport* Machine::reader(std::string_view name) {
    const auto found = std::ranges::find(readers_, name, &ReaderReport::name);
    return found == readers_.end() ? nullptr : &*found;
}

}  // namespace stile
