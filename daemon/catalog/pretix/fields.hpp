// SPDX-License-Identifier: Apache-2.0
// Fields as pretix writes them: names in several languages, times, ids.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/catalog/pretix/json.hpp"
#include "daemon/core/access_list.hpp"

namespace stile::pretix {

inline constexpr std::size_t kMaxText = 1'000;    // bytes of a name or a text for people
inline constexpr std::size_t kMaxSecret = 4'096;  // bytes of what may be scanned

// RFC 3339 with a zone ("2026-01-31T19:00:00.5+01:00") as parse_rfc3339 reads it, of the years that
// fit into 32 bits of seconds: 1970 to early 2106. Nothing for anything else.
[[nodiscard]] std::optional<WallTime> wall_time(std::string_view text);

// Reads members of one object, and remembers whether one of them could not be understood. A reader
// of this kind decides with what it was given, so that every doubt is seen by the caller.
class Fields {
public:
    explicit Fields(JsonView object) : object_{object}, good_{object.is_object()} {}

    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] JsonView at(std::string_view name) const { return object_.at(name); }

    // Must be there; 0 is none.
    [[nodiscard]] std::uint64_t id(std::string_view name);
    // May be absent or null: 0.
    [[nodiscard]] std::uint64_t optional_id(std::string_view name);
    [[nodiscard]] std::vector<std::uint64_t> ids(std::string_view name);
    // May be absent or null: false.
    [[nodiscard]] bool flag(std::string_view name);
    [[nodiscard]] std::optional<WallTime> time(std::string_view name);
    // That something is compared with: absent or null is empty; too long is not understood.
    [[nodiscard]] std::string exact(std::string_view name, std::size_t limit);
    [[nodiscard]] EventTimes event_times();

    // For people only: anything that is not understood is an empty text, and a long one is cut.
    [[nodiscard]] std::string words(std::string_view name) const;
    // The same in the language `en` if there is one, else in the first.
    [[nodiscard]] std::string name(std::string_view name) const;
    // A warning to staff: anything that is not a plain "no" counts as one.
    [[nodiscard]] bool warning(std::string_view name) const;

    void doubt() { good_ = false; }

private:
    JsonView object_;
    bool good_;
};

}  // namespace stile::pretix
