// SPDX-License-Identifier: Apache-2.0
// Tickets of every format at a gate with a real ledger and a real revocation list.
#include <algorithm>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "daemon/lane/gate.hpp"
#include "tests/crypto/pretix.hpp"
#include "tests/daemon/catalog_fixture.hpp"
#include "tests/support/fakes.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kNow = 3'000'000'000;  // after this program was built
constexpr std::uint32_t kPretixEvent = 9;

class GateFormats : public testing::Test {
protected:
    GateFormats() {
        fields_.not_after = 4'000'000'000;
        crypto::KeyRecord gt1 = tests::test_record(gt1_key_);
        gt1.totp_master = tests::kTotpMaster;
        crypto::KeyRecord pretix = tests::pretix_record(pretix_key_);
        pretix.events = {kPretixEvent};
        if (!ring_.add(gt1) || !ring_.add(pretix)) std::abort();
        open({});
    }

    // A gate on the same ledger, as after a restart of the daemon.
    void open(Policy policy) {
        gate_.reset();
        ledger_.reset();
        ledger_.emplace(
            Ledger::open({.folder = dir_.path() / "ledger", .map_bytes = 16U << 20U}, clock_)
                .value());
        std::vector<LaneSetup> lanes;
        GateRules rules{.keys = ring_,
                        .events = {policy.events.begin(), policy.events.end()},
                        .products = {policy.products.begin(), policy.products.end()},
                        .reentry = policy.reentry};
        for (const char* name : {"a", "b", "c", "d"}) {
            lanes.push_back({.name = name, .turnstile = std::make_unique<test::FakeTurnstile>()});
            rules.lanes.push_back({.passage_timeout = 60s, .group = GroupWay::Single});
        }
        gate_.emplace(Gate::Parts{.loop = loop_,
                                  .ledger = *ledger_,
                                  .clock = clock_,
                                  .rules = std::move(rules),
                                  .revocations = [this](const auto& t) { return facts(t); }},
                      std::move(lanes));
        next_lane_ = 0;
    }
    Result<RevocationFacts> facts(const crypto::Ticket& ticket) {
        const auto status = catalog_.revocations().look_up(ticket);
        if (!status) return std::unexpected{status.error()};
        return RevocationFacts{
            status->revoked ? RevocationFacts::List::Revoked : RevocationFacts::List::Clear,
            status->lowest_valid_reissue};
    }

    // Shows the text at a lane that nobody used yet.
    Reason show(const std::string& text) {
        std::optional<protocol::Feedback> answer;
        protocol::Scan scan{.scan = 1,
                            .medium = protocol::Medium::Qr,
                            .captured_ns = static_cast<std::uint64_t>(EventLoop::monotonic_ns()),
                            .content = {as_bytes(text).begin(), as_bytes(text).end()}};
        gate_->submit({next_lane_++, "cam", std::move(scan), [&](const protocol::Feedback& said) {
                           answer = said;
                           loop_.stop(0);
                       }});
        loop_.run();
        return reason_from(answer->reason).value_or(Reason::Error);
    }
    Decided last_decision() const {
        const auto stored = ledger_->entries(ledger_->head().seq, 1).value();
        return std::get<Decided>(decode_entry(stored.front()).value().body);
    }

    std::string pretix(Bytes payload = tests::kPretixPayload) const {
        return tests::pretix_text(payload, pretix_key_);
    }
    std::string wallet(std::uint32_t time) const {
        return tests::wallet_text(fields_, gt1_key_, time);
    }
    void set_clock(std::uint32_t seconds) { clock_.set(WallTime{std::chrono::seconds{seconds}}); }

    crypto::SigningKey gt1_key_ = tests::test_key(1);
    crypto::SigningKey pretix_key_ = tests::test_key(2);
    crypto::Gt1Fields fields_ = tests::test_fields();
    test::TempDir dir_;
    test::FakeClock clock_{WallTime{std::chrono::seconds{kNow}}};
    test::Catalog catalog_{16U << 20U};
    crypto::KeyRing ring_;
    EventLoop loop_;
    std::optional<Ledger> ledger_;
    std::optional<Gate> gate_;
    std::size_t next_lane_ = 0;
};

TEST_F(GateFormats, AdmitsAPretixTicketOnce) {
    EXPECT_EQ(show(pretix()), Reason::Valid);
    const Decided decided = last_decision();
    EXPECT_EQ(decided.event, kPretixEvent);
    EXPECT_EQ(decided.product, 3U);
    EXPECT_EQ(decided.assurance, 0);
    EXPECT_EQ(decided.issuer, "test-issuer");
    EXPECT_EQ(show(pretix()), Reason::Used);
}

TEST_F(GateFormats, RemembersAPretixTicketAfterARestart) {
    EXPECT_EQ(show(pretix()), Reason::Valid);
    open({});
    EXPECT_EQ(show(pretix()), Reason::Used);
}

TEST_F(GateFormats, WritesAWideItemDown) {
    EXPECT_EQ(show(pretix(from_hex("10ffffffffffffffff7f").value())), Reason::Valid);
    EXPECT_EQ(last_decision().product, 0x7FFF'FFFF'FFFF'FFFFU);
}

TEST_F(GateFormats, HoldsPretixTicketsToEventsAndProductsOfTheSite) {
    const std::vector<std::uint32_t> events{tests::kEvent};
    open({.events = events});
    EXPECT_EQ(show(pretix()), Reason::Invalid);
    const std::vector<std::uint64_t> products{3};
    open({.products = products});
    EXPECT_EQ(show(pretix(from_hex("1004").value())), Reason::Product);
    EXPECT_EQ(show(pretix(from_hex("10838004").value())), Reason::Product);  // 3 + 2^16
    EXPECT_EQ(show(pretix()), Reason::Valid);
}

TEST_F(GateFormats, JudgesTheTimesOfAPretixTicket) {
    Buffer payload = from_hex("1001288abcc1960b308abcc1960b").value();  // kNow + 10 alone
    set_clock(kNow + 9);
    EXPECT_EQ(show(pretix(payload)), Reason::InvalidTime);
    set_clock(kNow + 10);
    EXPECT_EQ(show(pretix(payload)), Reason::Valid);
    payload[1] = 2;
    set_clock(kNow + 11);
    EXPECT_EQ(show(pretix(payload)), Reason::InvalidTime);
}

TEST_F(GateFormats, RefusesARevokedPretixTicketUnderEverySignature) {
    const auto listed = tests::pretix_text(tests::kPretixPayload, tests::test_key(5));
    ASSERT_TRUE(catalog_.import("secret 9 " + listed + "\n"));
    EXPECT_EQ(show(pretix()), Reason::Revoked);
    EXPECT_EQ(show(pretix(from_hex("1001").value())), Reason::Valid);
}

TEST_F(GateFormats, RefusesAnotherSpellingOfAPretixTicket) {
    EXPECT_EQ(show(pretix()), Reason::Valid);
    EXPECT_EQ(show(pretix() + " "), Reason::Invalid);
    EXPECT_EQ(show("=" + pretix()), Reason::Invalid);
}

TEST_F(GateFormats, AdmitsAWalletCodeOnce) {
    fields_.totp_mandatory = true;
    EXPECT_EQ(show(wallet(kNow)), Reason::Valid);
    EXPECT_EQ(last_decision().assurance, 1);
    EXPECT_EQ(show(wallet(kNow)), Reason::Replayed);
    EXPECT_EQ(show(wallet(kNow + 15)), Reason::Used);  // fresh, but the person is inside
}

TEST_F(GateFormats, CountsAWalletCodeOnceAStepWhateverSecondIsWritten) {
    fields_.admissions = 4;
    const std::uint32_t begin = kNow / 15 * 15;
    EXPECT_EQ(show(wallet(begin)), Reason::Valid);
    open({});  // it is durable
    EXPECT_EQ(show(wallet(begin + 14)), Reason::Replayed);
    EXPECT_EQ(show(wallet(begin - 1)), Reason::Replayed);
}

TEST_F(GateFormats, TakesTheNextStepOfAWalletCodeForTheNextOfAGroup) {
    fields_.admissions = 4;
    EXPECT_EQ(show(wallet(kNow)), Reason::Valid);
    open({});  // the first has passed
    set_clock(kNow + 15);
    EXPECT_EQ(show(wallet(kNow + 15)), Reason::Valid);
}

TEST_F(GateFormats, JudgesTheAgeOfAWalletCode) {
    EXPECT_EQ(show(wallet(kNow - 61)), Reason::Replayed);
    EXPECT_EQ(show(wallet(kNow + 31)), Reason::Clock);
    EXPECT_EQ(show(wallet(kNow - 60)), Reason::Valid);
}

TEST_F(GateFormats, KnowsATicketInAndOutOfItsWallet) {
    EXPECT_EQ(show(wallet(kNow)), Reason::Valid);
    EXPECT_EQ(show(crypto::gt1_text(tests::test_ticket(fields_, gt1_key_))), Reason::Used);
}

TEST_F(GateFormats, RefusesATicketOfARevokedKey) {
    crypto::KeyRecord record = tests::pretix_record(pretix_key_);
    record.status = crypto::KeyStatus::Revoked;
    ring_ = tests::ring_of(record);
    open({});
    EXPECT_EQ(show(pretix()), Reason::Invalid);
    EXPECT_EQ(last_decision().fault, static_cast<std::uint8_t>(crypto::Fault::KeyRevoked));
}

}  // namespace
}  // namespace stile
