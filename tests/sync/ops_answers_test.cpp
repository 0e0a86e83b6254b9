// SPDX-License-Identifier: Apache-2.0
// Alarms and answers over a real store in memory.
#include <chrono>
#include <memory>

#include "sync/collector/alarm_desk.hpp"
#include "sync/collector/questions.hpp"
#include "sync/collector/troubles.hpp"
#include "tests/sync/ops_parts.hpp"

namespace stile::sync {
namespace {

using namespace std::chrono_literals;
using ops::at;
using ops::ticket;
using enum PassageResult;

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
    const char* raised = R"({"v":1,"state":"raised","since":"2026-05-01T18:00:05.000Z",)"
                         R"("time":"2026-05-01T18:00:06.000Z"})";
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
