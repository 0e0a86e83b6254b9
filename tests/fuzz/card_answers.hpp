// SPDX-License-Identifier: Apache-2.0
// Plays an input to a card dialogue as its answers, one behind the other: a length, then so many
// bytes.
#pragma once

#include <cstdlib>
#include <variant>

#include "crypto/cards/allow_list.hpp"
#include "crypto/cards/dialogue.hpp"

namespace stile::tests {

// `honest` answers where the input says so (length 0) or has ended. Aborts when the dialogue says
// what it may not, or more than `most` commands.
template <class Honest>
void play_answers(crypto::CardDialogue& dialogue, Bytes input, std::size_t most, Honest honest) {
    ByteReader in{input};
    crypto::CardStep step = dialogue.begin();
    for (std::size_t commands = 1; const auto* send = std::get_if<crypto::CardSend>(&step);
         ++commands) {
        if (commands > most || !crypto::allowed(send->apdu)) std::abort();
        const std::size_t size = in.left() > 0 ? in.number<std::uint8_t>() : 0;
        const Bytes answer = in.take(size < in.left() ? size : in.left());
        const Buffer whole = size > 0 ? Buffer{answer.begin(), answer.end()} : honest(send->apdu);
        step = dialogue.take(whole);
    }
}

// A card that has no more to say.
inline Buffer silent(const Buffer& /*command*/) {
    return {};
}

}  // namespace stile::tests
