// SPDX-License-Identifier: Apache-2.0
// What somebody presented at a lane, and where the answer to it goes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "daemon/cards/card_outcome.hpp"
#include "daemon/core/facts.hpp"
#include "daemon/protocol/reader_messages.hpp"

namespace stile {

struct WaitingScan {
    std::size_t lane = 0;
    std::string reader;
    protocol::Scan scan;
    std::function<void(const protocol::Feedback&)> answer;
    std::optional<Direction> direction;  // of the reader; nothing: its lane's
    // Nothing: a code. Else `scan` says only which session it was, and when the card came.
    std::optional<CardOutcome> card;

    // Null unless a card has shown this.
    template <class Finding>
    [[nodiscard]] const Finding* shown() const {
        const auto* found = card ? std::get_if<crypto::CardFinding>(&*card) : nullptr;
        return found == nullptr ? nullptr : std::get_if<Finding>(found);
    }
    // Why a card has shown nothing.
    [[nodiscard]] std::optional<Reason> nothing() const {
        const auto* why = card ? std::get_if<Reason>(&*card) : nullptr;
        return why == nullptr ? std::nullopt : std::optional{*why};
    }
    // What is to be looked up and proven: a code's content, a copy's, a medium's identifier.
    [[nodiscard]] Bytes content() const {
        if (!card) return scan.content;
        if (const auto* copy = shown<crypto::CardCopy>()) return copy->content;
        if (const auto* proven = shown<crypto::CardMutual>()) return proven->content;
        if (const auto* answer_given = shown<crypto::CardSigned>()) return answer_given->answer;
        if (const auto* medium = shown<crypto::CardMedium>()) return as_bytes(medium->identifier);
        return {};
    }
};

}  // namespace stile
