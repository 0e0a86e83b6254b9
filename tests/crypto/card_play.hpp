// SPDX-License-Identifier: Apache-2.0
// Plays a dialogue against answers that a test wrote down, and checks every command on its way.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/cards/allow_list.hpp"
#include "crypto/cards/dialogue.hpp"
#include "tests/crypto/card_bytes.hpp"

namespace stile::tests {

// The command in this step; fails the test if the dialogue ended, or may not say that.
[[nodiscard]] inline Buffer command_in(const crypto::CardStep& step) {
    const auto* send = std::get_if<crypto::CardSend>(&step);
    if (send == nullptr) {
        ADD_FAILURE() << "the dialogue is over, step " << step.index();
        return {};
    }
    EXPECT_TRUE(crypto::allowed(send->apdu)) << to_hex(send->apdu);
    return send->apdu;
}

// One command as it must be, and the answer to it, in hexadecimal.
using Exchange = std::pair<std::string, std::string>;

// Plays all exchanges; the step after the last.
[[nodiscard]] inline crypto::CardStep play(crypto::CardDialogue& dialogue,
                                           const std::vector<Exchange>& exchanges) {
    crypto::CardStep step = dialogue.begin();
    for (const auto& [command, answer] : exchanges) {
        EXPECT_EQ(to_hex(command_in(step)), to_hex(bytes_of(command)));
        if (!std::holds_alternative<crypto::CardSend>(step)) return step;
        step = dialogue.take(bytes_of(answer));
    }
    return step;
}

[[nodiscard]] inline std::optional<crypto::CardFault> fault_in(const crypto::CardStep& step) {
    const auto* fault = std::get_if<crypto::CardFault>(&step);
    return fault == nullptr ? std::nullopt : std::optional{*fault};
}

// The finding of one kind; null if the step is anything else.
template <class Finding>
[[nodiscard]] const Finding* finding_in(const crypto::CardStep& step) {
    const auto* finding = std::get_if<crypto::CardFinding>(&step);
    return finding == nullptr ? nullptr : std::get_if<Finding>(finding);
}

// The text of a copy; nothing if the step is anything else.
[[nodiscard]] inline std::optional<std::string> copy_in(const crypto::CardStep& step) {
    const auto* copy = finding_in<crypto::CardCopy>(step);
    if (copy == nullptr) return std::nullopt;
    return std::string{as_text(copy->content)};
}

}  // namespace stile::tests
