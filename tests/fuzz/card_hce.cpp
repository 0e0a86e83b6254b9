// SPDX-License-Identifier: Apache-2.0
// Fuzzes the dialogue with phones: any answers end it within two commands.
#include "crypto/cards/hce.hpp"
#include "tests/fuzz/card_answers.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto dialogue = stile::crypto::make_hce({.gate = 7});
    stile::tests::play_answers(*dialogue, {data, size}, 2, stile::tests::silent);
    return 0;
}
