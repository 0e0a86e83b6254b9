// SPDX-License-Identifier: Apache-2.0
// What proving a GT1 ticket costs beside the bare signature check of the same bytes.
#include <benchmark/benchmark.h>
#include <sodium.h>

#include "tests/bench/ratio.hpp"
#include "tests/crypto/issuer.hpp"

using stile::as_bytes;
using stile::Buffer;
using stile::Bytes;
namespace bench = stile::bench;
namespace crypto = stile::crypto;
namespace tests = stile::tests;

int main() {
    if (sodium_init() < 0) return 1;
    const crypto::SigningKey issuer = tests::test_key(1);
    const crypto::KeyRing ring = tests::ring_of(tests::test_record(issuer));
    const Buffer bytes = tests::test_ticket(tests::test_fields(), issuer);
    const std::string text = crypto::gt1_text(bytes);
    const auto parsed = crypto::SignedGt1::from_bytes(bytes);
    const crypto::Verifier verifier{ring};
    if (!parsed || !verifier.prove(as_bytes(text))) return 1;

    const Bytes message = parsed->signed_message();
    const auto bare = [&] {
        benchmark::DoNotOptimize(crypto_sign_verify_detached(parsed->issuer_signature().data(),
                                                             message.data(), message.size(),
                                                             issuer.public_key().data()));
    };
    bench::ratio(
        "verify a parsed GT1 / bare Ed25519 verify",
        [&] { benchmark::DoNotOptimize(crypto::verify_gt1_scan(*parsed, ring)); }, bare);
    bench::ratio(
        "parse and verify a GT1 text / bare Ed25519 verify",
        [&] { benchmark::DoNotOptimize(verifier.prove(as_bytes(text))); }, bare);
    return 0;
}
