// SPDX-License-Identifier: Apache-2.0
// Fuzzes what goes on NFC tags: an independent reader gets every ticket back, and survives
// anything.
#include <cstdlib>

#include "crypto/issue/ndef.hpp"
#include "tests/crypto/ndef_reader.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stile;
    const Bytes ticket = Bytes{data, size}.first(size < 1024 ? size : 1024);
    const auto message = tests::read_type2(crypto::type2_area(crypto::gt1_ndef(ticket)));
    if (!message) std::abort();
    const auto records = tests::read_ndef(*message);
    if (!records || records->size() != 1) std::abort();
    if (records->front().type != crypto::kNdefType) std::abort();
    if (records->front().payload != Buffer{ticket.begin(), ticket.end()}) std::abort();
    (void)tests::read_ndef({data, size});
    (void)tests::read_type2({data, size});
    return 0;
}
