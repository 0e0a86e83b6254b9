// SPDX-License-Identifier: Apache-2.0
// Fuzzes GT1 as scanned text and as bytes, with a key that signed the seeds: whatever is accepted
// is the one spelling of what was parsed.
#include <cstdlib>

#include "tests/crypto/issuer.hpp"
#include "tests/fuzz/target.hpp"

namespace {

using stile::as_text;
using stile::Bytes;
namespace crypto = stile::crypto;
namespace tests = stile::tests;

void parse(Bytes bytes) {
    const auto ticket = crypto::SignedGt1::from_bytes(bytes);
    if (!ticket) return;
    const bool prefix = as_text(bytes).starts_with(as_text(ticket->core()));
    if (!prefix || ticket->fields().admissions == 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const crypto::KeyRing ring = tests::ring_of(tests::test_record(tests::test_key(1)));
    const crypto::Verifier verifier{ring};
    const Bytes input{data, size};
    parse(input);
    (void)verifier.prove(stile::as_bytes(crypto::gt1_text(input)));
    if (const auto proof = verifier.prove(input)) {
        if (proof->ticket().event != tests::kEvent) std::abort();
    }
    return 0;
}
