// SPDX-License-Identifier: Apache-2.0
// What the collector reads of an entry, and what it refuses.
#include <gtest/gtest.h>

#include "crypto/base/time_text.hpp"
#include "sync/collector/coverage.hpp"
#include "sync/collector/entry.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {
namespace {

constexpr std::string_view kDecision =
    R"({"v":1,"gate":"north-1","epoch":"006900000100002a","seq":7,)"
    R"("time":"2026-05-01T18:00:00.250Z","clock":"synced","kind":"decision",)"
    R"("lane":"a","reader":"a-qr","direction":"exit",)"
    R"("medium":"qr","verdict":"admit","reason":"VALID",)"
    R"("ticket":"abababababababababababababababab","issuer":"acme","event":42,)"
    R"("product":17,"reissue":2,"assurance":"A0","list":0,"area":3,)"
    R"("people":4,"flags":["test","passback","sparkling"],"channel":"web","decided_us":8123})";

GateEntry parsed(std::string_view payload) {
    auto entry = parse_entry("north-1", payload);
    EXPECT_TRUE(entry) << entry.error().context;
    return entry.value_or(GateEntry{});
}

// An entry with these fields behind its key.
GateEntry with(std::string_view fields) {
    return parsed(R"({"v":1,"gate":"north-1","epoch":"0000000000000007","seq":3,)" +
                  std::string{fields} + "}");
}

TEST(CollectorEntry, IsReadWithAllThatQuestionsNeed) {
    const GateEntry entry = parsed(kDecision);
    EXPECT_EQ(entry.name, (EntryName{{"north-1", 0x0069'0000'0100'002A}, 7}));
    EXPECT_EQ(entry.time, parse_rfc3339("2026-05-01T18:00:00.250Z"));
    EXPECT_EQ(entry.kind, EntryKind::Decision);
    EXPECT_EQ(entry.lane, "a");
    EXPECT_EQ(entry.direction, Direction::Exit);
    EXPECT_EQ(entry.medium, "qr");
    EXPECT_EQ(entry.verdict, Verdict::Admit);
    EXPECT_EQ(entry.reason, "VALID");
    EXPECT_EQ(to_hex(entry.ticket.value()), "abababababababababababababababab");
    EXPECT_EQ(entry.issuer, "acme");
    EXPECT_EQ(entry.event, 42U);
    EXPECT_EQ(entry.product, 17U);
    EXPECT_EQ(entry.area, 3U);
    EXPECT_EQ(entry.people, 4U);
    EXPECT_EQ(entry.channel, "web");
    EXPECT_TRUE(entry.has(EntryFlag::Test) && entry.has(EntryFlag::Passback));
    EXPECT_FALSE(entry.has(EntryFlag::Override));
    EXPECT_EQ(entry.payload, kDecision);
}

TEST(CollectorEntry, TellsWhatBecameOfAnAdmission) {
    const GateEntry entry = with(R"("kind":"passage","result":"presumed-entered","admission":7)");
    EXPECT_EQ(entry.kind, EntryKind::Passage);
    EXPECT_EQ(entry.result, PassageResult::PresumedEntered);
    EXPECT_EQ(entry.admission, 7U);
    EXPECT_EQ(entry.people, 1U);
}

TEST(CollectorEntry, NamesTheEpochBefore) {
    const GateEntry entry = with(
        R"("kind":"epoch","cause":"restored","previous":{"epoch":"000000000000000f","seq":9})");
    EXPECT_EQ(entry.what, "restored");
    EXPECT_EQ(entry.previous_epoch, 15U);
    EXPECT_EQ(entry.previous_seq, 9U);
}

TEST(CollectorEntry, CountsPeopleOfALaneAndRefusalsOfAFullDisk) {
    EXPECT_EQ(with(R"("kind":"lane","event":"tailgating","count":2)").count, 2U);
    EXPECT_EQ(with(R"("kind":"lane","event":"tailgating","count":2)").what, "tailgating");
    EXPECT_EQ(with(R"("kind":"not-stored","refusals":12)").count, 12U);
}

TEST(CollectorEntry, IsKeptWhenItsKindIsNotKnown) {
    const GateEntry entry = with(R"("kind":"teleport","lane":"a","beam":{"x":[1,{"y":null}]})");
    EXPECT_EQ(entry.kind, EntryKind::Other);
    EXPECT_EQ(entry.lane, "a");
}

TEST(CollectorEntry, IsKeptWithNothingReadWhenItsVersionIsNotKnown) {
    const GateEntry entry = parsed(R"({"v":2,"gate":"north-1","epoch":"0000000000000007","seq":3,)"
                                   R"("kind":"passage","lane":"a"})");
    EXPECT_EQ(entry.kind, EntryKind::Other);
    EXPECT_EQ(entry.lane, "");
    EXPECT_EQ(entry.name.seq, 3U);
}

TEST(CollectorEntry, LeavesOutFieldsThatAreNotWhatTheyShouldBe) {
    const GateEntry entry =
        with(R"("kind":5,"time":"yesterday","ticket":"abc","direction":"up","verdict":true,)"
             R"("result":"vanished","event":-1,"product":1.5,"admission":1e300,"people":0,)"
             R"("flags":"test","lane":["a"],"area":99999999999999999999,"channel":null)");
    GateEntry bare = with(R"("kind":"other")");
    bare.payload = entry.payload;
    EXPECT_EQ(entry, bare);
}

TEST(CollectorEntry, LooksIntoNoOtherObject) {
    const GateEntry entry = with(
        R"("kind":"act","more":{"seq":9,"gate":"x","lane":"b","flags":["test"]},"person":"eve")");
    EXPECT_EQ(entry.name.seq, 3U);
    EXPECT_EQ(entry.lane, "");
    EXPECT_EQ(entry.flags, 0U);
    EXPECT_EQ(entry.person, "eve");
}

struct Wrong {
    std::string name;
    std::string payload;
    std::string why;
};

class RefusedEntry : public testing::TestWithParam<Wrong> {};

TEST_P(RefusedEntry, SaysWhatIsWrong) {
    const auto entry = parse_entry("north-1", GetParam().payload);
    ASSERT_FALSE(entry);
    EXPECT_EQ(entry.error().code, Errc::Invalid);
    EXPECT_EQ(entry.error().context, GetParam().why);
}

std::string keyed(std::string_view gate, std::string_view epoch, std::string_view seq) {
    return R"({"v":1,"gate":)" + std::string{gate} + R"(,"epoch":)" + std::string{epoch} +
           R"(,"seq":)" + std::string{seq} + "}";
}

const std::string kEpoch = R"("0000000000000007")";
const std::string kNoKey = "it has no key: gate, epoch and seq";

std::vector<Wrong> wrongs() {
    const std::string good = keyed(R"("north-1")", kEpoch, "1");
    return {
        {"Nothing", "", "it is no JSON at byte 1"},
        {"Noise", "\xFF\xFE", "it is no JSON at byte 1"},
        {"Text", R"("entry")", "it is no object"},
        {"Number", "7", "it is no object"},
        {"Null", "null", "it is no object"},
        {"List", "[" + good + "]", "it is no object"},
        {"EmptyObject", "{}", kNoKey},
        {"TornEnd", good.substr(0, good.size() - 1), "it is no JSON at byte 59"},
        {"SomethingBehind", good + "x", "it is no JSON at byte 60"},
        {"TwoObjects", good + good, "it is no JSON at byte 60"},
        {"NulInText", std::string{R"({"v":1,"x":")"} + '\0' + "\"}", "it is no JSON at byte 13"},
        {"NoUtf8", "{\"x\":\"\xC3(\"}", "it is no JSON at byte 8"},
        {"NoGate", R"({"v":1,"epoch":"0000000000000007","seq":1})", "it is of gate \"\""},
        {"NoEpoch", R"({"v":1,"gate":"north-1","seq":1})", kNoKey},
        {"NoSeq", R"({"v":1,"gate":"north-1","epoch":"0000000000000007"})", kNoKey},
        {"OtherGate", keyed(R"("south")", kEpoch, "1"), "it is of gate \"south\""},
        {"GateOfManyLines", keyed(R"("a\nb\u00e9")", kEpoch, "1"), "it is of gate \"a?b??\""},
        {"GateAsNumber", keyed("5", kEpoch, "1"), "it is of gate \"\""},
        {"EpochAsNumber", keyed(R"("north-1")", "7", "1"), kNoKey},
        {"ShortEpoch", keyed(R"("north-1")", R"("07")", "1"), kNoKey},
        {"EpochInCapitals", keyed(R"("north-1")", R"("000000000000000A")", "1"), kNoKey},
        {"SeqZero", keyed(R"("north-1")", kEpoch, "0"), kNoKey},
        {"SeqNegative", keyed(R"("north-1")", kEpoch, "-1"), kNoKey},
        {"SeqWithFraction", keyed(R"("north-1")", kEpoch, "1.0"), kNoKey},
        {"SeqAsText", keyed(R"("north-1")", kEpoch, R"("1")"), kNoKey},
        {"SeqBeyondExact", keyed(R"("north-1")", kEpoch, "9007199254740993"), kNoKey},
        {"SeqBeyondSense", keyed(R"("north-1")", kEpoch, "1e999"), "it is no JSON at byte 62"},
        {"TwoSeqs", keyed(R"("north-1")", kEpoch, R"(1,"seq":2)"), "it has two sequence numbers"},
        {"TwoEpochs", keyed(R"("north-1")", kEpoch + R"(,"epoch":"0000000000000008")", "1"),
         "it names two epochs"},
        {"TwoGates", keyed(R"("north-1","gate":"south")", kEpoch, "1"), "it names two gates"},
        {"Deep", keyed(R"("north-1")", kEpoch, "1,\"x\":" + std::string(40, '[')),
         "it is more than 16 levels deep"},
        {"Large", good + std::string(kMaxEntryPayload, ' '), "it has more than 65536 bytes"}};
}

INSTANTIATE_TEST_SUITE_P(CollectorEntry, RefusedEntry, testing::ValuesIn(wrongs()),
                         [](const auto& wrong) { return wrong.param.name; });

TEST(CollectorTicketPrefix, TakesEightToThirtyTwoDigits) {
    EXPECT_TRUE(TicketPrefix::parse("abcdef01"));
    EXPECT_TRUE(TicketPrefix::parse("ABCDEF012"));
    EXPECT_FALSE(TicketPrefix::parse("abcdef0"));
    EXPECT_FALSE(TicketPrefix::parse(std::string(33, 'a')));
    EXPECT_FALSE(TicketPrefix::parse("abcdefg1"));
    EXPECT_FALSE(TicketPrefix::parse(""));
    EXPECT_TRUE(TicketPrefix::parse(std::string(32, 'a'))->is_whole());
    EXPECT_FALSE(TicketPrefix::parse(std::string(31, 'a'))->is_whole());
}

TEST(CollectorSeqSet, GrowsTogetherFromEitherSide) {
    SeqSet set;
    set.add({5, 6});
    set.add({1, 2});
    EXPECT_EQ(set.gaps(9), (std::vector<SeqRange>{{3, 4}}));
    set.add({3, 3});
    EXPECT_EQ(set.contiguous_end(), 3U);
    set.add({2, 8});
    EXPECT_EQ(set.contiguous_end(), 8U);
    EXPECT_EQ(set.missing(), 0U);
    EXPECT_TRUE(set.has(8));
    EXPECT_FALSE(set.has(9));
    EXPECT_FALSE(SeqSet{}.has(1));
    EXPECT_EQ(SeqSet{}.newest(), 0U);
}

}  // namespace
}  // namespace stile::sync
