// SPDX-License-Identifier: Apache-2.0
// Enumerators to words.
#include "daemon/policy/policy_words.hpp"

#include <fmt/format.h>

#include "crypto/base/time_text.hpp"

namespace stile::policy {

std::string_view name_of(Passback passback) {
    switch (passback) {
        case Passback::Off:
            return "off";
        case Passback::Soft:
            return "soft";
        case Passback::Timed:
            return "timed";
        case Passback::Hard:
            return "hard";
    }
    return "";
}

std::string_view name_of(Doubt doubt) {
    switch (doubt) {
        case Doubt::Admit:
            return "admit";
        case Doubt::Flag:
            return "flag";
        case Doubt::Refuse:
            return "refuse";
    }
    return "";
}

std::string_view name_of(Direction direction) {
    switch (direction) {
        case Direction::Entry:
            return "entry";
        case Direction::Exit:
            return "exit";
    }
    return "";
}

std::string_view reentry_name(const AccessList& list) {
    if (list.multiple_entries) return "always";
    return list.entry_after_exit ? "after-exit" : "never";
}

std::string text_of(const Slot& slot) {
    if (slot.days == 0) {
        const auto seconds = [](WallTime time) {
            return to_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
        };
        return seconds(slot.begins) + " to " + seconds(slot.ends);
    }
    constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    std::string text;
    for (unsigned day = 0; day < std::size(kDays); ++day) {
        if ((slot.days >> day & 1U) != 0) text += std::string{kDays[day]} + " ";
    }
    return text + clock_text(slot.from) + " to " + clock_text(slot.to);
}

std::string clock_text(std::chrono::minutes after_midnight) {
    return fmt::format("{:02}:{:02}", after_midnight.count() / 60, after_midnight.count() % 60);
}

}  // namespace stile::policy
