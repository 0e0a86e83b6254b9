// SPDX-License-Identifier: Apache-2.0
// What a custom rule costs at the gate, beside the bare signature check that the same scan needs.
#include <benchmark/benchmark.h>
#include <sodium.h>

#include "tests/bench/ratio.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/daemon/rules_fixture.hpp"

namespace {

namespace bench = stile::bench;
namespace rules = stile::rules;

// All ten are met, so all ten are looked at.
constexpr std::string_view kTenConditions = R"({"and":[
  {"inList":[{"var":"product"},{"objectList":[{"lookup":["product","1","Day"]},
      {"lookup":["product","2","VIP"]}]}]},
  {"inList":[{"var":"gate"},{"objectList":[{"lookup":["gate","1","North"]},
      {"lookup":["gate","2","South"]}]}]},
  {"isAfter":[{"var":"now"},{"buildTime":["date_admission"]},10]},
  {"isBefore":[{"var":"now"},{"buildTime":["date_to"]},30]},
  {"isAfter":[{"var":"now"},{"buildTime":["customtime","14:00"]}]},
  {"<":[{"var":"entries_today"},20]},
  {"<=":[{"var":"entries_days"},20]},
  {">=":[{"var":"now_isoweekday"},1]},
  {"<":[{"entries_since":[{"buildTime":["custom","2020-01-01T08:00:00.000+09:00"]}]},20]},
  {"or":[{"==":[{"var":"entry_status"},"present"]},{">":[{"var":"minutes_since_last_entry"},
      5]}]}]})";

constexpr std::string_view kLater =
    R"({"and":[{"inList":[{"var":"product"},{"objectList":[{"lookup":["product","1","Day"]}]}]},
  {"or":[{"isAfter":[{"var":"now"},{"buildTime":["customtime","23:00"]}]},
      {">":[{"var":"entries_number"},99]}]}]})";

}  // namespace

int main() {
    if (sodium_init() < 0) return 1;
    stile::test::Guest guest;
    guest.facts.times.to = stile::test::moment("2020-01-01T18:00:00Z");
    for (int day = 1; day < 10; ++day) {
        guest.entry("2019-12-0" + std::to_string(day) + "T10:00:00Z");
        guest.exit("2019-12-0" + std::to_string(day) + "T12:00:00Z");
    }
    guest.facts.visits = guest.visits;
    const auto ten = rules::compile_rule(kTenConditions);
    const auto later = rules::compile_rule(kLater);
    if (!ten || !later) return 1;
    if (!rules::evaluate(*ten, guest.facts).value_or(false)) return 1;
    if (rules::explain(*later, guest.facts).empty()) return 1;

    const stile::crypto::SigningKey issuer = stile::tests::test_key(1);
    const stile::Buffer message(96, 7);
    const auto signature = issuer.sign(message);
    const auto bare = [&] {
        benchmark::DoNotOptimize(crypto_sign_verify_detached(
            signature.data(), message.data(), message.size(), issuer.public_key().data()));
    };
    const double ratio = bench::ratio(
        "rule of ten conditions, 18 visits / bare Ed25519 verify",
        [&] { benchmark::DoNotOptimize(rules::evaluate(*ten, guest.facts)); }, bare);
    bench::ratio(
        "explaining a refusal / bare Ed25519 verify",
        [&] { benchmark::DoNotOptimize(rules::explain(*later, guest.facts)); }, bare);
    bench::ratio(
        "compiling the rule of ten conditions / bare Ed25519 verify",
        [&] { benchmark::DoNotOptimize(rules::compile_rule(kTenConditions)); }, bare);
    return ratio < 0.2 ? 0 : 1;
}
