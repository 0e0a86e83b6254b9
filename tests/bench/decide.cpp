// SPDX-License-Identifier: Apache-2.0
// A ticket of synced orders, looked up, remembered and decided, beside a bare signature check.
// Takes the number of orders as an argument.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sodium.h>

#include "daemon/admission/finder.hpp"
#include "daemon/admission/recall.hpp"
#include "daemon/catalog/orders/update.hpp"
#include "daemon/ledger/ledger.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/daemon/decide_rule_text.hpp"
#include "tests/support/fakes.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::bench {
namespace {

constexpr WallTime kEvening{std::chrono::sys_days{std::chrono::year{2030} / 1 / 10} +
                            std::chrono::hours{6}};

std::string secret_of(std::uint64_t order, int position) {
    return fmt::format("{:016x}{:016x}", order * 0x9E37'79B9'7F4A'7C15U, order * 3 + position);
}

std::string order_json(std::uint64_t order) {
    std::string positions;
    const int count = order % 2 == 0 ? 2 : 3;  // 250,000 positions in 100,000 orders
    for (int i = 0; i < count; ++i) {
        positions += fmt::format(
            R"({}{{"id": {}, "item": 11, "secret": "{}", "attendee_name": "Guest {}"}})",
            i == 0 ? "" : ", ", order * 4 + static_cast<std::uint64_t>(i) + 1, secret_of(order, i),
            order);
    }
    return fmt::format(R"({{"code": "O{}", "status": "p", "positions": [{}]}})", order, positions);
}

void load(lmdb::Environment& catalog, std::uint64_t orders) {
    CatalogUpdate update{catalog, {}};
    const auto must = [](const Result<void>& done) {
        if (!done) std::abort();
    };
    must(update.open(Resource::Event, "fest"));
    must(update.add(R"({"slug": "fest", "timezone": "Pacific/Auckland",
        "date_from": "2030-01-10T05:00:00Z", "date_to": "2030-01-10T10:00:00Z",
        "date_admission": "2030-01-10T04:00:00Z"})"));
    must(update.open(Resource::Items, "fest"));
    must(update.add(R"({"id": 11, "name": "Day pass"})"));
    must(update.open(Resource::Lists, "fest"));
    must(update.add(fmt::format(R"({{"id": 1, "name": "All", "all_products": true, "rules": {}}})",
                                test::kTenConditions)));
    must(update.open(Resource::Orders, "fest"));
    for (std::uint64_t i = 0; i < orders; ++i)
        must(update.add(order_json(i)));
    if (!update.finish({})) std::abort();
}

struct Signature {
    unsigned char key[crypto_sign_PUBLICKEYBYTES]{};
    unsigned char bytes[crypto_sign_BYTES]{};
    unsigned char message[32]{};

    Signature() {
        unsigned char secret[crypto_sign_SECRETKEYBYTES];
        (void)crypto_sign_keypair(key, secret);
        (void)crypto_sign_detached(bytes, nullptr, message, sizeof message, secret);
    }
    void verify() const {
        benchmark::DoNotOptimize(crypto_sign_verify_detached(bytes, message, sizeof message, key));
    }
};

int run(std::uint64_t orders) {
    if (sodium_init() < 0) return 1;
    const test::TempDir dir;
    auto catalog = open_catalog(dir.path() / "catalog", std::size_t{8} << 30U);
    test::FakeClock clock{kEvening};
    auto ledger = Ledger::open({.folder = dir.path() / "ledger", .map_bytes = 1U << 30U}, clock);
    if (!catalog || !ledger) return 1;
    load(*catalog, orders);
    const crypto::KeyRing keys;
    const crypto::Verifier verifier{keys};
    Orders store{*catalog};
    Finder finder{{store, verifier, {}, load_access_book(*catalog).value(), 0}};
    const ListKey list{event_number("fest"), 1};
    auto batch = ledger->begin();
    if (!batch) return 1;
    Case scan;
    std::uint64_t next = 0;
    const auto ours = [&] {
        next = (next + 61'803'399) % orders;
        const std::string secret = secret_of(next, 0);
        finder.find({.text = secret, .source = "barcode", .lists = {&list, 1}, .time = kEvening},
                    scan);
        if (!recall(scan, *batch, {.device = 5, .lane = "a"})) std::abort();
        const Decision decision = decide(scan, {}, {kEvening, kEvening});
        if (decision.reason != Reason::Valid) std::abort();
    };
    const Signature signature;
    const double result =
        ratio(fmt::format("decision, {} orders, rule of ten / bare verify", orders), ours,
              [&signature] { signature.verify(); });
    return result <= 0.5 ? 0 : 1;
}

}  // namespace
}  // namespace stile::bench

int main(int argc, char** argv) {
    return stile::bench::run(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000);
}
