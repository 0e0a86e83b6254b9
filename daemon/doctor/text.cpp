// SPDX-License-Identifier: Apache-2.0
// A heading for each group, a line for each finding, the way out below it.
#include "daemon/doctor/text.hpp"

#include <fmt/format.h>

namespace stile::doctor {
namespace {

std::string_view group_of(const Finding& finding) {
    const std::string_view check = finding.check;
    return check.substr(0, check.find('.'));
}

// A sign and a word, so that nobody needs the colour.
std::string_view mark_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::Good:
            return "+ good";
        case Verdict::Look:
            return "? look";
        case Verdict::Bad:
            return "! bad ";
    }
    return "! bad ";
}

std::string_view colour_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::Good:
            return "\033[32m";
        case Verdict::Look:
            return "\033[33m";
        case Verdict::Bad:
            return "\033[31m";
    }
    return "";
}

std::string line_of(const Finding& finding, Colour colour) {
    const bool on = colour == Colour::On;
    std::string line = fmt::format("  {}{}{}  {}\n", on ? colour_of(finding.verdict) : "",
                                   mark_of(finding.verdict), on ? "\033[0m" : "", finding.says);
    if (!finding.fix.empty()) line += fmt::format("          -> {}\n", finding.fix);
    return line;
}

}  // namespace

std::string findings_text(const Findings& findings, Colour colour) {
    std::string page;
    std::string_view group;
    for (const Finding& finding : findings) {
        if (group_of(finding) != group) {
            if (!group.empty()) page += '\n';
            group = group_of(finding);
            page += fmt::format("{}\n", group);
        }
        page += line_of(finding, colour);
    }
    return page;
}

std::string summary(const Findings& findings) {
    const auto bads = count(findings, Verdict::Bad);
    const auto looks = count(findings, Verdict::Look);
    const auto goods = count(findings, Verdict::Good);
    if (bads > 0)
        return fmt::format("{} bad: mend {} before guests come ({} to look at, {} good).", bads,
                           bads == 1 ? "it" : "them", looks, goods);
    if (looks > 0)
        return fmt::format("Nothing is bad; look at {} ({} good).",
                           looks == 1 ? "one thing" : fmt::format("{} things", looks), goods);
    return fmt::format("All {} are good.", goods);
}

}  // namespace stile::doctor
