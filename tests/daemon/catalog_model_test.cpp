// SPDX-License-Identifier: Apache-2.0
// Random lists against a model of sets: the catalog says exactly what the model says.
#include <map>
#include <random>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "tests/daemon/catalog_fixture.hpp"

namespace stile::test {
namespace {

using Name = std::tuple<std::string, std::uint32_t, std::uint64_t>;

// What a list means, in the plainest form.
struct Model {
    std::set<Name> whole;
    std::map<Name, int> lowest;
    std::set<std::string> secrets;
};

class RandomList {
public:
    explicit RandomList(unsigned seed) : random_{seed} {}

    std::uint64_t below(std::uint64_t end) { return random_() % end; }

    Name name() {
        static const std::vector<std::string> issuers{"acme", "far", "a-1"};
        static const std::vector<std::uint64_t> bases{0, 31'990, 999'990, kLastDenseSerial - 5,
                                                      ~std::uint64_t{0} - 40};
        return {issuers[below(issuers.size())], static_cast<std::uint32_t>(6 + below(3)),
                bases[below(bases.size())] + below(40)};
    }

    std::string line(Model& model) {
        const char comma = below(2) == 0 ? ' ' : ',';
        if (below(10) == 0) {
            const std::string text = fmt::format("code{}", below(50));
            model.secrets.insert(text);
            return fmt::format("secret{0}7{0}{1}", comma, text);
        }
        const Name at = name();
        const auto& [issuer, event, serial] = at;
        std::string whole = fmt::format("{1}{0}{2}{0}{3}", comma, issuer, event, serial);
        if (below(2) == 0) {
            model.whole.insert(at);
            return whole;
        }
        const int counter = static_cast<int>(1 + below(255));
        model.lowest[at] = std::max(model.lowest[at], counter);
        return fmt::format("{}{}<{}", whole, comma, counter);
    }

    std::vector<DenseRange> ranges() {
        std::vector<DenseRange> out;
        for (std::uint64_t count = below(4); count > 0; --count) {
            const auto [issuer, event, serial] = name();
            out.push_back({crypto::issuer_id(issuer), event, serial,
                           std::max(serial, serial + below(100'000))});
        }
        return normal_ranges(out);
    }

private:
    std::mt19937_64 random_;
};

void compare(Catalog& catalog, const Model& model, RandomList& random) {
    for (int i = 0; i < 3'000; ++i) {
        const Name at = random.name();
        const auto& [issuer, event, serial] = at;
        const auto lowest = model.lowest.find(at);
        const RevocationStatus expected{.revoked = model.whole.contains(at),
                                        .lowest_valid_reissue = static_cast<std::uint8_t>(
                                            lowest == model.lowest.end() ? 0 : lowest->second)};
        ASSERT_EQ(catalog.status(ticket(issuer, event, serial)), expected)
            << issuer << ' ' << event << ' ' << serial;
    }
    for (int i = 0; i < 50; ++i) {
        const std::string text = fmt::format("code{}", i);
        ASSERT_EQ(catalog.revoked(secret(7, text)), model.secrets.contains(text)) << text;
    }
}

TEST(CatalogModel, SaysWhatASetWouldSayAfterEachOfManyImports) {
    Catalog catalog;
    for (unsigned seed = 0; seed < 12; ++seed) {
        RandomList random{seed};
        Model model;
        std::string text;
        for (std::uint64_t lines = random.below(3'000); lines > 0; --lines)
            text += random.line(model) + (random.below(3) == 0 ? "\r\n" : "\n");
        const auto list = catalog.import(text, random.ranges());
        ASSERT_TRUE(list) << error_text(list);
        EXPECT_EQ(list->bits + list->hashed, model.whole.size() + model.secrets.size());
        EXPECT_EQ(list->reissues, model.lowest.size());
        compare(catalog, model, random);
    }
}

}  // namespace
}  // namespace stile::test
