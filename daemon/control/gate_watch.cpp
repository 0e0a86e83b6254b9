// SPDX-License-Identifier: Apache-2.0
// One function a figure. Their texts hold no numbers that change: each text that differs is told.
#include "daemon/control/gate_watch.hpp"

#include <fmt/format.h>

namespace stile {
namespace {

using namespace std::chrono_literals;

// "dark: the picture is too dark" of "dark: the picture is too dark; 3 frames replaced"
std::string first_part(const std::string& detail, std::string_view otherwise) {
    const std::string part = detail.substr(0, detail.find(';'));
    return part.empty() ? std::string{otherwise} : part;
}

std::uint64_t percent(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : part * 100 / whole;
}

}  // namespace

GateWatch::Finding GateWatch::reader_lost(const ReaderReport& reader) {
    if (!reader.connected) return {Sight::Bad, "its program is not there"};
    switch (reader.health.state) {
        case protocol::ReaderState::Starting:
            return {Sight::Unclear, {}};
        case protocol::ReaderState::Working:
        case protocol::ReaderState::Degraded:
            return {};
        case protocol::ReaderState::Failed:
            return {Sight::Bad, first_part(reader.health.detail, "it has failed")};
    }
    return {};
}

// Of one that is lost nothing else is known.
GateWatch::Finding GateWatch::reader_degraded(const ReaderReport& reader) {
    if (!reader.connected) return {};
    switch (reader.health.state) {
        case protocol::ReaderState::Starting:
            return {Sight::Unclear, {}};
        case protocol::ReaderState::Working:
        case protocol::ReaderState::Failed:
            return {};
        case protocol::ReaderState::Degraded:
            return {Sight::Bad, first_part(reader.health.detail, "it does not say why")};
    }
    return {};
}

GateWatch::Finding GateWatch::outbox(const LinkReport& link) {
    constexpr OutboxLimits kLimits;
    if (link.outbox_age > kLimits.age)
        return {Sight::Bad, fmt::format("the oldest has waited for more than {} minutes",
                                        kLimits.age.count() / 60)};
    if (link.outbox_depth > kLimits.entries)
        return {Sight::Bad, fmt::format("there are more than {}", kLimits.entries)};
    const bool fine =
        link.outbox_age <= kLimits.age_fine && link.outbox_depth <= kLimits.entries_fine;
    return {fine ? Sight::Fine : Sight::Unclear, {}};
}

GateWatch::Finding GateWatch::clock(const ClockReading& clock) {
    if (clock.doubt != ClockDoubt::None) return {Sight::Bad, std::string{advice_on(clock.doubt)}};
    switch (clock.quality) {
        case ClockQuality::Wrong:
            return {Sight::Bad, "the system clock cannot be right"};
        case ClockQuality::Holdover:
            if (clock.bounds.upper - clock.bounds.lower > kWideClock)
                return {Sight::Bad, "no time server was heard for too long"};
            return {};
        case ClockQuality::Synced:
        case ClockQuality::Unsynced:
            return {};
    }
    return {};
}

GateWatch::Finding GateWatch::damage(const GateReport& report) {
    if (!report.ledger_damage.empty()) return {Sight::Bad, report.ledger_damage};
    if (report.bad_rows > 0) return {Sight::Bad, report.bad_row};
    return {};
}

GateWatch::Finding GateWatch::space(const GateReport& report) {
    constexpr SpaceLimits kLimits;
    const std::uint64_t used = percent(report.ledger_bytes, report.ledger_map_bytes);
    const std::uint64_t free = report.disk_free_bytes.value_or(kLimits.free_bytes_fine + 1);
    if (free < kLimits.free_bytes)
        return {Sight::Bad,
                fmt::format("less than {} MiB of the disk are free", kLimits.free_bytes >> 20)};
    if (used > kLimits.map_percent)
        return {Sight::Bad,
                fmt::format("more than {} % of ledger.map_mib are used", kLimits.map_percent)};
    const bool fine = free > kLimits.free_bytes_fine && used < kLimits.map_percent_fine;
    return {fine ? Sight::Fine : Sight::Unclear, {}};
}

GateWatch::Finding GateWatch::lists(const GateReport& report) const {
    std::string why;
    const auto name = [&why](const std::string& list, std::string_view how) {
        why += fmt::format("{}{} {}", why.empty() ? "" : "; ", list, how);
    };
    const ListReport& revocations = report.revocations;
    if (revocations.generation == 0) {
        if (lists_.never == ListLimits::Never::Stale) name("a revocation list", "never came");
    } else if (std::chrono::seconds{revocations.age_seconds} > lists_.oldest) {
        name("the revocation list", "is too old");
    }
    for (const OrdersReport& orders : report.orders) {
        if (!orders.age)
            name("the orders of " + orders.event, "never came");
        else if (*orders.age > lists_.oldest)
            name("the orders of " + orders.event, "are too old");
    }
    return {why.empty() ? Sight::Fine : Sight::Bad, std::move(why)};
}

void GateWatch::judge(std::string_view code, const Finding& finding, const Patience& patience) {
    Seen& seen = seen_.try_emplace(std::string{code}).first->second;
    if (finding.sight == Sight::Unclear) return;
    const bool bad = finding.sight == Sight::Bad;
    if (bad != seen.raised) {
        if (!seen.other_since) seen.other_since = now_;
        if (now_ - *seen.other_since < (bad ? patience.raise : patience.clear)) return;
        seen.raised = bad;
    }
    seen.other_since.reset();
    alarms_.set(code, bad ? finding.why : "", wall_);
}

void GateWatch::look(const GateReport& report, Time now) {
    now_ = now;
    wall_ = report.clock.time;
    for (const ReaderReport& reader : report.readers) {
        const bool camera = reader.kind == "camera";
        judge(reader_alarm(kReaderLostAlarm, reader.name), reader_lost(reader), {10s, 3s});
        judge(reader_alarm(camera ? kCameraAlarm : kReaderDegradedAlarm, reader.name),
              reader_degraded(reader), {1s, 3s});
    }
    judge(kOutboxGrowingAlarm, outbox(report.sync), {10s, 0s});
    judge(kClockWrongAlarm, clock(report.clock), {5s, 10s});
    judge(kLedgerDamagedAlarm, damage(report), {0s, 0s});
    judge(kDiskLowAlarm, space(report), {0s, 0s});
    judge(kListsStaleAlarm, lists(report), {10s, 0s});
}

}  // namespace stile
