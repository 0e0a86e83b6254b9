// SPDX-License-Identifier: Apache-2.0
// Intake, progress, imports, alarms and answers over a real store in memory.
#include <chrono>
#include <memory>

#include <gtest/gtest.h>

#include "crypto/base/bytes.hpp"
#include "sync/collector/alarm_desk.hpp"
#include "sync/collector/imports.hpp"
#include "sync/collector/intake.hpp"
#include "sync/collector/picture.hpp"
#include "sync/collector/progress.hpp"
#include "sync/collector/questions.hpp"
#include "sync/collector/troubles.hpp"
#include "sync/sqlite/sqlite_store.hpp"
#include "tests/sync/ops_entries.hpp"

namespace stile::sync {
namespace {

using namespace std::chrono_literals;
using ops::at;
using ops::GateBook;
using ops::ticket;
using enum PassageResult;

class Parts : public testing::Test {
protected:
    void SetUp() override {
        auto store = open_sqlite_store(":memory:", StoreUse::Collect);
        ASSERT_TRUE(store) << store.error().context;
        store_ = std::move(*store);
        imports_ = std::make_unique<Imports>(*store_, occupancy_);
    }
    void put(GateEntry entry) {
        entry.payload = ops::payload_of(entry);
        ASSERT_TRUE(store_->put({&entry, 1}));
        (void)occupancy_.take(entry);
    }
    void enter(GateBook& gate, std::uint8_t number, int seconds) {
        const auto admission = gate.admit(number, seconds);
        put(admission);
        put(gate.passage(admission, Entered, seconds + 1));
    }
    std::unique_ptr<EntryStore> store_;
    Occupancy occupancy_{AreaTree{}};
    std::unique_ptr<Imports> imports_;
    GateBook north_{"north-1"};
    GateBook south_{"south-1"};
};

class Incoming : public Parts {
protected:
    static std::string payload(std::uint64_t seq, const char* more = "") {
        return R"({"v":1,"gate":"north-1","epoch":"0000000000000007","seq":)" +
               std::to_string(seq) +
               R"(,"time":"2026-05-01T18:00:00.000Z","clock":"synced","kind":"start")" + more + "}";
    }
    std::vector<std::uint64_t> stored_;
    int differing_ = 0;
};

TEST_F(Incoming, EntriesAreStoredOnce) {
    Intake intake{*store_,
                  {.on_stored = [&](const GateEntry& e) { stored_.push_back(e.name.seq); },
                   .on_differing = [&](const GateEntry&) { ++differing_; }}};
    for (const std::uint64_t seq : {1U, 2U, 1U, 3U})
        ASSERT_TRUE(intake.take("north-1", payload(seq)));
    ASSERT_TRUE(intake.take("north-1", payload(2, R"(,"unresolved":1)")));
    EXPECT_TRUE(stored_.empty());
    ASSERT_TRUE(intake.store());
    EXPECT_EQ(stored_, (std::vector<std::uint64_t>{1, 2, 3}));
    EXPECT_EQ(differing_, 1);
    EXPECT_EQ(intake.waiting(), 0U);
    EXPECT_EQ(store_->coverage().watermarks().at(0).seq, 3U);
}

TEST_F(Incoming, WhatIsNoEntryIsNotKept) {
    Intake intake{*store_, {[](const GateEntry&) {}, [](const GateEntry&) {}}};
    EXPECT_FALSE(intake.take("north-1", "{}"));
    EXPECT_FALSE(intake.take("south-1", payload(1))) << "it names another gate";
    EXPECT_EQ(intake.waiting(), 0U);
}

// Everything but put() is the real store's.
class FailingStore final : public EntryStore {
public:
    explicit FailingStore(EntryStore& real) : real_{real} {}
    bool works = false;

    Result<std::vector<Fate>> put(std::span<const GateEntry> batch) override {
        if (!works) return fail(Errc::Full, "the disk is full");
        return real_.put(batch);
    }
    const Coverage& coverage() const override { return real_.coverage(); }
    Result<std::vector<StoredEntry>> scan(std::uint64_t after, std::size_t limit) override {
        return real_.scan(after, limit);
    }
    Result<std::vector<GateEntry>> in_order(const EntryFilter& filter, const EntryName& after,
                                            std::size_t limit) override {
        return real_.in_order(filter, after, limit);
    }
    Result<std::vector<StoredEntry>> by_ticket(const TicketPrefix& prefix,
                                               std::size_t limit) override {
        return real_.by_ticket(prefix, limit);
    }
    Result<std::vector<StoredEntry>> recent(std::string_view gate, std::size_t limit) override {
        return real_.recent(gate, limit);
    }
    Result<void> put_sold(std::span<const SoldTicket> tickets) override {
        return real_.put_sold(tickets);
    }
    Result<std::vector<SoldTicket>> sold(const std::optional<crypto::TicketId>& after,
                                         std::size_t limit) override {
        return real_.sold(after, limit);
    }
    Result<std::optional<SoldTicket>> find_sold(const crypto::TicketId& id) override {
        return real_.find_sold(id);
    }
    Result<void> begin_revoked() override { return real_.begin_revoked(); }
    Result<void> put_revoked(std::span<const crypto::TicketId> tickets) override {
        return real_.put_revoked(tickets);
    }
    Result<void> use_revoked() override { return real_.use_revoked(); }
    Result<bool> is_revoked(const crypto::TicketId& id) override { return real_.is_revoked(id); }
    Result<std::uint64_t> import_count() override { return real_.import_count(); }
    Result<void> keep(const Note& note) override { return real_.keep(note); }
    Result<std::vector<Note>> notes(std::string_view prefix) override {
        return real_.notes(prefix);
    }
    Result<bool> is_collecting() override { return real_.is_collecting(); }

private:
    EntryStore& real_;
};

TEST_F(Incoming, EntriesWaitForAStoreThatFailsAndAreBounded) {
    FailingStore store{*store_};
    Intake intake{store, {[](const GateEntry&) {}, [](const GateEntry&) {}}};
    for (std::uint64_t seq = 1; seq <= Intake::kMostWaiting + 7; ++seq)
        ASSERT_TRUE(intake.take("north-1", payload(seq)));
    EXPECT_FALSE(intake.store());
    EXPECT_EQ(intake.waiting(), Intake::kMostWaiting);
    EXPECT_EQ(intake.counters().dropped, 7U);
    EXPECT_TRUE(store_->coverage().watermarks().empty());
    store.works = true;
    ASSERT_TRUE(intake.store());
    EXPECT_EQ(store_->coverage().watermarks().at(0).seq, Intake::kMostWaiting);
}

class ThePresentLedger : public Parts {
protected:
    std::vector<GateProgress> gates(std::chrono::seconds later = 0s) {
        now_ += later;
        return progress_.gates(store_->coverage(), now_);
    }
    std::vector<ReplayRequest> requests(std::chrono::seconds later) {
        now_ += later;
        return progress_.requests(store_->coverage(), now_);
    }
    Progress progress_;
    Progress::Time now_{1h};
};

TEST_F(ThePresentLedger, IsTheOneOfTheGreatestEpoch) {
    put(GateBook{"north-1", 9}.next(EntryKind::Start, 0));
    put(north_.next(EntryKind::Start, 0));
    ASSERT_EQ(gates().size(), 1U);
    EXPECT_EQ(gates()[0].ledger.epoch, 9U);
}

TEST_F(ThePresentLedger, IsMissingWhatTheGateCountedAndDidNotCome) {
    put(north_.next(EntryKind::Start, 0));
    progress_.counted("north-1", {7, 4}, now_);
    EXPECT_EQ(gates()[0].missing, 0U) << "they are on their way";
    EXPECT_EQ(gates(3s)[0].missing, 3U);
    EXPECT_EQ(gates()[0].newest, 4U);
    EXPECT_TRUE(requests(0s).empty());
    const auto asked = requests(2s);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0], (ReplayRequest{{"north-1", 7}, {2, 4}}));
}

TEST_F(ThePresentLedger, IsKnownFromTheCountAlone) {
    progress_.counted("north-1", {7, 4}, now_);
    EXPECT_EQ(gates(3s).at(0).seq, 0U);
    EXPECT_TRUE(requests(0s).empty());
    EXPECT_EQ(requests(2s).at(0).range, (SeqRange{1, 4}));
}

TEST_F(ThePresentLedger, NamesTheEndOfTheOneBefore) {
    put(north_.next(EntryKind::Start, 0));
    GateBook restored{"north-1", 8};
    auto epoch = restored.next(EntryKind::Epoch, 1);
    epoch.previous_epoch = 7;
    epoch.previous_seq = 3;
    put(epoch);
    progress_.take(epoch);
    EXPECT_TRUE(requests(0s).empty());
    const auto asked = requests(2s);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0], (ReplayRequest{{"north-1", 7}, {2, 3}}));
}

TEST_F(Parts, ATicketForTwoIsNoConflict) {
    enter(north_, 1, 0);
    enter(south_, 1, 9);
    ASSERT_TRUE(imports_->work());
    EXPECT_EQ(occupancy_.conflicts().size(), 1U);
    const SoldTicket pair{.ticket = ticket(1), .event = 42, .product = 17, .people = 2};
    ASSERT_TRUE(store_->put_sold({&pair, 1}));
    ASSERT_TRUE(imports_->work());
    EXPECT_TRUE(occupancy_.conflicts().empty());
    while (!imports_->done())
        ASSERT_TRUE(imports_->work());
    EXPECT_EQ(imports_->sold(42), 2U);
}

TEST_F(Parts, ARevokedTicketIsFoundInside) {
    enter(north_, 1, 0);
    enter(north_, 2, 0);
    ASSERT_TRUE(imports_->work());
    EXPECT_TRUE(imports_->revoked_inside().empty());
    ASSERT_TRUE(store_->begin_revoked());
    const auto id = ticket(1);
    ASSERT_TRUE(store_->put_revoked({&id, 1}));
    ASSERT_TRUE(store_->use_revoked());
    ASSERT_TRUE(imports_->work());
    EXPECT_EQ(imports_->revoked_inside(), std::set<crypto::TicketId>{id});
    const auto exit = north_.admit(1, 100, 0, Direction::Exit);
    put(exit);
    put(north_.passage(exit, Left, 101));
    ASSERT_TRUE(imports_->work());
    EXPECT_TRUE(imports_->revoked_inside().empty()) << "left";
}

TEST(AFullArea, IsFullUntilThereIsRoomAgain) {
    const std::vector<AreaConfig> areas{{.number = 0, .name = "Arena", .capacity = 1000},
                                        {.number = 1, .name = "Hall", .capacity = 100},
                                        {.number = 2, .name = "Yard"}};
    VenueAlarms alarms;
    const auto full = [&](std::uint64_t inside) {
        OccupancyView view;
        view.areas[1] = view.areas[2] = {.inside = inside};
        std::vector<Trouble> troubles;
        add_full_areas(view, areas, alarms, troubles);
        alarms.update(troubles, at(static_cast<int>(inside)));
        return alarms.is_raised("full-1");
    };
    EXPECT_FALSE(full(94));
    EXPECT_TRUE(full(95));
    EXPECT_TRUE(full(93));
    EXPECT_FALSE(full(92));
    EXPECT_FALSE(full(94));
    EXPECT_EQ(alarms.find("full-0"), nullptr);
    EXPECT_EQ(alarms.find("full-2"), nullptr);
}

class Alarms : public Parts {
protected:
    void SetUp() override {
        Parts::SetUp();
        board_.open(100);
        desk_ = std::make_unique<AlarmDesk>(*store_, board_, topics_);
    }
    void update(int seconds) {
        std::vector<Trouble> troubles;
        add_double_entries(occupancy_, desk_->acknowledged(), at(seconds), troubles);
        add_silent_gates(silent_, troubles);
        desk_->update(troubles, at(seconds));
    }
    // Topics and payloads since the last call.
    std::string said() {
        std::string out;
        while (const auto message = board_.next())
            out += message->topic + " " + message->payload + "\n";
        return out;
    }
    Board board_;
    OpsTopics topics_{"arena", "main"};
    std::unique_ptr<AlarmDesk> desk_;
    std::vector<GateWatch::Silent> silent_;
};

constexpr const char* kCode = "double-entry-0100000000000000";

TEST_F(Alarms, OfADoubleEntryEndsHalfAnHourAfterSomebodyTookItOn) {
    enter(north_, 1, 0);
    enter(south_, 1, 9);
    update(20);
    EXPECT_NE(said().find(std::string{"_ops/alarm/"} + kCode + R"( {"v":1)"), std::string::npos);
    update(9999);
    EXPECT_TRUE(desk_->alarms().is_raised(kCode)) << "nobody took it on";
    const std::string name = std::string{"_ops/"} + kCode;
    EXPECT_FALSE(desk_->acknowledge({name, at(11), "Ada"}, at(10'000))) << "another one";
    EXPECT_FALSE(desk_->acknowledge({"_ops/full-1", at(10), "Ada"}, at(10'000)));
    ASSERT_TRUE(desk_->acknowledge({name, at(10), "Ada"}, at(10'000)));
    update(10'001);
    EXPECT_NE(said().find(R"("person":"Ada")"), std::string::npos);
    update(11'799);
    EXPECT_TRUE(desk_->alarms().is_raised(kCode));
    update(11'800);
    EXPECT_FALSE(desk_->alarms().is_raised(kCode));
}

TEST_F(Alarms, ThatWereTakenOnStaySoAfterARestart) {
    enter(north_, 1, 0);
    enter(south_, 1, 9);
    update(20);
    ASSERT_TRUE(desk_->acknowledge({std::string{"_ops/"} + kCode, at(10), "Ada"}, at(30)));
    AlarmDesk second{*store_, board_, topics_};
    ASSERT_TRUE(second.load());
    EXPECT_NE(second.acknowledged().find(std::string{"_ops/"} + kCode, at(10)), nullptr);
}

TEST_F(Alarms, OfGatesCanBeTakenOnWhileTheyAreThere) {
    const char* raised =
        R"({"v":1,"state":"raised","since":"2026-05-01T18:00:05.000Z","time":"2026-05-01T18:00:06Z"})";
    desk_->heard("north-1", "fire-input-gone", raised);
    const AcknowledgeQuestion question{"north-1/fire-input-gone", at(5), "Ada"};
    EXPECT_TRUE(desk_->acknowledge(question, at(9)));
    update(10);
    EXPECT_NE(said().find(R"("alarm":"north-1/fire-input-gone")"), std::string::npos);
    desk_->heard("north-1", "fire-input-gone", "");
    update(11);
    EXPECT_NE(said().find(R"("alarms":[])"), std::string::npos);
    EXPECT_FALSE(desk_->acknowledge(question, at(12)));
}

TEST_F(Alarms, OfSilentGatesAreNotedForReceipts) {
    silent_ = {{"north-1", GateWatch::Why::Lost}};
    update(10);
    const auto notes = store_->notes("silent/");
    ASSERT_TRUE(notes);
    EXPECT_EQ(*notes, (std::vector<Note>{{"silent/north-1", "2026-05-01T18:00:10.000Z"}}));
    silent_.clear();
    update(20);
    EXPECT_TRUE(store_->notes("silent/")->empty());
}

class AnAnswer : public Parts {
protected:
    std::string ask(std::string_view question) {
        Answers answers{
            *store_,
            occupancy_,
            {.receipt = [](const crypto::TicketId&) -> Result<std::string> { return "signed"; },
             .report = [](std::uint64_t) -> Result<std::string> { return R"({"sold":3})"; },
             .acknowledge = [](const AcknowledgeQuestion&) -> Result<void> {
                 return fail(Errc::Invalid, "no such alarm");
             }}};
        const auto read = read_question(question);
        return read ? answers.answer(*read, at(0)) : read.error().error;
    }
    static bool has(const std::string& text, std::string_view part) {
        return text.find(part) != std::string::npos;
    }
};

TEST_F(AnAnswer, TellsEverythingAboutATicket) {
    enter(north_, 1, 0);
    put(north_.refuse(50));
    const auto whole =
        ask(R"({"v":1,"ask":"ticket","reply":"a","ticket":"01000000000000000000000000000001"})");
    EXPECT_TRUE(has(whole, R"("used":true,"inside":true,"revoked":false,"event":42)")) << whole;
    EXPECT_TRUE(has(whole, R"("kind":"passage","result":"entered"}])")) << whole;
    EXPECT_EQ(ask(R"({"v":1,"ask":"ticket","reply":"a","ticket":"01000000"})"), whole);
}

TEST_F(AnAnswer, KnowsThatATicketWasAnnulled) {
    const auto admission = north_.admit(1, 0);
    put(admission);
    put(north_.passage(admission, Entered, 1));
    auto annulled = north_.annul(admission, 2);
    annulled.ticket.reset();
    put(annulled);
    const auto answer = ask(R"({"v":1,"ask":"ticket","reply":"a","ticket":"01000000"})");
    EXPECT_TRUE(has(answer, R"("used":false,"inside":false)")) << answer;
    EXPECT_TRUE(has(answer, R"("kind":"annulled")")) << answer;
}

TEST_F(AnAnswer, FindsATicketThatWasSoldAndNeverSeen) {
    const SoldTicket sold{.ticket = ticket(5), .event = 42, .product = 17};
    ASSERT_TRUE(store_->put_sold({&sold, 1}));
    const auto answer =
        ask(R"({"v":1,"ask":"ticket","reply":"a","ticket":"05000000000000000000000000000001"})");
    EXPECT_TRUE(has(answer, R"("used":false)")) << answer;
    EXPECT_TRUE(has(answer, R"("entries":[])")) << answer;
}

TEST_F(AnAnswer, IsEmptyForATicketThatNobodyKnows) {
    EXPECT_TRUE(has(
        ask(R"({"v":1,"ask":"ticket","reply":"a","ticket":"09000000000000000000000000000001"})"),
        R"("ok":true,"tickets":[])"));
}

TEST_F(AnAnswer, HasReceiptsReportsAndRefusals) {
    EXPECT_TRUE(has(
        ask(R"({"v":1,"ask":"receipt","reply":"a","ticket":"01000000000000000000000000000001"})"),
        R"("receipt":"signed")"));
    EXPECT_TRUE(
        has(ask(R"({"v":1,"ask":"report","reply":"a","event":42})"), R"("report":{"sold":3})"));
    EXPECT_TRUE(has(ask(R"({"v":1,"ask":"acknowledge","reply":"a","alarm":"_ops/full-1",)"
                        R"("since":"2026-05-01T18:00:00Z","person":"Ada"})"),
                    R"("ok":false,"error":"no such alarm")"));
}

TEST_F(AnAnswer, HasTheNewestEntriesOfAGate) {
    std::vector<std::string> said;
    for (int i = 0; i < 5; ++i) {
        const auto entry = north_.refuse(i);
        said.push_back(ops::payload_of(entry));
        put(entry);
    }
    const auto answer = ask(R"({"v":1,"ask":"recent","reply":"a","gate":"north-1","count":2})");
    EXPECT_TRUE(has(answer, R"("entries":[)" + said[4] + "," + said[3] + "]")) << answer;
}

TEST(Questions, AreLimitedForEachAskerAndInAll) {
    QuestionLimit limit;
    const QuestionLimit::Time now{1h};
    int one = 0;
    for (int i = 0; i < 100; ++i)
        one += limit.take("a", now) ? 1 : 0;
    EXPECT_EQ(one, QuestionLimit::kPerReply);
    EXPECT_TRUE(limit.take("a", now + 1s));
    int all = 0;
    for (int i = 0; i < 1000; ++i)
        all += limit.take("b" + std::to_string(i), now + 2s) ? 1 : 0;
    EXPECT_EQ(all, QuestionLimit::kPerSecond);
}

}  // namespace
}  // namespace stile::sync
