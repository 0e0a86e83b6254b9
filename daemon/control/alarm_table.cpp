// SPDX-License-Identifier: Apache-2.0
// One row an alarm, in the order of their codes.
#include "daemon/control/alarm_table.hpp"

#include <fmt/format.h>

namespace stile {
namespace {

using enum AlarmScope;
using enum AlarmSeverity;

constexpr AlarmRow kRows[]{
    {kCameraAlarm, Reader, Warning, "The camera sees badly"},
    {kClockWrongAlarm, Gate, Warning, "The gate does not know the time well"},
    {kDiskLowAlarm, Gate, Warning, "Space for the ledger is running out"},
    {kFireInputGoneAlarm, Gate, Critical, "The fire panel's contact cannot be read"},
    {"arm-stuck", Lane, Critical, "The arm does not move as it is told"},
    {"device-gone", Lane, Critical, "The lane's hardware is gone, so the lane is out of order"},
    {"fire", Lane, Critical, "Fire: the lane is open"},
    {"sensor-stuck", Lane, Warning, "A passage sensor has been covered for too long"},
    {"tamper", Lane, Critical, "The lane's housing is open"},
    {kLedgerDamagedAlarm, Gate, Critical, "The ledger is damaged"},
    {kLedgerFailingAlarm, Gate, Critical, "The ledger stores no entries, so nobody is admitted"},
    {kListsStaleAlarm, Gate, Warning, "The lists are older than they may be"},
    {kListsUnreadableAlarm, Gate, Critical, "The lists cannot be read, so every ticket is refused"},
    {kOutboxGrowingAlarm, Gate, Warning, "Entries wait because nobody takes them"},
    {kReaderDegradedAlarm, Reader, Warning, "The reader works badly"},
    {kReaderLostAlarm, Reader, Critical, "The reader does not work"},
    {kWatermarkAheadAlarm, Gate, Warning, "A collector names entries that this gate never had"},
};

// A level of a topic has room for that much of a lane's name.
constexpr std::size_t kLaneLetters = 44;

}  // namespace

std::span<const AlarmRow> alarm_rows() {
    return kRows;
}

std::string alarm_code(const AlarmRow& row, std::string_view of) {
    switch (row.scope) {
        case Gate:
            return std::string{row.name};
        case Lane:
            return fmt::format("lane-{}-{}", of.substr(0, kLaneLetters), row.name);
        case Reader:
            return reader_alarm(row.name, of);
    }
    return std::string{row.name};
}

std::string reader_alarm(std::string_view name, std::string_view reader) {
    return fmt::format("{}-{}", name, reader);
}

std::string_view name_of(AlarmSeverity severity) {
    return severity == Critical ? "critical" : "warning";
}

}  // namespace stile
