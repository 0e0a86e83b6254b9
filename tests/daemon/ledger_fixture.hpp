// SPDX-License-Identifier: Apache-2.0
// A ledger in a folder of its own, and people who come and go.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/ledger/ledger.hpp"
#include "tests/support/fakes.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::test {

inline const WallTime kLedgerNoon{std::chrono::milliseconds{1'800'000'000'000}};

inline crypto::Identity identity(std::uint8_t number) {
    crypto::Identity out;
    out.bytes.fill(number);
    return out;
}

inline Decided admitted(Direction direction = Direction::Entry) {
    return {.verdict = Verdict::Admit,
            .reason = Reason::Valid,
            .direction = direction,
            .event = 7,
            .ticket = {1, 2, 3},
            .lane = "lane-1"};
}

inline Decided refused(Reason reason) {
    return {.verdict = Verdict::Refuse, .reason = reason, .lane = "lane-1"};
}

class LedgerFixture : public ::testing::Test {
protected:
    [[nodiscard]] Ledger::Options options() const {
        return {.folder = folder(),
                .map_bytes = 64U << 20U,
                .boot = 7,
                .software = "test",
                .gate = "north-1"};
    }
    Result<Ledger> try_open() { return Ledger::open(options(), clock_); }
    Ledger open() {
        auto ledger = try_open();
        EXPECT_TRUE(ledger) << ledger.error().context;
        return std::move(*ledger);
    }
    [[nodiscard]] std::filesystem::path folder() const { return temp_.path() / "ledger"; }

    // Durable.
    OpenAdmission admit(Ledger& ledger, Admission admission) {
        auto batch = ledger.begin();
        const auto put = batch->admit(std::move(admission), clock_.now());
        EXPECT_TRUE(put) << put.error().context;
        return std::move(*batch).commit()->front().admission();
    }
    OpenAdmission admit(Ledger& ledger, std::uint8_t number, Decided decided = admitted()) {
        return admit(ledger,
                     {std::move(decided), identity(number), *ledger.state(identity(number))});
    }
    void resolve(Ledger& ledger, const OpenAdmission& open, PassageResult result,
                 std::uint8_t people = 1, const std::string& lane = "lane-1") {
        auto batch = ledger.begin();
        EXPECT_TRUE(
            batch->resolve(open, {.result = result, .people = people, .lane = lane}, clock_.now()));
        EXPECT_TRUE(std::move(*batch).commit());
    }
    AnnulAnswer annul(Ledger& ledger, const Annulment& annulment) {
        auto batch = ledger.begin();
        const auto answer = batch->annul(annulment, clock_.now());
        EXPECT_TRUE(answer) << answer.error().context;
        EXPECT_TRUE(std::move(*batch).commit());
        return *answer;
    }
    static std::vector<Visit> visits(const Ledger& ledger, std::uint8_t number,
                                     const ListKey& list = {7, 0}) {
        std::vector<Visit> out;
        EXPECT_TRUE(ledger.visits(identity(number), list, out));
        return out;
    }
    static Watermark entry(const OpenAdmission& admission) {
        return {admission.epoch, admission.admission};
    }
    static Entry entry_at(const Ledger& ledger, std::uint64_t seq) {
        return decode_entry(ledger.entries(seq, 1)->front()).value();
    }
    static Entry last_entry(const Ledger& ledger) { return entry_at(ledger, ledger.head().seq); }

    TempDir temp_;
    FakeClock clock_{kLedgerNoon};
};

}  // namespace stile::test
