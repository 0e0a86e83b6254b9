// SPDX-License-Identifier: Apache-2.0
// Ledger entries, byte for byte as daemon/LEDGER.md lays them out, and all that is none.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "daemon/entry/entry.hpp"

namespace stile {
namespace {

using std::chrono::milliseconds;

template <std::size_t N>
std::array<std::uint8_t, N> counting(std::uint8_t first) {
    std::array<std::uint8_t, N> out{};
    for (std::uint8_t& byte : out)
        byte = first++;
    return out;
}

Entry entry(EntryBody body) {
    return {0x0102030405060708, 0x1112131415161718,
            decltype(Entry::time){milliseconds{1'780'336'800'250}}, ClockQuality::Unsynced,
            std::move(body)};
}

struct Golden {
    Entry entry;
    std::string_view kind;
    std::string_view body;
};

std::vector<Golden> goldens() {
    return {
        {entry(EpochStarted{EpochCause::Restored, 0xA1A2A3A4A5A6A7A8, 9, counting<32>(0x20)}), "01",
         "02 a1a2a3a4a5a6a7a8 0000000000000009"
         "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"},
        {entry(DaemonStarted{0xB1B2B3B4B5B6B7B8, 2, "0.1.0"}), "02",
         "b1b2b3b4b5b6b7b8 00000002 05 302e312e30"},
        {entry(Decided{Verdict::Refuse, Reason::Superseded, Direction::Exit, 3, 11, 4, 254, 0x1234,
                       0xA0B0C0D0, 0x0E0F, 0xC1, 5, 0x21, 1'000'000, counting<16>(0x40), "a", "cam",
                       "fest", "\xC3\xA9"}),
         "03",
         "02 21 02 03 0b 04 fe 0000000000001234 a0b0c0d0 0000000000000e0f 000000c1 05 0021 "
         "000f4240 404142434445464748494a4b4c4d4e4f"
         "01 61 03 63616d 04 66657374 02 c3a9"},
        {entry(Passage{PassageResult::PresumedEntered, 7, 2, 350'000, counting<16>(0x80), "a"}),
         "04", "04 0000000000000007 02 00055730 808182838485868788898a8b8c8d8e8f 01 61"},
        {entry(ListChanged{3, 10'000'000, "revocation"}), "05",
         "0000000000000003 0000000000989680 0a 7265766f636174696f6e"},
        {entry(LaneEvent{LaneEventKind::ReversePassage, 7, 3, "a"}), "06",
         "02 0000000000000007 00000003 01 61"},
        {entry(Act{ActKind::SetMode, 4, 9, "mia", "boss", "why", "a"}), "07",
         "02 04 0000000000000009 03 6d6961 04 626f7373 03 776879 01 61"},
        {entry(Annulled{9, counting<16>(0x40), "mia", "why", "a"}), "08",
         "0000000000000009 404142434445464748494a4b4c4d4e4f 03 6d6961 03 776879 01 61"},
        {entry(NotStored{5, 6, 7}), "09", "0000000000000005 0000000000000006 0000000000000007"},
    };
}

std::string hex_of(const Golden& golden) {
    // format, kind, epoch, seq, 2026-06-01T18:00:00.250Z, unsynced
    std::string hex = "01" + std::string{golden.kind} +
                      "0102030405060708 1112131415161718 0000019e8457b1fa 02" +
                      std::string{golden.body};
    std::erase(hex, ' ');
    return hex;
}

Buffer encoded(const Entry& value) {
    Buffer out;
    encode_entry(value, out);
    return out;
}

TEST(EntryCodec, EncodesEveryKindAsSpecified) {
    for (const Golden& golden : goldens())
        EXPECT_EQ(to_hex(encoded(golden.entry)), hex_of(golden));
}

TEST(EntryCodec, DecodesEveryKindAsSpecified) {
    for (const Golden& golden : goldens()) {
        const auto decoded = decode_entry(*from_hex(hex_of(golden)));
        ASSERT_TRUE(decoded) << decoded.error().context;
        EXPECT_EQ(*decoded, golden.entry);
    }
}

TEST(EntryCodec, HasAGoldenEntryOfEveryKind) {
    EXPECT_EQ(goldens().size(), std::variant_size_v<EntryBody>);
}

TEST(EntryCodec, AppendsToWhatIsInTheBufferAlready) {
    Buffer out{0xAA};
    encode_entry(goldens()[4].entry, out);
    EXPECT_EQ(to_hex(out), "aa" + hex_of(goldens()[4]));
}

TEST(EntryCodec, RefusesEveryTruncationAsInvalid) {
    for (const Golden& golden : goldens()) {
        const Buffer whole = encoded(golden.entry);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const auto decoded = decode_entry(Bytes{whole}.first(size));
            ASSERT_FALSE(decoded) << golden.kind << " cut to " << size;
            EXPECT_EQ(decoded.error().code, Errc::Invalid);
        }
    }
}

TEST(EntryCodec, RefusesEveryExtension) {
    for (const Golden& golden : goldens()) {
        for (const int extra : {0x00, 0x01, 0xFF}) {
            Buffer bytes = encoded(golden.entry);
            bytes.push_back(static_cast<std::uint8_t>(extra));
            EXPECT_FALSE(decode_entry(bytes)) << golden.kind;
        }
    }
}

TEST(EntryCodec, ReadsNoOtherBytesAsTheSameEntry) {
    for (const Golden& golden : goldens()) {
        const Buffer whole = encoded(golden.entry);
        for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
            Buffer bytes = whole;
            bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
            const auto decoded = decode_entry(bytes);
            EXPECT_TRUE(!decoded || encoded(*decoded) == bytes) << golden.kind << " bit " << bit;
        }
    }
}

TEST(EntryCodec, CallsAnotherFormatOrKindUnsupported) {
    const Buffer whole = encoded(goldens()[4].entry);
    for (int number = 0; number < 256; ++number) {
        Buffer other_format = whole;
        other_format[0] = static_cast<std::uint8_t>(number);
        Buffer other_kind = whole;
        other_kind[1] = static_cast<std::uint8_t>(number);
        if (number != 1) {
            EXPECT_EQ(decode_entry(other_format).error().code, Errc::Unsupported);
        }
        if (number == 0 || number > 9) {
            EXPECT_EQ(decode_entry(other_kind).error().code, Errc::Unsupported);
        }
    }
}

// Offsets of the enumerations, and the largest number of each.
TEST(EntryCodec, RefusesEnumeratorsOutOfRange) {
    struct Choice {
        std::size_t golden, offset;
        int last;
    };
    constexpr Choice kChoices[] = {{0, 26, 4}, {2, 27, 2}, {2, 28, 63}, {2, 29, 2}, {3, 27, 4}};
    for (const Choice& choice : kChoices) {
        for (int number = 0; number < 256; ++number) {
            Buffer bytes = encoded(goldens()[choice.golden].entry);
            bytes[choice.offset] = static_cast<std::uint8_t>(number);
            EXPECT_EQ(decode_entry(bytes).has_value(), number >= 1 && number <= choice.last)
                << choice.golden << " at " << choice.offset << ": " << number;
        }
    }
}

TEST(EntryCodec, RefusesTextThatIsTooLongOrNoText) {
    for (const std::string_view text : {"\xC3", "\xFF", "\xED\xA0\x80"}) {
        Buffer bytes = encoded(entry(ListChanged{1, 1, ""}));
        bytes.back() = static_cast<std::uint8_t>(text.size());
        bytes.insert(bytes.end(), text.begin(), text.end());
        EXPECT_FALSE(decode_entry(bytes)) << to_hex(as_bytes(text));
    }
    Buffer bytes = encoded(entry(ListChanged{1, 1, std::string(63, 'x')}));
    EXPECT_TRUE(decode_entry(bytes));
    bytes[27 + 16] = 64;
    bytes.push_back('x');
    EXPECT_FALSE(decode_entry(bytes));
}

TEST(EntryCodec, CutsALongTextAtACharacter) {
    const auto decoded =
        decode_entry(encoded(entry(ListChanged{1, 1, std::string(62, 'x') + "\xC3\xA9"})));
    ASSERT_TRUE(decoded) << decoded.error().context;
    EXPECT_EQ(std::get<ListChanged>(decoded->body).list, std::string(62, 'x'));
}

TEST(EntryCodec, KeepsEveryEntryWithinItsLimit) {
    const std::string longest(200, 'x');
    Decided decided;
    decided.lane = decided.reader = decided.issuer = decided.channel = longest;
    for (const EntryBody& body :
         {EntryBody{EpochStarted{}}, EntryBody{DaemonStarted{.software = longest}},
          EntryBody{decided}, EntryBody{Passage{.lane = longest}},
          EntryBody{ListChanged{.list = longest}}, EntryBody{LaneEvent{.lane = longest}},
          EntryBody{Act{.person = longest, .role = longest, .reason = longest, .lane = longest}},
          EntryBody{Annulled{.person = longest, .reason = longest, .lane = longest}},
          EntryBody{NotStored{}}}) {
        const Buffer bytes = encoded(entry(body));
        EXPECT_LE(bytes.size(), kMaxEntryBytes);
        EXPECT_TRUE(decode_entry(bytes));
    }
}

class RandomEntries {
public:
    Entry next() {
        Entry value{number<std::uint64_t>(),
                    number<std::uint64_t>(),
                    decltype(Entry::time){milliseconds{number<std::int64_t>()}},
                    one_of(ClockQuality::Last),
                    {}};
        value.body = body(number<std::uint8_t>() % 9);
        return value;
    }

private:
    template <class T>
    T number() {
        return static_cast<T>(random_());
    }
    template <class E>
    E one_of(E last) {
        return static_cast<E>(1 + random_() % std::to_underlying(last));
    }
    template <std::size_t N>
    std::array<std::uint8_t, N> raw() {
        return counting<N>(number<std::uint8_t>());
    }
    std::string text() {
        std::string out;
        for (std::size_t left = random_() % 32; left > 0; --left)
            out += random_() % 2 == 0 ? "x" : "\xC3\xA9";
        return out;
    }
    Decided decided() {
        return {one_of(Verdict::Refuse),
                static_cast<Reason>(1 + random_() % (kReasonSlots - 1)),
                one_of(Direction::Last),
                number<std::uint8_t>(),
                number<std::uint8_t>(),
                number<std::uint8_t>(),
                number<std::uint8_t>(),
                number<std::uint64_t>(),
                number<std::uint32_t>(),
                number<std::uint64_t>(),
                number<std::uint32_t>(),
                number<std::uint8_t>(),
                number<std::uint16_t>(),
                number<std::uint32_t>(),
                raw<16>(),
                text(),
                text(),
                text(),
                text()};
    }
    EntryBody body(int kind) {
        if (kind == 0)
            return EpochStarted{one_of(EpochCause::Last), number<std::uint64_t>(),
                                number<std::uint64_t>(), raw<32>()};
        if (kind == 1)
            return DaemonStarted{number<std::uint64_t>(), number<std::uint32_t>(), text()};
        if (kind == 2) return decided();
        if (kind == 3) {
            return Passage{one_of(PassageResult::Last),
                           number<std::uint64_t>(),
                           number<std::uint8_t>(),
                           number<std::uint32_t>(),
                           raw<16>(),
                           text()};
        }
        if (kind == 4) {
            return LaneEvent{one_of(LaneEventKind::Last), number<std::uint64_t>(),
                             number<std::uint32_t>(), text()};
        }
        if (kind == 5) {
            return Act{one_of(ActKind::Last),
                       number<std::uint8_t>(),
                       number<std::uint64_t>(),
                       text(),
                       text(),
                       text(),
                       text()};
        }
        if (kind == 6) return Annulled{number<std::uint64_t>(), raw<16>(), text(), text(), text()};
        if (kind == 7)
            return NotStored{number<std::uint64_t>(), number<std::uint64_t>(),
                             number<std::uint64_t>()};
        return ListChanged{number<std::uint64_t>(), number<std::uint64_t>(), text()};
    }
    std::mt19937_64 random_{20'260'601};
};

TEST(EntryCodec, ReturnsWhatWasWrittenWhateverTheContent) {
    RandomEntries random;
    for (int round = 0; round < 5000; ++round) {
        const Entry value = random.next();
        const auto decoded = decode_entry(encoded(value));
        ASSERT_TRUE(decoded) << decoded.error().context;
        EXPECT_EQ(*decoded, value);
    }
}

TEST(EntryCodec, NeverReadsRubbishAsTwoThings) {
    std::mt19937_64 random{7};
    for (int round = 0; round < 20'000; ++round) {
        Buffer bytes(27 + random() % 100);
        for (std::uint8_t& byte : bytes)
            byte = static_cast<std::uint8_t>(random());
        bytes[0] = 1;
        bytes[1] = static_cast<std::uint8_t>(1 + random() % 9);
        bytes[26] = 1;
        const auto decoded = decode_entry(bytes);
        if (decoded) {
            EXPECT_EQ(encoded(*decoded), bytes);
        }
    }
}

}  // namespace
}  // namespace stile
