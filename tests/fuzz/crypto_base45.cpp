// SPDX-License-Identifier: Apache-2.0
// Fuzzes base45: what decodes is the one spelling of its bytes, and all bytes come back.
#include <cstdlib>

#include "crypto/base45.hpp"
#include "tests/fuzz/target.hpp"

using stile::Buffer;
using stile::Bytes;
namespace crypto = stile::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes input{data, size};
    Buffer room(size + 2);
    if (const auto decoded = crypto::base45_decode(input, room)) {
        if (crypto::base45_encode(Bytes{room}.first(*decoded)) != stile::as_text(input))
            std::abort();
    }
    const std::string text = crypto::base45_encode(input);
    const auto decoded = crypto::base45_decode(stile::as_bytes(text), room);
    if (!decoded || stile::as_text(Bytes{room}.first(*decoded)) != stile::as_text(input))
        std::abort();
    return 0;
}
