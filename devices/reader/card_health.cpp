// SPDX-License-Identifier: Apache-2.0
// Names of a card reader's troubles.
#include "devices/reader/card_health.hpp"

#include <utility>

namespace stile::devices {
namespace {

constexpr std::size_t kMaxDetail = 200;

std::string_view word_of(CardTroubleName name) {
    switch (name) {
        case CardTroubleName::None:
        case CardTroubleName::Starting:
            return "";
        case CardTroubleName::Unplugged:
            return "unplugged: ";
        case CardTroubleName::Unusable:
            return "unusable: ";
        case CardTroubleName::Wedged:
            return "wedged: ";
    }
    return "";
}

}  // namespace

bool CardHealth::is(CardTroubleName name, std::string_view why) {
    const bool news = name != name_ || why != why_;
    name_ = name;
    why_ = why;
    return news;
}

protocol::ReaderState CardHealth::state() const {
    switch (name_) {
        case CardTroubleName::None:
            return protocol::ReaderState::Working;
        case CardTroubleName::Starting:
            return protocol::ReaderState::Starting;
        case CardTroubleName::Unplugged:
        case CardTroubleName::Unusable:
            return protocol::ReaderState::Failed;
        case CardTroubleName::Wedged:
            return protocol::ReaderState::Degraded;
    }
    return protocol::ReaderState::Failed;
}

std::string CardHealth::detail() const {
    const std::string all =
        name_ == CardTroubleName::None ? note_ : std::string{word_of(name_)} + why_;
    return std::string{utf8_head(all, kMaxDetail)};
}

protocol::ReaderHealth CardHealth::take(const CardVisits::Counts& counts) const {
    return {.state = state(),
            .frames = counts.commands,
            .codes = counts.cards,
            .dropped = counts.dropped,
            .decode_us = counts.command_us,
            .detail = detail()};
}

}  // namespace stile::devices
