// SPDX-License-Identifier: Apache-2.0
// Fuzzes the policy document: one that is accepted can be asked about every product, lane and area,
// lets everybody out, and can be shown.
#include <cstdlib>
#include <string>

#include "daemon/core/policy/check.hpp"
#include "daemon/policy/policy_text.hpp"
#include "tests/fuzz/target.hpp"

namespace {

using namespace stile;  // NOLINT(google-build-using-namespace)

void ask(const AccessPolicy& policy, PolicyFacts facts) {
    facts.direction = Direction::Entry;
    const Ruling entry = check(policy, facts);
    if (entry.refusal && entry.refusal->words.view().empty()) std::abort();
    facts.direction = Direction::Exit;
    if (check(policy, facts).refusal) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const PolicyReading reading = read_policy({data, data + size}, {});
    (void)policy_json(reading, "fuzz");
    if (!reading.mistakes.empty()) return 0;
    (void)policy_summary(reading.policy);
    for (const ProductTerms& product : reading.policy.products) {
        for (const Way& way : reading.policy.ways) {
            const std::uint64_t id = product.ids.empty() ? 0 : product.ids.front();
            ask(reading.policy, {.lane = way.lane, .product = id, .holder = {.area = way.to}});
        }
    }
    return 0;
}
