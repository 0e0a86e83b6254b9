// SPDX-License-Identifier: Apache-2.0
// Follows the entries of gates and compares the verdicts with the expected ones. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace stile::demo {

// One scan, as it is shown.
struct Shown {
    enum class Verdict { Admit, Refuse };
    Verdict verdict = Verdict::Refuse;
    std::string time;  // hh:mm:ss.mmm
    std::string gate;
    std::string reason;
    std::uint64_t latency_us = 0;  // from the frame to the release, or to the refusal
    std::string passage;           // "entered"; empty for a refusal
};

class VerdictWatch {
public:
    // The reasons in the order of the scans. Empty: nothing is expected, everything is fine.
    explicit VerdictWatch(std::vector<std::string> expected) : expected_{std::move(expected)} {}

    // One line of `mosquitto_sub -v` ("topic payload") or a payload alone. Returns what there is to
    // show now: a refusal at once, an admission when its passage came. Other topics, malformed
    // lines and entries that came before are left out.
    [[nodiscard]] std::vector<Shown> take(std::string_view line);

    // As many scans as expected were decided, and each admission has its passage.
    [[nodiscard]] bool complete() const;
    // Complete, and each reason is the expected one.
    [[nodiscard]] bool as_expected() const;
    // A few lines for people.
    [[nodiscard]] std::string summary() const;

private:
    using EntryName = std::tuple<std::string, std::string, std::uint64_t>;  // gate, epoch, seq

    void show(Shown shown, std::vector<Shown>& out);

    std::vector<std::string> expected_;
    std::vector<std::string> reasons_;  // in the order of the decisions
    std::set<EntryName> known_;
    std::map<EntryName, Shown> admitted_;  // waiting for the passage
    std::map<std::string, int> refused_;
    std::vector<std::uint64_t> release_us_;
};

}  // namespace stile::demo
