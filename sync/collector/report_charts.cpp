// SPDX-License-Identifier: Apache-2.0
// Plain shapes in a box 720 wide, which the page stretches to its width.
#include "sync/collector/report_charts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace stile::sync {
namespace {

constexpr double kWidth = 720;
constexpr double kLeft = 48;  // for the numbers of the axis
constexpr double kTop = 10;
constexpr double kHeight = 150;  // of the columns
constexpr double kLabels = 20;
constexpr double kBarLeft = 190;
constexpr double kBarHeight = 20;

// 1, 2 or 5 times a power of ten, so that about four lines are drawn.
double tick_of(double most) {
    const double rough = std::max(most / 4, 1.0);
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double step : {1.0, 2.0, 5.0})
        if (step * power >= rough) return step * power;
    return 10 * power;
}

std::string open(double height, std::string_view what) {
    return fmt::format(R"(<svg viewBox="0 0 {} {:.0f}" role="img" aria-label="{}">)", kWidth,
                       height, markup_safe(what));
}

std::string axis(double most, double tick) {
    std::string out;
    const auto lines = std::lround(most / tick);
    for (long i = 0; i <= lines; ++i) {
        const double value = tick * static_cast<double>(i);
        const double y = kTop + kHeight * (1 - value / most);
        out += fmt::format(R"(<line class="grid" x1="{}" y1="{:.1f}" x2="{}" y2="{:.1f}"/>)", kLeft,
                           y, kWidth, y);
        out += fmt::format(R"(<text class="end" x="{}" y="{:.1f}">{}</text>)", kLeft - 6, y + 4,
                           grouped(static_cast<std::uint64_t>(value)));
    }
    return out;
}

std::string column(std::string_view style, double x, double width, double share) {
    if (share <= 0) return {};
    return fmt::format(R"(<rect class="{}" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}"/>)",
                       style, x, kTop + kHeight * (1 - share), width, kHeight * share);
}

// What fits left of a bar.
std::string shortened(std::string_view label) {
    constexpr std::size_t kMost = 28;
    if (label.size() <= kMost) return markup_safe(label);
    std::size_t end = kMost - 1;
    while (end > 0 && (static_cast<unsigned char>(label[end]) & 0xC0) == 0x80)
        --end;  // UTF-8
    return markup_safe(label.substr(0, end)) + "\u2026";
}

}  // namespace

std::string markup_safe(std::string_view text) {
    std::string out;
    for (const char each : text) {
        switch (each) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += static_cast<unsigned char>(each) < 0x20 || each == 0x7F ? ' ' : each;
        }
    }
    return out;
}

std::string grouped(std::uint64_t number) {
    std::string out = std::to_string(number);
    for (std::size_t at = out.size(); at > 3;)
        out.insert(at -= 3, "\u202F");
    return out;
}

std::string column_chart(const std::vector<Column>& columns, std::string_view what) {
    std::uint64_t highest = 1;
    bool pairs = false;
    for (const Column& each : columns) {
        highest = std::max({highest, each.front, each.back});
        pairs = pairs || each.back > 0;
    }
    const double tick = tick_of(static_cast<double>(highest));
    const double most = tick * std::ceil(static_cast<double>(highest) / tick);
    const double step =
        (kWidth - kLeft) / static_cast<double>(std::max<std::size_t>(columns.size(), 1));
    const double width = std::min(step * 0.8, 40.0) / (pairs ? 2 : 1);
    const std::size_t each_label = columns.size() / 12 + 1;
    std::string out = open(kTop + kHeight + kLabels, what) + axis(most, tick);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const double middle = kLeft + step * (static_cast<double>(i) + 0.5);
        const double x = middle - width * (pairs ? 1 : 0.5);
        out += column("front", x, width, static_cast<double>(columns[i].front) / most);
        out += column("back", x + width, width, static_cast<double>(columns[i].back) / most);
        if (i % each_label == 0)
            out += fmt::format(R"(<text class="middle" x="{:.1f}" y="{}">{}</text>)", middle,
                               kTop + kHeight + 15, markup_safe(columns[i].label));
    }
    return out + "</svg>\n";
}

std::string bar_chart(const std::vector<Bar>& bars, std::string_view what) {
    std::uint64_t highest = 1;
    for (const Bar& bar : bars)
        highest = std::max(highest, bar.count);
    std::string out = open(kBarHeight * static_cast<double>(bars.size()) + 4, what);
    double y = 2;
    for (const Bar& bar : bars) {
        const double width = (kWidth - kBarLeft - 70) * static_cast<double>(bar.count) /
                             static_cast<double>(highest);
        out += fmt::format(R"(<text class="end" x="{}" y="{:.1f}">{}</text>)", kBarLeft - 8, y + 14,
                           shortened(bar.label));
        out += fmt::format(R"(<rect class="front" x="{}" y="{:.1f}" width="{:.2f}" height="{}"/>)",
                           kBarLeft, y + 3, std::max(width, 0.5), kBarHeight - 6);
        out += fmt::format(R"(<text x="{:.1f}" y="{:.1f}">{}</text>)", kBarLeft + width + 6, y + 14,
                           grouped(bar.count));
        y += kBarHeight;
    }
    return out + "</svg>\n";
}

}  // namespace stile::sync
