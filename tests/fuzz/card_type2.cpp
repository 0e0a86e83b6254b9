// SPDX-License-Identifier: Apache-2.0
// Fuzzes the dialogue with Type 2 tags: any answers end it within its bound.
#include "crypto/cards/type2.hpp"
#include "tests/fuzz/card_answers.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto dialogue = stile::crypto::make_type2();
    stile::tests::play_answers(*dialogue, {data, size}, 55, stile::tests::silent);
    return 0;
}
