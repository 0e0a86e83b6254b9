// SPDX-License-Identifier: Apache-2.0
// One person at one gate, for tests of rules.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/time_text.hpp"
#include "crypto/zone/zone.hpp"
#include "daemon/core/rules/evaluate.hpp"
#include "daemon/core/rules/explain.hpp"
#include "daemon/rules/rule_text.hpp"

namespace stile::test {

[[nodiscard]] inline WallTime moment(std::string_view text) {
    return parse_rfc3339(text).value();
}

struct Guest {
    Zone tokyo{crypto::zone_table("Asia/Tokyo").value()};
    std::vector<Visit> visits;
    rules::Facts facts;

    Guest() {
        facts.now = moment("2020-01-01T10:00:00Z");
        facts.zone = &tokyo;
        facts.times.from = moment("2020-01-01T10:00:00Z");
        facts.product = 1;
        facts.gate = 2;
    }
    Guest(const Guest&) = delete;
    Guest& operator=(const Guest&) = delete;

    void entry(std::string_view time) {
        visits.push_back({.time = moment(time), .order = visits.size()});
    }
    void exit(std::string_view time) {
        visits.push_back(
            {.time = moment(time), .order = visits.size(), .direction = Direction::Exit});
    }
    void now(std::string_view time) { facts.now = moment(time); }

    // "yes", "no", or why there is no answer.
    [[nodiscard]] std::string asks(std::string_view rule) {
        facts.visits = visits;
        const auto program = rules::compile_rule(rule);
        if (!program) return "bad rule: " + program.error().context;
        const auto verdict = rules::evaluate(*program, facts);
        if (!verdict) return rules::describe(verdict.error());
        return *verdict ? "yes" : "no";
    }
    [[nodiscard]] std::string why(std::string_view rule) {
        facts.visits = visits;
        return rules::explain(rules::compile_rule(rule).value(), facts);
    }
};

}  // namespace stile::test
