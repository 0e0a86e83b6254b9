// SPDX-License-Identifier: Apache-2.0
// Texts of the organiser, and rules in words.
#include "daemon/admission/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "crypto/base/bytes.hpp"
#include "daemon/core/checks.hpp"
#include "daemon/core/rules/explain.hpp"

namespace stile {
namespace {

constexpr std::size_t kMostWords = 200;  // bytes: more cannot be read in passing

std::string rule_words(const Case& scan) {
    if (scan.door.rule == nullptr) return {};
    return scan.ask({}, {}, [&](const Query& q) {
        return rules::explain(*scan.door.rule, checks::rule_facts(q));
    });
}

}  // namespace

std::string advice_for(const Case& scan, const Decision& decision) {
    if (!scan.has_claimant()) return {};
    std::string words;
    if (decision.verdict == Verdict::Admit)
        words = fmt::format("{}", fmt::join(checkin_texts(scan), "; "));
    if (decision.reason == Reason::Rules) words = rule_words(scan);
    return std::string{utf8_head(words, kMostWords)};
}

}  // namespace stile
