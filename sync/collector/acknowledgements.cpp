// SPDX-License-Identifier: Apache-2.0
// A note is "since time person": two moments, and a name that may hold spaces.
#include "sync/collector/acknowledgements.hpp"

#include <fmt/format.h>

#include "crypto/base/time_text.hpp"

namespace stile::sync {

Note note_of(const Acknowledgement& acknowledgement) {
    return {fmt::format("{}{}", kAcknowledgedNotes, acknowledgement.alarm),
            fmt::format("{} {} {}", to_rfc3339(acknowledgement.since),
                        to_rfc3339(acknowledgement.time), acknowledgement.person)};
}

std::optional<Acknowledgement> acknowledgement_of(const Note& note) {
    if (!note.name.starts_with(kAcknowledgedNotes)) return std::nullopt;
    const std::string_view text = note.text;
    const auto first = text.find(' ');
    const auto second = first == std::string_view::npos ? first : text.find(' ', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto since = parse_rfc3339(text.substr(0, first));
    const auto time = parse_rfc3339(text.substr(first + 1, second - first - 1));
    if (!since || !time) return std::nullopt;
    return Acknowledgement{.alarm = note.name.substr(kAcknowledgedNotes.size()),
                           .since = *since,
                           .person = std::string{text.substr(second + 1)},
                           .time = *time};
}

}  // namespace stile::sync
