// SPDX-License-Identifier: Apache-2.0
// One message of each kind, byte for byte as daemon/PROTOCOL.md lays it out, written by hand.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "daemon/protocol/codec.hpp"
#include "protocol_fields.hpp"

namespace stile::protocol::test {
namespace {

struct Golden {
    Message message;
    std::string_view hex;  // header, then one line a group of fields; blanks do not count
};

Buffer raw(std::string_view text) {
    const Bytes bytes = as_bytes(text);
    return {bytes.begin(), bytes.end()};
}

std::string without_blanks(std::string_view hex) {
    std::string out{hex};
    std::erase(out, ' ');
    return out;
}

std::vector<Golden> session_messages() {
    return {
        {Hello{Role::Sync, "main", "stile-sync 0.1.0"},
         "01 01 0000 00000017"
         "02 04 6d61696e 10 7374696c652d73796e6320302e312e30"},
        {Welcome{"arena", "north-1", 0x0102030405060708, 0x1112131415161718, 0x2122232425262728,
                 "stiled"},
         "01 02 0000 0000002d"
         "05 6172656e61 07 6e6f7274682d31"
         "0102030405060708 1112131415161718 2122232425262728 06 7374696c6564"},
        {Goodbye{Parting::Busy, "full"}, "01 03 0000 00000007 04 0004 66756c6c"},
        {Ping{0xF0E0D0C0B0A09080}, "01 04 0000 00000008 f0e0d0c0b0a09080"},
        {Pong{1}, "01 05 0000 00000008 0000000000000001"},
    };
}

std::vector<Golden> reader_messages() {
    return {
        {Scan{258, Medium::Scanner, 0x0A, 0x0B, raw("GT1:")},
         "01 10 0000 0000001f"
         "0000000000000102 03 000000000000000a 000000000000000b 0004 4754313a"},
        {Feedback{258, Outcome::Refuse, 33, "No", "\xC3\xA9"},
         "01 11 0000 00000012"
         "0000000000000102 02 21 0002 4e6f 0002 c3a9"},
        {CardPresent{7, CardTechnology::Type4, {0x3B, 0x8F}, {0x04, 0x05, 0x06}},
         "01 12 0000 0000000c 00000007 02 02 3b8f 03 040506"},
        {CardCommand{7, 1, 500, {0x00, 0xA4}}, "01 13 0000 0000000c 00000007 0001 01f4 0002 00a4"},
        {CardAnswer{7, 1, CardStatus::Refused, {0x6A, 0x82}},
         "01 14 0000 0000000b 00000007 0001 04 0002 6a82"},
        {CardGone{7}, "01 15 0000 00000004 00000007"},
        {ReaderHealth{ReaderState::Degraded, 300, 2, 1, 3200, "dark"},
         "01 16 0000 00000017"
         "03 0000012c 00000002 00000001 00000c80 0004 6461726b"},
    };
}

std::vector<Golden> sync_messages() {
    return {
        {Follow{"mqtt", 64}, "01 20 0000 00000007 04 6d717474 0040"},
        {Entries{9, 41, {raw("a"), raw("bc")}},
         "01 21 0000 00000018"
         "0000000000000009 0000000000000029 02 0001 61 0002 6263"},
        {Acknowledge{"mqtt", 9, 42, 2},
         "01 22 0000 00000017"
         "04 6d717474 0000000000000009 000000000000002a 0002"},
        {Report{Subject::Alarm, "disk", "{}"}, "01 23 0000 0000000a 05 04 6469736b 0002 7b7d"},
        {LinkState{Link::Refused, 3, "auth"}, "01 24 0000 0000000b 03 00000003 0004 61757468"},
        {Position{9, 41}, "01 26 0000 00000010 0000000000000009 0000000000000029"},
        {Stored{"main", 9, 41},
         "01 27 0000 00000015 04 6d61696e 0000000000000009 0000000000000029"},
        {Fetch{6, 9, 41, 64}, "01 28 0000 00000015 00000006 0000000000000009 0000000000000029 40"},
        {Fetched{6, Part::More, 9, 42, {raw("a"), raw("bc")}},
         "01 29 0000 0000001d"
         "00000006 01 0000000000000009 000000000000002a 02 0001 61 0002 6263"},
    };
}

std::vector<Golden> control_messages() {
    return {
        {Tail{41, 64}, "01 25 0000 0000000a 0000000000000029 0040"},
        {CatalogOffer{5, Content::RevocationText, 1'048'576},
         "01 30 0000 0000000d 00000005 01 0000000000100000"},
        {CatalogProgress{5, 16, 256},
         "01 31 0000 00000014 00000005 0000000000000010 0000000000000100"},
        {CatalogResult{5, CatalogOutcome::Failed, "line 3"},
         "01 32 0000 0000000d 00000005 02 0006 6c696e652033"},
        {Command{6, "status", {"a", ""}},
         "01 40 0000 00000011 00000006 06 737461747573 02 0001 61 0000"},
        {CommandResult{6, CommandOutcome::UnknownVerb, "what?"},
         "01 41 0000 0000000c 00000006 03 0005 776861743f"},
        {CommandProgress{6, 16, 256},
         "01 42 0000 00000014 00000006 0000000000000010 0000000000000100"},
    };
}

std::vector<Golden> viewer_messages() {
    return {
        {Watch{"lane-1"}, "01 50 0000 00000007 06 6c616e652d31"},
        {LaneView{"lane-1", SignState::Go, 1, Direction::Exit, 2, 0x0A, 0x0B, "C 4", "N", "Ada",
                  "!"},
         "01 51 0000 00000029"
         "06 6c616e652d31 02 01 02 02 000000000000000a 000000000000000b"
         "03 432034 01 4e 0003 416461 0001 21"},
    };
}

std::vector<Golden> all_messages() {
    std::vector<Golden> all = session_messages();
    std::ranges::move(reader_messages(), std::back_inserter(all));
    std::ranges::move(sync_messages(), std::back_inserter(all));
    std::ranges::move(control_messages(), std::back_inserter(all));
    std::ranges::move(viewer_messages(), std::back_inserter(all));
    return all;
}

// The same bytes with a length field that fits, so that only the body is at fault.
Buffer with_right_length(Buffer bytes) {
    std::ranges::copy(big_endian(static_cast<std::uint32_t>(bytes.size() - 8)), bytes.begin() + 4);
    return bytes;
}

TEST(ProtocolGolden, HasOneMessageOfEveryKind) {
    std::set<std::uint8_t> kinds;
    for (const Golden& golden : all_messages())
        kinds.insert(kind_of(golden.message));
    EXPECT_EQ(kinds.size(), std::variant_size_v<Message>);
}

TEST(ProtocolGolden, EncodesEveryKindAsSpecified) {
    for (const Golden& golden : all_messages())
        EXPECT_EQ(to_hex(encode(golden.message)), without_blanks(golden.hex));
}

TEST(ProtocolGolden, DecodesEveryKindAsSpecified) {
    for (const Golden& golden : all_messages()) {
        const auto message = decode(*from_hex(without_blanks(golden.hex)));
        ASSERT_TRUE(message) << golden.hex << ": " << message.error().context;
        EXPECT_EQ(describe(*message), describe(golden.message));
    }
}

TEST(ProtocolGolden, RefusesEveryTruncation) {
    for (const Golden& golden : all_messages()) {
        const Buffer whole = encode(golden.message);
        for (std::size_t size = 0; size < whole.size(); ++size)
            EXPECT_FALSE(decode(Bytes{whole}.first(size))) << golden.hex << " cut to " << size;
    }
}

TEST(ProtocolGolden, RefusesEveryTruncatedBodyWithAMatchingLength) {
    for (const Golden& golden : all_messages()) {
        Buffer bytes = encode(golden.message);
        while (bytes.size() > 8) {
            bytes.pop_back();
            EXPECT_FALSE(decode(with_right_length(bytes))) << golden.hex;
        }
    }
}

TEST(ProtocolGolden, RefusesEveryOneByteExtension) {
    for (const Golden& golden : all_messages()) {
        for (const int extra : {0x00, 0x01, 0xFF}) {
            Buffer bytes = encode(golden.message);
            bytes.push_back(static_cast<std::uint8_t>(extra));
            EXPECT_FALSE(decode(bytes)) << golden.hex;
            EXPECT_FALSE(decode(with_right_length(bytes))) << golden.hex;
        }
    }
}

TEST(ProtocolGolden, ReadsNoOtherBytesAsTheSameMessage) {
    for (const Golden& golden : all_messages()) {
        const Buffer whole = encode(golden.message);
        for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
            Buffer bytes = whole;
            bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
            const auto message = decode(bytes);
            EXPECT_TRUE(!message || encode(*message) == bytes) << golden.hex << " bit " << bit;
        }
    }
}

}  // namespace
}  // namespace stile::protocol::test
