// SPDX-License-Identifier: Apache-2.0
// Fuzzes the desk of a card reader with all dialogues: whatever it answers, each card ends once.
#include <cstdlib>

#include "daemon/cards/card_plan.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stile;  // NOLINT(google-build-using-namespace)
    static EventLoop loop;
    static const CardSite site = [] {
        CardSite all{.uid = CardSite::Switch::On, .keys = {}};
        all.keys.ev2.push_back({.application = {1, 2, 3}, .context = Buffer(9, 1)});
        all.keys.mf0aes.push_back({.id = 1});
        return all;
    }();
    std::size_t ended = 0;
    protocol::CardCommand last;
    CardDesk desk{{.loop = loop,
                   .plan = [](const auto& c) { return plan_for(c, site, Media::Known, {}); },
                   .send =
                       [&last](const protocol::Message& message) {
                           last = std::get<protocol::CardCommand>(message);
                       },
                   .on_card = [&ended](const SeenCard&) { ++ended; },
                   .on_silence = std::abort}};
    ByteReader in{{data, size}};
    const auto technology =
        protocol::CardTechnology{static_cast<std::uint8_t>(1 + in.number<std::uint8_t>() % 3)};
    if (!desk.take(protocol::CardPresent{1, technology, {0x3B}, {4, 1, 2, 3}})) std::abort();
    while (in.left() > 1) {
        const auto status = protocol::CardStatus{
            static_cast<std::uint8_t>(1 + in.number<std::uint8_t>() % 64 / 60)};
        const Bytes answer = in.take(std::min<std::size_t>(in.number<std::uint8_t>(), in.left()));
        desk.take(protocol::CardAnswer{1, last.sequence, status, {answer.begin(), answer.end()}});
    }
    desk.take(protocol::CardGone{1});
    if (ended != 1) std::abort();
    return 0;
}
