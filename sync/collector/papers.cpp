// SPDX-License-Identifier: Apache-2.0
// The commands' own functions, with the running program's store.
#include "sync/collector/papers.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "sync/collector/ops_messages.hpp"
#include "sync/collector/report_command.hpp"
#include "sync/collector/report_formats.hpp"
#include "sync/collector/store_commands.hpp"

namespace stile::sync {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRoom = 1024;  // for the answer around it

struct ToldReport {
    Clock::time_point made;
    std::string json;
};

// Those that were made, by event, and when the last one was.
struct ToldReports {
    std::map<std::uint64_t, ToldReport> events;
    std::optional<Clock::time_point> last;
};

bool is_configured(const CollectorConfig& config, std::uint64_t event) {
    return std::ranges::any_of(config.events, [event](const EventConfig& known) {
        return static_cast<std::uint64_t>(known.number) == event;
    });
}

Result<std::string> receipt(EntryStore& store, const CollectorConfig& config,
                            const crypto::TicketId& ticket, WallTime now) {
    const auto key = read_receipt_key(config);
    if (!key) return std::unexpected{key.error()};
    return make_receipt(store, config, *key, ticket, now);
}

Result<std::string> report(EntryStore& store, const CollectorConfig& config, std::uint64_t event,
                           ToldReports& told) {
    const auto begin = Clock::now();
    const auto known = told.events.find(event);
    if (known != told.events.end() && begin - known->second.made < kReportAge)
        return known->second.json;
    if (!is_configured(config, event))
        return fail(Errc::Invalid, "the configuration has no such event");
    if (told.last && begin - *told.last < kReportAge)
        return fail(Errc::Timeout, "another report was made just now; ask again in half a minute");
    const auto names = report_names(config);
    if (!names) return std::unexpected{names.error()};
    const auto made = make_report(store, {.event = event}, *names);
    told.last = Clock::now();  // a slow one may not follow the next
    if (!made) return std::unexpected{made.error()};
    ToldReport& one = told.events[event];
    one = {*told.last, report_json(*made, kMostAnswerBytes - kRoom)};
    return one.json;
}

}  // namespace

CollectorPapers collector_papers(EntryStore& store, const CollectorConfig& config,
                                 WallClock clock) {
    const auto told = std::make_shared<ToldReports>();  // std::function is copied
    return {.receipt =
                [&store, &config, clock = std::move(clock)](const crypto::TicketId& ticket) {
                    return receipt(store, config, ticket, clock().time);
                },
            .report = [&store, &config,
                       told](std::uint64_t event) { return report(store, config, event, *told); }};
}

}  // namespace stile::sync
