// SPDX-License-Identifier: Apache-2.0
// The charts of the printed report, as SVG that stands in an HTML page.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stile::sync {

// Text for HTML and SVG, whoever wrote it: no markup, no control characters.
[[nodiscard]] std::string markup_safe(std::string_view text);
// 12345 as "12 345", with thin spaces that do not break.
[[nodiscard]] std::string grouped(std::uint64_t number);

struct Column {
    std::string label;
    std::uint64_t front = 0;
    std::uint64_t back = 0;  // beside it
};

// Columns beside each other in the order of time; a label now and then. `what` is read aloud.
[[nodiscard]] std::string column_chart(const std::vector<Column>& columns, std::string_view what);

struct Bar {
    std::string label;
    std::uint64_t count = 0;
};

// Bars below each other, each with its label and number.
[[nodiscard]] std::string bar_chart(const std::vector<Bar>& bars, std::string_view what);

}  // namespace stile::sync
