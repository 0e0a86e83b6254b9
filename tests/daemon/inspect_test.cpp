// SPDX-License-Identifier: Apache-2.0
// What `stilectl ticket inspect` says of a text: total, alone, and as the gate would decide.
#include "daemon/stilectl/inspect.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/crypto/pretix.hpp"

namespace stile {
namespace {

using Json = nlohmann::json;

constexpr std::uint32_t kNow = 1'760'000'100;

std::string key_hex(std::uint8_t number) {
    return to_hex(tests::test_key(number).public_key());
}

class Inspect : public testing::Test {
protected:
    Json look(std::string_view text, std::int64_t now = kNow) const {
        const auto keys = parse_named_keys(file.dump());
        EXPECT_TRUE(keys) << keys.error().context;
        return Json::parse(inspect_ticket(text, keys.value(), tests::at(now)));
    }
    std::string reason(std::string_view text, std::int64_t now = kNow) const {
        const Json said = look(text, now);
        EXPECT_EQ(said["valid"].get<bool>(), said["reason"] == "VALID");
        return said["reason"];
    }
    std::string gt1() const { return crypto::gt1_text(tests::test_ticket(fields, issuer)); }
    std::string gt1_with_proof(std::uint32_t time) {
        fields.holder = tests::ed25519_holder(holder);
        return crypto::gt1_text(
            tests::with_time_proof(tests::test_ticket(fields, issuer), time, holder));
    }

    crypto::SigningKey issuer = tests::test_key(1);
    crypto::SigningKey holder = tests::test_key(2);
    crypto::Gt1Fields fields = tests::test_fields();
    Json file{{"main", key_hex(1)}, {"other", key_hex(3)}};
};

TEST_F(Inspect, SaysWhatATicketHolds) {
    fields.seat = crypto::InlineText<24>{"Block C"};
    const Json said = look(gt1());
    EXPECT_EQ(said["format"], "gt1");
    EXPECT_EQ(said["valid"], true);
    EXPECT_EQ(said["reason"], "VALID");
    EXPECT_EQ(said["event"], tests::kEvent);
    EXPECT_EQ(said["serial"], 1234);
    EXPECT_EQ(said["product"], tests::kProduct);
    EXPECT_EQ(said["not_before"], fields.not_before);
    EXPECT_EQ(said["not_after"], fields.not_after);
    EXPECT_EQ(said["admissions"], 1);
    EXPECT_EQ(said["reissue"], 0);
    EXPECT_EQ(said["seat"], "Block C");
    EXPECT_EQ(said["proof"], "none");
    EXPECT_EQ(said["key"], "main");
    EXPECT_EQ(said["assurance"], "A0");
    EXPECT_FALSE(said.contains("detail"));
}

TEST_F(Inspect, BeginsWithFormatValidAndReason) {
    const auto keys = parse_named_keys(file.dump());
    EXPECT_TRUE(inspect_ticket(gt1(), *keys, tests::at(kNow))
                    .starts_with(R"({"format":"gt1","valid":true,"reason":"VALID",)"));
    EXPECT_EQ(inspect_ticket("", *keys, tests::at(kNow)),
              R"({"format":"unknown","valid":false,"reason":"INVALID",)"
              R"("detail":"not a ticket that we know"})");
}

TEST_F(Inspect, IsTotal) {
    std::string every;
    for (int byte = 0; byte < 256; ++byte)
        every += static_cast<char>(byte);
    for (const std::string& text : {std::string{}, std::string{"GT1:"}, std::string{"GW1:"}, every,
                                    std::string(100'000, 'A'), "GT1:" + every, "GW1:" + every})
        EXPECT_EQ(reason(text), "INVALID");
}

TEST_F(Inspect, ShowsWhatAForgedTicketClaims) {
    issuer = tests::test_key(9);
    const Json said = look(gt1());
    EXPECT_EQ(said["reason"], "INVALID");
    EXPECT_EQ(said["detail"], "unknown key");
    EXPECT_EQ(said["serial"], 1234);
    EXPECT_FALSE(said.contains("identity"));
    EXPECT_FALSE(said.contains("key"));
}

TEST_F(Inspect, JudgesTimesByTheClockThatItIsGiven) {
    EXPECT_EQ(reason(gt1(), fields.not_before), "VALID");
    EXPECT_EQ(reason(gt1(), fields.not_after), "VALID");
    EXPECT_EQ(reason(gt1(), std::int64_t{fields.not_before} - 1), "INVALID_TIME");
    EXPECT_EQ(reason(gt1(), std::int64_t{fields.not_after} + 1), "INVALID_TIME");
    EXPECT_EQ(reason(gt1(), -1), "INVALID_TIME");
}

TEST_F(Inspect, JudgesAHolderProofByItsWindow) {
    const std::string text = gt1_with_proof(kNow);
    EXPECT_EQ(look(text)["assurance"], "A2");
    EXPECT_EQ(reason(text, kNow + 60), "VALID");
    EXPECT_EQ(reason(text, kNow + 61), "REPLAYED");
    EXPECT_EQ(reason(text, kNow - 30), "VALID");
    EXPECT_EQ(reason(text, kNow - 31), "CLOCK");
}

TEST_F(Inspect, RemembersNothing) {
    const std::string text = gt1_with_proof(kNow);
    EXPECT_EQ(reason(text), "VALID");
    EXPECT_EQ(reason(text), "VALID");
}

TEST_F(Inspect, CallsAMissingProofAMatterOfAssurance) {
    fields.holder = tests::ed25519_holder(holder);
    fields.proof_mandatory = true;
    EXPECT_EQ(reason(gt1()), "ASSURANCE");
}

TEST_F(Inspect, ANonceProofInATextIsInvalid) {
    fields.holder = tests::ed25519_holder(holder);
    const Buffer answer = tests::with_nonce_proof(tests::test_ticket(fields, issuer), {}, holder);
    const Json said = look(crypto::gt1_text(answer));
    EXPECT_EQ(said["reason"], "INVALID");
    EXPECT_EQ(said["proof"], "nonce");
}

TEST_F(Inspect, ChecksAWalletCodeWhereItsSecretIsGiven) {
    fields.totp_mandatory = true;
    const std::string text = tests::wallet_text(fields, issuer, kNow);
    EXPECT_EQ(reason(text), "INVALID");
    file["totp_master"] = to_hex(tests::kTotpMaster);
    const Json said = look(text);
    EXPECT_EQ(said["format"], "gw1");
    EXPECT_EQ(said["assurance"], "A1");
    EXPECT_EQ(said["proof"], "totp");
    EXPECT_EQ(said["proof_time"], kNow);
    EXPECT_EQ(reason(text, kNow + 60), "VALID");
    EXPECT_EQ(reason(text, kNow + 61), "REPLAYED");
    EXPECT_EQ(reason(text, kNow - 31), "CLOCK");
    EXPECT_EQ(reason(gt1()), "ASSURANCE");  // the core alone
}

TEST_F(Inspect, ReadsAPretixTicket) {
    const Json said = look(tests::pretix_text(tests::kPretixPayload, tests::test_key(3)));
    EXPECT_EQ(said["format"], "pretix_sig1");
    EXPECT_EQ(said["reason"], "VALID");
    EXPECT_EQ(said["seed"], "SEED12345");
    EXPECT_EQ(said["item"], 3);
    EXPECT_EQ(said["subevent"], 14);
    EXPECT_FALSE(said.contains("variation"));
    EXPECT_FALSE(said.contains("event"));  // nothing names it
    EXPECT_EQ(said["key"], "other");
    EXPECT_EQ(said["assurance"], "A0");
}

TEST_F(Inspect, NamesATicketAsTheGateOfThatIssuerAndEventWould) {
    file = {{"k", {{"public_key", key_hex(1)}, {"issuer", "fest"}, {"events", {tests::kEvent}}}}};
    const Json own = look(gt1());
    EXPECT_EQ(own["issuer"], "fest");
    EXPECT_EQ(
        own["identity"],
        to_hex(crypto::identity_of(crypto::issuer_id("fest"), tests::kEvent, fields.serial).bytes));
    const Json theirs = look(tests::pretix_text(tests::kPretixPayload, issuer));
    EXPECT_EQ(theirs["event"], tests::kEvent);
    EXPECT_EQ(theirs["identity"],
              to_hex(crypto::identity_of(tests::kEvent, tests::kPretixPayload).bytes));
}

TEST_F(Inspect, HoldsAKeyToItsRecord) {
    const auto with = [this](std::string_view name, const Json& value) {
        file = {{"k", {{"public_key", key_hex(1)}, {name, value}}}};
        return look(gt1()).value("detail", "valid");
    };
    EXPECT_EQ(with("events", {tests::kEvent}), "valid");
    EXPECT_EQ(with("events", {tests::kEvent + 1}), "the key may not sign this ticket");
    EXPECT_EQ(with("products", {tests::kProduct + 1}), "the key may not sign this ticket");
    EXPECT_EQ(with("formats", {"pretix_sig1"}), "the key may not sign this ticket");
    EXPECT_EQ(with("not_before", kNow), "the key may not sign this ticket");
    EXPECT_EQ(with("not_after", "2025-10-09T08:53:20Z"), "the key may not sign this ticket");
    EXPECT_EQ(with("status", "revoked"), "the key was revoked");
    EXPECT_EQ(with("status", "active"), "valid");
}

}  // namespace
}  // namespace stile
