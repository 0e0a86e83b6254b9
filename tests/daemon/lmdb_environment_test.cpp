// SPDX-License-Identifier: Apache-2.0
// Transactions and cursors: what they see, and what they leave.
#include <memory>

#include "tests/daemon/lmdb_fixture.hpp"

namespace stile::test {
namespace {

class LmdbEnvironment : public testing::Test {
protected:
    LmdbEnvironment() {
        auto opened = lmdb::Environment::open(lmdb_options(dir.path() / "env"));
        if (!opened) std::abort();
        environment = std::make_unique<lmdb::Environment>(std::move(*opened));
    }
    [[nodiscard]] lmdb::Table plain() const { return environment->table(0); }
    [[nodiscard]] lmdb::Table fixed() const { return environment->table(1); }
    void put(lmdb::Table table, std::uint32_t key, std::uint64_t value) {
        auto writer = environment->write();
        ASSERT_TRUE(writer);
        ASSERT_TRUE(writer->put(table, big_endian(key), big_endian(value)));
        ASSERT_TRUE(std::move(*writer).commit());
    }

    TempDir dir;
    std::unique_ptr<lmdb::Environment> environment;
};

TEST_F(LmdbEnvironment, KeepsWhatWasCommittedOverAReopening) {
    ASSERT_TRUE(put_records(*environment, 0, 100));
    environment.reset();
    auto again = lmdb::Environment::open(lmdb_options(dir.path() / "env"));
    ASSERT_TRUE(again);
    EXPECT_TRUE(has_records(*again, 100).value());
}

TEST_F(LmdbEnvironment, ForgetsAWriterThatDidNotCommit) {
    {
        auto writer = environment->write();
        ASSERT_TRUE(writer->put(plain(), big_endian(1U), big_endian(1U)));
    }
    EXPECT_FALSE(environment->read()->get(plain(), big_endian(1U)).value());
}

TEST_F(LmdbEnvironment, AReaderKeepsItsSnapshotUntilItResumes) {
    put(plain(), 1, 10);
    auto reader = environment->read();
    ASSERT_TRUE(reader);
    const auto before = reader->snapshot();
    put(plain(), 2, 20);
    EXPECT_FALSE(reader->get(plain(), big_endian(2U)).value());
    reader->pause();
    ASSERT_TRUE(reader->resume());
    EXPECT_GT(reader->snapshot(), before);
    EXPECT_TRUE(reader->get(plain(), big_endian(2U)).value());
}

TEST_F(LmdbEnvironment, APausedCursorGoesOnInTheNewSnapshot) {
    put(fixed(), 1, 10);
    auto reader = environment->read();
    auto cursor = lmdb::Cursor::open(*reader, fixed());
    ASSERT_TRUE(cursor);
    EXPECT_TRUE(cursor->has(big_endian(1U), big_endian(std::uint64_t{10})).value());
    EXPECT_FALSE(cursor->has(big_endian(1U), big_endian(std::uint64_t{11})).value());
    reader->pause();
    put(fixed(), 1, 11);
    ASSERT_TRUE(reader->resume());
    ASSERT_TRUE(cursor->renew(*reader));
    EXPECT_TRUE(cursor->has(big_endian(1U), big_endian(std::uint64_t{11})).value());
    EXPECT_FALSE(cursor->has(big_endian(2U), big_endian(std::uint64_t{11})).value());
}

TEST_F(LmdbEnvironment, DuplicatesOfAnotherSizeAreDamage) {
    put(fixed(), 1, 10);
    const auto found = environment->read()->has(fixed(), big_endian(1U), big_endian(10U));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, Errc::Corrupt);
}

TEST_F(LmdbEnvironment, ACursorRemovesAKeyWithAllItsDuplicates) {
    for (const std::uint64_t value : {1U, 2U, 3U})
        put(fixed(), 1, value);
    put(fixed(), 2, 9);
    auto writer = environment->write();
    {
        auto cursor = lmdb::Cursor::open(*writer, fixed());
        ASSERT_TRUE(cursor->first().value());
        ASSERT_TRUE(cursor->remove_here());
        const auto next = cursor->next();
        ASSERT_TRUE(next);
        const std::optional<lmdb::Pair>& pair = *next;
        ASSERT_TRUE(pair);
        EXPECT_EQ(as_text(pair->first), as_text(big_endian(2U)));
    }
    ASSERT_TRUE(std::move(*writer).commit());
    EXPECT_EQ(environment->read()->size(fixed()).value(), 1U);
}

TEST_F(LmdbEnvironment, RefusesToAppendOutOfOrder) {
    put(plain(), 5, 1);
    auto writer = environment->write();
    EXPECT_FALSE(writer->append(plain(), big_endian(4U), big_endian(1U)));
}

TEST_F(LmdbEnvironment, RemovingWhatIsNotThereIsNoError) {
    auto writer = environment->write();
    EXPECT_TRUE(writer->remove(plain(), big_endian(4U)));
}

}  // namespace
}  // namespace stile::test
