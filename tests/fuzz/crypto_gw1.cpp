// SPDX-License-Identifier: Apache-2.0
// Fuzzes wallet codes, with the key and the secret that made the seeds: whatever is accepted is
// spelled in the one way that its parts allow.
#include <cstdlib>
#include <string>

#include "crypto/formats/gw1.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/fuzz/target.hpp"

namespace {

namespace crypto = stile::crypto;
namespace tests = stile::tests;

crypto::KeyRing make_ring() {
    crypto::KeyRecord record = tests::test_record(tests::test_key(1));
    record.totp_master = tests::kTotpMaster;
    return tests::ring_of(record);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const crypto::KeyRing ring = make_ring();
    const stile::Bytes input{data, size};
    if (const auto parsed = crypto::SignedGw1::from_text(input)) {
        const std::string again = "GW1:" + std::to_string(parsed->time) + ":" +
                                  std::string{stile::as_text(parsed->code)} + ":" +
                                  crypto::gt1_text(parsed->core.core()).substr(4);
        if (again != stile::as_text(input)) std::abort();
    }
    const auto proof = crypto::prove_gw1(input, ring);
    if (proof && (proof->event != tests::kEvent || !proof->proof_time)) std::abort();
    return 0;
}
