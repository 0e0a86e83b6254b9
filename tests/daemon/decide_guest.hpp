// SPDX-License-Identifier: Apache-2.0
// A guest with a paid position at a list, for tests to change.
#pragma once

#include <vector>

#include "daemon/core/decide.hpp"
#include "daemon/core/rules/program.hpp"

namespace stile::test {

inline constexpr WallTime kNoon{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1} +
                                std::chrono::hours{12}};

// Of a list that has none.
inline const rules::Program& no_rule() {
    static const rules::Program empty;
    return empty;
}

struct Guest {
    Event event{.number = 7, .slug = "demo"};
    AccessList list{.key = {7, 3}, .all_products = true};
    Product product{.id = 1, .name = "Regular"};
    KnownPosition position{
        .id = 100, .event = 7, .product = 1, .secret = "secret", .status = OrderStatus::Paid};
    std::vector<Visit> visits;
    ListFacts at;
    RevocationFacts revocation;
    ClockBounds now{kNoon, kNoon};
    const KnownMedium* medium = nullptr;
    const rules::Program* rule = &no_rule();

    Reason reason(Direction direction = Direction::Entry) {
        at.event = &event;
        at.list = &list;
        at.product = &product;
        at.visits = visits;
        at.rule = rule;
        at.time = now.lower;
        return asked(direction);
    }
    // With `at` as the test has made it.
    [[nodiscard]] Reason asked(Direction direction = Direction::Entry) const {
        const Facts facts{.revocation = revocation, .at = &at};
        return decide(PositionClaim{&position, medium}, facts, {}, now, direction).reason;
    }
    Reason exit() { return reason(Direction::Exit); }

    void visit(Direction direction, std::chrono::minutes before) {
        visits.push_back(
            {kNoon - before, visits.size() + 1, direction, Visit::Standing::Passed, 1});
    }
};

}  // namespace stile::test
