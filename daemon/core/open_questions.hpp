// SPDX-License-Identifier: Apache-2.0
// Which check-in questions still lack an answer.
#pragma once

#include <cstdint>
#include <span>

#include "daemon/core/position.hpp"
#include "daemon/core/query.hpp"
#include "daemon/core/question.hpp"

namespace stile {

// One guest and what may be asked of them. Borrows.
struct Interview {
    std::span<const Question> questions;  // of the event, in their order
    std::span<const GivenAnswer> given;   // now: they count before the earlier ones
    std::span<const GivenAnswer> earlier;
    std::uint64_t product = 0;
};

// facts.at is there.
[[nodiscard]] Interview interview_of(const Query& q);

// The answer to a question among these; null: there is none.
[[nodiscard]] const GivenAnswer* answer_to(std::uint64_t question,
                                           std::span<const GivenAnswer> answers);
// The newest one, valid or not.
[[nodiscard]] const GivenAnswer* answer_to(std::uint64_t question, const Interview& interview);

// The question is for this product and, where it depends on another, that one was answered so that
// it is asked at all.
[[nodiscard]] bool concerns(const Question& question, const Interview& interview);

// It has to be asked at check-in: it concerns the guest and has no valid answer. An optional
// question is open until somebody answers it, be it with nothing.
[[nodiscard]] bool is_open(const Question& question, const Interview& interview);

}  // namespace stile
