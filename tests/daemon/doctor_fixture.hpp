// SPDX-License-Identifier: Apache-2.0
// A small site, and what every finding of the doctor has to look like.
#pragma once

#include <algorithm>

#include <gtest/gtest.h>

#include "daemon/doctor/checks.hpp"

namespace stile::doctor {
using enum Verdict;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

inline const WallTime kNow = std::chrono::sys_days{std::chrono::year{2026} / 6 / 1};

inline config::Site a_site() {
    config::Site site;
    site.site = {"arena", "north", 0, "UTC"};
    site.lanes.push_back({.name = "lane-1"});
    site.readers.push_back({.name = "cam-1", .lane = "lane-1"});
    return site;
}

inline crypto::KeyRecord a_key() {
    return {.issuer = "box-office",
            .events = {7},
            .not_before = std::chrono::floor<std::chrono::seconds>(kNow - days{10}),
            .not_after = std::chrono::floor<std::chrono::seconds>(kNow + days{100})};
}

// Whether each that is not good names a way out, and all are of the documented names.
inline void expect_form(const Findings& findings) {
    EXPECT_FALSE(findings.empty());
    for (const Finding& finding : findings) {
        EXPECT_NE(std::ranges::find(kChecks, finding.check), std::end(kChecks)) << finding.check;
        EXPECT_TRUE(finding.says.ends_with('.') || finding.says.ends_with(')')) << finding.says;
        EXPECT_EQ(finding.verdict == Good, finding.fix.empty()) << finding.says;
    }
}

inline Verdict verdict(const Findings& findings) {
    expect_form(findings);
    return worst_of(findings);
}
inline Verdict verdict(const Finding& finding) {
    return verdict(Findings{finding});
}
// Of the finding of that name.
inline Verdict verdict(const Findings& findings, std::string_view check) {
    expect_form(findings);
    const auto found = std::ranges::find(findings, check, &Finding::check);
    EXPECT_NE(found, findings.end()) << check;
    return found == findings.end() ? Bad : found->verdict;
}

}  // namespace stile::doctor
