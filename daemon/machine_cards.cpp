// SPDX-License-Identifier: Apache-2.0
// Cards at the readers: each reader's desk hears them out, and the gate decides on what they say.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/config/gate_number.hpp"
#include "daemon/machine.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/message_id.hpp"
#include "daemon/site_lanes.hpp"

namespace stile {
namespace {

CardSite::Switch switch_of(std::string_view word) {
    return word == "on" ? CardSite::Switch::On : CardSite::Switch::Off;
}

}  // namespace

void Machine::make_card_corners() {
    card_site_ = {.hce = switch_of(site_.cards.hce),
                  .uid = switch_of(site_.cards.uid),
                  .keys = std::move(stores_.card_keys),
                  .gate = config::gate_number(site_.site)};
    for (const config::Reader& reader : site_.readers) {
        const bool is_asked = !site_.lists_of(*site_.lane(reader.lane)).empty();
        const Media media = is_asked ? Media::Known : Media::Unknown;
        card_corners_.try_emplace(
            reader.name,
            CardDesk::Parts{
                .loop = loop_,
                .plan =
                    [this, media](const protocol::CardPresent& card) {
                        return plan_for(card, card_site_, media, clock_->now().time);
                    },
                .send =
                    [this, name = reader.name](const protocol::Message& message) {
                        hub_.send(card_corners_.at(name).peer, message);
                    },
                .on_card = [this, &reader](SeenCard seen) { submit_card(reader, std::move(seen)); },
                .on_silence = [this, name = reader.name] { reader_silent(name); }});
    }
}

void Machine::take(const PeerInfo& peer, const protocol::CardPresent& card) {
    const std::chrono::nanoseconds now{EventLoop::monotonic_ns()};
    if (!scan_limits_.at(peer.name).take(now)) return refuse_flood(peer, card.session);
    if (const auto taken = card_corners_.at(peer.name).desk.take(card); !taken)
        hub_.drop(peer.id, protocol::Parting::Malformed, taken.error().context);
}

void Machine::take(const PeerInfo& peer, const protocol::CardAnswer& answer) {
    card_corners_.at(peer.name).desk.take(answer);
}

void Machine::take(const PeerInfo& peer, const protocol::CardGone& gone) {
    card_corners_.at(peer.name).desk.take(gone);
}

void Machine::submit_card(const config::Reader& reader, SeenCard seen) {
    const auto lane = std::ranges::find(site_.lanes, reader.lane, &config::Lane::name);
    CardCorner& corner = card_corners_.at(reader.name);
    gate_.submit({.lane = static_cast<std::size_t>(lane - site_.lanes.begin()),
                  .reader = reader.name,
                  .scan = {.scan = seen.session,
                           .medium = protocol::Medium::Nfc,
                           .captured_ns = seen.came_ns,
                           .content = {}},
                  .answer =
                      [this, &corner, peer = corner.peer](const protocol::Feedback& feedback) {
                          corner.desk.answered(feedback);
                          hub_.send(peer, feedback);
                      },
                  .direction = direction_of(reader),
                  .card = std::move(seen.outcome)});
}

// The card is not to blame: even for a silent one its reader has an answer.
void Machine::reader_silent(const std::string& name) {
    if (!silence_words_.take(std::chrono::nanoseconds{EventLoop::monotonic_ns()})) return;
    log::warning(fmt::format("{} does not say what became of a card, giving it up", name),
                 {log::message_id(log::kReaderSilent), {"READER", name}});
}

}  // namespace stile
