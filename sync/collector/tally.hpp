// SPDX-License-Identifier: Apache-2.0
// Adds up entries for a report: first every passage with what is known of its ticket, then the
// sums.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sync/collector/report.hpp"

namespace stile::sync {

class Tally {
public:
    Tally(const ReportQuery& query, const ReportNames& names) : query_{query}, names_{names} {}

    // In the order of (gate, epoch, seq), as the store gives them.
    void take(const GateEntry& entry);

    // Whether a sold ticket that never came is one that was revoked.
    enum class Standing : std::uint8_t { Valid, Revoked };
    // After all entries and join(), before finish(). Tells whether it has not come, wholly or
    // partly.
    [[nodiscard]] std::uint64_t absent(const SoldTicket& ticket) const;
    void take(const SoldTicket& ticket, Standing standing);
    void join();
    [[nodiscard]] Report finish() &&;

private:
    // Where a count belongs.
    struct Place {
        std::uint64_t event = kNone;
        std::uint64_t product = kNone;
        std::uint32_t gate = 0;
        std::uint32_t channel = 0;
    };
    struct Passed {
        WallTime time;
        Place place;
        std::uint32_t people = 1;
        Direction direction = Direction::Entry;
        bool overridden = false;
        bool annulled = false;
        std::optional<crypto::TicketId> ticket;
    };
    struct Decision {
        Place place;
        std::uint32_t people = 1;
        std::uint8_t flags = 0;
        Direction direction = Direction::Entry;
        std::optional<crypto::TicketId> ticket;
        std::size_t passed = kNowhere;  // in passed_
    };
    static constexpr std::uint64_t kNone = ~std::uint64_t{0};
    static constexpr std::size_t kNowhere = ~std::size_t{0};

    [[nodiscard]] bool counts(std::optional<WallTime> time, std::uint64_t event) const;
    [[nodiscard]] std::uint32_t intern(std::string_view name);
    [[nodiscard]] Place place_of(const GateEntry& entry);
    void decide(const GateEntry& entry);
    void pass(const GateEntry& entry);
    void annul(const GateEntry& entry);
    void annul_of_earlier_epoch(const GateEntry& entry);
    template <class Change>
    void add(const Place& place, WallTime time, Change change);
    void add_passage(const Passed& passed, std::uint64_t re_entered);

    const ReportQuery& query_;
    const ReportNames& names_;
    Report out_;
    LedgerName ledger_;                                     // that is being read
    std::unordered_map<std::uint64_t, Decision> admitted_;  // of it, by seq
    std::vector<Passed> passed_;
    std::map<std::string, std::uint32_t, std::less<>> numbers_;
    std::vector<std::string> texts_;
    std::map<crypto::TicketId, std::uint64_t> arrived_;  // people who entered for the first time
    std::map<std::uint64_t, Counts> events_;
    std::map<std::uint64_t, Counts> products_;
    std::map<std::uint32_t, Counts> gates_;
    std::map<std::uint32_t, Counts> channels_;
    std::map<WallTime, Counts> quarters_;
};

}  // namespace stile::sync
