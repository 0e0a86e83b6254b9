// SPDX-License-Identifier: Apache-2.0
// Fuzzes pretix_sig1 as text, as the bytes of a text, and its message alone: whatever is accepted
// is the one spelling of its bytes.
#include <cstdlib>

#include "crypto/formats/pretix_sig1.hpp"
#include "tests/crypto/pretix.hpp"
#include "tests/fuzz/target.hpp"

namespace {

namespace crypto = stile::crypto;
namespace tests = stile::tests;
using stile::Bytes;

void show(std::string_view text) {
    static const crypto::KeyRing ring = tests::ring_of(tests::pretix_record(tests::test_key(1)));
    const Bytes scan = stile::as_bytes(text);
    const auto parsed = crypto::SignedPretix::from_text(scan);
    if (parsed) {
        stile::Buffer raw = tests::pretix_bytes(parsed->payload(), tests::test_key(1));
        std::ranges::copy(parsed->signature(), raw.end() - 64);
        if (tests::turned(raw) != text || parsed->message().item == 0) std::abort();
    }
    const auto proof = crypto::prove_pretix(scan, ring);
    if (proof && (!parsed || proof->event != tests::kEvent)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes input{data, size};
    show(stile::as_text(input));
    show(tests::turned(input));
    const auto message = crypto::parse_pretix_message(input);
    if (message && (message->item == 0 || message->item >> 63U != 0)) std::abort();
    return 0;
}
