// SPDX-License-Identifier: Apache-2.0
// The codec beyond the golden bytes: shapes and limits of daemon/PROTOCOL.md, headers, roles.
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "daemon/protocol/codec.hpp"
#include "protocol_fields.hpp"

namespace stile::protocol::test {
namespace {

// The table of kinds of PROTOCOL.md once more, by hand.
const std::map<std::uint8_t, std::string> kShapes{
    {0x01, "choice 1..4, text8 0..32, text8 0..32"},
    {0x02, "text8 0..63, text8 0..63, u64, u64, u64, text8 0..32"},
    {0x03, "choice 1..6, text16 0..512"},
    {0x04, "u64"},
    {0x05, "u64"},
    {0x10, "u64, choice 1..4, u64, u64, bytes16 1..4096"},
    {0x11, "u64, choice 1..4, u8, text16 0..200, text16 0..400"},
    {0x12, "u32, choice 1..3, bytes8 0..33, bytes8 0..10"},
    {0x13, "u32, u16, u16, bytes16 1..4096"},
    {0x14, "u32, u16, choice 1..5, bytes16 0..4096"},
    {0x15, "u32"},
    {0x16, "choice 1..4, u32, u32, u32, u32, text16 0..200"},
    {0x20, "text8 1..32, u16"},
    {0x21, "u64, u64, list 1..16 of 0..640"},
    {0x22, "text8 1..32, u64, u64, u16"},
    {0x23, "choice 1..5, text8 0..63, text16 0..12000"},
    {0x24, "choice 1..3, u32, text16 0..200"},
    {0x25, "u64, u16"},
    {0x26, "u64, u64"},
    {0x27, "text8 1..63, u64, u64"},
    {0x28, "u32, u64, u64, u8"},
    {0x29, "u32, choice 1..2, u64, u64, list 0..16 of 0..640"},
    {0x30, "u32, choice 1..2, u64"},
    {0x31, "u32, u64, u64"},
    {0x32, "u32, choice 1..2, text16 0..4000"},
    {0x40, "u32, text8 1..32, texts 0..8 of 0..1024"},
    {0x41, "u32, choice 1..4, text16 0..15000"},
    {0x42, "u32, u64, u64"},
    {0x50, "text8 1..63"},
    {0x51,
     "text8 1..63, choice 1..12, u8, choice 1..2, u8, u64, u64, text8 0..96, text8 0..96, "
     "text16 0..2000, text16 0..400"},
};

Buffer body_with(const std::vector<FieldForms>& fields, std::size_t changed, const Buffer& form) {
    Buffer body;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const Buffer& bytes = i == changed ? form : fields[i].good;
        body.insert(body.end(), bytes.begin(), bytes.end());
    }
    return body;
}

Buffer ping() {
    return encode(Ping{7});
}

TEST(ProtocolCodec, HasTheKindsAndFieldsOfTheSpecification) {
    std::map<std::uint8_t, std::string> shapes;
    for_each_kind([&](const Message& message) {
        std::string shape;
        for (const FieldForms& field : forms_of(message))
            shape += (shape.empty() ? "" : ", ") + field.shape;
        shapes[kind_of(message)] = shape;
    });
    EXPECT_EQ(shapes, kShapes);
}

TEST(ProtocolCodec, TakesEveryFieldAtItsLimits) {
    for_each_kind([](const Message& message) {
        const auto fields = forms_of(message);
        for (std::size_t i = 0; i < fields.size(); ++i) {
            for (const Buffer& form : fields[i].also_good) {
                const Buffer bytes = datagram(kind_of(message), body_with(fields, i, form));
                const auto decoded = decode(bytes);
                ASSERT_TRUE(decoded) << int{kind_of(message)} << ", field " << i;
                EXPECT_EQ(encode(*decoded), bytes);
            }
        }
    });
}

TEST(ProtocolCodec, RefusesEveryFieldBeyondItsLimits) {
    for_each_kind([](const Message& message) {
        const auto fields = forms_of(message);
        for (std::size_t i = 0; i < fields.size(); ++i) {
            for (std::size_t k = 0; k < fields[i].wrong.size(); ++k) {
                const auto decoded =
                    decode(datagram(kind_of(message), body_with(fields, i, fields[i].wrong[k])));
                ASSERT_FALSE(decoded) << int{kind_of(message)} << ", field " << i << ", form " << k;
                EXPECT_EQ(decoded.error().code, Errc::Invalid);
            }
        }
    });
}

TEST(ProtocolCodec, RefusesNulAndBadUtf8InEachArgumentOfACommand) {
    for (const std::string_view wrong : {std::string_view{"\0", 1}, std::string_view{"\xFF"}}) {
        Buffer body;
        ByteWriter writer{body};
        writer.number(std::uint32_t{1});
        writer.raw(sized<std::uint8_t>("stop"));
        writer.number(std::uint8_t{2});
        writer.raw(sized<std::uint16_t>("a"));
        writer.raw(sized<std::uint16_t>(wrong));
        EXPECT_FALSE(decode(datagram(Command::kKind, body)));
    }
}

TEST(ProtocolCodec, ReturnsWhatWasSentWhateverTheContent) {
    std::mt19937_64 random{20'260'601};
    for (int round = 0; round < 200; ++round) {
        for_each_kind([&random](Message message) {
            Fill fill{random};
            std::visit([&fill](auto& m) { m.fields(fill, m); }, message);
            const auto decoded = decode(encode(message));
            ASSERT_TRUE(decoded) << int{kind_of(message)};
            EXPECT_EQ(describe(*decoded), describe(message));
        });
    }
}

TEST(ProtocolCodec, KeepsTheLargestMessageOfEveryKindWithinADatagram) {
    for_each_kind([](const Message& message) {
        std::size_t largest = 8;
        for (const FieldForms& field : forms_of(message)) {
            std::size_t most = field.good.size();
            for (const Buffer& form : field.also_good)
                most = std::max(most, form.size());
            largest += most;
        }
        EXPECT_LE(largest, kMaxMessageBytes) << int{kind_of(message)};
    });
}

TEST(ProtocolCodec, RefusesAnyVersionButOne) {
    for (int version = 0; version < 256; ++version) {
        Buffer bytes = ping();
        bytes[0] = static_cast<std::uint8_t>(version);
        const auto decoded = decode(bytes);
        if (version == 1) continue;
        ASSERT_FALSE(decoded) << version;
        EXPECT_EQ(decoded.error().code, Errc::Unsupported);
    }
}

TEST(ProtocolCodec, RefusesReservedBits) {
    for (const std::size_t at : {2U, 3U}) {
        Buffer bytes = ping();
        bytes[at] = 1;
        EXPECT_FALSE(decode(bytes));
    }
}

TEST(ProtocolCodec, RefusesALengthThatIsNotTheBodys) {
    for (const std::uint32_t length : {0U, 7U, 9U, 16U, 0xFFFF'FFFFU}) {
        Buffer bytes = ping();
        std::ranges::copy(big_endian(length), bytes.begin() + 4);
        EXPECT_FALSE(decode(bytes)) << length;
    }
}

TEST(ProtocolCodec, RefusesAMessageThatIsLongerThanADatagramMayBe) {
    const Buffer body(kMaxMessageBytes - 7);
    EXPECT_EQ(decode(datagram(Ping::kKind, body)).error().context, "message too long");
}

TEST(ProtocolCodec, RefusesEveryKindThatIsNotInTheTable) {
    for (int kind = 0; kind < 256; ++kind) {
        const auto number = static_cast<std::uint8_t>(kind);
        if (kShapes.contains(number)) continue;
        EXPECT_FALSE(decode(datagram(number, {}))) << kind;
        EXPECT_FALSE(decode(datagram(number, Buffer(8)))) << kind;
    }
}

TEST(ProtocolCodec, CutsALongTextAtACharacter) {
    const std::string text = std::string(31, 'a') + "\xC3\xA9";
    const auto decoded = decode(encode(Hello{Role::Reader, text, "test"}));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(std::get<Hello>(*decoded).name, std::string(31, 'a'));
}

TEST(ProtocolCodec, WritesAQuestionMarkForWhatIsNoText) {
    const auto decoded = decode(encode(Goodbye{Parting::Done, std::string{"a\0\xFF\xC3z", 5}}));
    ASSERT_TRUE(decoded) << decoded.error().context;
    EXPECT_EQ(std::get<Goodbye>(*decoded).detail, "a???z");
}

TEST(ProtocolCodec, WritesTextThatTheDecoderTakesEvenFromALongRunOfRubbish) {
    EXPECT_TRUE(decode(encode(Goodbye{Parting::Done, std::string(600, '\x80')})));
    EXPECT_TRUE(decode(encode(Goodbye{Parting::Done, std::string(600, '\xF0')})));
}

// The column "from" of PROTOCOL.md: what `role` may send, and nothing else.
void expect_role(Role role, const std::set<int>& kinds) {
    for_each_kind([&](const Message& message) {
        const int kind = kind_of(message);
        EXPECT_EQ(may_send(role, message), kinds.contains(kind)) << "kind " << kind;
    });
}

TEST(ProtocolRoles, LetAReaderSendScansCardsAndHealth) {
    expect_role(Role::Reader, {0x01, 0x03, 0x04, 0x05, 0x10, 0x12, 0x14, 0x15, 0x16});
}

TEST(ProtocolRoles, LetSyncFollowAcknowledgeFetchAndOfferLists) {
    expect_role(Role::Sync, {0x01, 0x03, 0x04, 0x05, 0x20, 0x22, 0x24, 0x27, 0x28, 0x30});
}

TEST(ProtocolRoles, LetControlCommandTailAndOfferLists) {
    expect_role(Role::Control, {0x01, 0x03, 0x04, 0x05, 0x25, 0x30, 0x40});
}

TEST(ProtocolRoles, LetAViewerWatchAndNothingElse) {
    expect_role(Role::Viewer, {0x01, 0x03, 0x04, 0x05, 0x50});
}

TEST(ProtocolRoles, GiveNothingToARoleThatDoesNotExist) {
    // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange)
    constexpr auto kNone = static_cast<Role>(5);
    EXPECT_FALSE(may_send(kNone, Scan{}));
}

}  // namespace
}  // namespace stile::protocol::test
