// SPDX-License-Identifier: Apache-2.0
// The staff's handbook of alarms has every alarm, with the words of the table.
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/control/alarm_table.hpp"

namespace stile {
namespace {

// The rows of daemon/control/ALARMS.md.
std::vector<std::string> handbook_rows() {
    std::ifstream file{std::string{STILE_SOURCE_DIR} + "/daemon/control/ALARMS.md"};
    std::vector<std::string> rows;
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("| `")) rows.push_back(line);
    return rows;
}

std::string beginning_of(const AlarmRow& row) {
    const std::string_view of = row.scope == AlarmScope::Lane ? "{lane}" : "{reader}";
    return "| `" + alarm_code(row, of) + "` | " + std::string{name_of(row.severity)} + " | " +
           std::string{row.sentence} + " | ";
}

TEST(AlarmHandbook, SaysWhatTheTableSays) {
    const std::vector<std::string> rows = handbook_rows();
    ASSERT_EQ(rows.size(), alarm_rows().size());
    for (std::size_t number = 0; number < rows.size(); ++number) {
        const std::string wanted = beginning_of(alarm_rows()[number]);
        EXPECT_TRUE(rows[number].starts_with(wanted)) << rows[number] << "\nbegins not with\n"
                                                      << wanted;
    }
}

TEST(AlarmHandbook, SaysWhatToDoAtTheLaneAndInTheWorkshop) {
    for (const std::string& row : handbook_rows()) {
        const std::size_t last = row.rfind(" | ");
        const std::size_t before = row.rfind(" | ", last - 1);
        EXPECT_GE(last - before, 10U) << row;
        EXPECT_GE(row.size() - last, 20U) << row;
    }
}

}  // namespace
}  // namespace stile
