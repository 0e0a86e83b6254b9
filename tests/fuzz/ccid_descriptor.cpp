// SPDX-License-Identifier: Apache-2.0
// Fuzzes the class descriptor and the messages of card readers.
#include <algorithm>
#include <cstdlib>

#include "devices/ccid/contactless_atr.hpp"
#include "devices/ccid/descriptor.hpp"
#include "devices/ccid/frame.hpp"
#include "tests/fuzz/target.hpp"

using namespace stile;  // NOLINT(google-build-using-namespace)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes input{data, size};
    if (const auto read = devices::parse_ccid_descriptor(input)) {
        if (read->last_slot > 15 || read->longest_frame < 271) std::abort();
    }
    if (const auto answer = devices::decode_ccid_answer(input)) {
        if (answer->data.size() + devices::kCcidHeaderBytes != size) std::abort();
    }
    for (const unsigned slot : {0U, 3U, 4U, 15U, 255U})
        (void)devices::news_of(input, static_cast<std::uint8_t>(slot));
    if (devices::is_contactless(input) && size > devices::kLongestAtr) std::abort();
    return 0;
}
