// SPDX-License-Identifier: Apache-2.0
// What staff can have done at the gate, by lane name and in words, for whoever asks on their
// behalf.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/control/roles.hpp"
#include "daemon/lane/gate.hpp"
#include "daemon/ledger/ledger.hpp"

namespace stile {

// A lane's name, or "all".
struct ModeOrder {
    std::string lane;
    LaneMode mode = LaneMode::Normal;
    std::optional<WallTime> until;  // then the lanes go back to the modes that they have now
};

// A reader of a lane, for whoever tests it.
struct TestReader {
    std::string name;
    std::string kind;       // camera, nfc, scanner
    std::string direction;  // entry, exit
    bool connected = false;
};

// Everything is durable when it returns. Results are JSON objects; errors are sentences for the
// person who asked. Thread-bound to the gate thread; borrows the others.
class StaffDesk {
public:
    StaffDesk(Gate& gate, const Ledger& ledger, Clock& clock)
        : gate_{gate}, ledger_{ledger}, clock_{clock} {}

    [[nodiscard]] Result<std::string> open(const Caller& who, const std::string& lane,
                                           const std::string& reason);
    [[nodiscard]] Result<std::string> set_mode(const Caller& who, const ModeOrder& order,
                                               const std::string& reason);
    [[nodiscard]] Result<std::string> override_refusal(const Caller& who, const std::string& lane,
                                                       const std::string& reason);
    // `admission`: the number of its entry or of its passage's entry, or its nonce.
    [[nodiscard]] Result<std::string> annul(const Caller& who, const std::string& admission,
                                            const std::string& reason);
    // Puts the lane in test: its tickets, and what it has.
    [[nodiscard]] Result<std::string> begin_test(const Caller& who, const std::string& lane,
                                                 const std::string& reason,
                                                 const std::vector<TestReader>& readers);
    [[nodiscard]] Result<std::string> end_test(const Caller& who, const std::string& lane,
                                               const std::string& reason);

    // Lets modes go back whose time is over. Call every second. Errors: Full, Io; it is tried
    // again.
    [[nodiscard]] Result<void> tick();
    // When this lane's mode goes back by itself.
    [[nodiscard]] std::optional<WallTime> until(std::string_view lane) const;

    // The longest time for which a mode may be asked.
    static constexpr std::chrono::hours kLongest{24};

private:
    struct Hold {
        WallTime until;
        LaneMode back = LaneMode::Normal;
    };
    [[nodiscard]] Result<std::size_t> find(const std::string& lane) const;
    [[nodiscard]] Result<std::size_t> find_open(const std::string& lane) const;
    [[nodiscard]] Result<AdmissionName> named(const std::string& admission) const;
    [[nodiscard]] std::vector<std::size_t> all_or(std::optional<std::size_t> lane) const;

    Gate& gate_;
    const Ledger& ledger_;
    Clock& clock_;
    std::map<std::size_t, Hold> holds_;  // by lane; a restart forgets them
};

}  // namespace stile
