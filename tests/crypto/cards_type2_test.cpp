// SPDX-License-Identifier: Apache-2.0
// Type 2 tags: the walk through the data area, and the dialogue that reads it.
#include <gtest/gtest.h>

#include "crypto/base45.hpp"
#include "crypto/cards/type2.hpp"
#include "crypto/issue/ndef.hpp"
#include "tests/crypto/card_play.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

using tests::bytes_of;
using tests::copy_in;
using tests::fault_in;
using tests::operator+;

// A tag from page 3 on, as a reader sees it.
class Tag {
public:
    Tag(std::string_view container, const Buffer& area) : pages_{bytes_of(container) + area} {}

    Buffer answer(Bytes command) {
        ++reads;
        const std::size_t from = std::size_t{command[3]} * 4 - 12;
        if (from + 16 > pages_.size()) pages_.resize(from + 16);
        const Bytes four = Bytes{pages_}.subspan(from, 16);
        return Buffer{four.begin(), four.end()} + bytes_of("9000");
    }
    std::size_t reads = 0;

private:
    Buffer pages_;
};

CardStep read(Tag& tag) {
    const auto dialogue = make_type2();
    CardStep step = dialogue->begin();
    while (std::holds_alternative<CardSend>(step))
        step = dialogue->take(tag.answer(tests::command_in(step)));
    return step;
}

CardStep read(std::string_view container, const Buffer& area) {
    Tag tag{container, area};
    return read(tag);
}

CardStep answer_to_first(std::string_view answer) {
    const auto dialogue = make_type2();
    (void)dialogue->begin();
    return dialogue->take(bytes_of(answer));
}

constexpr std::string_view kNtag213 = "E1101200", kNtag216 = "E1106D00";

TEST(CardType2Vectors, FindTheMessage) {
    STILE_LOAD_OR_SKIP(vectors, "ndef_type2.json");
    for (const auto& item : vectors["type2"]["valid"]) {
        const Buffer area = tests::hex(item["data"]);
        const auto message = message_in_area(area, area.size());
        ASSERT_TRUE(message && *message) << item["name"];
        EXPECT_EQ(to_hex(**message), to_hex(tests::hex(item["ndef"]))) << item["name"];
    }
}

TEST(CardType2Vectors, FindNoneWhereThereIsNone) {
    STILE_LOAD_OR_SKIP(vectors, "ndef_type2.json");
    for (const auto& item : vectors["type2"]["invalid"]) {
        const Buffer area = tests::hex(item["data"]);
        EXPECT_FALSE(message_in_area(area, area.size())) << item["why"];
    }
}

TEST(CardType2Vectors, KnowTheContainersOfNtags) {
    STILE_LOAD_OR_SKIP(vectors, "ndef_type2.json");
    for (const auto& [name, container] : vectors["type2"]["cc"].items()) {
        const std::size_t size = vectors["type2"]["data_area_bytes"][name];
        Tag blank{container.get<std::string>(), Buffer(size, 0)};
        EXPECT_EQ(fault_in(read(blank)), CardFault::Empty) << name;
        EXPECT_EQ(blank.reads, (size + 4 + 15) / 16) << name;
    }
}

TEST(CardType2Area, AsksForMoreAsLongAsThereIsMore) {
    const Buffer whole = bytes_of("0103A00C340304D0000011FE");
    for (std::size_t size = 0; size < 11; ++size) {
        const auto found = message_in_area(Bytes{whole}.first(size), whole.size());
        ASSERT_TRUE(found) << size;
        EXPECT_FALSE(*found) << size;
    }
    const auto found = message_in_area(Bytes{whole}.first(11), whole.size());
    ASSERT_TRUE(found && *found);
    EXPECT_EQ(to_hex(**found), "d0000011");
}

TEST(CardType2Area, RefusesALengthBeyondItAtOnce) {
    const Buffer start = bytes_of("03FF0400");
    const auto found = message_in_area(start, 872);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error(), CardFault::Malformed);
    EXPECT_TRUE(message_in_area(bytes_of("03FF0364"), 872));  // just fits
    EXPECT_FALSE(message_in_area(bytes_of("03FF0365"), 872));
}

TEST(CardType2Area, RefusesTagsThatItDoesNotKnow) {
    for (const char* area : {"0400", "7F0111", "FF00", "0200", "0104A00C3400"}) {
        const auto found = message_in_area(bytes_of(area), 100);
        ASSERT_FALSE(found) << area;
        EXPECT_EQ(found.error(), CardFault::Malformed);
    }
}

TEST(CardType2Area, EndsWithoutAMessage) {
    EXPECT_EQ(message_in_area({}, 0).error(), CardFault::Empty);
    EXPECT_EQ(message_in_area(bytes_of("FD02AAAAFE"), 5).error(), CardFault::Empty);
    EXPECT_EQ(message_in_area(bytes_of("FD02AAAA"), 4).error(), CardFault::Empty);
}

TEST(CardType2, ReadsATicketInEightCommands) {
    Tag tag{kNtag213, type2_area(gt1_ndef(Buffer(96, 7)))};
    EXPECT_EQ(copy_in(read(tag)), "GT1:" + base45_encode(Buffer(96, 7)));
    EXPECT_EQ(tag.reads, 8U);
}

TEST(CardType2, ReadsEveryLengthOfTicket) {
    for (std::size_t size = 1; size <= 353; ++size)
        EXPECT_EQ(copy_in(read(kNtag216, type2_area(gt1_ndef(Buffer(size, 7))))),
                  "GT1:" + base45_encode(Buffer(size, 7)));
}

TEST(CardType2, StopsBehindTheMessage) {
    Tag tag{kNtag216, bytes_of("0300FE")};
    EXPECT_EQ(fault_in(read(tag)), CardFault::Empty);
    EXPECT_EQ(tag.reads, 1U);
}

TEST(CardType2, ReadsNoMoreThanTheContainerSays) {
    Tag tag{"E1100600", Buffer(400, 0)};
    EXPECT_EQ(fault_in(read(tag)), CardFault::Empty);
    EXPECT_EQ(tag.reads, 4U);
}

TEST(CardType2, ReadsNoMoreThanItsLimitWhateverTheContainerSays) {
    Tag tag{"E110FF00", Buffer(3000, 0)};
    EXPECT_EQ(fault_in(read(tag)), CardFault::Empty);
    EXPECT_EQ(tag.reads, 55U);
}

TEST(CardType2, RefusesAMessageThatRunsOverTheTag) {
    Tag tag{"E1100600", bytes_of("0330") + Buffer(100, 0)};
    EXPECT_EQ(fault_in(read(tag)), CardFault::Malformed);
    EXPECT_EQ(tag.reads, 1U);
}

TEST(CardType2, LeavesTagsAloneThatAreNotFormatted) {
    EXPECT_EQ(fault_in(read("00000000", {})), CardFault::Empty);
    EXPECT_EQ(fault_in(read("E1200600", {})), CardFault::Unsupported);  // version 2
    EXPECT_EQ(fault_in(read("E10F0600", {})), CardFault::Unsupported);
    EXPECT_EQ(fault_in(read("E11006F0", {})), CardFault::Unsupported);  // may not be read
    EXPECT_EQ(fault_in(read("E1100000", {})), CardFault::Empty);        // no area
}

TEST(CardType2, DoesNotMindAWriteProtectedTag) {
    EXPECT_TRUE(copy_in(read("E110120F", type2_area(gt1_ndef(Buffer(96, 7))))));
}

TEST(CardType2, LeavesCardsThatAnswerOtherwiseToOthers) {
    for (const char* answer : {"", "90", "6300", "6A81", "9000", "E11012009000", "E110120003009100",
                               "E1101200000000000000000000000000FF9000"})
        EXPECT_EQ(fault_in(answer_to_first(answer)), CardFault::NotThis) << answer;
}

TEST(CardType2, EndsWhenALaterReadFails) {
    for (const char* answer : {"", "6300", "9000", "000102030405060708090A0B0C0D0E9000"}) {
        const auto dialogue = make_type2();
        (void)dialogue->begin();
        const CardStep more = dialogue->take(bytes_of("E11012000320D101085402656E48656C9000"));
        EXPECT_EQ(to_hex(tests::command_in(more)), "ffb0000710");
        EXPECT_EQ(fault_in(dialogue->take(bytes_of(answer))), CardFault::Malformed) << answer;
    }
}

}  // namespace
}  // namespace stile::crypto
