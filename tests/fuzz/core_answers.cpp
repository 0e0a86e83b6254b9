// SPDX-License-Identifier: Apache-2.0
// Fuzzes answers at check-in: what was cleaned once stays as it is.
#include <cstdlib>

#include "crypto/base/bytes.hpp"
#include "daemon/core/answers.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using stile::QuestionType;
    if (size == 0) return 0;
    constexpr auto kTypes = static_cast<std::uint8_t>(QuestionType::Email);
    stile::Question question;
    question.type = static_cast<QuestionType>(1 + data[0] % kTypes);
    question.options = {{3, "AAA1", ""}, {12, "BBB2", ""}};
    const std::string_view input = stile::as_text({data + 1, size - 1});
    const auto clean = stile::clean_answer(question, input, stile::Demand::AsAsked);
    if (!clean) return 0;
    const auto again = stile::clean_answer(question, *clean, stile::Demand::AsAsked);
    if (!again || *again != *clean) std::abort();
    return 0;
}
