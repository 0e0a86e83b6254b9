// SPDX-License-Identifier: Apache-2.0
// The shared GT1 cases to the end: verified, and decided with the gate's clock and memory.
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "crypto/verifier.hpp"
#include "daemon/core/decide.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile {
namespace {

// DESIGN section 3; every other "reject" is INVALID.
Reason expected(const std::string& expect) {
    static const std::map<std::string, Reason> table{
        {"accept", Reason::Valid},
        {"accept within future window 30 s", Reason::Valid},
        {"reject: proof required", Reason::Assurance},
        {"reject: stale proof", Reason::Replayed},
        {"second: reject replay", Reason::Replayed},
        {"reject: proof from the future", Reason::Clock},
        {"reject: too early", Reason::InvalidTime},
        {"reject: expired", Reason::InvalidTime},
        {"reject: superseded", Reason::Superseded},
    };
    const auto found = table.find(expect);
    return found == table.end() ? Reason::Invalid : found->second;
}

// What the gate remembers of this ticket.
Facts memory(const std::string& state) {
    Facts facts;
    if (state == "highest_reissue=1") {
        facts.entry.highest_reissue = 1;
    } else if (state == "last_proof_time(serial)=1760000000") {
        facts.entry.last_proof = tests::at(1'760'000'000);
    } else {
        EXPECT_EQ(state, "");
    }
    return facts;
}

TEST(DecideVectors, EveryGt1CaseHasItsReason) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    crypto::KeyRecord record;
    record.public_key = tests::hex_array<32>(vectors["keys"]["issuer_public"]);
    record.issuer = "demo-issuer";
    record.events = {10597059};
    const crypto::KeyRing ring = tests::ring_of(record);
    EXPECT_EQ(vectors["vectors"].size(), 31U);
    for (const auto& entry : vectors["vectors"]) {
        const auto proof = crypto::Verifier{ring}.prove(as_bytes(entry["qr"].get<std::string>()));
        const auto now = tests::at(entry["gate_time"].get<std::int64_t>());
        const Decision decision = proof ? decide(*proof, memory(entry.value("state", "")), {},
                                                 {now, now}, Direction::Entry)
                                        : decide(proof.error());
        EXPECT_EQ(decision.reason, expected(entry["expect"])) << entry["name"];
        EXPECT_EQ(decision.verdict == Verdict::Admit, decision.reason == Reason::Valid);
    }
}

}  // namespace
}  // namespace stile
