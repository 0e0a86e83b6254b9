// SPDX-License-Identifier: Apache-2.0
// The report against a plain recount of thousands of random entries, and its odd cases.
#include <algorithm>

#include <gtest/gtest.h>

#include "daemon/entry/entry_json.hpp"
#include "sync/collector/report.hpp"
#include "sync/collector/report_command.hpp"
#include "sync/collector/report_formats.hpp"
#include "sync/sqlite/sqlite_store.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/sync/random_venue.hpp"

namespace stile::sync {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kBegin = RandomVenue::kBegin;

template <class Belongs>
Counts recount(const std::vector<Happening>& all, Belongs belongs) {
    Counts sum;
    for (const Happening& each : all) {
        if (!belongs(each)) continue;
        const bool passed =
            each.what == Happening::What::Entered || each.what == Happening::What::Left;
        if (passed && each.annulled) {
            sum.annulled += each.people;
        } else if (each.what == Happening::What::Left) {
            sum.left += each.people;
        } else if (each.what == Happening::What::Entered) {
            sum.entered += each.people;
            sum.re_entered += each.again;
            if (each.overridden) sum.overridden += each.people;
        } else if (each.what == Happening::What::Refused) {
            ++sum.refused[each.reason];
        } else if (each.what == Happening::What::WithoutTicket) {
            sum.without_ticket += each.people;
        }
    }
    return sum;
}

// Rows have what was sold too: that is compared elsewhere.
void expect_equal(Counts found, const Counts& wanted, const std::string& what) {
    found.sold = found.revoked = found.no_shows = 0;
    EXPECT_EQ(found, wanted) << what << ": entered " << found.entered << " " << wanted.entered
                             << ", again " << found.re_entered << " " << wanted.re_entered
                             << ", left " << found.left << " " << wanted.left << ", annulled "
                             << found.annulled << " " << wanted.annulled;
}

class OpsReport : public testing::Test {
protected:
    void SetUp() override {
        auto opened = open_sqlite_store(":memory:", StoreUse::Collect);
        ASSERT_TRUE(opened) << opened.error().context;
        store_ = std::move(*opened);
        names_.venue = "arena";
    }
    Report report(const ReportQuery& query = {}) {
        auto made = make_report(*store_, query, names_);
        EXPECT_TRUE(made);
        return made.value_or(Report{});
    }
    void put(std::string_view gate, const Entry& entry) {
        const std::array batch{parse_entry(gate, entry_json(gate, entry)).value()};
        ASSERT_TRUE(store_->put(batch));
    }
    std::unique_ptr<EntryStore> store_;
    ReportNames names_;
};

TEST_F(OpsReport, AgreesWithAPlainRecountOfThousandsOfEntries) {
    RandomVenue venue{7};
    venue.live(6000);
    ASSERT_TRUE(store_->put(venue.entries()));
    const auto all = venue.happenings();
    const Report found = report();
    expect_equal(found.total, recount(all, [](const auto&) { return true; }), "all");
    EXPECT_GT(found.total.re_entered, 50U);
    EXPECT_GT(found.total.annulled, 50U);
    EXPECT_EQ(found.missing, 0U);
    EXPECT_EQ(found.tests, static_cast<std::uint64_t>(
                               std::ranges::count(all, Happening::What::Test, &Happening::what)));
    EXPECT_EQ(found.gates.size(), 4U);
    for (const ReportRow& row : found.gates)
        expect_equal(row.counts, recount(all, [&](const auto& h) { return h.gate == row.key; }),
                     row.key);
    EXPECT_EQ(found.events.size(), 3U);  // two, and what belongs to none
    for (const ReportRow& row : found.events)
        expect_equal(row.counts,
                     recount(all,
                             [&](const auto& h) {
                                 return (h.event ? std::to_string(*h.event) : "") == row.key;
                             }),
                     row.key);
    for (const ReportRow& row : found.products)
        expect_equal(row.counts,
                     recount(all,
                             [&](const auto& h) {
                                 return (h.product != 0 ? std::to_string(h.product) : "") ==
                                        row.key;
                             }),
                     row.key);
    for (const ReportRow& row : found.channels)
        expect_equal(row.counts, recount(all, [&](const auto& h) { return h.channel == row.key; }),
                     row.key);
    for (const TimeRow& row : by(Span::Hour, found))
        expect_equal(
            row.counts,
            recount(all,
                    [&](const auto& h) { return h.time >= row.from && h.time < row.from + 1h; }),
            "hour");
}

TEST_F(OpsReport, AgreesWithARecountOfOneEventAndSomeHours) {
    RandomVenue venue{8};
    venue.live(3000);
    ASSERT_TRUE(store_->put(venue.entries()));
    const ReportQuery query{.event = 2027, .from = kBegin + 40min, .to = kBegin + 100min};
    expect_equal(report(query).total,
                 recount(venue.happenings(),
                         [&](const auto& h) {
                             return h.event == 2027 && h.time >= *query.from && h.time < *query.to;
                         }),
                 "one event");
}

Entry decided(std::uint64_t seq, WallTime time, std::uint64_t number) {
    Decided body{.verdict = Verdict::Admit,
                 .reason = Reason::Valid,
                 .product = 17,
                 .event = 1,
                 .ticket = ticket(number),
                 .lane = "a",
                 .reader = "a-qr",
                 .issuer = "acme"};
    return {5, seq, time, ClockQuality::Synced, body};
}

Entry entered(std::uint64_t seq, WallTime time, std::uint64_t admission, std::uint64_t number) {
    return {5, seq, time, ClockQuality::Synced,
            Passage{.admission = admission, .ticket = ticket(number), .lane = "a"}};
}

TEST_F(OpsReport, IsEmptyWithoutEntries) {
    const Report found = report();
    EXPECT_EQ(found.total, Counts{});
    EXPECT_FALSE(found.first);
    for (const std::string& text :
         {report_text(found), report_csv(found), report_json(found), report_html(found)})
        EXPECT_FALSE(text.empty());
}

TEST_F(OpsReport, KnowsNothingOfWhoPassedALaneInTest) {
    using enum LaneEventKind;
    put("north", {5, 1, kBegin, ClockQuality::Synced, LaneEvent{Tailgating, 0, 0, "a"}});
    put("north", {5, 2, kBegin, ClockQuality::Synced, LaneEvent{PassageWithoutRelease, 0, 0, "a"}});
    EXPECT_EQ(report().total, Counts{});
    EXPECT_FALSE(report().first);
    put("north", {5, 3, kBegin, ClockQuality::Synced, LaneEvent{Tailgating, 0, 2, "a"}});
    EXPECT_EQ(report().total.without_ticket, 2U);
}

TEST_F(OpsReport, CountsWhoBoughtAndDidNotCome) {
    put("north", decided(1, kBegin, 1));
    put("north", entered(2, kBegin + 1s, 1, 1));
    const std::array sold{
        SoldTicket{ticket(1), 1, 17, "web", 3}, SoldTicket{ticket(2), 1, 17, "", 1},
        SoldTicket{ticket(3), 1, 18, "web", 2}, SoldTicket{ticket(4), 9, 17, "web", 5}};
    ASSERT_TRUE(store_->put_sold(sold));
    ASSERT_TRUE(store_->begin_revoked());
    ASSERT_TRUE(store_->put_revoked(std::vector{ticket(3)}));
    ASSERT_TRUE(store_->use_revoked());
    const Report found = report({.event = 1});
    EXPECT_EQ(found.total.sold, 6U);
    EXPECT_EQ(found.total.no_shows, 3U);  // two of the three, and the second ticket
    EXPECT_EQ(found.total.revoked, 2U);
    EXPECT_EQ(report().total.no_shows, 8U);
}

TEST_F(OpsReport, SaysThatEntriesAreMissing) {
    put("north", decided(1, kBegin, 1));
    put("north", entered(4, kBegin + 1s, 1, 1));
    const Report found = report();
    EXPECT_EQ(found.missing, 2U);
    EXPECT_NE(report_text(found).find("2 entries of gates have not come yet"), std::string::npos);
    EXPECT_NE(report_html(found).find("2 entries of gates have not come yet"), std::string::npos);
}

TEST_F(OpsReport, SaysThatTailsAreMissing) {
    put("north", decided(1, kBegin, 1));
    const std::array next{
        parse_entry("north", R"({"v":1,"gate":"north","epoch":"00000000000000ff","seq":1,)"
                             R"("kind":"epoch","previous":{"epoch":"00000000000000fe","seq":5}})")
            .value()};
    ASSERT_TRUE(store_->put(next));
    EXPECT_EQ(report().missing, 5U);
    ASSERT_TRUE(store_->keep({"end/north/00000000000000fe", "7"}));
    ASSERT_TRUE(store_->keep({"end/south/0000000000000001", "2"}));
    EXPECT_EQ(report().missing, 9U);
}

TEST_F(OpsReport, CountsAPassageWhoseDecisionIsMissingAtItsGate) {
    put("north", entered(2, kBegin, 1, 1));
    const Report found = report();
    EXPECT_EQ(found.total.entered, 1U);
    EXPECT_EQ(found.gates.at(0).counts.entered, 1U);
    EXPECT_EQ(found.events.at(0).key, "");
}

TEST_F(OpsReport, TakesBackAPassageOfAnEarlierEpoch) {
    put("north", decided(1, kBegin, 1));
    put("north", entered(2, kBegin + 1s, 1, 1));
    put("south", decided(1, kBegin, 1));
    put("south", entered(2, kBegin + 2s, 1, 1));
    Entry undone{6, 1, kBegin + 1min, ClockQuality::Synced, Annulled{.ticket = ticket(1)}};
    put("north", undone);
    const Report found = report();
    EXPECT_EQ(found.total.entered, 1U);
    EXPECT_EQ(found.gates.at(0).counts.annulled, 1U);
}

TEST_F(OpsReport, CountsTheFirstOfTwoOutcomes) {
    put("north", decided(1, kBegin, 1));
    put("north", entered(2, kBegin + 1s, 1, 1));
    put("north", entered(3, kBegin + 2s, 1, 1));
    EXPECT_EQ(report().total.entered, 1U);
}

// ---- The command

TEST_F(OpsReport, TakesTimesOfTheVenuesClock) {
    put("north", decided(1, kBegin, 1));  // 16:00 in UTC
    put("north", entered(2, kBegin, 1, 1));
    const auto names = report_names({.venue = "arena", .zone = "Europe/Berlin"});
    ASSERT_TRUE(names);
    const auto entered_from = [&](const char* from) {
        const auto text = report_of(*store_, *names, {.from = from, .format = "csv"});
        return text && text->find("total,,,1,") != std::string::npos;
    };
    EXPECT_TRUE(entered_from("2026-05-01 18:00"));
    EXPECT_FALSE(entered_from("2026-05-01 18:01"));
    EXPECT_TRUE(entered_from("2026-05-01T16:00:00Z"));
    EXPECT_FALSE(entered_from("2026-05-01T16:00:01Z"));
}

TEST_F(OpsReport, RefusesWishesThatAreNone) {
    for (const ReportWishes& wishes :
         {ReportWishes{.from = "yesterday"}, ReportWishes{.to = "18:00"},
          ReportWishes{.from = "2026-05-02 18:00", .to = "2026-05-01 18:00"},
          ReportWishes{.format = "pdf"}}) {
        const auto text = report_of(*store_, names_, wishes);
        ASSERT_FALSE(text);
        EXPECT_EQ(text.error().code, Errc::Invalid);
    }
}

TEST_F(OpsReport, RefusesAZoneThatIsNone) {
    const auto names = report_names({.venue = "arena", .zone = "Berlin/Europe"});
    ASSERT_FALSE(names);
    EXPECT_EQ(names.error().code, Errc::Config);
}

TEST(CollectorConfig, RefusesAZoneThatIsNone) {
    const test::TempDir folder;
    const auto load = [&](const std::string& zone) {
        return load_collector(folder.write(
            "collector.toml", "[collector]\nvenue = \"arena\"\nname = \"main\"\nzone = \"" + zone +
                                  "\"\n[mqtt]\nbrokers = [\"tcp://127.0.0.1:1883\"]\n"));
    };
    const auto right = load("Europe/Berlin");
    ASSERT_TRUE(right) << right.error().context;
    EXPECT_EQ(right->zone, "Europe/Berlin");
    const auto wrong = load("Berlin/Europe");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, Errc::Config);
}

}  // namespace
}  // namespace stile::sync
