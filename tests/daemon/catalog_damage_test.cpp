// SPDX-License-Identifier: Apache-2.0
// Stored values that cannot be right: the look-up fails, and never says "not revoked".
#include "tests/daemon/catalog_fixture.hpp"

namespace stile::test {
namespace {

class DamagedCatalog : public testing::Test {
protected:
    DamagedCatalog() {
        const auto list = catalog.import("acme 7 1\nfar 7 1\nacme 7 2 <3\n");
        EXPECT_TRUE(list) << error_text(list);
    }
    void expect_corrupt(const crypto::Ticket& of) {
        const auto status = catalog.revocations().look_up(of);
        ASSERT_FALSE(status);
        EXPECT_EQ(status.error().code, Errc::Corrupt);
    }
    [[nodiscard]] Buffer description() {
        return encode(catalog.revocations().list().value_or(RevocationList{}));
    }
    void describe(Bytes as) { catalog.put(CatalogTable::Meta, as_bytes("revocation"), as); }

    Catalog catalog;
};

TEST_F(DamagedCatalog, AChunkOfAnotherSizeFails) {
    const auto key = bits_key(1, crypto::issuer_id(kIssuer), 7, 0);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, kChunkBytes - 1, kChunkBytes + 1}) {
        catalog.put(CatalogTable::Bits, key, Buffer(size));
        expect_corrupt(ticket(kIssuer, 7, 1));
    }
}

TEST_F(DamagedCatalog, AReissueRecordOfAnotherSizeOrZeroFails) {
    const auto key = reissue_key(1, crypto::issuer_id(kIssuer), 7, 2);
    for (const Buffer& value : {Buffer{}, Buffer{0}, Buffer{3, 0}}) {
        catalog.put(CatalogTable::Reissue, key, value);
        expect_corrupt(ticket(kIssuer, 7, 2));
    }
}

TEST_F(DamagedCatalog, AHashOfAnotherSizeFails) {
    const auto far = ticket("far", 7, 2);
    const auto key = hashed_key(1, shorten(far.identity).head);
    catalog.put(CatalogTable::Hashed, key, Buffer(7));
    expect_corrupt(far);
}

TEST_F(DamagedCatalog, AnyShorterOrLongerDescriptionFails) {
    const Buffer good = description();
    for (std::size_t size = 0; size < good.size(); ++size) {
        describe(Bytes{good}.first(size));
        expect_corrupt(ticket(kIssuer, 7, 5));
    }
    Buffer longer = good;
    longer.push_back(0);
    describe(longer);
    expect_corrupt(ticket(kIssuer, 7, 5));
}

TEST_F(DamagedCatalog, ADescriptionWithoutGenerationOrWithWrongRangesFails) {
    const RevocationList good = catalog.revocations().list().value_or(RevocationList{});
    const crypto::IssuerId issuer = crypto::issuer_id(kIssuer);
    RevocationList none = good;
    none.generation = 0;
    describe(encode(none));
    expect_corrupt(ticket(kIssuer, 7, 5));
    for (const auto& ranges :
         std::vector<std::vector<DenseRange>>{{{issuer, 7, 5, 4}},
                                              {{issuer, 7, 0, kLastDenseSerial + 1}},
                                              {{issuer, 7, 5, 9}, {issuer, 7, 0, 1}},
                                              {{issuer, 7, 0, 9}, {issuer, 7, 5, 12}},
                                              {{issuer, 7, 0, 9}, {issuer, 7, 0, 9}}}) {
        RevocationList list = good;
        list.ranges = ranges;
        describe(encode(list));
        expect_corrupt(ticket(kIssuer, 7, 5));
    }
}

TEST_F(DamagedCatalog, FailsAtEveryLookUpUntilItIsRepaired) {
    const Buffer good = description();
    describe(Buffer{1, 2, 3});
    expect_corrupt(ticket(kIssuer, 7, 5));
    expect_corrupt(ticket(kIssuer, 7, 5));
    describe(good);
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, 1)));
}

TEST_F(DamagedCatalog, ANewListIsTheCure) {
    describe(Buffer{1, 2, 3});
    const auto list = catalog.import("acme 7 9\n");
    ASSERT_TRUE(list) << error_text(list);
    EXPECT_EQ(list->generation, 2U);
    EXPECT_TRUE(catalog.revoked(ticket(kIssuer, 7, 9)));
    EXPECT_FALSE(catalog.revoked(ticket(kIssuer, 7, 1)));
    EXPECT_EQ(catalog.keys(CatalogTable::Hashed), 0U);
}

TEST_F(DamagedCatalog, RemovesNothingWhileItIsNotKnownWhichListIsInUse) {
    describe(Buffer{1, 2, 3});
    RevocationImport import{catalog.environment(), catalog.folder(), kSmallLimits};
    const auto removed = import.remove_leftovers({});
    ASSERT_FALSE(removed);
    EXPECT_EQ(removed.error().code, Errc::Corrupt);
    EXPECT_EQ(catalog.keys(CatalogTable::Bits), 1U);
}

void expect_refused_format(Catalog& catalog, Errc code) {
    const auto folder = catalog.folder();
    catalog.close();
    const auto opened = open_catalog(folder, kMapBytes);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, code);
}

TEST(CatalogFormat, RefusesAnotherVersion) {
    Catalog catalog;
    catalog.put(CatalogTable::Meta, as_bytes("format"), big_endian(std::uint32_t{2}));
    expect_refused_format(catalog, Errc::Unsupported);
}

TEST(CatalogFormat, RefusesADamagedNumber) {
    Catalog catalog;
    catalog.put(CatalogTable::Meta, as_bytes("format"), Buffer{1});
    expect_refused_format(catalog, Errc::Corrupt);
}

TEST(CatalogFormat, RefusesListsWithoutANumber) {
    Catalog catalog;
    ASSERT_TRUE(catalog.import("acme 7 1\n"));
    {
        auto writer = catalog.environment().write();
        const auto meta = table_of(catalog.environment(), CatalogTable::Meta);
        ASSERT_TRUE(writer->remove(meta, as_bytes("format")));
        ASSERT_TRUE(std::move(*writer).commit());
    }
    expect_refused_format(catalog, Errc::Corrupt);
}

}  // namespace
}  // namespace stile::test
