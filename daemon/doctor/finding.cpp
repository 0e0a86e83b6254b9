// SPDX-License-Identifier: Apache-2.0
// Findings are made and compared.
#include "daemon/doctor/finding.hpp"

#include <algorithm>
#include <iterator>

namespace stile::doctor {

Finding good(std::string_view check, std::string says) {
    return {std::string{check}, "", Verdict::Good, std::move(says), ""};
}

Finding look(std::string_view check, std::string says, std::string fix) {
    return {std::string{check}, "", Verdict::Look, std::move(says), std::move(fix)};
}

Finding bad(std::string_view check, std::string says, std::string fix) {
    return {std::string{check}, "", Verdict::Bad, std::move(says), std::move(fix)};
}

Finding about(std::string_view of, Finding finding) {
    finding.of = of;
    return finding;
}

Finding hidden(std::string_view check, std::string_view what) {
    return look(check, "Not examined: this user may not look at " + std::string{what} + ".",
                "sudo stilectl doctor");
}

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::Good:
            return "good";
        case Verdict::Look:
            return "look";
        case Verdict::Bad:
            return "bad";
    }
    return "bad";
}

Verdict worst_of(const Findings& findings) {
    Verdict worst = Verdict::Good;
    for (const Finding& finding : findings)
        worst = std::max(worst, finding.verdict);
    return worst;
}

std::size_t count(const Findings& findings, Verdict verdict) {
    return static_cast<std::size_t>(std::ranges::count(findings, verdict, &Finding::verdict));
}

void append(Findings& all, Findings more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
}

}  // namespace stile::doctor
