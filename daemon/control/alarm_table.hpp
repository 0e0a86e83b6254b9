// SPDX-License-Identifier: Apache-2.0
// Every alarm that a gate can raise, how bad it is, and what it says (sync/TOPICS.md has the same
// table).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace stile {

enum class AlarmSeverity : std::uint8_t {
    Warning,  // somebody should look at it today
    Critical  // people or tickets cannot be trusted to the gate until somebody came
};
enum class AlarmScope : std::uint8_t { Gate, Lane, Reader };

struct AlarmRow {
    std::string_view name;
    AlarmScope scope;
    AlarmSeverity severity;
    std::string_view sentence;  // without its full stop, since more may follow
};

// Of the whole gate; also their codes.
inline constexpr std::string_view kClockWrongAlarm = "clock-wrong";
inline constexpr std::string_view kDiskLowAlarm = "disk-low";
inline constexpr std::string_view kFireInputGoneAlarm = "fire-input-gone";
inline constexpr std::string_view kLedgerDamagedAlarm = "ledger-damaged";
inline constexpr std::string_view kLedgerFailingAlarm = "ledger-failing";
inline constexpr std::string_view kListsStaleAlarm = "lists-stale";
inline constexpr std::string_view kListsUnreadableAlarm = "lists-unreadable";
inline constexpr std::string_view kOutboxGrowingAlarm = "outbox-growing";
inline constexpr std::string_view kWatermarkAheadAlarm = "watermark-ahead";
// Of one reader.
inline constexpr std::string_view kReaderLostAlarm = "reader-lost";
inline constexpr std::string_view kReaderDegradedAlarm = "reader-degraded";
inline constexpr std::string_view kCameraAlarm = "camera";

[[nodiscard]] std::span<const AlarmRow> alarm_rows();

// The code of an alarm: a level of a topic. `of` is the lane or the reader; of the whole gate it
// does not count.
[[nodiscard]] std::string alarm_code(const AlarmRow& row, std::string_view of);
// Of a reader's alarm.
[[nodiscard]] std::string reader_alarm(std::string_view name, std::string_view reader);
// "warning", "critical"
[[nodiscard]] std::string_view name_of(AlarmSeverity severity);

}  // namespace stile
