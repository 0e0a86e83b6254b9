// SPDX-License-Identifier: Apache-2.0
// The commands' own functions, with the running program's store.
#include "sync/collector/papers.hpp"

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
    std::uint64_t event = 0;
    Clock::time_point made;
    std::string json;
};

Result<std::string> receipt(EntryStore& store, const CollectorConfig& config,
                            const crypto::TicketId& ticket, WallTime now) {
    const auto key = read_receipt_key(config);
    if (!key) return std::unexpected{key.error()};
    return make_receipt(store, config, *key, ticket, now);
}

Result<std::string> report(EntryStore& store, const CollectorConfig& config, std::uint64_t event,
                           std::optional<ToldReport>& told) {
    const auto now = Clock::now();
    if (told && told->event == event && now - told->made < kReportAge) return told->json;
    const auto names = report_names(config);
    if (!names) return std::unexpected{names.error()};
    const auto made = make_report(store, {.event = event}, *names);
    if (!made) return std::unexpected{made.error()};
    told = ToldReport{event, now, report_json(*made, kMostAnswerBytes - kRoom)};
    return told->json;
}

}  // namespace

CollectorPapers collector_papers(EntryStore& store, const CollectorConfig& config,
                                 WallClock clock) {
    const auto told = std::make_shared<std::optional<ToldReport>>();  // std::function is copied
    return {.receipt =
                [&store, &config, clock = std::move(clock)](const crypto::TicketId& ticket) {
                    return receipt(store, config, ticket, clock().time);
                },
            .report = [&store, &config,
                       told](std::uint64_t event) { return report(store, config, event, *told); }};
}

}  // namespace stile::sync
