// SPDX-License-Identifier: Apache-2.0
// Gathers what is to be revoked, writes it into the log, then hands out the lines.
#include "crypto/issue/revoke_command.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/issue/csv/csv.hpp"
#include "crypto/issue/files.hpp"
#include "crypto/issue/json_text.hpp"
#include "crypto/issue/words.hpp"

namespace stile::crypto {
namespace {

struct Revoked {
    std::uint32_t event;
    std::uint64_t serial;
};

Result<std::size_t> find_heading(const CsvRow& row, std::string_view name) {
    const auto at = std::ranges::find_if(row.cells, [name](const std::string& cell) {
        return find_column(cell) == find_column(name);
    });
    if (at == row.cells.end())
        return fail(Errc::Invalid, fmt::format("line 1: no column {}", name));
    return static_cast<std::size_t>(at - row.cells.begin());
}

Result<Revoked> read_row(const CsvRow& row, std::size_t event, std::size_t serial) {
    const auto cell = [&row](std::size_t at) {
        return at < row.cells.size() ? std::string_view{row.cells[at]} : std::string_view{};
    };
    const auto event_number = parse_number<std::uint32_t>(cell(event));
    const auto serial_number = parse_number<std::uint64_t>(cell(serial));
    if (!event_number) return fail(Errc::Invalid, fmt::format("line {}: column event", row.line));
    if (!serial_number) return fail(Errc::Invalid, fmt::format("line {}: column serial", row.line));
    return Revoked{*event_number, *serial_number};
}

// Every line must be right: a list that misses one is worse than an error.
Result<void> add_rows(std::vector<Revoked>& out, CsvReader csv) {
    const auto headings = csv.next();
    if (!headings) return std::unexpected{headings.error()};
    const auto event = find_heading(headings->value_or(CsvRow{}), "event");
    if (!event) return std::unexpected{event.error()};
    const auto serial = find_heading(**headings, "serial");
    if (!serial) return std::unexpected{serial.error()};
    for (;;) {
        const auto row = csv.next();
        if (!row) return std::unexpected{row.error()};
        if (!*row) return {};
        const auto revoked = read_row(**row, *event, *serial);
        if (!revoked) return std::unexpected{revoked.error()};
        out.push_back(*revoked);
    }
}

Result<void> add_file(std::vector<Revoked>& out, const std::filesystem::path& path) {
    auto csv = CsvReader::open(path);
    if (!csv) return std::unexpected{csv.error()};
    if (auto added = add_rows(out, std::move(*csv)); !added)
        return fail(path.string(), std::move(added.error()));
    return {};
}

Result<std::vector<Revoked>> gather(const RevokeOptions& options, const KeyRecord& record,
                                    const IssueIndex& index) {
    std::vector<Revoked> all;
    for (const std::string& text : options.tickets) {
        const auto fields = read_own_ticket(text, record, index);
        if (!fields) return std::unexpected{fields.error()};
        all.push_back({fields->event, fields->serial});
    }
    for (const SerialRange& range : options.serials)
        for (std::uint64_t serial = range.first; serial <= range.last; ++serial)
            all.push_back({options.event.value_or(0), serial});
    if (!options.rows.empty()) {
        if (auto added = add_file(all, options.rows); !added) return std::unexpected{added.error()};
    }
    return all;
}

Result<void> write_down(IssueLog& log, const std::vector<Revoked>& all,
                        std::chrono::sys_seconds now) {
    for (const Revoked& revoked : all) {
        if (log.index().is_revoked(revoked.event, revoked.serial)) continue;
        IssueEntry entry{.time = now, .act = IssueAct::Revoke};
        entry.fields.event = revoked.event;
        entry.fields.serial = revoked.serial;
        if (auto staged = log.stage(entry); !staged) return staged;
    }
    return log.commit();
}

}  // namespace

Result<void> run_revoke(const RevokeOptions& options) {
    const auto record = read_key_record(options.desk.key);
    if (!record) return std::unexpected{record.error()};
    auto log = open_log(options.desk, *record);
    if (!log) return std::unexpected{log.error()};
    const auto all = gather(options, *record, log->index());
    if (!all) return std::unexpected{all.error()};
    if (auto done = write_down(*log, *all, options.desk.now); !done) return done;

    std::string lines;
    for (const Revoked& revoked : *all)
        lines += fmt::format("{} {} {}\n", record->issuer, revoked.event, revoked.serial);
    if (!options.out.empty()) {
        if (auto kept = append_to_file(options.out, as_bytes(lines)); !kept) return kept;
    }
    if (options.print == Print::Json) {
        fmt::print("{{\"revoked\":{},\"out\":{}}}\n", all->size(), json_text(options.out.string()));
    } else if (options.out.empty()) {
        fmt::print("{}", lines);
    }
    return {};
}

}  // namespace stile::crypto
