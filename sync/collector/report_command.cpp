// SPDX-License-Identifier: Apache-2.0
// From words to a report, and to where it was wanted.
#include "sync/collector/report_command.hpp"

#include <cstdio>
#include <fstream>

#include <fmt/format.h>

#include "crypto/base/time_text.hpp"
#include "crypto/zone/zone.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "sync/collector/open_store.hpp"
#include "sync/collector/report_formats.hpp"

namespace stile::sync {
namespace {

Result<std::optional<WallTime>> moment(const std::string& text, const Zone& zone) {
    if (text.empty()) return std::nullopt;
    if (const auto time = parse_rfc3339(text)) return *time;
    if (const auto local = parse_local_time(text)) return zone.instant(*local);
    return fail(
        Errc::Invalid,
        fmt::format("\"{}\" is no time like 2026-05-01T18:00:00Z or 2026-05-01 18:00", text));
}

Result<ReportQuery> query_of(const ReportWishes& wishes, const Zone& zone) {
    const auto from = moment(wishes.from, zone);
    if (!from) return std::unexpected{from.error()};
    const auto to = moment(wishes.to, zone);
    if (!to) return std::unexpected{to.error()};
    if (*from && *to && **to <= **from)
        return fail(Errc::Invalid, "the end of the report is not after its beginning");
    return ReportQuery{wishes.event, *from, *to};
}

Result<std::string> written(const Report& report, const std::string& format) {
    if (format == "text") return report_text(report);
    if (format == "csv") return report_csv(report);
    if (format == "json") return report_json(report) + '\n';
    if (format == "html") return report_html(report);
    return fail(Errc::Invalid, fmt::format("there is no format {}", format));
}

}  // namespace

Result<ReportNames> report_names(const CollectorConfig& config) {
    ReportNames names{.venue = config.venue};
    for (const EventConfig& event : config.events)
        names.events[static_cast<std::uint64_t>(event.number)] = event.name;
    for (const ProductConfig& product : config.products)
        names.products[static_cast<std::uint64_t>(product.number)] = product.name;
    if (config.zone.empty()) return names;
    auto table = crypto::zone_table(config.zone);
    if (!table) return fail(Errc::Config, "collector.zone: " + table.error().context);
    names.zone_name = config.zone;
    names.zone = Zone{std::move(*table)};
    return names;
}

Result<std::string> report_of(EntryStore& store, const ReportNames& names,
                              const ReportWishes& wishes) {
    const auto query = query_of(wishes, names.zone);
    if (!query) return std::unexpected{query.error()};
    const auto report = make_report(store, *query, names);
    if (!report) return std::unexpected{report.error()};
    return written(*report, wishes.format);
}

Result<int> run_report(const CollectorConfig& config, const ReportWishes& wishes) {
    const auto names = report_names(config);
    if (!names) return std::unexpected{names.error()};
    const auto store = open_store(config.store, StoreUse::Look);
    if (!store) return std::unexpected{store.error()};
    const auto text = report_of(**store, *names, wishes);
    if (!text) return std::unexpected{text.error()};
    if (wishes.output.empty()) {
        fmt::print("{}", *text);
        return kExitDone;
    }
    std::ofstream file{wishes.output, std::ios::binary | std::ios::trunc};
    file << *text;
    file.close();
    if (!file) return fail(Errc::Io, wishes.output + ": cannot be written");
    return kExitDone;
}

}  // namespace stile::sync
