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
    for (const config::Reader& reader : site_.readers) {
        card_corners_.try_emplace(
            reader.name,
            CardDesk::Parts{
                .loop = loop_,
                .plan = [this, name = reader.name](
                            const protocol::CardPresent& card) { return card_plan(name, card); },
                .send =
                    [this, name = reader.name](const protocol::Message& message) {
                        hub_.send(card_corners_.at(name).peer, message);
                    },
                .on_card = [this, name = reader.name](
                               SeenCard seen) { submit_card(name, std::move(seen)); },
                .on_silence = [this, name = reader.name] { reader_silent(name); }});
    }
}

// The keys move out of the rules: there is one copy of them.
void Machine::take_card_rules() {
    card_site_ =
        std::make_shared<const CardSite>(CardSite{.hce = switch_of(site_.cards.hce),
                                                  .uid = switch_of(site_.cards.uid),
                                                  .keys = std::move(rules_.cards),
                                                  .gate = config::gate_number(site_.site)});
}

// Its dialogues borrow the keys, so the corner holds those with which the card began.
CardPlan Machine::card_plan(const std::string& reader, const protocol::CardPresent& card) {
    CardCorner& corner = card_corners_.at(reader);
    corner.site = card_site_;
    const config::Lane& lane = site_.lanes[lane_of(*site_.reader(reader))];
    const Media media = site_.lists_of(lane).empty() ? Media::Unknown : Media::Known;
    return plan_for(card, *corner.site, media, clock_->now().time);
}

std::size_t Machine::lane_of(const config::Reader& reader) const {
    const auto lane = std::ranges::find(site_.lanes, reader.lane, &config::Lane::name);
    return static_cast<std::size_t>(lane - site_.lanes.begin());
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

void Machine::submit_card(const std::string& name, SeenCard seen) {
    const config::Reader& reader = *site_.reader(name);
    CardCorner& corner = card_corners_.at(name);
    gate_.submit({.lane = lane_of(reader),
                  .reader = name,
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
