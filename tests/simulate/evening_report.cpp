// SPDX-License-Identifier: Apache-2.0
// What a person reads of an evening: before it, while it runs, and after it.
#include <algorithm>
#include <cstdio>
#include <fstream>

#include <fmt/chrono.h>
#include <unistd.h>

#include "tests/simulate/evening.hpp"

namespace stile::simulate {
namespace {

constexpr std::size_t kMostDifferences = 20;
constexpr double kTightSeconds = 3.5;  // of the evening, that a person may need in a lane

void row(std::string_view what, std::size_t people, std::size_t ledgers) {
    fmt::print("  {:<34}{:>10}{:>10}\n", what, people, ledgers);
}

std::size_t count_of(const Tally& tally, Reason reason) {
    const auto found = tally.refused.find(reason);
    return found == tally.refused.end() ? 0 : found->second;
}

std::string minutes_text(std::chrono::milliseconds time) {
    return fmt::format("{:.0f} min", std::chrono::duration<double, std::ratio<60>>{time}.count());
}

}  // namespace

std::string clock_text(WallTime time) {
    return fmt::format("{:%H:%M}", std::chrono::floor<std::chrono::minutes>(time));
}

void Evening::print_prospect() const {
    const Wishes& wishes = options_.wishes;
    fmt::print("An evening at the arena: {} gates, {} people, {} times as fast (seed {})\n",
               wishes.gates, wishes.people, options_.speed, wishes.seed);
    fmt::print("{}: {}\n", wishes.scenario->name, wishes.scenario->about);
    const double seconds = std::chrono::duration<double>{passage_}.count() * options_.speed;
    if (seconds > kTightSeconds)
        fmt::print(
            "At this speed a lane takes {:.0f} s of the evening for a person, not 3: a "
            "passage is {} ms in truth at least. Expect queues, or go slower.\n",
            seconds, passage_.count());
    fmt::print("broker: {}, for pages ws://127.0.0.1:{}; ledgers and logs: {}\n\n",
               broker_.address(), page_port_, options_.out.native());
    // For scripts.
    std::ofstream{options_.out / "addresses"}
        << fmt::format("broker={}\npages=ws://127.0.0.1:{}\n", broker_.address(), page_port_);
    (void)std::fflush(stdout);
}

void Evening::say(const std::string& words) const {
    fmt::print("{}  {}\n", clock_text(clock_.now()), words);
    (void)std::fflush(stdout);
}

// One line that changes on a terminal, and nothing elsewhere but each ten minutes of the evening.
void Evening::progress() {
    if (!started_) return;
    std::string queues;
    for (std::size_t gate = 0; gate < gates_.size(); ++gate)
        queues += fmt::format(" {}", crowd_->waiting(gate));
    const std::string text = fmt::format("inside {:5}   refused {:4}   waiting at the gates:{}",
                                         crowd_->people_inside(), crowd_->refused(), queues);
    if (::isatty(STDOUT_FILENO) == 1) {
        fmt::print("{}  {}\033[K\r", clock_text(clock_.now()), text);
        (void)std::fflush(stdout);
    } else if (clock_.now() - last_line_ >= std::chrono::minutes{10}) {
        last_line_ = clock_.now();
        say(text);
    }
}

void Evening::print_summary(const Findings& found) const {
    fmt::print("\n  {:<34}{:>10}{:>10}\n", "", "people saw", "ledgers");
    row("admitted", found.people.admitted, found.ledgers.admitted);
    row("people who entered", static_cast<std::size_t>(found.people.entered),
        static_cast<std::size_t>(found.ledgers.entered));
    row("people who left", static_cast<std::size_t>(found.people.left),
        static_cast<std::size_t>(found.ledgers.left));
    for (const auto& [reason, count] : found.ledgers.refused)
        row(fmt::format("refused: {}", text_of(reason).code), count_of(found.people, reason),
            count);
    fmt::print("\n  entries: {} in the ledgers, {} by MQTT, {} at the collector\n",
               found.ledgers.entries, found.told[0], found.told[1]);
    fmt::print("  bad tickets: {} of {} refused as they should be\n", found.as_planned, found.bad);
    if (const Bounds copies = doubles(); copies.most > 0)
        fmt::print("  copies that another gate let in: {}; found by the collector: {}\n",
                   copies.most, number_in(ear_->last("_ops/conflicts"), "count"));
    if (plan_.refunded_inside > 0)
        fmt::print("  inside with a refunded ticket: {}; found by the collector: {}\n",
                   refunded_inside(), ear_->count("_ops/alarm/refunded-inside-", kRaised));
    if (found.unanswered > 0)
        fmt::print("  left without an answer when a gate died: {} (counted as entered: {})\n",
                   found.unanswered, found.ledgers.presumed);
    if (found.sent_home > 0) fmt::print("  not looked at any more: {}\n", found.sent_home);
    if (found.cut_short > 0)
        fmt::print("  on their way when the lanes opened: {} admissions, {} people counted there\n",
                   found.cut_short, found.counted_free);
    if (ear_->repeated() > 0)
        fmt::print("  entries that came twice by MQTT, and said the same: {}\n", ear_->repeated());
    std::chrono::milliseconds longest{};
    for (const Seen& seen : crowd_->seen())
        longest = std::max(longest, seen.waited);
    const LongestQueue& queue = crowd_->longest_queue();
    fmt::print("  longest queue: {} at gate-{}, {}; longest wait: {}\n", queue.people,
               queue.gate + 1, clock_text(queue.at), minutes_text(longest));
    for (std::size_t i = 0; i < std::min(found.differences.size(), kMostDifferences); ++i)
        fmt::print("  DIFFERENCE: {}\n", found.differences[i]);
    fmt::print("\n{}\n", found.differences.empty()
                             ? "Nothing differs."
                             : fmt::format("{} differences.", found.differences.size()));
}

}  // namespace stile::simulate
