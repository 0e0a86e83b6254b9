// SPDX-License-Identifier: Apache-2.0
// Copies a zone out of the date library, change by change.
#include <exception>

#include <date/tz.h>
#include <fmt/format.h>

#include "crypto/zone/yearly_rule.hpp"
#include "crypto/zone/zone.hpp"

namespace stile::crypto {
namespace {

namespace chrono = std::chrono;

constexpr chrono::year kLastYear{2106};
constexpr chrono::year kDataEnd{2037};  // the system's tables go no further
constexpr chrono::sys_seconds kBegin{};
constexpr chrono::sys_seconds kEnd = chrono::sys_days{(kLastYear + chrono::years{1}) / 1 / 1};

ZoneTable read(const date::time_zone& place) {
    ZoneTable table;
    auto stretch = place.get_info(kBegin);
    table.first = stretch.offset;
    while (stretch.end < kEnd) {
        const chrono::sys_seconds at = stretch.end;
        stretch = place.get_info(at);
        const auto before = table.changes.empty() ? table.first : table.changes.back().offset;
        if (stretch.offset != before) table.changes.push_back({at, stretch.offset});
    }
    return table;
}

}  // namespace

Result<ZoneTable> zone_table(const std::string& zone) {
    try {
        // Says why if there is no such zone, or no data base at all.
        if (auto known = local_time(kBegin, zone); !known) return std::unexpected{known.error()};
        ZoneTable table = read(*date::locate_zone(zone));
        const auto more = continued(table.first, table.changes, kDataEnd, kLastYear);
        table.changes.insert(table.changes.end(), more.begin(), more.end());
        return table;
    } catch (const std::exception& error) {
        return fail(Errc::Io,
                    fmt::format("no time zones ({}): install the package tzdata", error.what()));
    }
}

}  // namespace stile::crypto
