// SPDX-License-Identifier: Apache-2.0
// One function a kind of entry.
#include "daemon/stilectl/entry_text.hpp"

#include <algorithm>
#include <ctime>
#include <type_traits>
#include <variant>

#include <fmt/format.h>

namespace stile {
namespace {

struct Words {
    std::string text;
    std::string_view colour;  // of a terminal; empty: none
};

constexpr std::string_view kGreen = "\033[32m";
constexpr std::string_view kRed = "\033[31m";
constexpr std::string_view kYellow = "\033[33m";
constexpr std::string_view kCyan = "\033[36m";
constexpr std::string_view kPlain = "\033[0m";

// Control characters, of one byte or as UTF-8 writes U+0080 to U+009F, become question marks.
std::string harmless(std::string text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool last = i + 1 == text.size();
        const bool wide = byte == 0xC2 && !last && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (byte < 0x20 || byte == 0x7F || wide) text[i] = '?';
        if (wide) text[i + 1] = '?';
    }
    return text;
}

std::string local_time(WallTime time) {
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    const std::time_t seconds = second.time_since_epoch().count();
    std::tm local{};
    if (::localtime_r(&seconds, &local) == nullptr) return "no time";
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}", local.tm_year + 1900,
                       local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec,
                       (time - second).count());
}

std::string ticket(const std::array<std::uint8_t, 16>& id) {
    const bool none = std::ranges::all_of(id, [](std::uint8_t byte) { return byte == 0; });
    return none ? "" : ", ticket " + to_hex(Bytes{id}.first(8));
}

std::string in_quotes(std::string_view text) {
    return text.empty() ? "" : fmt::format(": \"{}\"", text);
}

std::string people(std::uint32_t count) {
    return count > 1 ? fmt::format(", {} people", count) : "";
}

Words words(const EpochStarted& body) {
    switch (body.cause) {
        case EpochCause::NewLedger:
            return {"a new ledger begins", kYellow};
        case EpochCause::Restored:
            return {"the ledger was restored from a backup: a new epoch begins", kYellow};
        case EpochCause::WatermarkAhead:
            break;
    }
    return {"the ledger is older than what others have seen of it: a new epoch begins", kYellow};
}

Words words(const DaemonStarted& body) {
    const auto open = body.unresolved == 0
                          ? std::string{}
                          : fmt::format("; {} admissions were open", body.unresolved);
    return {fmt::format("{} started{}", body.software, open), {}};
}

Words words(const Decided& body) {
    const std::string_view code = text_of(body.reason).code;
    const bool admitted = body.verdict == Verdict::Admit;
    const std::string_view test = (body.flags & kFlagTest) != 0 ? "test: " : "";
    if (admitted && (body.flags & kFlagOverride) != 0)
        return {fmt::format("admitted by the staff{}{}", ticket(body.ticket), people(body.people)),
                kCyan};
    return {fmt::format("{}{} {}{}{}, {:.1f} ms", test, admitted ? "admitted" : "refused", code,
                        ticket(body.ticket), people(body.people), body.decided_us / 1000.0),
            admitted ? kGreen : kRed};
}

Words words(const Passage& body) {
    const auto of = fmt::format(" (admission {})", body.admission);
    switch (body.result) {
        case PassageResult::Entered:
            return {"entered" + people(body.people) + of, {}};
        case PassageResult::Left:
            return {"left" + people(body.people) + of, {}};
        case PassageResult::Released:
            return {"nobody passed, the ticket is good again" + of, kYellow};
        case PassageResult::PresumedEntered:
            break;
    }
    return {"counts as entered, though nobody saw it" + of, kYellow};
}

Words words(const ListChanged& body) {
    return {fmt::format("a new {} list of {} lines is in use", body.list, body.records), {}};
}

Words words(const LaneEvent& body) {
    std::string more;
    if (body.count == 0) more = ", at a lane in test";
    if (body.count > 1) more = fmt::format(", {} times", body.count);
    return {fmt::format("{}{}", name_of(body.what), more), kYellow};
}

Words words(const Act& body) {
    const auto mode = body.mode == 0
                          ? std::string{}
                          : fmt::format(" {}", name_of(static_cast<LaneMode>(body.mode)));
    const auto role = body.role.empty() ? std::string{} : fmt::format(" ({})", body.role);
    return {fmt::format("{}{}: {}{}{}", body.person, role, name_of(body.what), mode,
                        in_quotes(body.reason)),
            kCyan};
}

Words words(const Annulled& body) {
    const auto who = body.person.empty() ? std::string{} : " by " + body.person;
    return {fmt::format("admission {} was taken back{}{}{}", body.admission, who,
                        ticket(body.ticket), in_quotes(body.reason)),
            kCyan};
}

Words words(const NotStored& body) {
    return {fmt::format("{} refusals could not be stored", body.refusals), kYellow};
}

}  // namespace

std::string_view lane_of(const Entry& entry) {
    return std::visit(
        [](const auto& body) -> std::string_view {
            if constexpr (requires { body.lane; }) {
                return body.lane;
            } else {
                return {};
            }
        },
        entry.body);
}

std::string entry_line(const Entry& entry, Colour colour) {
    const Words said = std::visit([](const auto& body) { return words(body); }, entry.body);
    const bool coloured = colour == Colour::On && !said.colour.empty();
    return fmt::format("{:>7}  {}  {:<8}  {}{}{}\n", entry.seq, local_time(entry.time),
                       harmless(std::string{lane_of(entry)}), coloured ? said.colour : "",
                       harmless(said.text), coloured ? kPlain : "");
}

std::string unreadable_line(std::uint64_t seq, std::string_view why) {
    return fmt::format("{:>7}  cannot be read by this version: {}\n", seq,
                       harmless(std::string{why}));
}

}  // namespace stile
