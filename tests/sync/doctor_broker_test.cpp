// SPDX-License-Identifier: Apache-2.0
// Each verdict on the way to a broker, by made-up facts.
#include <gtest/gtest.h>

#include "daemon/doctor/check_names.hpp"
#include "sync/doctor/broker_checks.hpp"
#include "sync/doctor/tcp_reach.hpp"

namespace stile::sync {
namespace {

using doctor::Findings;
using doctor::Verdict;
using enum Verdict;
using Answer = LoginFact::Answer;

const Moment kNow = std::chrono::sys_days{std::chrono::year{2026} / 6 / 1};

BrokerFact good_way() {
    LoginFact login;
    login.own = Fate::Taken;
    login.other = Fate::Refused;
    login.round_trip = std::chrono::milliseconds{3};
    return {.address = "ssl://broker.example:8883",
            .tls = TlsFact{"", kNow + std::chrono::days{90}},
            .login = login};
}

// Of the finding of that name; each that is not good has a way out.
Verdict verdict(const BrokerFact& fact, std::string_view check) {
    for (const auto& finding : check_broker(fact, {}, kNow)) {
        EXPECT_EQ(finding.verdict == Good, finding.fix.empty()) << finding.says;
        EXPECT_EQ(finding.of, fact.address);
        if (finding.check == check) return finding.verdict;
    }
    ADD_FAILURE() << check << " says nothing";
    return Bad;
}

TEST(DoctorBroker, IsGoodAllTheWay) {
    const auto found = check_broker(good_way(), {}, kNow);
    EXPECT_EQ(found.size(), 6U);
    EXPECT_EQ(doctor::worst_of(found), Good);
}

TEST(DoctorBroker, IsNotAskedBeyondTheFirstStepThatFails) {
    const BrokerFact unknown{.address = "a", .resolve_trouble = "no such name"};
    EXPECT_EQ(verdict(unknown, doctor::kBrokerName), Look);
    EXPECT_EQ(check_broker(unknown, {}, kNow).size(), 1U);
    const BrokerFact silent{.address = "a", .connect_trouble = "refused"};
    EXPECT_EQ(verdict(silent, doctor::kBrokerConnection), Look);
    EXPECT_EQ(check_broker(silent, {}, kNow).size(), 2U);
}

TEST(DoctorBroker, HasToBeTrustedAndForLong) {
    auto fact = good_way();
    fact.tls = TlsFact{"its certificate has ended", {}};
    EXPECT_EQ(verdict(fact, doctor::kBrokerTls), Look);
    fact.tls = TlsFact{"", kNow + std::chrono::days{3}};
    EXPECT_EQ(verdict(fact, doctor::kBrokerTls), Look);
}

TEST(DoctorBroker, IsToLookAtWithoutTlsUnlessItIsHere) {
    auto fact = good_way();
    fact.tls.reset();
    EXPECT_EQ(verdict(fact, doctor::kBrokerTls), Look);
    for (const char* here : {"tcp://127.0.0.1:1883", "tcp://[::1]:1883"}) {
        fact.address = here;
        EXPECT_EQ(verdict(fact, doctor::kBrokerTls), Good) << here;
    }
}

TEST(DoctorBroker, LetsTheGateInOrNot) {
    auto fact = good_way();
    for (const auto answer : {Answer::Credentials, Answer::Unreachable, Answer::Other}) {
        fact.login = LoginFact{answer, "why"};
        EXPECT_EQ(verdict(fact, doctor::kBrokerLogin), Look);
    }
    fact.login = LoginFact{};
    fact.login->tells = false;
    EXPECT_EQ(verdict(fact, doctor::kBrokerLogin), Look);
    EXPECT_EQ(verdict(fact, doctor::kBrokerPublish), Look);
}

TEST(DoctorBroker, TakesWhatTheGateSaysInTime) {
    auto fact = good_way();
    fact.login->own = Fate::Refused;
    EXPECT_EQ(verdict(fact, doctor::kBrokerPublish), Look);
    fact.login->own = Fate::Lost;
    EXPECT_EQ(verdict(fact, doctor::kBrokerPublish), Look);
    fact.login->own = Fate::Taken;
    fact.login->round_trip = std::chrono::milliseconds{900};
    EXPECT_EQ(verdict(fact, doctor::kBrokerPublish), Look);
}

TEST(DoctorBroker, LetsNobodySpeakForOthers) {
    auto fact = good_way();
    fact.login->other = Fate::Taken;
    EXPECT_EQ(verdict(fact, doctor::kBrokerRights), Look);
}

TEST(DoctorBroker, AsksForACertificateThatIsGood) {
    using Asked = Result<std::optional<Moment>>;
    EXPECT_TRUE(check_certificate(Asked{std::nullopt}, kNow).empty());
    const auto of = [](const Asked& end) { return check_certificate(end, kNow).at(0).verdict; };
    EXPECT_EQ(of(kNow + std::chrono::days{100}), Good);
    EXPECT_EQ(of(kNow + std::chrono::days{3}), Look);
    EXPECT_EQ(of(kNow - std::chrono::days{3}), Look);
    EXPECT_EQ(of(fail(Errc::Config, "no file")), Look);
}

TEST(DoctorBroker, IsBadOnlyWhereTheSiteFileIsWrong) {
    EXPECT_EQ(wrong_settings({Errc::Config, "mqtt.brokers: wrong"}).verdict, Bad);
    EXPECT_EQ(missing_secret({Errc::Config, "no password"}).verdict, Look);
    const auto no_user = not_tried({Errc::NotFound, "there is no user stile-sync here"});
    EXPECT_EQ(no_user.verdict, Look);
    EXPECT_EQ(no_user.says,
              "The way to the broker was not tried: root does not talk to the network, and there "
              "is no user stile-sync here.");
    EXPECT_NE(not_tried({Errc::Denied, "no"}).fix, no_user.fix);
}

TEST(DoctorBroker, HasAHostAndAPort) {
    EXPECT_EQ(host_port_of("ssl://broker.example:8883").host, "broker.example");
    EXPECT_EQ(host_port_of("tcp://[::1]:1883").host, "::1");
    EXPECT_EQ(host_port_of("tcp://[::1]:1883").port, "1883");
}

}  // namespace
}  // namespace stile::sync
