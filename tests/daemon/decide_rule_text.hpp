// SPDX-License-Identifier: Apache-2.0
// A custom rule of ten conditions, as organisers make them.
#pragma once

#include <string_view>

namespace stile::test {

inline constexpr std::string_view kTenConditions = R"({"and": [
    {"inList": [{"var": "product"}, {"objectList": [{"lookup": ["product", "11", "Day"]}]}]},
    {"or": [{"!": [{"var": "variation"}]}, {">": [{"var": "variation"}, 0]}]},
    {"isAfter": [{"var": "now"}, {"buildTime": ["date_admission"]}, 10]},
    {"isBefore": [{"var": "now"}, {"buildTime": ["date_to"]}, null]},
    {"<": [{"var": "entries_number"}, 5]},
    {"<": [{"var": "entries_today"}, 3]},
    {"<=": [{"var": "entries_days"}, 2]},
    {"or": [{"<=": [{"var": "minutes_since_last_entry"}, -1]},
            {">": [{"var": "minutes_since_last_entry"}, 30]}]},
    {"<": [{"entries_since": [{"buildTime": ["customtime", "06:00"]}]}, 4]}
]})";

}  // namespace stile::test
