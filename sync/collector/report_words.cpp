// SPDX-License-Identifier: Apache-2.0
// What a report says in words, and the plain formats.
#include <algorithm>
#include <set>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "crypto/base/time_text.hpp"
#include "sync/collector/report_formats.hpp"

namespace stile::sync {
namespace {

// ---- CSV

// A cell that begins like a formula is one for spreadsheets, whoever wrote it.
std::string cell(std::string_view text) {
    constexpr std::string_view kFormula = "=+-@\t\r";
    std::string out;
    if (!text.empty() && kFormula.contains(text.front())) out += '\'';
    out += text;
    if (out.find_first_of(",\"\r\n") == std::string::npos) return out;
    std::string quoted = "\"";
    for (const char each : out)
        quoted += each == '"' ? "\"\"" : std::string(1, each);
    return quoted + '"';
}

class Csv {
public:
    explicit Csv(const Report& report) {
        for (const auto& [reason, count] : report.total.refused)
            reasons_.push_back(reason);
        std::vector<std::string> head{"by", "key", "name"};
        for (const ReportColumn& column : kReportColumns)
            head.emplace_back(column.key);
        head.emplace_back("refused");
        for (const std::string& reason : reasons_)
            head.push_back("refused " + reason);
        line(head);
    }

    void row(std::string_view by, std::string_view key, std::string_view name,
             const Counts& counts) {
        std::vector<std::string> cells{std::string{by}, std::string{key}, std::string{name}};
        for (const ReportColumn& column : kReportColumns)
            cells.push_back(std::to_string(counts.*column.count));
        cells.push_back(std::to_string(counts.refusals()));
        for (const std::string& reason : reasons_) {
            const auto found = counts.refused.find(reason);
            cells.push_back(std::to_string(found == counts.refused.end() ? 0 : found->second));
        }
        line(cells);
    }
    void rows(std::string_view by, std::span<const ReportRow> all) {
        for (const ReportRow& each : all)
            row(by, each.key, each.name, each.counts);
    }
    std::string take() { return std::move(out_); }

private:
    void line(const std::vector<std::string>& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i > 0) out_ += ',';
            out_ += cell(cells[i]);
        }
        out_ += "\r\n";
    }
    std::vector<std::string> reasons_;
    std::string out_;
};

// ---- Text

// For a terminal: no control characters, whatever a gate was called.
std::string plain(std::string_view text) {
    std::string out{text};
    std::ranges::replace_if(
        out, [](char each) { return static_cast<unsigned char>(each) < 0x20 || each == 0x7F; },
        '?');
    return out;
}

using Columns = std::span<const ReportColumn>;

std::string text_line(std::string_view title, const Counts& counts, Columns columns) {
    std::string out = fmt::format("  {:<24}", plain(title));
    for (const ReportColumn& column : columns)
        out += fmt::format("{:>11}", counts.*column.count);
    return out + fmt::format("{:>11}\n", counts.refusals());
}

std::string text_head(std::string_view title, Columns columns) {
    std::string out = fmt::format("\n{:<26}", title);
    for (const ReportColumn& column : columns)
        out += fmt::format("{:>11}", column.title);
    return out + fmt::format("{:>11}\n", "Refused");
}

std::string text_table(std::string_view title, std::span<const ReportRow> rows, Columns columns) {
    std::string out = text_head(title, columns);
    for (const ReportRow& row : rows)
        out += text_line(row_title(row), row.counts, columns);
    return out;
}

}  // namespace

std::string local_text(WallTime time, const Zone& zone) {
    const auto local = zone.local(time);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{local - day};
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count());
}

std::string row_title(const ReportRow& row) {
    if (!row.name.empty()) return row.name;
    return row.key.empty() ? "not known" : row.key;
}

std::string report_title(const Report& report) {
    if (!report.query.event) return report.names.venue;
    const auto name = report.names.events.find(*report.query.event);
    return fmt::format("{}, {}", report.names.venue,
                       name == report.names.events.end()
                           ? fmt::format("event {}", *report.query.event)
                           : name->second);
}

std::string report_span(const Report& report) {
    const auto from = report.query.from ? report.query.from : report.first;
    const auto to = report.query.to ? report.query.to : report.last;
    if (!from || !to) return "nothing happened";
    return fmt::format("{} to {} ({})", local_text(*from, report.names.zone),
                       local_text(*to, report.names.zone), report.names.zone_name);
}

std::string report_doubts(const Report& report) {
    std::string out;
    if (report.missing > 0)
        out += fmt::format("{} entries of gates have not come yet: the numbers are too small. ",
                           report.missing);
    if (report.unreadable > 0)
        out += fmt::format("{} entries are of kinds that this version does not know. ",
                           report.unreadable);
    if (!out.empty()) out.pop_back();
    return out;
}

std::string report_csv(const Report& report) {
    Csv csv{report};
    csv.row("total", "", "", report.total);
    csv.rows("event", report.events);
    csv.rows("gate", report.gates);
    csv.rows("product", report.products);
    csv.rows("channel", report.channels);
    for (const TimeRow& row : by(Span::Hour, report))
        csv.row("hour", to_rfc3339(std::chrono::floor<std::chrono::seconds>(row.from)),
                local_text(row.from, report.names.zone), row.counts);
    return csv.take();
}

std::string report_text(const Report& report) {
    std::string out =
        fmt::format("{}\n{}\n", plain(report_title(report)), plain(report_span(report)));
    if (const std::string doubts = report_doubts(report); !doubts.empty()) out += doubts + '\n';
    out += text_head("", kReportColumns) + text_line("All", report.total, kReportColumns);
    if (!report.query.event) out += text_table("Event", report.events, kReportColumns);
    out += text_table("Product", report.products, kReportColumns) +
           text_table("Channel", report.channels, kReportColumns) +
           text_table("Gate", report.gates, kReportColumnsAtGates) +
           text_head("Hour", kReportColumnsAtGates);
    for (const TimeRow& row : by(Span::Hour, report))
        out +=
            text_line(local_text(row.from, report.names.zone), row.counts, kReportColumnsAtGates);
    out += "\nRefused\n";
    for (const auto& [reason, count] : report.total.refused)
        out += fmt::format("  {:<26}{:>11}\n", plain(reason), count);
    if (report.tests > 0)
        out += fmt::format("\n{} decisions of tests are not counted.\n", report.tests);
    return out;
}

}  // namespace stile::sync
