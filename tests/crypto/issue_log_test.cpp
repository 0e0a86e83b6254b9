// SPDX-License-Identifier: Apache-2.0
// The issue log: what it says comes back, and whoever alters, cuts or tears it is found out.
#include "crypto/issue/log/issue_log.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/crypto/issuer.hpp"
#include "tests/crypto/temporary_folder.hpp"

namespace stile::crypto {
namespace {

using tests::at;

IssueEntry entry(IssueAct act, std::uint64_t serial, std::uint8_t reissue = 0) {
    IssueEntry made{.time = at(1'760'000'000), .act = act, .fields = tests::test_fields()};
    made.fields.serial = serial;
    made.fields.reissue = reissue;
    made.fields.seat = InlineText<kGt1MaxSeat>{"Block C 4"};
    made.digest.fill(static_cast<std::uint8_t>(serial));
    return made;
}

class IssueLogFile : public testing::Test {
protected:
    tests::TemporaryFolder folder;
    std::string path = folder / "demo.issued";

    [[nodiscard]] Result<IssueLog> open(std::optional<SerialRange> counted = std::nullopt) const {
        return IssueLog::open(path, "test-issuer", counted, at(1'760'000'000));
    }
    void write(const std::vector<IssueEntry>& entries) const {
        auto log = open();
        ASSERT_TRUE(log) << log.error().context;
        for (const IssueEntry& one : entries)
            ASSERT_TRUE(log->stage(one)) << log->stage(one).error().context;
        ASSERT_TRUE(log->commit());
    }
    void write_three() const {
        write(
            {entry(IssueAct::Issue, 0), entry(IssueAct::Issue, 1), entry(IssueAct::Reissue, 0, 1)});
    }
    [[nodiscard]] std::string text() const { return tests::read_text(path); }
    // The log with this text is bad, and the message names the line.
    void expect_bad(const std::string& changed, std::string_view line) const {
        tests::write_text(path, changed);
        const auto report = verify_log(path, std::nullopt);
        ASSERT_FALSE(report) << changed;
        EXPECT_EQ(report.error().code, Errc::Corrupt);
        EXPECT_NE(report.error().context.find(line), std::string::npos) << report.error().context;
        EXPECT_FALSE(open()) << "no ticket may be made on a log that is not whole";
    }
    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> all;
        const std::string whole = text();
        for (std::size_t from = 0; from < whole.size(); from = whole.find('\n', from) + 1)
            all.push_back(whole.substr(from, whole.find('\n', from) + 1 - from));
        return all;
    }
};

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line;
    return text;
}

TEST_F(IssueLogFile, KnowsAfterwardsWhatWasIssued) {
    write_three();
    const auto log = open();
    ASSERT_TRUE(log) << log.error().context;
    const IssueEntry* const newest = log->index().newest(tests::kEvent, 0);
    ASSERT_NE(newest, nullptr);
    EXPECT_EQ(newest->fields.reissue, 1);
    EXPECT_EQ(newest->fields.seat.view(), "Block C 4");
    EXPECT_EQ(newest->fields.not_after, tests::test_fields().not_after);
    EXPECT_EQ(log->index().newest(tests::kEvent, 2), nullptr);
    EXPECT_EQ(log->index().totals().tickets, 2U);
    EXPECT_EQ(log->index().totals().copies, 1U);
}

TEST_F(IssueLogFile, BelongsToItsOwnerAlone) {
    write_three();
    struct stat status{};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(IssueLogFile, FindsTheTicketOfARow) {
    IssueEntry made = entry(IssueAct::Issue, 4);
    made.row = RowTag{1, 2, 3};
    write({made});
    const auto log = open();
    ASSERT_NE(log->index().made_of(RowTag{1, 2, 3}), nullptr);
    EXPECT_EQ(log->index().made_of(RowTag{1, 2, 3})->fields.serial, 4U);
    EXPECT_EQ(log->index().made_of(RowTag{1, 2, 4}), nullptr);
}

TEST_F(IssueLogFile, CountsSerialsFromZeroInEachEvent) {
    write_three();
    const auto log = open();
    EXPECT_EQ(log->index().next_serial(tests::kEvent).value(), 2U);
    EXPECT_EQ(log->index().next_serial(tests::kEvent + 1).value(), 0U);
}

TEST_F(IssueLogFile, CountsWithinTheRangeOfTheKey) {
    write({entry(IssueAct::Issue, 1000)});
    auto log = open(SerialRange{.first = 10, .last = 12});
    EXPECT_EQ(log->index().next_serial(tests::kEvent).value(), 10U);
    ASSERT_TRUE(log->stage(entry(IssueAct::Issue, 11)));
    EXPECT_EQ(log->index().next_serial(tests::kEvent).value(), 12U);
}

TEST_F(IssueLogFile, SaysWhenNoSerialIsLeft) {
    write({entry(IssueAct::Issue, 12)});
    const auto log = open(SerialRange{.first = 10, .last = 12});
    const auto serial = log->index().next_serial(tests::kEvent);
    ASSERT_FALSE(serial);
    EXPECT_EQ(serial.error().code, Errc::Full);
    EXPECT_NE(serial.error().context.find("10-12"), std::string::npos);
}

TEST_F(IssueLogFile, SaysWhenEvenTheLargestSerialIsTaken) {
    write({entry(IssueAct::Issue, UINT64_MAX)});
    EXPECT_EQ(open()->index().next_serial(tests::kEvent).error().code, Errc::Full);
}

TEST_F(IssueLogFile, NeverGivesOutARevokedSerial) {
    write({entry(IssueAct::Issue, 0), entry(IssueAct::Revoke, 1), entry(IssueAct::Revoke, 2)});
    EXPECT_EQ(open()->index().next_serial(tests::kEvent).value(), 3U);
}

TEST_F(IssueLogFile, TakesNoSerialTwice) {
    auto log = open();
    ASSERT_TRUE(log->stage(entry(IssueAct::Issue, 5)));
    EXPECT_FALSE(log->stage(entry(IssueAct::Issue, 5)));
    EXPECT_FALSE(log->stage(entry(IssueAct::Reissue, 5)));
    EXPECT_FALSE(log->stage(entry(IssueAct::Reissue, 6, 1)));
    ASSERT_TRUE(log->stage(entry(IssueAct::Revoke, 5)));
    EXPECT_FALSE(log->stage(entry(IssueAct::Reissue, 5, 1)));
    ASSERT_TRUE(log->commit());
    EXPECT_EQ(verify_log(path, std::nullopt)->end.lines, 3U);  // what was refused is not in it
}

TEST_F(IssueLogFile, OfAnotherIssuerIsRefused) {
    write_three();
    const auto log = IssueLog::open(path, "somebody-else", std::nullopt, at(0));
    ASSERT_FALSE(log);
    EXPECT_NE(log.error().context.find("--log"), std::string::npos);
}

TEST_F(IssueLogFile, AnAlteredLineIsNamed) {
    write_three();
    const std::string whole = text();
    for (const std::string_view word : {" issue 7 1 ", "test-issuer", " reissue 7 0 1 "}) {
        std::string changed = whole;
        const auto where = changed.find(word);
        ASSERT_NE(where, std::string::npos) << word;
        changed[where + word.size() - 2] ^= 1;
        const auto line =
            std::count(whole.begin(), whole.begin() + std::ptrdiff_t(where), '\n') + 1;
        expect_bad(changed, "line " + std::to_string(line));
    }
}

TEST_F(IssueLogFile, ALineThatIsGoneSwappedOrTwiceThereIsNamed) {
    write_three();
    const auto whole = lines();
    ASSERT_EQ(whole.size(), 4U);
    expect_bad(joined({whole[0], whole[2], whole[3]}), "line 2");
    expect_bad(joined({whole[0], whole[2], whole[1], whole[3]}), "line 2");
    expect_bad(joined({whole[0], whole[1], whole[1]}), "line 3");
    expect_bad(joined({whole[1], whole[2]}), "line 1");
    expect_bad(joined({whole[0], "\n", whole[1]}), "line 2");
    expect_bad(std::string(5000, 'x'), "line 1");
    expect_bad(std::string(5000, '\0') + "\n", "line 1");
}

// A forger who computes the chain anew makes another head: the one noted before is not in it.
TEST_F(IssueLogFile, AHeadThatWasSeenBeforeMustStillBeThere) {
    write({entry(IssueAct::Issue, 0)});
    const Digest seen = verify_log(path, std::nullopt)->end.head;
    write({entry(IssueAct::Issue, 1)});
    EXPECT_TRUE(verify_log(path, seen)->has_head);
    tests::write_text(path, "");
    write({entry(IssueAct::Issue, 7)});
    EXPECT_FALSE(verify_log(path, seen)->has_head);
}

TEST_F(IssueLogFile, ATornLineIsNoticedAndItsMendingIsWrittenDown) {
    write_three();
    const std::string whole = text();
    tests::write_text(path, whole + "4 2025-10-09T08:53:20Z issue 7 99 0");
    EXPECT_EQ(verify_log(path, std::nullopt)->end.torn, 35U);
    {
        const auto log = open();
        ASSERT_TRUE(log) << log.error().context;
        EXPECT_EQ(log->mended_bytes(), 35U);
        EXPECT_EQ(log->index().newest(tests::kEvent, 99), nullptr);
    }
    EXPECT_TRUE(text().starts_with(whole));
    EXPECT_NE(text().find(" mend 35 "), std::string::npos);
    const auto report = verify_log(path, std::nullopt);
    ASSERT_TRUE(report) << report.error().context;
    EXPECT_EQ(report->totals.mended, 1U);
}

TEST_F(IssueLogFile, TornAnywhereInItsLastLineItIsMended) {
    write_three();
    const std::string whole = text();
    const std::size_t last = joined({lines()[0], lines()[1], lines()[2]}).size();
    for (std::size_t size = last; size < whole.size(); ++size) {
        tests::write_text(path, whole.substr(0, size));
        const auto log = open();
        ASSERT_TRUE(log) << size << log.error().context;
        EXPECT_EQ(log->mended_bytes(), size - last);
        EXPECT_EQ(log->index().newest(tests::kEvent, 0)->fields.reissue, 0);
    }
}

TEST_F(IssueLogFile, TornInItsFirstLineItBeginsAnew) {
    write_three();
    tests::write_text(path, text().substr(0, 30));
    EXPECT_TRUE(open());
    EXPECT_TRUE(verify_log(path, std::nullopt));
}

TEST_F(IssueLogFile, ThatIsNoFileIsRefused) {
    EXPECT_FALSE(IssueLog::open("/dev/full", "test-issuer", std::nullopt, at(0)));
    EXPECT_FALSE(IssueLog::open(folder / "no/such", "test-issuer", std::nullopt, at(0)));
    EXPECT_FALSE(IssueLog::open(folder / "", "test-issuer", std::nullopt, at(0)));
    EXPECT_EQ(verify_log(folder / "none", std::nullopt).error().code, Errc::NotFound);
    tests::write_text(path, "");
    EXPECT_EQ(verify_log(path, std::nullopt).error().code, Errc::Corrupt);
}

TEST(IssueEntryText, ComesBackForEveryAct) {
    IssueEntry bound = entry(IssueAct::Exchange, 3, 2);
    bound.carrier = Carrier::Holder;
    bound.row = RowTag{9};
    const IssueEntry mend{.time = at(0), .act = IssueAct::Mend, .torn_bytes = 17};
    for (const IssueEntry& one :
         {entry(IssueAct::Issue, 0), bound, entry(IssueAct::Revoke, 1), mend}) {
        const std::string text = entry_text(one, 5);
        const auto back = parse_entry(text, 5);
        ASSERT_TRUE(back) << text;
        EXPECT_EQ(entry_text(*back, 5), text);
        EXPECT_EQ(back->carrier, one.act == IssueAct::Exchange ? Carrier::Holder : Carrier::Copy);
    }
}

TEST(IssueEntryText, HasOneSpelling) {
    const std::string text = entry_text(entry(IssueAct::Issue, 10), 5);
    EXPECT_FALSE(parse_entry(text, 6));
    EXPECT_FALSE(parse_entry(text + " ", 5));
    EXPECT_FALSE(parse_entry(" " + text, 5));
    EXPECT_FALSE(parse_entry("0" + text, 5));
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_FALSE(parse_entry(text.substr(0, size), 5)) << size;
    std::string capital = text;
    *std::ranges::find(capital, 'b') = 'B';  // in "bytes as hexadecimal"
    EXPECT_FALSE(parse_entry(capital, 5));
}

}  // namespace
}  // namespace stile::crypto
