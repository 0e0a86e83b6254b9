// SPDX-License-Identifier: Apache-2.0
// A lane in test at the real gate: its tickets go the whole way, and nothing of it counts.
#include <random>

#include "tests/daemon/gate_fixture.hpp"

namespace stile::test {
namespace {

const Actor kInstaller{"anna", "maintainer"};

// All that a gate counts.
struct Counted {
    Totals totals;
    LaneCounts first;
    LaneCounts second;
    std::vector<std::pair<TicketState, std::size_t>> tickets;  // state, visits
    std::vector<AreaCount> areas;
    std::size_t queued = 0;
    friend bool operator==(const Counted&, const Counted&) = default;
};

class LaneInTest : public GateTest {
protected:
    TestOffer begin(std::size_t lane = 0) {
        auto offer = gate_->begin_test(lane, kInstaller, "new camera");
        EXPECT_TRUE(offer) << (offer ? "" : offer.error().context);
        return offer.value_or(TestOffer{});
    }
    static std::string code(const TestOffer& offer, std::string_view name) {
        return std::ranges::find(offer.tickets, name, &TestTicket::name)->text;
    }
    static crypto::Identity identity(std::uint64_t serial) {
        return crypto::identity_of(crypto::issuer_id(tests::test_record(tests::test_key(1)).issuer),
                                   kFields.event, serial);
    }
    std::vector<Act> acts(ActKind what) const {
        std::vector<Act> out;
        for (const Act& act : entries<Act>()) {
            if (act.what == what) out.push_back(act);
        }
        return out;
    }
    void reopen(const std::string& folder) {
        {
            const Ledger gone{std::move(ledger_)};
        }
        ledger_ = open_ledger(temp_.path() / folder, clock_);
    }
    void await_end() {
        run_until([this] { return !acts(ActKind::TestEnd).empty(); });
    }
    Counted counted(std::uint64_t serials) const {
        Counted out{.totals = ledger_.head().totals,
                    .first = gate_->lanes()[0].counts(),
                    .second = gate_->lanes()[1].counts(),
                    .tickets = {},
                    .areas = {}};
        for (std::uint64_t serial = 1; serial <= serials; ++serial) {
            std::vector<Visit> visits;
            EXPECT_TRUE(ledger_.visits(identity(serial), {kFields.event, 0}, visits));
            TicketState state = ledger_.state(identity(serial)).value();
            state.pending = 0;  // a number of the log, which has more entries with a test
            out.tickets.emplace_back(state, visits.size());
        }
        for (std::uint32_t area = 0; area < 4; ++area)
            out.areas.push_back(ledger_.area(area).value());
        out.queued = ledger_.queued("pretix", 0, 100, device_key()).value().size();
        return out;
    }
};

TEST_F(LaneInTest, LetsAGoodTestTicketThroughTheTurnstile) {
    const TestOffer offer = begin();
    EXPECT_EQ(answer_to(0, code(offer, "good")), Outcome::Admit);
    EXPECT_EQ(gate_->sign(0).state, SignState::Go);
    EXPECT_EQ(gate_->sign(0).seat, "TEST");
    pass(0);
    EXPECT_EQ(entries<Passage>().back().result, PassageResult::Entered);
    const Decided decided = entries<Decided>().back();
    EXPECT_EQ(decided.flags, kFlagTest);
    EXPECT_EQ(decided.issuer, TestSession::kIssuer);
    const auto good = std::ranges::find(offer.tickets, "good", &TestTicket::name);
    EXPECT_EQ(decided.ticket, good->id);
}

TEST_F(LaneInTest, RefusesWhatIsNoGoodTestTicketByItsReason) {
    const TestOffer offer = begin();
    using Want = std::pair<std::string_view, Reason>;
    for (const auto& [name, why] :
         {Want{"expired", Reason::InvalidTime}, Want{"early", Reason::InvalidTime},
          Want{"revoked", Reason::Revoked}, Want{"other-event", Reason::Invalid}}) {
        EXPECT_EQ(reason(show(0, code(offer, name))), why) << name;
        EXPECT_EQ(entries<Decided>().back().flags, kFlagTest) << name;
    }
}

TEST_F(LaneInTest, TakesATestTicketBackWhenNobodyPassed) {
    make_gate({{.passage_timeout = 10ms}, {}});
    EXPECT_EQ(answer_to(0, code(begin(), "stay")), Outcome::Admit);
    run_until([this] { return !entries<Passage>().empty(); });
    EXPECT_EQ(entries<Passage>().back().result, PassageResult::Released);
    EXPECT_EQ(ledger_.head().totals, Totals{});
}

TEST(TestSession, RefusesATicketOnceSomebodyPassedAndNotBefore) {
    const auto session = TestSession::begin(kNoon, {}).value();
    const auto& good = session->tickets().front();
    const auto ticket = session->prove(as_bytes(good.text)).value();
    const auto reason = [&](Direction direction) {
        return session->judge(ticket, {}, {kNoon, kNoon}, direction).reason;
    };
    for (const PassageResult result : {PassageResult::Released, PassageResult::Left}) {
        session->take(good.identity, {.result = result});
        EXPECT_EQ(reason(Direction::Entry), Reason::Valid);
    }
    session->take(good.identity, {.result = PassageResult::PresumedEntered});
    EXPECT_EQ(reason(Direction::Entry), Reason::Used);
    EXPECT_EQ(reason(Direction::Exit), Reason::Valid);
}

TEST(TestSession, SaysSoWhenTheRevocationListCannotBeRead) {
    const auto session = TestSession::begin(kNoon, {}).value();
    for (const TestTicket& ticket : session->tickets()) {
        const auto proven = session->prove(as_bytes(ticket.text)).value();
        const RevocationFacts unreadable{RevocationFacts::List::Unreadable, 0};
        EXPECT_EQ(session->judge(proven, unreadable, {kNoon, kNoon}, Direction::Entry).reason,
                  Reason::ListsUnreadable);
    }
}

TEST(TestSession, DoesNotBeginAtATimeWithoutTickets) {
    EXPECT_FALSE(TestSession::begin(WallTime{}, {}));
    EXPECT_FALSE(TestSession::begin(WallTime{std::chrono::hours{24 * 365 * 140}}, {}));
}

TEST_F(LaneInTest, LetsTwoPeoplePassWithTheGroupTicket) {
    const TestOffer offer = begin();
    EXPECT_EQ(answer_to(0, code(offer, "group")), Outcome::Admit);
    turnstiles_[0]->pass();
    pass(0);
    EXPECT_EQ(entries<Passage>().back().people, 2);
}

TEST_F(LaneInTest, IsBelievedAtItsOwnLaneOnly) {
    const TestOffer offer = begin();
    EXPECT_EQ(reason(show(1, code(offer, "good"))), Reason::Invalid);
    const Decided decided = entries<Decided>().back();
    EXPECT_EQ(decided.fault, std::to_underlying(crypto::Fault::UnknownKey));
    EXPECT_EQ(decided.flags, 0);
}

TEST_F(LaneInTest, AnotherLanesTestTicketIsNotBelieved) {
    const TestOffer first = begin(0);
    (void)begin(1);
    EXPECT_EQ(reason(show(1, code(first, "good"))), Reason::LaneClosed);
}

TEST_F(LaneInTest, IsForgottenAfterTheTest) {
    const TestOffer offer = begin();
    gate_->end_test(0, kInstaller, "done");
    EXPECT_EQ(reason(show(0, code(offer, "good"))), Reason::Invalid);
    (void)begin();
    EXPECT_EQ(reason(show(0, code(offer, "good"))), Reason::LaneClosed);
}

TEST_F(LaneInTest, SendsGuestsToAnotherLaneAndTouchesNothingOfTheirs) {
    crypto::Gt1Fields newer = kFields;
    newer.serial = 1;
    newer.reissue = 3;
    (void)begin();
    const std::uint64_t scan = show(0, text(newer));
    EXPECT_EQ(reason(scan), Reason::LaneClosed);
    EXPECT_EQ(answers_[scan].advice, "Please use another lane.");
    EXPECT_EQ(entries<Decided>().back().ticket, crypto::TicketId{});
    EXPECT_EQ(ledger_.state(identity(1)).value(), TicketState{});
    EXPECT_EQ(answer_to(1, text(1)), Outcome::Admit);
}

TEST_F(LaneInTest, CanNeitherBeOpenedNorOverriddenMeanwhile) {
    EXPECT_EQ(gate_->override_refusal(0, kInstaller, "friend"), Overridden::Armed);
    (void)begin();
    EXPECT_FALSE(gate_->open_once(0, kInstaller, "guest"));
    EXPECT_FALSE(gate_->override_refusal(0, kInstaller, "guest"));
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Refuse);
    gate_->end_test(0, kInstaller, "done");
    revocation_ = RevocationFacts{RevocationFacts::List::Revoked, 0};
    EXPECT_EQ(answer_to(0, text(2)), Outcome::Refuse);  // the word from before is forgotten
}

TEST_F(LaneInTest, NeedsANameAReasonAndALane) {
    EXPECT_FALSE(gate_->begin_test(0, {"", ""}, "x"));
    EXPECT_FALSE(gate_->begin_test(0, kInstaller, ""));
    EXPECT_FALSE(gate_->begin_test(7, kInstaller, "x"));
    EXPECT_TRUE(acts(ActKind::Test).empty());
    gate_->end_test(7, kInstaller, "x");
    gate_->end_test(0, kInstaller, "x");
    gate_->flush();
    EXPECT_TRUE(acts(ActKind::TestEnd).empty());
}

TEST_F(LaneInTest, DoesNotBeginWhileGuestsNeedTheLaneOrItIsShutForAReason) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    EXPECT_FALSE(gate_->begin_test(0, kInstaller, "x"));
    pass(0);
    for (const LaneMode mode : {LaneMode::Locked, LaneMode::Free}) {
        ASSERT_TRUE(gate_->set_mode(0, mode, kInstaller, "x"));
        EXPECT_FALSE(gate_->begin_test(0, kInstaller, "x")) << name_of(mode);
    }
    ASSERT_TRUE(gate_->set_mode(0, LaneMode::Normal, kInstaller, "x"));
    gate_->fire(FireInput::Active);
    EXPECT_FALSE(gate_->begin_test(0, kInstaller, "x"));
    gate_->fire(FireInput::Over);
    turnstiles_[0]->tell(devices::Signal::Gone);
    EXPECT_FALSE(gate_->begin_test(0, kInstaller, "x"));
}

TEST_F(LaneInTest, DoesNotBeginTwice) {
    (void)begin();
    EXPECT_FALSE(gate_->begin_test(0, kInstaller, "x"));
}

TEST_F(LaneInTest, TestsALaneThatIsOutOfOrderAndLeavesItSo) {
    ASSERT_TRUE(gate_->set_mode(0, LaneMode::OutOfOrder, kInstaller, "mended"));
    const TestOffer offer = begin();
    EXPECT_EQ(answer_to(0, code(offer, "good")), Outcome::Admit);
    pass(0);
    gate_->end_test(0, kInstaller, "done");
    EXPECT_TRUE(gate_->lanes()[0].out_of_order());
    EXPECT_EQ(reason(show(0, text(1))), Reason::LaneClosed);
}

TEST_F(LaneInTest, ShowsThatItIsBeingTested) {
    (void)begin();
    EXPECT_EQ(gate_->sign(0).state, SignState::Test);
    EXPECT_EQ(signs_.back().second.state, SignState::Test);
    EXPECT_EQ(gate_->sign(1).state, SignState::Idle);
    gate_->end_test(0, kInstaller, "done");
    EXPECT_EQ(gate_->sign(0).state, SignState::Idle);
}

TEST_F(LaneInTest, WritesItsBeginAndItsEndWithNameAndReason) {
    (void)begin();
    ASSERT_EQ(acts(ActKind::Test).size(), 1U);
    EXPECT_EQ(acts(ActKind::Test)[0].person, "anna");
    EXPECT_EQ(acts(ActKind::Test)[0].reason, "new camera");
    EXPECT_EQ(acts(ActKind::Test)[0].lane, "lane-1");
    gate_->end_test(0, kInstaller, "done");
    await_end();
    EXPECT_EQ(acts(ActKind::TestEnd)[0].reason, "done");
}

TEST_F(LaneInTest, DoesNotBeginWhatCannotBeRecorded) {
    const NoWriting full;
    EXPECT_FALSE(gate_->begin_test(0, kInstaller, "x"));
    EXPECT_EQ(gate_->lanes()[0].use(), LaneUse::Guests);
}

TEST_F(LaneInTest, EndsByItself) {
    longest_test_ = 20ms;
    make_gate({{}, {}});
    (void)begin();
    await_end();
    EXPECT_EQ(acts(ActKind::TestEnd)[0].person, "clock");
    EXPECT_EQ(gate_->lanes()[0].use(), LaneUse::Guests);
}

TEST_F(LaneInTest, EndsByFireAndOpensForEverybody) {
    (void)begin(0);
    (void)begin(1);
    gate_->fire(FireInput::Active);
    EXPECT_EQ(gate_->sign(0).state, SignState::Fire);
    EXPECT_TRUE(gate_->lanes()[1].open_for_all());
    run_until([this] { return acts(ActKind::TestEnd).size() == 2; });
    EXPECT_EQ(acts(ActKind::TestEnd)[0].person, "fire");
    gate_->fire(FireInput::Over);
    EXPECT_EQ(gate_->sign(0).state, SignState::Idle);
}

TEST_F(LaneInTest, EndsWhenSomebodySetsTheMode) {
    (void)begin(0);
    ASSERT_TRUE(gate_->set_mode({}, LaneMode::Locked, {"carl", "security"}, "crush"));
    EXPECT_EQ(gate_->sign(0).state, SignState::Locked);
    await_end();
    EXPECT_EQ(acts(ActKind::TestEnd)[0].person, "carl");
}

TEST_F(LaneInTest, EndsWithTheDaemon) {
    (void)begin();
    gate_->flush();
    ASSERT_EQ(acts(ActKind::TestEnd).size(), 1U);
}

TEST_F(LaneInTest, AnAdmissionThatOutlivesTheTestCountsForNothing) {
    const TestOffer offer = begin();
    EXPECT_EQ(answer_to(0, code(offer, "good")), Outcome::Admit);
    gate_->end_test(0, kInstaller, "done");
    pass(0);
    EXPECT_EQ(ledger_.head().totals, Totals{});
    EXPECT_EQ(gate_->lanes()[0].counts(), LaneCounts{});
}

TEST_F(LaneInTest, CountsNobodyWhoPassesWithoutATicket) {
    const auto pass_unasked = [this] {
        const std::size_t before = entries<LaneEvent>().size();
        turnstiles_[0]->pass();
        run_until([&] { return entries<LaneEvent>().size() > before; });
    };
    pass_unasked();
    const TestOffer offer = begin();
    pass_unasked();
    ASSERT_EQ(answer_to(0, code(offer, "good")), Outcome::Admit);
    pass(0);
    pass_unasked();  // behind them
    gate_->end_test(0, kInstaller, "done");
    pass_unasked();
    std::vector<std::uint32_t> people;
    for (const LaneEvent& event : entries<LaneEvent>())
        people.push_back(event.count);
    EXPECT_EQ(people, (std::vector<std::uint32_t>{1, 0, 0, 1}));
}

TEST_F(LaneInTest, AnAdmissionThatACrashCutsShortCountsForNothing) {
    const TestOffer offer = begin();
    EXPECT_EQ(answer_to(0, code(offer, "good")), Outcome::Admit);
    gate_.reset();
    reopen("ledger");
    EXPECT_EQ(ledger_.unresolved(), 0U);
    EXPECT_EQ(ledger_.head().totals, Totals{});
    EXPECT_EQ(entries<Passage>().back().result, PassageResult::PresumedEntered);
    make_gate({{}, {}});
    EXPECT_EQ(gate_->lanes()[0].use(), LaneUse::Guests);
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
}

// The same guests at lane 2 with and without a test at lane 1 between them, and guests who come to
// the lane in test: what counts is the same.
TEST_F(LaneInTest, NothingThatCountsDependsOnATest) {
    constexpr std::uint64_t kSerials = 6;
    constexpr int kSteps = 40;
    const auto play = [&](auto between) {
        for (int step = 0; step < kSteps; ++step) {
            between(step);  // never the ticket before: how soon that comes again would matter
            const std::uint64_t serial = 1 + static_cast<std::uint64_t>(step * step) % kSerials;
            if (answer_to(1, text(serial)) == Outcome::Admit) pass(1);
        }
        between(kSteps);
        return counted(kSerials);
    };
    const Counted without = play([](int) {});
    gate_.reset();
    reopen("second");
    make_gate({{}, {}});
    TestOffer offer;
    std::minstd_rand dice{11};
    const Counted with = play([&](int step) {
        if (step % 20 == 0) offer = begin();
        if (step % 20 == 19 || step == kSteps) return gate_->end_test(0, kInstaller, "done");
        const TestTicket& any = offer.tickets[dice() % offer.tickets.size()];
        if (answer_to(0, any.text) == Outcome::Admit) {
            while (gate_->lanes()[0].busy())
                turnstiles_[0]->pass();
        }
        EXPECT_EQ(answer_to(0, text(1 + dice() % kSerials)), Outcome::Refuse);
    });
    EXPECT_GT(without.totals.entered, 0U);
    EXPECT_EQ(with, without);
}

}  // namespace
}  // namespace stile::test
