// SPDX-License-Identifier: Apache-2.0
// A conversation with a card as a pure state machine: what to send, and what came of it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "crypto/base/bytes.hpp"
#include "crypto/challenge.hpp"

namespace stile::crypto {

// The next command for the card. Only commands of CARDS.md's list are ever made.
struct CardSend {
    Buffer apdu;
};

// What a card carries, by how much that proves.
struct CardCopy {    // A0: whoever read the card before has it too
    Buffer content;  // a ticket's bytes or text, as a scan would have it
};
struct CardSigned {  // A3: for Verifier::prove_answer
    Buffer answer;
    Challenge challenge;
};
struct CardMutual {  // A4: card and gate have proven to each other that they know the card's key
    Buffer content;  // the ticket that it carries, read under the session's MAC
    Buffer uid;
};
struct CardMedium {          // stands for what the platform's orders say of it
    std::string type;        // nfc_uid or nfc_mf0aes
    std::string identifier;  // as the platform spells it
};
using CardFinding = std::variant<CardCopy, CardSigned, CardMutual, CardMedium>;

// Why nothing came of it. None is an error of the gate.
enum class CardFault : std::uint8_t {
    NotThis = 1,  // another kind of card: the next dialogue may find something
    Empty,        // the right kind, with no ticket on it
    Malformed,    // it breaks the rules of its kind
    WrongKey,     // it does not know the key, or believes that we do not
    RandomId,     // its number is another one at each visit
    Delay,        // it wants to be left alone for a while (DESFire 91AD)
    Unsupported,  // more than this gate reads
    Locked,       // its holder must unlock it, or choose a ticket, first
};

using CardStep = std::variant<CardSend, CardFinding, CardFault>;

// One dialogue with one card, for one visit. Reentrant between objects; never blocks. It ends with
// the first finding or fault, after which neither function may be called. A card that is torn away
// just ends it: whoever holds the dialogue drops it.
class CardDialogue {
public:
    virtual ~CardDialogue() = default;
    [[nodiscard]] virtual CardStep begin() = 0;
    // The whole answer with its two status bytes; any bytes at all may come.
    [[nodiscard]] virtual CardStep take(Bytes answer) = 0;
};

}  // namespace stile::crypto
