// SPDX-License-Identifier: Apache-2.0
// Fuzzes the dialogue with Ultralight AES: a genuine chip, which now and then says what the input
// says instead.
#include "crypto/cards/mf0aes.hpp"
#include "tests/crypto/ultralight_card.hpp"
#include "tests/fuzz/card_answers.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stile;
    static const crypto::Mf0aesKeys sets[1] = {{.id = 1}};
    using Reader = tests::UltralightCard::Reader;
    tests::UltralightCard card;
    card.set_id(1);
    card.macs = size % 2 == 0;
    card.reader = size % 3 == 0 ? Reader::Pn532 : Reader::Direct;
    const auto dialogue = crypto::make_mf0aes(sets, {});
    tests::play_answers(*dialogue, {data, size}, 9,
                        [&](const Buffer& command) { return card.answer(command); });
    return 0;
}
