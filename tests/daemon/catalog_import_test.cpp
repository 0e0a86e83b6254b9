// SPDX-License-Identifier: Apache-2.0
// From a text to look-ups: every kind of revocation, and every way in which an import can end.
#include <algorithm>
#include <random>

#include <fcntl.h>
#include <fmt/format.h>

#include "tests/crypto/pretix.hpp"
#include "tests/daemon/catalog_fixture.hpp"

namespace stile::test {
namespace {

TEST(Catalog, RevokesNothingBeforeAFirstImport) {
    Catalog catalog;
    EXPECT_EQ(catalog.status(ticket(kIssuer, 7, 1)), RevocationStatus{});
    EXPECT_EQ(catalog.revocations().list().value(), RevocationList{});
}

TEST(Catalog, FindsADenseSerialAndNoOther) {
    Catalog catalog;
    ASSERT_TRUE(catalog.import("acme 7 0\nacme 7 31999\nacme 7 32000\nacme 7 999999\n"));
    for (const std::uint64_t serial : {0U, 31'999U, 32'000U, 999'999U})
        EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, serial))) << serial;
    for (const std::uint64_t serial : {1U, 31'998U, 32'001U, 63'999U, 64'000U, 999'998U})
        EXPECT_FALSE(catalog.revoked(ticket(kIssuer, 7, serial))) << serial;
    EXPECT_FALSE(catalog.revoked(ticket(kIssuer, 8, 0)));
    EXPECT_FALSE(catalog.revoked(ticket("other", 7, 0)));
    EXPECT_EQ(catalog.keys(CatalogTable::Bits), 3U);
}

TEST(Catalog, FindsAForeignSerialAndNoOther) {
    Catalog catalog;
    ASSERT_TRUE(catalog.import("far 7 5\nacme 7 1000000\nacme 9 5\nacme 7 18446744073709551615\n"));
    EXPECT_TRUE(catalog.revoked(ticket("far", 7, 5)));
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, 1'000'000)));
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 9, 5)));
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, ~std::uint64_t{0})));
    EXPECT_FALSE(catalog.revoked(ticket("far", 7, 6)));
    EXPECT_FALSE(catalog.revoked(ticket("far", 8, 5)));
    EXPECT_FALSE(catalog.revoked(ticket(kIssuer, 7, 5)));
}

TEST(Catalog, FindsASignedTicketByItsPayloadHoweverItsTextWasSpelled) {
    Catalog catalog;
    const crypto::SigningKey key = tests::test_key(1);
    const auto revoked_text = tests::pretix_text(tests::kPretixPayload, key);
    ASSERT_TRUE(catalog.import("secret 7 " + revoked_text + "\n"));
    crypto::Ticket scanned{};
    scanned.identity = crypto::identity_of(7, tests::kPretixPayload);
    EXPECT_TRUE(catalog.revoked(scanned));
    EXPECT_TRUE(catalog.revoked(secret(7, revoked_text)));
    // The same payload under another signature is the same ticket.
    EXPECT_TRUE(
        catalog.revoked(secret(7, tests::pretix_text(tests::kPretixPayload, tests::test_key(2)))));
    EXPECT_FALSE(catalog.revoked(secret(8, revoked_text)));
    EXPECT_FALSE(catalog.revoked(secret(7, revoked_text + "A")));
}

TEST(Catalog, FindsASecretOfItsEventOnly) {
    Catalog catalog;
    ASSERT_TRUE(catalog.import("secret 7 q8b3zk5vd7\nsecret,7,two words\n"));
    EXPECT_TRUE(catalog.revoked(secret(7, "q8b3zk5vd7")));
    EXPECT_TRUE(catalog.revoked(secret(7, "two words")));
    EXPECT_FALSE(catalog.revoked(secret(8, "q8b3zk5vd7")));
    EXPECT_FALSE(catalog.revoked(secret(7, "q8b3zk5vd")));
    EXPECT_FALSE(catalog.revoked(secret(7, "Q8B3ZK5VD7")));
}

TEST(Catalog, TakesASpreadsheetWithItsHeader) {
    Catalog catalog;
    const auto list =
        catalog.import("\xEF\xBB\xBFissuer,event,serial,reissue\r\nacme,7,5\r\nfar,7,6,<3\r\n");
    ASSERT_TRUE(list) << list.error().context;
    EXPECT_EQ(list->lines, 2U);
}

TEST(Catalog, TakesAHeaderForNothingElseBelowTheFirstLine) {
    Catalog catalog;
    const auto list = catalog.import("acme,7,5\nissuer,event,serial\n");
    ASSERT_FALSE(list);
    EXPECT_EQ(list.error().context, "line 2: event is not a number");
    EXPECT_FALSE(catalog.import("Issuer,Event,Serial\nacme,7,5\n"));
}

TEST(Catalog, KeepsTheHighestReissueOfASerial) {
    Catalog catalog;
    ASSERT_TRUE(catalog.import("acme 7 1 <2\nacme 7 1 <5\nacme 7 1 <3\nfar 7 1 <255\n"));
    EXPECT_EQ(catalog.status(ticket(kIssuer, 7, 1)),
              (RevocationStatus{.revoked = false, .lowest_valid_reissue = 5}));
    EXPECT_EQ(catalog.status(ticket("far", 7, 1)).lowest_valid_reissue, 255);
    EXPECT_EQ(catalog.status(ticket(kIssuer, 7, 2)), RevocationStatus{});
}

TEST(Catalog, SaysBothWhenASerialIsRevokedAndReissued) {
    Catalog catalog;
    ASSERT_TRUE(catalog.import("acme 7 1 <2\nacme 7 1\n"));
    EXPECT_EQ(catalog.status(ticket(kIssuer, 7, 1)),
              (RevocationStatus{.revoked = true, .lowest_valid_reissue = 2}));
}

TEST(Catalog, CountsWhatItStoredOnceAndLinesAsTheyCame) {
    Catalog catalog;
    const auto list = catalog.import(
        "# list\n\nacme 7 1\nacme 7 1\nfar 7 1\nfar 7 1\nacme 7 1 <2\nacme 7 1 <3\nsecret 7 x\n");
    ASSERT_TRUE(list) << error_text(list);
    EXPECT_EQ(list->lines, 7U);
    EXPECT_EQ(list->bits, 1U);
    EXPECT_EQ(list->reissues, 1U);
    EXPECT_EQ(list->hashed, 2U);
    EXPECT_EQ(list->generation, 1U);
    EXPECT_EQ(catalog.revocations().list().value(), *list);
    catalog.reopen();
    EXPECT_EQ(catalog.revocations().list().value(), *list);
}

TEST(Catalog, TakesALargeListInAnyOrderWithDuplicates) {
    Catalog catalog;
    std::vector<std::string> lines;
    for (std::uint64_t i = 0; i < 6'000; ++i) {
        lines.push_back(fmt::format("acme 7 {}", i * 150));
        lines.push_back(fmt::format("far 3 {}", i));
        lines.push_back(fmt::format("acme,7,{},<{}", i, 1 + i % 255));
    }
    lines.insert(lines.end(), lines.begin(), lines.begin() + 3'000);
    std::ranges::shuffle(lines, std::mt19937{1});
    const auto list = catalog.import(fmt::format("{}", fmt::join(lines, "\r\n")));
    ASSERT_TRUE(list) << error_text(list);
    EXPECT_EQ(list->lines, 21'000U);
    EXPECT_EQ(list->bits, 6'000U);
    EXPECT_EQ(list->hashed, 6'000U);
    EXPECT_EQ(list->reissues, 6'000U);
    for (std::uint64_t i = 0; i < 6'000; ++i) {
        EXPECT_EQ(
            catalog.status(ticket(kIssuer, 7, i)),
            (RevocationStatus{.revoked = i % 150 == 0,
                              .lowest_valid_reissue = static_cast<std::uint8_t>(1 + i % 255)}));
        EXPECT_TRUE(catalog.revoked(ticket("far", 3, i)));
        EXPECT_FALSE(catalog.revoked(ticket("far", 4, i)));
    }
}

TEST(Catalog, ReplacesTheListAndRemovesTheOldOne) {
    Catalog catalog;
    std::string first;
    for (int i = 0; i < 5'000; ++i)
        first += fmt::format("acme 7 {0}\nfar 7 {0}\nfar 7 {0} <2\n", i * 100);
    ASSERT_TRUE(catalog.import(first));
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, 100)));
    const auto second = catalog.import("acme 7 1\nfar 7 1\nfar 7 1 <9\n");
    ASSERT_TRUE(second);
    EXPECT_EQ(second->generation, 2U);
    EXPECT_FALSE(catalog.revoked(ticket(kIssuer, 7, 100)));
    EXPECT_FALSE(catalog.revoked(ticket("far", 7, 100)));
    EXPECT_TRUE(catalog.revoked(ticket("far", 7, 1)));
    EXPECT_EQ(catalog.keys(CatalogTable::Bits), 1U);
    EXPECT_EQ(catalog.keys(CatalogTable::Hashed), 1U);
    EXPECT_EQ(catalog.keys(CatalogTable::Reissue), 1U);
}

TEST(Catalog, AnEmptyListRevokesNothing) {
    Catalog catalog;
    ASSERT_TRUE(catalog.import("acme 7 1\nfar 7 1\n"));
    const auto list = catalog.import("");
    ASSERT_TRUE(list) << error_text(list);
    EXPECT_EQ(list->generation, 2U);
    EXPECT_FALSE(catalog.revoked(ticket(kIssuer, 7, 1)));
    EXPECT_FALSE(catalog.revoked(ticket("far", 7, 1)));
}

TEST(Catalog, FindsARevocationAfterTheKeyFileChanged) {
    Catalog catalog;
    // At the import 500 was dense and 5,000,000 was not.
    ASSERT_TRUE(catalog.import("acme 7 500\nacme 7 5000000\n", acme_range(0, 999)));
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, 500)));
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, 5'000'000)));
    // The look-up was never told about ranges: a new one sees those that were stored.
    catalog.reopen();
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, 500)));
    ASSERT_TRUE(catalog.import("acme 7 500\nacme 7 5000000\n", acme_range(4'000'000, 6'000'000)));
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, 500)));
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, 5'000'000)));
    ASSERT_TRUE(catalog.import("acme 7 500\nacme 7 5000000\n", {}));
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, 500)));
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, 5'000'000)));
}

TEST(Catalog, ABadLineChangesNothingAndIsNamed) {
    Catalog catalog;
    ASSERT_TRUE(catalog.import("acme 7 1\n"));
    std::string text;
    for (int i = 0; i < 9'998; ++i)
        text += fmt::format("acme 7 {}\n", 10 + i);
    const auto failed = catalog.import(text + "\nacme 7 oops\nacme 7 3\n");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Errc::Invalid);
    EXPECT_EQ(failed.error().context, "line 10000: serial is not a number");
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, 1)));
    EXPECT_FALSE(catalog.revoked(ticket(kIssuer, 7, 10)));
    EXPECT_EQ(catalog.revocations().list()->generation, 1U);
    EXPECT_EQ(catalog.keys(CatalogTable::Bits), 1U);
}

TEST(Catalog, ATooLongLineIsNamedToo) {
    Catalog catalog;
    const auto failed = catalog.import("acme 7 1\n" + std::string(1'101, 'a') + "\n");
    EXPECT_EQ(error_text(failed), "line 2: line is longer than 1,100 bytes");
}

Result<RevocationList> import_file(Catalog& catalog, int fd, std::uint64_t size) {
    RevocationImport import{catalog.environment(), catalog.folder(), kSmallLimits};
    return import.run({.fd = fd, .size = size, .at = {}, .dense = {}},
                      [](std::uint64_t, std::uint64_t) {}, {});
}

TEST(Catalog, RefusesATextOfAnotherLengthThanAnnounced) {
    Catalog catalog;
    const UniqueFd fd = file_of("far 7 1\nfar 7 2\n");
    for (const std::uint64_t size : {0U, 8U, 15U, 17U, 1'000'000U}) {
        const auto failed = import_file(catalog, fd.get(), size);
        ASSERT_FALSE(failed) << size;
        EXPECT_EQ(failed.error().code, Errc::Invalid);
    }
    EXPECT_FALSE(catalog.revoked(ticket("far", 7, 1)));
}

TEST(Catalog, RefusesWhatIsNotAFile) {
    Catalog catalog;
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const UniqueFd out{ends[0]};
    const UniqueFd in{ends[1]};
    EXPECT_EQ(error_text(import_file(catalog, out.get(), 8)), "the list is not a regular file");
    EXPECT_FALSE(import_file(catalog, -1, 8));
}

TEST(Catalog, AStopAtAnyMomentLeavesTheOldOrTheNewList) {
    std::string text;
    for (int i = 0; i < 8'000; ++i)
        text += fmt::format("acme 7 {0}\nfar 7 {0}\n", 10 + i);
    for (int after = 0; after < 11; ++after) {
        Catalog catalog;
        ASSERT_TRUE(catalog.import("acme 7 1\nfar 7 1\n"));
        std::stop_source stop;
        int calls = 0;
        const auto progress = [&](std::uint64_t, std::uint64_t) {
            if (calls++ == after) stop.request_stop();
        };
        const auto ended = catalog.import(text, acme_range(), progress, stop.get_token());
        const bool stopped = !ended;
        EXPECT_TRUE(!stopped || ended.error().code == Errc::Closed) << error_text(ended);
        EXPECT_EQ(catalog.revoked(ticket(kIssuer, 7, 1)), stopped) << after;
        EXPECT_EQ(catalog.revoked(ticket("far", 7, 1)), stopped) << after;
        EXPECT_EQ(catalog.revoked(ticket(kIssuer, 7, 10)), !stopped) << after;
        EXPECT_EQ(catalog.revoked(ticket("far", 7, 8'009)), !stopped) << after;
    }
}

TEST(Catalog, ProgressGrowsToTheTotal) {
    Catalog catalog;
    std::string text;
    for (int i = 0; i < 30'000; ++i)
        text += fmt::format("far 7 {}\n", i);
    std::uint64_t last = 0;
    const auto progress = [&](std::uint64_t done, std::uint64_t total) {
        EXPECT_GE(done, last);
        EXPECT_LE(done, total);
        EXPECT_EQ(total, text.size());
        last = done;
    };
    ASSERT_TRUE(catalog.import(text, {}, progress));
    EXPECT_EQ(last, text.size());
}

TEST(Catalog, LeavesNoFileBesideTheDatabase) {
    Catalog catalog;
    std::string text;
    for (int i = 0; i < 5'000; ++i)
        text += fmt::format("far 7 {}\n", i);
    ASSERT_TRUE(catalog.import(text));
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{catalog.folder()})
        names.push_back(entry.path().filename().native());
    std::ranges::sort(names);
    EXPECT_EQ(names, (std::vector<std::string>{"data.mdb", "lock.mdb"}));
}

TEST(Catalog, AFullMapLeavesTheOldListAndRoomForASmallerOne) {
    Catalog catalog{2U << 20U};
    ASSERT_TRUE(catalog.import("acme 7 1\nfar 7 1\n"));
    std::string text;
    for (int i = 0; i < 40'000; ++i)
        text += fmt::format("far 7 {0}\nfar 7 {0} <2\n", 10 + i);
    for (int round = 0; round < 3; ++round) {
        const auto failed = catalog.import(text);
        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().code, Errc::Full) << error_text(failed);
        EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, 1)));
        EXPECT_TRUE(catalog.revoked(ticket("far", 7, 1)));
        EXPECT_FALSE(catalog.revoked(ticket("far", 7, 10)));
        EXPECT_EQ(catalog.keys(CatalogTable::Reissue), 0U);
        EXPECT_EQ(catalog.keys(CatalogTable::Hashed), 1U);
    }
    ASSERT_TRUE(catalog.import("acme 7 2\nfar 7 2\n"));
    EXPECT_FALSE(catalog.revoked(ticket("far", 7, 1)));
    EXPECT_TRUE(catalog.revoked(ticket("far", 7, 2)));
}

TEST(DenseRanges, AreOrderedJoinedAndCut) {
    const crypto::IssuerId issuer{5};
    const auto ranges = normal_ranges({{issuer, 7, 10, 19},
                                       {issuer, 7, 20, 29},
                                       {issuer, 7, 0, 5},
                                       {issuer, 7, 15, 16},
                                       {issuer, 6, 6, 9},
                                       {issuer, 8, 5, ~std::uint64_t{0}},
                                       {issuer, 9, kLastDenseSerial + 1, ~std::uint64_t{0}}});
    EXPECT_EQ(ranges, (std::vector<DenseRange>{{issuer, 6, 6, 9},
                                               {issuer, 7, 0, 5},
                                               {issuer, 7, 10, 29},
                                               {issuer, 8, 5, kLastDenseSerial}}));
}

TEST(DenseRanges, HoldTheirEndsAndNothingElse) {
    const crypto::IssuerId issuer{5};
    const std::vector<DenseRange> ranges{{issuer, 7, 0, 5}, {issuer, 7, 10, kLastDenseSerial}};
    for (const std::uint64_t serial :
         {std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{10}, kLastDenseSerial})
        EXPECT_TRUE(is_dense(ranges, issuer, 7, serial)) << serial;
    for (const std::uint64_t serial :
         {std::uint64_t{6}, std::uint64_t{9}, kLastDenseSerial + 1, ~std::uint64_t{0}})
        EXPECT_FALSE(is_dense(ranges, issuer, 7, serial)) << serial;
    EXPECT_FALSE(is_dense(ranges, issuer, 6, 0));
    EXPECT_FALSE(is_dense(ranges, issuer, 8, 20));
    EXPECT_FALSE(is_dense(ranges, crypto::IssuerId{4}, 7, 0));
    EXPECT_FALSE(is_dense(ranges, crypto::IssuerId{6}, 7, 0));
    EXPECT_FALSE(is_dense({}, issuer, 7, 0));
}

TEST(DenseRanges, TheLastDenseSerialHasAChunk) {
    Catalog catalog;
    const auto dense = acme_range(kLastDenseSerial - 1, kLastDenseSerial);
    ASSERT_TRUE(catalog.import(fmt::format("acme 7 {}\n", kLastDenseSerial), dense));
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, kLastDenseSerial)));
    EXPECT_FALSE(catalog.revoked(ticket(kIssuer, 7, kLastDenseSerial - 1)));
}

}  // namespace
}  // namespace stile::test
