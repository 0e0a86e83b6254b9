// SPDX-License-Identifier: Apache-2.0
// Fuzzes rules: as a line of `stilectl rules`, and as the rule of a list at the gate, which says
// the same twice and explains every no.
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "crypto/base/bytes.hpp"
#include "daemon/core/rules/evaluate.hpp"
#include "daemon/core/rules/explain.hpp"
#include "daemon/rules/rule_text.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace rules = stile::rules;
    const std::string_view text = stile::as_text({data, size});
    const auto said = nlohmann::json::parse(rules::answer_rule_line(text), nullptr, false);
    if (!said.is_object() || said.contains("value") == said.contains("error")) std::abort();

    const auto program = rules::compile_rule(text);
    if (!program) return 0;
    const stile::Zone zone;
    const stile::WallTime now{std::chrono::seconds{1'577'872'800}};
    const stile::Visit visits[] = {{.time = now - std::chrono::hours{30}},
                                   {.time = now, .direction = stile::Direction::Exit}};
    const rules::Facts facts{.now = now,
                             .zone = &zone,
                             .times = {.from = now},
                             .product = 1,
                             .gate = 2,
                             .visits = visits};
    const auto verdict = rules::evaluate(*program, facts);
    const auto again = rules::evaluate(*program, facts);
    if (verdict.has_value() != again.has_value() || (verdict && *verdict != *again)) std::abort();
    const std::string why = rules::explain(*program, facts);
    if (why.empty() != verdict.value_or(false)) std::abort();
    if (why.size() > rules::kMaxExplanation || why.find('\n') != std::string::npos) std::abort();
    return 0;
}
