// SPDX-License-Identifier: Apache-2.0
// Fuzzes NDEF messages and Type 2 data areas: what is found lies inside, and a text is a text.
#include <cstdlib>

#include "crypto/cards/ndef.hpp"
#include "crypto/cards/type2.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stile;
    const Bytes bytes{data, size};
    if (const auto ticket = crypto::ticket_in(bytes);
        ticket && (ticket->empty() || ticket->size() > 600 || !is_utf8(*ticket)))
        std::abort();
    const auto whole = crypto::message_in_area(bytes, size);
    if (whole && !*whole) std::abort();  // there is no more to wait for
    if (whole && (*whole)->size() >= size) std::abort();
    (void)crypto::message_in_area(bytes, size + 100);
    (void)crypto::message_in_area(bytes.first(size / 2), size);
    return 0;
}
