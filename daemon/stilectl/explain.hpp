// SPDX-License-Identifier: Apache-2.0
// Every step of one decision, with the facts that it looked at.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/admission/case.hpp"

namespace stile {

enum class StepResult : std::uint8_t { Passed = 1, Refused, NotAsked };

struct ExplainedStep {
    std::string name;  // "look-up", "choice", then the checks by name
    StepResult result = StepResult::NotAsked;
    Reason reason = Reason::Valid;  // of a refusal
    std::string facts;              // for people
};

struct Explanation {
    Decision decision;
    std::vector<ExplainedStep> steps;
};

// Walks the rows that decide() asks, so that it cannot say anything else. Pure.
[[nodiscard]] Explanation explain(const Case& scan, const Policy& policy, const ClockBounds& now);

// A table for people; one JSON object on one line.
[[nodiscard]] std::string text_of(const Explanation& explanation);
[[nodiscard]] std::string json_of(const Explanation& explanation);

}  // namespace stile
