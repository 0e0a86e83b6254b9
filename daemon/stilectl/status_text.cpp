// SPDX-License-Identifier: Apache-2.0
// One function a subject.
#include "daemon/stilectl/status_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace stile {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kOldListSeconds = 86'400;
constexpr std::int64_t kOldBackupSeconds = 7 * 86'400;
constexpr std::uint64_t kLongOutbox = 1'000;

enum class Mark { Fine, Look };

// "1,234,567"
std::string grouped(std::uint64_t number) {
    const std::string digits = std::to_string(number);
    std::string out;
    for (std::size_t left = digits.size(); const char digit : digits) {
        out += digit;
        --left;
        if (left > 0 && left % 3 == 0) out += ',';
    }
    return out;
}

std::string duration(std::int64_t seconds) {
    if (seconds < 120) return fmt::format("{} s", seconds);
    if (seconds < 7'200) return fmt::format("{} min", seconds / 60);
    if (seconds < 172'800) return fmt::format("{} h", seconds / 3'600);
    return fmt::format("{} days", seconds / 86'400);
}

std::string milliseconds(const Json& microseconds) {
    return fmt::format("{:.1f} ms", microseconds.get<double>() / 1000);
}

std::string word(const Json& object, const char* key) {
    return object.at(key).get<std::string>();
}

std::uint64_t number(const Json& object, const char* key) {
    return object.at(key).get<std::uint64_t>();
}

// What follows a word when there is more to say.
std::string behind(std::string_view separator, const std::string& text) {
    return text.empty() ? "" : fmt::format("{}{}", separator, text);
}

class Page {
public:
    explicit Page(Colour colour) : colour_{colour} {}

    void line(Mark mark, std::string_view text) {
        const bool red = mark == Mark::Look && colour_ == Colour::On;
        page_ += fmt::format("{}{} {}{}\n", red ? "\033[31m" : "", mark == Mark::Look ? '!' : ' ',
                             text, red ? "\033[0m" : "");
    }
    void subject(Mark mark, std::string_view name, std::string_view text) {
        line(mark, fmt::format("{:<9} {}", name, text));
    }
    void gap() { page_ += '\n'; }
    [[nodiscard]] std::string take() { return std::move(page_); }

private:
    Colour colour_;
    std::string page_;
};

using Row = std::array<std::string, 7>;
using Widths = std::array<std::size_t, 7>;

std::string row_text(const Row& row, const Widths& widths) {
    std::string out;
    for (std::size_t i = 0; i < row.size(); ++i)
        out += fmt::format("{:<{}}", row[i], i + 1 < row.size() ? widths[i] + 2 : 0);
    return out;
}

// What somebody should know of a lane before they go there.
Mark mark_of(const Json& lane) {
    const auto mode = word(lane, "mode");
    const auto state = word(lane, "state");
    const bool usual =
        mode == "normal" && !lane.contains("test") && state != "fire" && state != "out-of-order";
    return usual ? Mark::Fine : Mark::Look;
}

// The mode, or the state that has the last word over it.
std::string mode_of(const Json& lane) {
    const auto state = word(lane, "state");
    if (state == "fire" || state == "out-of-order") return state;
    return lane.contains("test") ? "test" : word(lane, "mode");
}

Row lane_row(const Json& lane) {
    return {word(lane, "lane"),
            word(lane, "direction"),
            mode_of(lane),
            word(lane, "turnstile"),
            "-",
            "-",
            "no reader"};
}

Row reader_row(const Json& lane, const Json& reader) {
    Row row = lane_row(lane);
    row[4] = word(reader, "name");
    row[5] = grouped(number(reader, "codes_total"));
    row[6] = word(reader, "state") + behind(": ", word(reader, "detail"));
    return row;
}

// One row a reader; a lane without one has a row too.
void lanes(Page& page, const Json& status) {
    std::vector<std::pair<Mark, Row>> rows{
        {Mark::Fine, {"LANE", "WAY", "MODE", "TURNSTILE", "READER", "CODES", "STATE"}}};
    for (const Json& lane : status.at("lanes")) {
        if (lane.at("readers").empty()) rows.emplace_back(Mark::Look, lane_row(lane));
        for (const Json& reader : lane.at("readers")) {
            const bool works = word(reader, "state") == "working";
            rows.emplace_back(works ? mark_of(lane) : Mark::Look, reader_row(lane, reader));
        }
    }
    Widths widths{};
    for (const auto& [mark, row] : rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& [mark, row] : rows)
        page.line(mark, row_text(row, widths));
}

void people(Page& page, const Json& count) {
    page.subject(
        Mark::Fine, "people",
        fmt::format("{} entered, {} left; {} admitted, {} taken back",
                    grouped(number(count, "entered")), grouped(number(count, "left")),
                    grouped(number(count, "admitted")), grouped(number(count, "released"))));
    std::string refused;
    for (const auto& [reason, times] : count.at("refused").items()) {
        refused += fmt::format("{}{} {}", refused.empty() ? "" : ", ",
                               grouped(times.get<std::uint64_t>()), reason);
    }
    page.subject(Mark::Fine, "refused", refused.empty() ? "nobody" : refused);
}

void lists(Page& page, const Json& health) {
    const Json& list = health.at("revocations");
    if (const auto damage = word(health, "catalog_damage"); !damage.empty())
        return page.subject(Mark::Look, "lists", "damaged, every ticket is refused: " + damage);
    if (list.at("generation") == 0)
        return page.subject(Mark::Look, "lists", "no revocation list was imported yet");
    const auto age = list.at("age_s").get<std::int64_t>();
    page.subject(
        age > kOldListSeconds ? Mark::Look : Mark::Fine, "lists",
        fmt::format("{} revocations, {} old", grouped(number(list, "records")), duration(age)));
}

void ledger(Page& page, const Json& health) {
    const auto bad = number(health, "bad_rows");
    const auto open = number(health, "open_admissions");
    const bool fine = word(health, "ledger") == "ok" && bad == 0;
    page.subject(fine ? Mark::Fine : Mark::Look, "ledger",
                 fmt::format("{}, {} entries, {} KiB{}{}{}", word(health, "ledger"),
                             grouped(number(health, "ledger_seq")),
                             grouped(number(health, "ledger_bytes") / 1024),
                             open == 0 ? "" : fmt::format(", {} admissions open", open),
                             bad == 0 ? "" : fmt::format(", {} rows damaged", bad),
                             behind(": ", word(health, "ledger_trouble"))));
}

void backup(Page& page, const Json& health) {
    const auto age = health.value("backup_age_s", std::int64_t{-1});
    if (age < 0)
        return page.subject(Mark::Look, "backup", "none is known; stilectl backup makes one");
    page.subject(age > kOldBackupSeconds ? Mark::Look : Mark::Fine, "backup",
                 duration(age) + " old");
}

void alarms(Page& page, const Json& health) {
    for (const Json& code : health.at("alarms"))
        page.subject(Mark::Look, "alarm", code.get<std::string>());
}

void broker(Page& page, const Json& link) {
    const auto waiting = number(link, "outbox_depth");
    const bool fine = word(link, "state") == "connected" && waiting < kLongOutbox;
    page.subject(fine ? Mark::Fine : Mark::Look, "broker",
                 fmt::format("{}, {} entries wait{}", word(link, "state"), grouped(waiting),
                             behind("; ", word(link, "detail"))));
}

void clock(Page& page, const Json& health) {
    const auto state = word(health, "clock");
    page.subject(state == "wrong" ? Mark::Look : Mark::Fine, "clock",
                 state + behind(": the system clock is ", word(health, "clock_doubt")));
}

std::string page_of(const Json& status, Colour colour) {
    const Json& info = status.at("info");
    const Json& health = status.at("health");
    Page page{colour};
    page.line(Mark::Fine, fmt::format("{}/{}   {}   up {}", word(info, "venue"), word(info, "gate"),
                                      word(info, "software"),
                                      duration(health.at("uptime_s").get<std::int64_t>())));
    page.gap();
    lanes(page, status);
    page.gap();
    people(page, status.at("count"));
    page.subject(Mark::Fine, "release",
                 fmt::format("{} median, {} p99, from frame to open turnstile",
                             milliseconds(health.at("release_p50_us")),
                             milliseconds(health.at("release_p99_us"))));
    lists(page, health);
    ledger(page, health);
    backup(page, health);
    broker(page, status.at("broker"));
    clock(page, health);
    alarms(page, health);
    return page.take();
}

}  // namespace

std::string status_text(std::string_view json, Colour colour) {
    try {
        return page_of(Json::parse(json), colour);
    } catch (const std::exception&) {
        return std::string{json} + "\n";
    }
}

}  // namespace stile
