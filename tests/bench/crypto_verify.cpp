// SPDX-License-Identifier: Apache-2.0
// What proving a ticket costs beside the bare signature checks of the same bytes.
#include <benchmark/benchmark.h>
#include <sodium.h>

#include "crypto/formats/gw1.hpp"
#include "crypto/formats/pretix_sig1.hpp"
#include "tests/bench/p256_holder.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/crypto/pretix.hpp"

namespace {

using stile::as_bytes;
using stile::Buffer;
using stile::Bytes;
namespace bench = stile::bench;
namespace crypto = stile::crypto;
namespace tests = stile::tests;

[[nodiscard]] bool bare_ed25519(crypto::SignatureView signature, Bytes message,
                                const crypto::PublicKey& key) {
    return crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                       key.data()) == 0;
}

int verify_static(const crypto::SigningKey& issuer, const crypto::KeyRing& ring) {
    const Buffer bytes = tests::test_ticket(tests::test_fields(), issuer);
    const std::string text = crypto::gt1_text(bytes);
    const auto parsed = crypto::SignedGt1::from_bytes(bytes);
    const crypto::Verifier verifier{ring};
    if (!parsed || !verifier.prove(as_bytes(text))) return 1;
    const auto bare = [&] {
        benchmark::DoNotOptimize(bare_ed25519(parsed->issuer_signature(), parsed->signed_message(),
                                              issuer.public_key()));
    };
    bench::ratio(
        "verify a parsed GT1 / bare Ed25519 verify",
        [&] { benchmark::DoNotOptimize(crypto::verify_gt1_scan(*parsed, ring)); }, bare);
    bench::ratio(
        "parse and verify a GT1 text / bare Ed25519 verify",
        [&] { benchmark::DoNotOptimize(verifier.prove(as_bytes(text))); }, bare);
    return 0;
}

int verify_p256_proof(const crypto::SigningKey& issuer, const crypto::KeyRing& ring) {
    const bench::P256Holder holder;
    crypto::Gt1Fields fields = tests::test_fields();
    fields.holder = holder.key();
    fields.proof_mandatory = true;
    Buffer bytes = tests::test_ticket(fields, issuer);
    Buffer message{as_bytes("GT1-proof").begin(), as_bytes("GT1-proof").end()};
    stile::ByteWriter signed_part{message};
    signed_part.number(std::uint8_t{0});
    signed_part.raw(crypto::sha256({bytes}));
    signed_part.number(std::uint8_t{0x10});
    signed_part.number(std::uint32_t{1'760'000'000});
    const Buffer der = holder.sign(message);
    stile::ByteWriter proof{bytes};
    proof.number(std::uint8_t{0x10});
    proof.number(std::uint32_t{1'760'000'000});
    proof.raw(bench::raw_signature(der));

    const std::string text = crypto::gt1_text(bytes);
    const auto parsed = crypto::SignedGt1::from_bytes(bytes);
    const crypto::Verifier verifier{ring};
    if (!parsed || !verifier.prove(as_bytes(text))) return 1;
    if (!bench::bare_p256(*fields.holder, message, der)) return 1;
    bench::ratio(
        "GT1 text with P-256 proof / bare Ed25519 + bare P-256",
        [&] { benchmark::DoNotOptimize(verifier.prove(as_bytes(text))); },
        [&] {
            benchmark::DoNotOptimize(bare_ed25519(parsed->issuer_signature(),
                                                  parsed->signed_message(), issuer.public_key()));
            benchmark::DoNotOptimize(bench::bare_p256(*fields.holder, message, der));
        });
    return 0;
}

int verify_pretix(const crypto::SigningKey& issuer) {
    const crypto::KeyRing ring = tests::ring_of(tests::pretix_record(issuer));
    const std::string text = tests::pretix_text(tests::kPretixPayload, issuer);
    const auto parsed = crypto::SignedPretix::from_text(as_bytes(text));
    const crypto::Verifier verifier{ring};
    if (!parsed || !verifier.prove(as_bytes(text))) return 1;
    bench::ratio(
        "parse and verify a pretix_sig1 text / bare Ed25519 verify",
        [&] { benchmark::DoNotOptimize(verifier.prove(as_bytes(text))); },
        [&] {
            benchmark::DoNotOptimize(
                bare_ed25519(parsed->signature(), parsed->payload(), issuer.public_key()));
        });
    return 0;
}

int verify_wallet(const crypto::SigningKey& issuer) {
    crypto::KeyRecord record = tests::test_record(issuer);
    record.totp_master = tests::kTotpMaster;
    const crypto::KeyRing ring = tests::ring_of(record);
    const std::string text = tests::wallet_text(tests::test_fields(), issuer, 1'760'000'000);
    const auto parsed = crypto::SignedGw1::from_text(as_bytes(text));
    const crypto::Verifier verifier{ring};
    if (!parsed || !verifier.prove(as_bytes(text))) return 1;
    bench::ratio(
        "parse and verify a GW1 text / bare Ed25519 verify",
        [&] { benchmark::DoNotOptimize(verifier.prove(as_bytes(text))); },
        [&] {
            benchmark::DoNotOptimize(bare_ed25519(parsed->core.issuer_signature(),
                                                  parsed->core.signed_message(),
                                                  issuer.public_key()));
        });
    return 0;
}

}  // namespace

int main() {
    if (sodium_init() < 0) return 1;
    const crypto::SigningKey issuer = tests::test_key(1);
    const crypto::KeyRing ring = tests::ring_of(tests::test_record(issuer));
    const bool failed = verify_static(issuer, ring) != 0 || verify_p256_proof(issuer, ring) != 0 ||
                        verify_pretix(issuer) != 0 || verify_wallet(issuer) != 0;
    return failed ? 1 : 0;
}
