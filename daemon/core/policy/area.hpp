// SPDX-License-Identifier: Apache-2.0
// The areas of a venue as a tree: a hall in an arena, a box in the hall.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/core/visit.hpp"
#include "daemon/core/zone.hpp"

namespace stile {

inline constexpr std::size_t kMostAreas = 256;
inline constexpr std::size_t kMostAreaDepth = 16;
inline constexpr std::uint32_t kOutside = 0;  // the number of everything that is no area

// What happens to somebody who is in an area already and enters it once more.
enum class Passback : std::uint8_t {
    Off,    // nothing
    Soft,   // admitted with a flag
    Timed,  // refused for some time after the entry
    Hard    // refused until they have left
};

// Whether one must have entered the area around this one first.
enum class Parents : std::uint8_t { Lenient, Strict };

// Numbers from 0 to 63, one bit each: the classes of AccessPolicy::classes.
using ClassSet = std::uint64_t;

struct Area {
    std::uint32_t number = kOutside;  // in entries and messages
    std::string name;
    std::string title;                      // as guests read it
    std::uint32_t parent = kOutside;        // number
    std::optional<std::uint32_t> capacity;  // people, those in areas inside it included
    Passback passback = Passback::Off;
    std::chrono::minutes passback_time{0};  // of Timed
    Parents parents = Parents::Lenient;
    std::optional<std::chrono::minutes> daily_reset;  // after midnight; who is in then is forgotten
    ClassSet exempt = 0;  // from anti-passback and capacity of this area
    friend bool operator==(const Area&, const Area&) = default;
};

struct AreaFault {
    enum class Kind : std::uint8_t {
        NumberMissing,  // 0 is the outside
        NumberTwice,
        NameTwice,
        ParentUnknown,
        Cycle,
        TooDeep,
        TooMany
    };
    Kind kind = Kind::NumberMissing;
    std::size_t area = 0;  // its place in what was given
    friend bool operator==(const AreaFault&, const AreaFault&) = default;
};

// A constant value. Places are positions in areas(): the outside is at 0, each area stands before
// the areas inside it, so those inside one are next to each other.
class AreaTree {
public:
    AreaTree();  // the outside alone
    // Errors: everything that is wrong, in the order given.
    [[nodiscard]] static std::expected<AreaTree, std::vector<AreaFault>> make(
        std::vector<Area> areas);

    [[nodiscard]] std::span<const Area> areas() const { return areas_; }
    // A number that no area has is outside: areas come and go, old entries stay.
    [[nodiscard]] std::size_t place(std::uint32_t number) const;
    [[nodiscard]] std::size_t parent(std::size_t place) const { return nodes_[place].parent; }
    // The first place after those inside this one.
    [[nodiscard]] std::size_t end(std::size_t place) const { return nodes_[place].end; }
    [[nodiscard]] std::size_t depth(std::size_t place) const;
    // Everything is within the outside, and each within itself.
    [[nodiscard]] bool within(std::size_t inner, std::size_t outer) const {
        return inner >= outer && inner < nodes_[outer].end;
    }

    friend bool operator==(const AreaTree&, const AreaTree&) = default;

private:
    struct Node {
        std::size_t parent = 0;
        std::size_t end = 1;
        friend bool operator==(const Node&, const Node&) = default;
    };
    void add(std::vector<Area>& given, std::size_t which, std::size_t parent);

    std::vector<Area> areas_;
    std::vector<Node> nodes_;
};

// The last time that the clocks of the zone showed `time_of_day`, not after `now`. On a day that
// shows it twice, the first; on a day that jumps over it, as Zone::instant says.
[[nodiscard]] WallTime latest_reset(std::chrono::minutes time_of_day, WallTime now,
                                    const Zone& zone);

// Where somebody is who came to `area` at `since`: an area that was reset in between has forgotten
// them, and with it the areas inside.
[[nodiscard]] std::size_t standing(const AreaTree& tree, std::uint32_t area, WallTime since,
                                   WallTime now, const Zone& zone);

// Nobody whom this area, or one around it, has counted before that is in it any more: the count
// begins again at 0. Nothing: there is no reset.
[[nodiscard]] std::optional<WallTime> counted_since(const AreaTree& tree, std::size_t place,
                                                    WallTime now, const Zone& zone);

}  // namespace stile
