// SPDX-License-Identifier: Apache-2.0
// One page for people who want paper: figures, three charts, tables.
#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "crypto/base/sort_stably.hpp"
#include "sync/collector/report_charts.hpp"
#include "sync/collector/report_formats.hpp"

namespace stile::sync {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::size_t kMostColumns = 72;
constexpr std::size_t kMostBars = 24;

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 14mm; }}
:root {{ color-scheme: light; }}
body {{ font: 10pt/1.4 system-ui, "Liberation Sans", Arial, sans-serif; color: #1a1a1a;
  background: #fff; max-width: 182mm; margin: 0 auto; padding: 4mm; }}
h1 {{ font-size: 18pt; margin: 0; line-height: 1.2; }}
h2 {{ font-size: 11.5pt; margin: 7mm 0 2mm; break-after: avoid; }}
p {{ margin: 1mm 0; }}
.quiet {{ color: #555; }}
.doubt {{ border: 1.5pt solid #b34700; padding: 2mm 3mm; margin: 3mm 0; }}
dl {{ display: grid; grid-template-columns: repeat(4, 1fr); gap: 3mm; margin: 5mm 0 0; }}
dl div {{ border-top: 1.5pt solid #1f5a99; padding-top: 1.5mm; }}
dt {{ color: #555; font-size: 9pt; }}
dd {{ margin: 0; font-size: 16pt; font-variant-numeric: tabular-nums; }}
svg {{ width: 100%; height: auto; display: block; break-inside: avoid; }}
svg text {{ font-size: 11px; fill: #333; }}
.end {{ text-anchor: end; }} .middle {{ text-anchor: middle; }}
.grid {{ stroke: #ddd; stroke-width: 1; }}
.front {{ fill: #1f5a99; }} .back {{ fill: #d98c2b; }}
.key {{ display: inline-block; width: 3mm; height: 3mm; margin: 0 1.5mm 0 4mm; }}
section {{ break-inside: avoid; }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed; font-size: 8.5pt;
  font-variant-numeric: tabular-nums; }}
thead {{ display: table-header-group; }}
tr {{ break-inside: avoid; }}
th, td {{ text-align: right; padding: 0.8mm 1mm; border-bottom: 0.5pt solid #ddd; }}
th {{ font-weight: 600; font-size: 7.5pt; border-bottom: 1pt solid #888; vertical-align: bottom; }}
th:first-child, td:first-child {{ text-align: left; overflow-wrap: anywhere; width: 22%; }}
.zero {{ color: #aaa; }}
@media print {{ * {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
  body {{ padding: 0; }} }}
</style></head><body>
)";

std::string figure(std::string_view title, std::uint64_t count) {
    return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", title, grouped(count));
}

std::string figures(const Counts& total) {
    std::string out = "<dl>\n" + figure("Entered", total.entered) +
                      figure("Of them again", total.re_entered) + figure("Left", total.left) +
                      figure("Refused", total.refusals());
    if (total.sold > 0) out += figure("Sold", total.sold) + figure("No-shows", total.no_shows);
    if (total.overridden > 0) out += figure("By override", total.overridden);
    if (total.annulled > 0) out += figure("Annulled", total.annulled);
    if (total.without_ticket > 0) out += figure("Without a ticket", total.without_ticket);
    return out + "</dl>\n";
}

// The finest stretches that still make a chart, with those in which nothing happened.
struct Series {
    Span span = Span::Quarter;
    std::chrono::minutes step{15};
    std::string_view title = "quarter of an hour";
};

Series series_of(const Report& report) {
    if (!report.first) return {};
    const auto length = *report.last - *report.first;
    if (length < minutes{15} * kMostColumns) return {};
    if (length < hours{1} * kMostColumns) return {Span::Hour, hours{1}, "hour"};
    return {Span::Day, hours{24}, "day"};
}

std::vector<Column> columns_of(const Report& report, const Series& series) {
    std::vector<Column> out;
    const Zone& zone = report.names.zone;
    const auto label = [&](WallTime time) {
        const std::string text = local_text(time, zone);
        return series.span == Span::Day ? text.substr(5, 5) : text.substr(11);
    };
    std::optional<WallTime> next;
    for (const TimeRow& row : by(series.span, report)) {
        // A day of a change of clocks is an hour shorter or longer: half a step is near enough.
        while (next && *next + series.step / 2 < row.from && out.size() < 4 * kMostColumns) {
            out.push_back({label(*next), 0, 0});
            *next += series.step;
        }
        out.push_back({label(row.from), row.counts.entered, row.counts.left});
        next = row.from + series.step;
    }
    return out;
}

std::string flow_chart(const Report& report) {
    const Series series = series_of(report);
    const auto columns = columns_of(report, series);
    if (columns.empty()) return {};
    std::string out = fmt::format("<section><h2>People per {}</h2>\n", series.title);
    if (report.total.left > 0)
        out += R"(<p class="quiet"><span class="key" style="background:#1f5a99"></span>entered)"
               R"(<span class="key" style="background:#d98c2b"></span>left</p>)";
    return out + column_chart(columns, fmt::format("People per {}", series.title)) + "</section>\n";
}

// The longest first; what does not fit is one bar.
std::string bars(std::string_view title, std::vector<Bar> all) {
    std::erase_if(all, [](const Bar& bar) { return bar.count == 0; });
    if (all.empty()) return {};
    sort_stably(all, &Bar::count, std::greater{});
    if (all.size() > kMostBars) {
        Bar others{fmt::format("{} others", all.size() - kMostBars + 1), 0};
        for (std::size_t i = kMostBars - 1; i < all.size(); ++i)
            others.count += all[i].count;
        all.resize(kMostBars - 1);
        all.push_back(others);
    }
    return fmt::format("<section><h2>{}</h2>\n{}</section>\n", title, bar_chart(all, title));
}

std::string table_row(std::string_view title, const Counts& counts,
                      std::span<const ReportColumn> columns) {
    std::string out = fmt::format("<tr><td>{}</td>", markup_safe(title));
    const auto number = [&](std::uint64_t count) {
        out += fmt::format("<td{}>{}</td>", count == 0 ? R"( class="zero")" : "", grouped(count));
    };
    for (const ReportColumn& column : columns)
        number(counts.*column.count);
    number(counts.refusals());
    return out + "</tr>\n";
}

std::string table_head(std::string_view title, std::span<const ReportColumn> columns) {
    std::string out = fmt::format("<h2>By {}</h2>\n<table><thead><tr><th></th>", title);
    for (const ReportColumn& column : columns)
        out += fmt::format("<th>{}</th>", column.title);
    return out + "<th>Refused</th></tr></thead><tbody>\n";
}

std::string table(std::string_view title, std::span<const ReportRow> rows,
                  std::span<const ReportColumn> columns) {
    if (rows.empty()) return {};
    std::string out = table_head(title, columns);
    for (const ReportRow& row : rows)
        out += table_row(row_title(row), row.counts, columns);
    return out + "</tbody></table>\n";
}

std::string hours_table(const Report& report) {
    const auto rows =
        by(report.quarters.size() > 4 * kMostColumns ? Span::Day : Span::Hour, report);
    if (rows.empty()) return {};
    std::string out = table_head("time", kReportColumnsAtGates);
    for (const TimeRow& row : rows)
        out +=
            table_row(local_text(row.from, report.names.zone), row.counts, kReportColumnsAtGates);
    return out + "</tbody></table>\n";
}

}  // namespace

std::string report_html(const Report& report) {
    const std::string title = markup_safe(report_title(report));
    std::string out = fmt::format(fmt::runtime(kHead), fmt::arg("title", title));
    out += fmt::format("<h1>{}</h1>\n<p class=\"quiet\">{}</p>\n", title,
                       markup_safe(report_span(report)));
    if (const std::string doubts = report_doubts(report); !doubts.empty())
        out += fmt::format("<p class=\"doubt\">{}</p>\n", doubts);
    out += figures(report.total) + flow_chart(report);
    std::vector<Bar> reasons;
    for (const auto& [reason, count] : report.total.refused)
        reasons.push_back({reason, count});
    out += bars("Refusals by reason", std::move(reasons));
    std::vector<Bar> gates;
    for (const ReportRow& gate : report.gates)
        gates.push_back({row_title(gate), gate.counts.entered});
    out += bars("Entered by gate", std::move(gates));
    if (!report.query.event) out += table("event", report.events, kReportColumns);
    out += table("gate", report.gates, kReportColumnsAtGates) +
           table("product", report.products, kReportColumns) +
           table("sales channel", report.channels, kReportColumns) + hours_table(report);
    if (report.tests > 0)
        out += fmt::format("<p class=\"quiet\">{} decisions of tests are not counted.</p>\n",
                           grouped(report.tests));
    return out + "</body></html>\n";
}

}  // namespace stile::sync
