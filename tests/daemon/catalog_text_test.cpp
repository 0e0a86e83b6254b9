// SPDX-License-Identifier: Apache-2.0
// The text form of a revocation list: what it says, and everything that it may not say.
#include <fcntl.h>
#include <gtest/gtest.h>

#include "crypto/hash.hpp"
#include "daemon/catalog/revocation_text.hpp"
#include "tests/daemon/catalog_fixture.hpp"

namespace stile::test {
namespace {

RevokedSerial serial_of(std::string_view line) {
    const auto parsed = parse_revocation_line(line);
    EXPECT_TRUE(parsed) << line << ": " << error_text(parsed);
    if (!parsed || !std::holds_alternative<RevokedSerial>(*parsed)) return {};
    return std::get<RevokedSerial>(*parsed);
}

RevokedSecret secret_of(std::string_view line) {
    const auto parsed = parse_revocation_line(line);
    EXPECT_TRUE(parsed) << line << ": " << error_text(parsed);
    if (!parsed || !std::holds_alternative<RevokedSecret>(*parsed)) return {};
    return std::get<RevokedSecret>(*parsed);
}

TEST(RevocationLine, ReadsAWholeSerialInBothForms) {
    for (const std::string_view line :
         {"acme-2 7 123", "acme-2,7,123", "acme-2\t7\t123", "  acme-2   7 \t 123  ",
          "acme-2,7,123 ", "acme-2 007 0123"}) {
        const auto record = serial_of(line);
        EXPECT_EQ(record.issuer, "acme-2") << line;
        EXPECT_EQ(record.event, 7U) << line;
        EXPECT_EQ(record.serial, 123U) << line;
        EXPECT_FALSE(record.below) << line;
    }
}

TEST(RevocationLine, ReadsAReissueInBothForms) {
    for (const std::string_view line : {"acme 7 123 <3", "acme,7,123,<3", "acme 7 123\t<3 "}) {
        EXPECT_EQ(serial_of(line).serial, 123U) << line;
        EXPECT_EQ(serial_of(line).below, 3) << line;
    }
}

TEST(RevocationLine, ReadsTheGreatestNumbers) {
    const auto record = serial_of("a 4294967295 18446744073709551615 <255");
    EXPECT_EQ(record.event, 4'294'967'295U);
    EXPECT_EQ(record.serial, ~std::uint64_t{0});
    EXPECT_EQ(record.below, 255);
}

TEST(RevocationLine, ReadsASecretToTheEndOfTheLine) {
    EXPECT_EQ(secret_of("secret 7 q8b3zk5vd7").text, "q8b3zk5vd7");
    EXPECT_EQ(secret_of("secret 7 a,b \"c\" #d").text, "a,b \"c\" #d");
    EXPECT_EQ(secret_of("secret,7,two words").text, "two words");
    EXPECT_EQ(secret_of("secret,7,x").event, 7U);
    EXPECT_EQ(secret_of("secret 7 gr\xC3\xBC\xC3\x9F").text, "gr\xC3\xBC\xC3\x9F");
    EXPECT_EQ(secret_of("secret 7 " + std::string(1'024, 'x')).text.size(), 1'024U);
}

TEST(RevocationLine, SkipsBlankLinesAndComments) {
    for (const std::string_view line : {"", " ", " \t ", "#", "# acme 7 1", "  # indented"}) {
        const auto parsed = parse_revocation_line(line);
        ASSERT_TRUE(parsed) << line;
        EXPECT_TRUE(std::holds_alternative<NoRecord>(*parsed)) << line;
    }
}

struct BadLine {
    std::string line;
    std::string_view error;
};

std::ostream& operator<<(std::ostream& out, const BadLine& bad) {
    return out << bad.line;
}

class BadRevocationLine : public testing::TestWithParam<BadLine> {};

TEST_P(BadRevocationLine, IsRefusedWithItsReason) {
    const auto parsed = parse_revocation_line(GetParam().line);
    EXPECT_EQ(error_text(parsed), GetParam().error) << GetParam().line;
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, BadRevocationLine,
    testing::Values(BadLine{"acme", "event is missing"}, BadLine{"acme 7", "serial is missing"},
                    BadLine{"acme,7", "serial is missing"}, BadLine{"acme,,1", "event is missing"},
                    BadLine{"acme,7,", "serial is missing"},
                    BadLine{"acme x 1", "event is not a number"},
                    BadLine{"acme -7 1", "event is not a number"},
                    BadLine{"acme +7 1", "event is not a number"},
                    BadLine{"acme 7.0 1", "event is not a number"},
                    BadLine{"acme 4294967296 1", "event is too large"},
                    BadLine{"acme 7 0x1f", "serial is not a number"},
                    BadLine{"acme 7 1e6", "serial is not a number"},
                    BadLine{"acme 7 12 345", "re-issue must look like <3"},
                    BadLine{"acme 7 1,", "serial is not a number"},
                    BadLine{"acme, 7,1", "event is not a number"},
                    BadLine{"acme,7, 1", "serial is not a number"},
                    BadLine{"acme,7 ,1", "event is not a number"},
                    BadLine{"acme 7 18446744073709551616", "serial is too large"},
                    BadLine{"acme 7 1\xC2\xA0", "serial is not a number"},
                    BadLine{std::string{"acme 7 1\0", 9}, "serial is not a number"},
                    BadLine{"issuer,event,serial", "event is not a number"}));

INSTANTIATE_TEST_SUITE_P(Issuers, BadRevocationLine,
                         testing::Values(BadLine{",7,1", "issuer is missing"},
                                         BadLine{"Acme 7 1", "issuer may hold a-z, 0-9 and -"},
                                         BadLine{"acme.org 7 1", "issuer may hold a-z, 0-9 and -"},
                                         BadLine{"ac_me,7,1", "issuer may hold a-z, 0-9 and -"},
                                         BadLine{"\"acme\",7,1", "issuer may hold a-z, 0-9 and -"},
                                         BadLine{"acme;7;1", "issuer may hold a-z, 0-9 and -"},
                                         BadLine{"\xEF\xBB\xBF"
                                                 "acme 7 1",
                                                 "issuer may hold a-z, 0-9 and -"},
                                         BadLine{std::string(65, 'a') + " 7 1",
                                                 "issuer is too long"}));

INSTANTIATE_TEST_SUITE_P(Reissues, BadRevocationLine,
                         testing::Values(BadLine{"acme 7 1 3", "re-issue must look like <3"},
                                         BadLine{"acme 7 1 <", "re-issue is missing"},
                                         BadLine{"acme 7 1 < 3", "re-issue is missing"},
                                         BadLine{"acme 7 1 <0", "re-issue must be 1 to 255"},
                                         BadLine{"acme 7 1 <256", "re-issue is too large"},
                                         BadLine{"acme 7 1 <-1", "re-issue is not a number"},
                                         BadLine{"acme 7 1 <=3", "re-issue is not a number"},
                                         BadLine{"acme 7 1 # lost", "re-issue must look like <3"},
                                         BadLine{"acme 7 1 <3 x", "line has too many fields"},
                                         BadLine{"acme,7,1,", "re-issue must look like <3"},
                                         BadLine{"acme,7,1,<3,", "line has too many fields"}));

INSTANTIATE_TEST_SUITE_P(
    Secrets, BadRevocationLine,
    testing::Values(
        BadLine{"secret", "event is missing"}, BadLine{"secret 7", "text is missing"},
        BadLine{"secret,7,", "text is missing"}, BadLine{"secret x y", "event is not a number"},
        BadLine{"secret, 7,x", "event is not a number"},
        BadLine{"secret 7  x", "text has a blank at an end"},
        BadLine{"secret 7 x ", "text has a blank at an end"},
        BadLine{"secret,7, x", "text has a blank at an end"},
        BadLine{"secret 7 x\t", "text holds a control character"},
        BadLine{"secret 7 x\ry", "text holds a control character"},
        BadLine{std::string{"secret 7 x\0y", 12}, "text holds a control character"},
        BadLine{"secret 7 x\x7F", "text holds a control character"},
        BadLine{"secret 7 gr\xFC\xDF", "text is not UTF-8"},
        BadLine{"secret,7,a,b", "text holds a comma or a quote: write this line with spaces"},
        BadLine{"secret,7,\"ab\"", "text holds a comma or a quote: write this line with spaces"},
        BadLine{"secret,7,ab,", "text holds a comma or a quote: write this line with spaces"},
        BadLine{"secret 7 " + std::string(1'025, 'x'), "text is longer than 1,024 bytes"}));

std::vector<std::string> lines_of(std::string_view text) {
    const UniqueFd fd = file_of(text);
    RevocationText reader{fd.get()};
    std::vector<std::string> out;
    for (;;) {
        const auto line = reader.next();
        if (!line) {
            out.push_back("error: " + line.error().context);
            return out;
        }
        const std::optional<std::string_view>& words = *line;
        if (!words) return out;
        out.emplace_back(*words);
    }
}

using Lines = std::vector<std::string>;

TEST(RevocationText, SplitsAtEveryKindOfLineEnd) {
    EXPECT_EQ(lines_of(""), Lines{});
    EXPECT_EQ(lines_of("a"), Lines{"a"});
    EXPECT_EQ(lines_of("a\n"), Lines{"a"});
    EXPECT_EQ(lines_of("a\r\nb\r\n"), (Lines{"a", "b"}));
    EXPECT_EQ(lines_of("\n\nb"), (Lines{"", "", "b"}));
    EXPECT_EQ(lines_of("a\r"), Lines{"a"});
}

TEST(RevocationText, SkipsAByteOrderMarkOnlyAtTheBeginning) {
    EXPECT_EQ(lines_of("\xEF\xBB\xBF"
                       "a\n\xEF\xBB\xBF"
                       "b"),
              (Lines{"a",
                     "\xEF\xBB\xBF"
                     "b"}));
}

TEST(RevocationText, KeepsLinesWholeAcrossBlocks) {
    Lines expected;
    std::string text;
    for (std::size_t i = 0; text.size() < 3 * RevocationText::kBlockBytes; ++i) {
        expected.emplace_back(1 + i * 37 % RevocationText::kMaxLineBytes, 'a');
        text += expected.back() + (i % 2 == 0 ? "\n" : "\r\n");
    }
    EXPECT_EQ(lines_of(text), expected);
}

TEST(RevocationText, TakesALineOfTheGreatestLengthAndNoLonger) {
    const std::string longest(RevocationText::kMaxLineBytes, 'a');
    EXPECT_EQ(lines_of(longest + "\r\nb"), (Lines{longest, "b"}));
    EXPECT_EQ(lines_of(longest), Lines{longest});
    EXPECT_EQ(lines_of(longest + "a\nb"), Lines{"error: line is longer than 1,100 bytes"});
    EXPECT_EQ(lines_of(longest + "a"), Lines{"error: line is longer than 1,100 bytes"});
}

TEST(RevocationText, RefusesAnEndlessLineWithoutReadingItAll) {
    const std::string text(10 * RevocationText::kBlockBytes, 'a');
    const UniqueFd fd = file_of(text);
    RevocationText reader{fd.get()};
    EXPECT_FALSE(reader.next());
    EXPECT_LE(reader.bytes_read(), 2 * RevocationText::kBlockBytes);
    EXPECT_EQ(reader.line_number(), 1U);
}

TEST(RevocationText, DigestsBlocksAsTheSpecificationSays) {
    const std::string text(RevocationText::kBlockBytes + 10, '\n');
    const UniqueFd fd = file_of(text);
    RevocationText reader{fd.get()};
    while (reader.next().value()) {
    }
    const Bytes bytes = as_bytes(text);
    const auto first =
        crypto::blake2b_128({TextDigest{}, bytes.first(RevocationText::kBlockBytes)});
    EXPECT_EQ(reader.digest(),
              crypto::blake2b_128({first, bytes.subspan(RevocationText::kBlockBytes)}));
}

TEST(RevocationText, ReportsADescriptorThatCannotBeRead) {
    const UniqueFd folder{::open("/", O_RDONLY | O_CLOEXEC | O_DIRECTORY)};
    RevocationText reader{folder.get()};
    const auto line = reader.next();
    ASSERT_FALSE(line);
    EXPECT_EQ(line.error().code, Errc::Io);
}

}  // namespace
}  // namespace stile::test
