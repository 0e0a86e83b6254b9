// SPDX-License-Identifier: Apache-2.0
// Text to tables to policy.
#include "daemon/policy/policy_document.hpp"

#include <algorithm>
#include <utility>

#include "daemon/policy/draft.hpp"

namespace stile {
namespace {

using config::Mistake;

// A key that does not fit is told once, not again for what follows from it.
void add_other_lines(std::vector<Mistake>& mistakes, std::vector<Mistake> further) {
    const auto known = mistakes;
    for (Mistake& mistake : further) {
        if (std::ranges::find(known, mistake.line, &Mistake::line) == known.end())
            mistakes.push_back(std::move(mistake));
    }
    sort_by_line(mistakes);
}

PolicyReading read_from(const policy::Tables& tables, const PolicyPlace& place,
                        std::vector<Mistake> mistakes) {
    policy::Draft draft{.tables = tables, .place = place};
    put_head(draft);
    put_classes(draft);
    put_areas(draft);
    put_slots(draft);
    put_products(draft);
    put_lists(draft);
    put_lanes(draft);
    add_other_lines(mistakes, std::move(draft.mistakes));
    if (mistakes.empty()) warn(draft);
    sort_by_line(draft.warnings);
    return {std::move(draft.policy), std::move(mistakes), std::move(draft.warnings)};
}

}  // namespace

PolicyReading read_policy(const std::string& text, const PolicyPlace& place) {
    const auto document = config::Document::parse({}, text);
    if (!document) return {.mistakes = {document.error()}};
    policy::Tables tables;
    auto mistakes = policy::read_tables(*document, tables);
    return read_from(tables, place, std::move(mistakes));
}

Result<AccessPolicy> load_policy(const std::filesystem::path& file, const PolicyPlace& place) {
    const auto text = config::read_text(file);
    if (!text) return std::unexpected{text.error()};
    PolicyReading reading = read_policy(*text, place);
    if (reading.mistakes.empty()) return std::move(reading.policy);
    return fail(Errc::Config, config::text_of(reading.mistakes.front(), file.native()));
}

}  // namespace stile
