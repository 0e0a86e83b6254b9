// SPDX-License-Identifier: Apache-2.0
// People inside, in all and by area and gate, from entries in any order.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "sync/collector/admissions.hpp"
#include "sync/collector/visits.hpp"

namespace stile::sync {

struct OccupancyView {
    Headcount total;
    std::map<std::uint64_t, Headcount> areas;
    std::map<std::string, Headcount> gates;  // who went through each; `inside` is 0
    std::uint64_t free = 0;  // people without a ticket; nobody knows in which direction
    friend bool operator==(const OccupancyView&, const OccupancyView&) = default;
};

// The same entries make the same numbers, whatever their order and however often they come. Pure;
// keeps some 500 bytes for each admission.
class Occupancy {
public:
    using Ticket = crypto::TicketId;
    using Arrivals = std::map<std::chrono::sys_time<std::chrono::minutes>, std::uint64_t>;

    // Who came before `since` is not inside.
    explicit Occupancy(AreaTree areas, WallTime since = WallTime::min());

    // What the entry changed, for those who count something else.
    Admissions::Change take(const GateEntry& entry);
    // The people whom a ticket is for; 1 unless said.
    void set_people(const Ticket& ticket, std::uint32_t people);
    void set_since(WallTime since);

    [[nodiscard]] OccupancyView view() const;
    [[nodiscard]] bool is_inside(const Ticket& ticket) const;
    [[nodiscard]] std::set<Ticket> tickets_inside() const;
    // The newest movement of the ticket: where to look for its holder.
    [[nodiscard]] std::optional<Movement> last_of(const Ticket& ticket) const;
    // Tickets that entered twice, in no order that means anything.
    [[nodiscard]] const std::map<Ticket, std::vector<Conflict>>& conflicts() const {
        return conflicts_;
    }
    // New guests of an event by minute. 0: of those whose event is not known.
    [[nodiscard]] const Arrivals& arrivals(std::uint64_t event) const;

    // Tickets about which something changed since the last call.
    [[nodiscard]] std::set<Ticket> take_touched() { return std::exchange(touched_, {}); }

private:
    struct Hash {
        // An id is a hash already.
        std::size_t operator()(const Ticket& ticket) const {
            std::size_t out = 0;
            std::memcpy(&out, ticket.data(), sizeof out);
            return out;
        }
    };
    struct History {
        std::vector<Movement> movements;  // sorted
        std::uint32_t people = 1;
        Visits visits;
    };
    enum class Sign : std::uint8_t { Add, Remove };
    void put(const Movement& movement, Sign sign);
    void count_gate(const Movement& movement, Sign sign);
    void count(const Visits& visits, Sign sign);
    void walk(const Ticket& ticket, History& history);
    void count_unnamed(const Movement& movement, Sign sign);

    AreaTree areas_;
    WallTime since_;
    Admissions admissions_;
    std::unordered_map<Ticket, History, Hash> tickets_;
    std::set<Movement> unnamed_;                                    // movements without a ticket
    std::map<EntryName, std::pair<WallTime, std::uint64_t>> free_;  // free passages
    std::map<std::string, Headcount> gates_;  // all of these are counted from since_ on
    Headcount total_;
    std::map<std::uint64_t, Headcount> by_area_;
    Headcount unnamed_total_;
    std::uint64_t free_people_ = 0;
    std::map<Ticket, std::vector<Conflict>> conflicts_;
    std::map<std::uint64_t, Arrivals> arrivals_;
    std::set<Ticket> touched_;
};

}  // namespace stile::sync
