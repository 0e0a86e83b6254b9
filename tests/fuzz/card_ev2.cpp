// SPDX-License-Identifier: Apache-2.0
// Fuzzes the dialogue with EV2 cards: a genuine card whose file is the input, and which says what
// the front of the input says instead.
#include <algorithm>

#include "crypto/cards/ev2.hpp"
#include "tests/crypto/ev2_card.hpp"
#include "tests/fuzz/card_answers.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stile;
    using tests::operator+;
    static const crypto::Ev2Keys keys = [] {
        crypto::Ev2Keys made;
        made.application = tests::bytes_of("D2760000850101");
        made.context = Buffer(12, 3);
        return made;
    }();
    const Buffer uid(7, 4);
    tests::Ev2Card card;
    const Buffer input = Buffer(1, 0x01) + uid + keys.context;
    card.key = crypto::aes_cmac(keys.master.bytes().first<16>(), {input}).value();
    card.frame = size % 2 == 0 ? 256 : 59;
    card.mode = size % 3 == 0 ? tests::Ev2Card::Mode::Full : tests::Ev2Card::Mode::Mac;
    const Bytes rest = Bytes{data, size}.subspan(std::min<std::size_t>(size, 1));
    const Bytes words = rest.first(std::min<std::size_t>(rest.size(), size > 0 ? data[0] : 0));
    card.file.assign(rest.begin() + static_cast<std::ptrdiff_t>(words.size()), rest.end());
    card.file.resize(std::max<std::size_t>(card.file.size(), 128));
    const auto dialogue = crypto::make_ev2(keys, uid, {});
    tests::play_answers(*dialogue, words, 77,
                        [&](const Buffer& command) { return card.answer(command); });
    return 0;
}
