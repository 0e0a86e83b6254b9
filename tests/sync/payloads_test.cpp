// SPDX-License-Identifier: Apache-2.0
// The exact JSON of every kind of entry, and of the status.
#include "sync/publish/payloads.hpp"

#include <gtest/gtest.h>

namespace stile::sync {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kEpoch = 0x0069'0000'0100'002A;
constexpr std::chrono::sys_time<std::chrono::milliseconds> kTime =
    std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} + 18h + 250ms;

Entry entry(EntryBody body) {
    return {kEpoch, 7, kTime, ClockQuality::Synced, std::move(body)};
}

std::string head(std::string_view rest) {
    return R"({"v":1,"gate":"north-1","epoch":"006900000100002a","seq":7,)"
           R"("time":"2026-05-01T18:00:00.250Z","clock":"synced",)" +
           std::string{rest};
}

Decided admission() {
    Decided body;
    body.verdict = Verdict::Admit;
    body.reason = Reason::Valid;
    body.medium = 1;
    body.reissue = 2;
    body.product = 17;
    body.event = 42;
    body.decided_us = 8123;
    body.ticket.fill(0xAB);
    body.lane = "a";
    body.reader = "a-qr";
    body.issuer = "acme";
    return body;
}

TEST(EntryJson, TellsAnAdmission) {
    EXPECT_EQ(entry_json("north-1", entry(admission())),
              head(R"("kind":"decision","lane":"a","reader":"a-qr","direction":"entry",)"
                   R"("medium":"qr","verdict":"admit","reason":"VALID",)"
                   R"("ticket":"abababababababababababababababab","issuer":"acme","event":42,)"
                   R"("product":17,"reissue":2,"assurance":"A0","list":0,"area":0,"channel":null,)"
                   R"("decided_us":8123})"));
}

TEST(EntryJson, TellsARefusalWithoutAGenuineTicket) {
    Decided body = admission();
    body.verdict = Verdict::Refuse;
    body.reason = Reason::Invalid;
    body.fault = 11;
    body.ticket = {};
    EXPECT_EQ(
        entry_json("north-1", entry(body)),
        head(R"("kind":"decision","lane":"a","reader":"a-qr","direction":"entry",)"
             R"("medium":"qr","verdict":"refuse","reason":"INVALID",)"
             R"("fault":"bad-signature","list":0,"area":0,"channel":null,"decided_us":8123})"));
}

TEST(EntryJson, NamesTheSalesChannel) {
    Decided body = admission();
    body.channel = "box-office";
    EXPECT_NE(entry_json("north-1", entry(body)).find(R"("channel":"box-office")"),
              std::string::npos);
}

TEST(EntryJson, GivesNumbersThatItHasNoNameFor) {
    Decided body = admission();
    body.reason = static_cast<Reason>(60);
    body.fault = 200;
    body.medium = 9;
    const std::string json = entry_json("north-1", entry(body));
    EXPECT_NE(json.find(R"("reason":"REASON_60")"), std::string::npos);
    EXPECT_NE(json.find(R"("fault":"fault-200")"), std::string::npos);
    EXPECT_NE(json.find(R"("medium":"medium-9")"), std::string::npos);
}

TEST(EntryJson, TellsAPassage) {
    Passage body{.result = PassageResult::PresumedEntered, .admission = 6, .release_us = 950};
    body.ticket.fill(1);
    body.lane = "a";
    EXPECT_EQ(entry_json("north-1", entry(body)),
              head(R"("kind":"passage","lane":"a","result":"presumed-entered","admission":6,)"
                   R"("ticket":"01010101010101010101010101010101","release_us":950})"));
}

TEST(EntryJson, TellsTheFirstEpoch) {
    EXPECT_EQ(entry_json("north-1", entry(EpochStarted{})),
              head(R"("kind":"epoch","cause":"new"})"));
}

TEST(EntryJson, TellsAnEpochAfterAnother) {
    EpochStarted body{
        .cause = EpochCause::Restored, .previous_epoch = 0xFFFF'FFFF'FFFF'FFFF, .previous_seq = 99};
    body.previous_head[31] = 5;
    EXPECT_EQ(entry_json("north-1", entry(body)),
              head(R"("kind":"epoch","cause":"restored",)"
                   R"("previous":{"epoch":"ffffffffffffffff","seq":99,"head":")" +
                   std::string(62, '0') + R"(05"}})"));
}

TEST(EntryJson, TellsAStart) {
    EXPECT_EQ(entry_json("north-1", entry(DaemonStarted{1, 2, "stiled 0.1.0"})),
              head(R"("kind":"start","boot":"0000000000000001","unresolved":2,)"
                   R"("software":"stiled 0.1.0"})"));
}

TEST(EntryJson, NamesWhatADecisionWasFlaggedFor) {
    Decided body = admission();
    body.list = 35;
    body.area = 2;
    body.people = 4;
    body.flags = kFlagOverride | kFlagPassback | kFlagAttention;
    const std::string json = entry_json("north-1", entry(body));
    EXPECT_NE(
        json.find(R"("list":35,"area":2,"people":4,"flags":["override","passback","attention"])"),
        std::string::npos)
        << json;
}

TEST(EntryJson, TellsAnEventAtALane) {
    EXPECT_EQ(entry_json("north-1", entry(LaneEvent{LaneEventKind::Tailgating, 7, 2, "a"})),
              head(R"("kind":"lane","event":"tailgating","lane":"a","admission":7,"count":2})"));
}

TEST(EntryJson, TellsWhoDidWhatAndWhy) {
    const Act act{ActKind::SetMode, 3, 0, "mia", "supervisor", "queue inside", "a"};
    EXPECT_EQ(entry_json("north-1", entry(act)),
              head(R"("kind":"act","act":"mode","person":"mia","role":"supervisor",)"
                   R"("reason":"queue inside","lane":"a","mode":"locked"})"));
}

TEST(EntryJson, TellsAnEntryThatWasTakenBack) {
    EXPECT_EQ(entry_json("north-1", entry(Annulled{7, {}, "mia", "wrong guest", "a"})),
              head(R"("kind":"annulled","admission":7,"person":"mia","reason":"wrong guest",)"
                   R"("lane":"a"})"));
}

TEST(EntryJson, TellsHowManyRefusalsWereNotStored) {
    EXPECT_EQ(entry_json("north-1", entry(NotStored{3, 0, 1'000})),
              head(R"("kind":"not-stored","refusals":3,"first":"1970-01-01T00:00:00.000Z",)"
                   R"("last":"1970-01-01T00:00:01.000Z"})"));
}

TEST(EntryJson, TellsANewList) {
    EXPECT_EQ(entry_json("north-1", entry(ListChanged{3, 10'000'000, "revocation"})),
              head(R"("kind":"list","list":"revocation","generation":3,"records":10000000})"));
}

TEST(EntryPayload, IsTheJsonOfItsBytes) {
    Buffer bytes;
    encode_entry(entry(admission()), bytes);
    const auto payload = entry_payload("north-1", {kEpoch, 7}, bytes);
    EXPECT_EQ(payload.json, entry_json("north-1", entry(admission())));
    EXPECT_FALSE(payload.fault);
}

TEST(EntryPayload, SendsRubbishAsItsBytesSoThatTheCursorCanMove) {
    const Buffer rubbish{1, 3, 0xFF};
    const auto payload = entry_payload("north-1", {kEpoch, 7}, rubbish);
    EXPECT_EQ(payload.json, R"({"v":1,"gate":"north-1","epoch":"006900000100002a","seq":7,)"
                            R"("kind":"unknown","bytes":"0103ff"})");
    ASSERT_TRUE(payload.fault);
    EXPECT_EQ(payload.fault->code, Errc::Invalid);
}

TEST(EntryPayload, SendsAKindOfALaterVersionAsItsBytes) {
    Buffer bytes;
    encode_entry(entry(EpochStarted{}), bytes);
    bytes[1] = 200;
    const auto payload = entry_payload("north-1", {kEpoch, 7}, bytes);
    EXPECT_NE(payload.json.find(R"("kind":"unknown","bytes":"01c8)"), std::string::npos);
    ASSERT_TRUE(payload.fault);
    EXPECT_EQ(payload.fault->code, Errc::Unsupported);
}

TEST(EntryPayload, DoesNotBelieveAnEntryThatClaimsAnotherKey) {
    Buffer bytes;
    encode_entry(entry(admission()), bytes);
    const auto payload = entry_payload("north-1", {kEpoch, 8}, bytes);
    EXPECT_NE(payload.json.find(R"("seq":8,"kind":"unknown")"), std::string::npos);
    EXPECT_TRUE(payload.fault);
}

TEST(EntryPayload, SendsAnEmptyEntryToo) {
    const auto payload = entry_payload("north-1", {1, 1}, {});
    EXPECT_NE(payload.json.find(R"("bytes":"")"), std::string::npos);
    EXPECT_TRUE(payload.fault);
}

TEST(StatusJson, HasStateBootAndTime) {
    EXPECT_EQ(status_json("north-1", GateState::Online, "00ff", "", {kTime, ClockQuality::Synced}),
              R"({"v":1,"gate":"north-1","boot":"00ff","state":"online",)"
              R"("time":"2026-05-01T18:00:00.250Z","clock":"synced"})");
}

TEST(StatusJson, SaysWhatIsWrong) {
    const auto json = status_json("north-1", GateState::Degraded, "00ff", "no daemon", {});
    EXPECT_NE(json.find(R"("state":"degraded")"), std::string::npos);
    EXPECT_NE(json.find(R"("clock":"unsynced","detail":"no daemon"})"), std::string::npos);
}

TEST(LostJson, HasTheBootOfItsConnection) {
    EXPECT_EQ(lost_json("north-1", "00ff"),
              R"({"v":1,"gate":"north-1","boot":"00ff","state":"lost"})");
}

}  // namespace
}  // namespace stile::sync
