// SPDX-License-Identifier: Apache-2.0
// What an examination finds: one verdict, one sentence, and a way out where it is not good.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stile::doctor {

enum class Verdict : std::uint8_t {
    Good,
    Look,  // somebody should look at it; guests are let in
    Bad    // guests, money or records are in danger until somebody did something
};

struct Finding {
    std::string check;  // its name in DOCTOR.md: "disk.speed"
    std::string of;     // the lane, reader, unit or broker that it is about; empty: the gate
    Verdict verdict = Verdict::Good;
    std::string says;
    std::string fix;  // what to type or to do; empty: nothing
    friend bool operator==(const Finding&, const Finding&) = default;
};

using Findings = std::vector<Finding>;

[[nodiscard]] Finding good(std::string_view check, std::string says);
[[nodiscard]] Finding look(std::string_view check, std::string says, std::string fix);
[[nodiscard]] Finding bad(std::string_view check, std::string says, std::string fix);
// The same finding, about one of several.
[[nodiscard]] Finding about(std::string_view of, Finding finding);
// What this person may not look at.
[[nodiscard]] Finding hidden(std::string_view check, std::string_view what);

// "good", "look", "bad"
[[nodiscard]] std::string_view name_of(Verdict verdict);
[[nodiscard]] Verdict worst_of(const Findings& findings);
[[nodiscard]] std::size_t count(const Findings& findings, Verdict verdict);

// Moves `more` behind `all`.
void append(Findings& all, Findings more);

}  // namespace stile::doctor
