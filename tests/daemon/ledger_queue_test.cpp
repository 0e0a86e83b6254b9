// SPDX-License-Identifier: Apache-2.0
// Records for platforms: sealed, in order, until they are acknowledged.
#include <filesystem>
#include <fstream>

#include "daemon/ledger/own_secret.hpp"
#include "tests/daemon/ledger_fixture.hpp"

namespace stile::test {
namespace {

class LedgerQueue : public LedgerFixture {
protected:
    Ledger open_sealing() {
        Ledger::Options wishes = options();
        wishes.device = key_.public_key();
        return Ledger::open(wishes, clock_).value();
    }
    static void put(Ledger& ledger, const std::string& platform, const std::string& text) {
        auto batch = ledger.begin();
        EXPECT_TRUE(batch->enqueue(platform, as_bytes(text)));
        EXPECT_TRUE(std::move(*batch).commit());
    }
    static void remove(Ledger& ledger, const std::string& platform, std::uint64_t number) {
        auto batch = ledger.begin();
        EXPECT_TRUE(batch->dequeue(platform, number));
        EXPECT_TRUE(std::move(*batch).commit());
    }
    std::vector<std::string> texts(const Ledger& ledger, const std::string& platform,
                                   std::uint64_t first = 0, std::size_t most = 100) {
        std::vector<std::string> out;
        const auto records = ledger.queued(platform, first, most, key_);
        EXPECT_TRUE(records) << records.error().context;
        for (const Queued& record : *records)
            out.emplace_back(as_text(record.plain));
        return out;
    }
    crypto::BoxKey key_{Buffer(32, 7)};
};

using Texts = std::vector<std::string>;

TEST_F(LedgerQueue, GivesRecordsInTheirOrderAcrossARestart) {
    {
        Ledger ledger = open_sealing();
        put(ledger, "pretix", "a");
        put(ledger, "pretix", "b");
    }
    Ledger again = open_sealing();
    put(again, "pretix", "c");
    EXPECT_EQ(texts(again, "pretix"), (Texts{"a", "b", "c"}));
    EXPECT_EQ(texts(again, "pretix", 2, 1), Texts{"b"});
}

TEST_F(LedgerQueue, KeepsPlatformsApart) {
    Ledger ledger = open_sealing();
    put(ledger, "pretix", "a");
    put(ledger, "pretix2", "b");
    EXPECT_EQ(texts(ledger, "pretix"), Texts{"a"});
    EXPECT_EQ(texts(ledger, "pretix2"), Texts{"b"});
    EXPECT_TRUE(texts(ledger, "pret").empty());
}

TEST_F(LedgerQueue, ForgetsWhatIsAcknowledgedAndNeverUsesItsNumberAgain) {
    Ledger ledger = open_sealing();
    put(ledger, "pretix", "a");
    remove(ledger, "pretix", 1);
    remove(ledger, "pretix", 1);
    put(ledger, "pretix", "b");
    const auto records = ledger.queued("pretix", 0, 10, key_);
    ASSERT_EQ(records->size(), 1U);
    EXPECT_EQ(records->front().number, 2U);
}

TEST_F(LedgerQueue, TakesRecordAndAdmissionTogetherOrNeither) {
    Ledger ledger = open_sealing();
    {
        auto batch = ledger.begin();
        ASSERT_TRUE(batch->admit({admitted(), identity(1), {}}, clock_.now()));
        ASSERT_TRUE(batch->enqueue("pretix", as_bytes("a")));
    }
    EXPECT_TRUE(texts(ledger, "pretix").empty());
}

TEST_F(LedgerQueue, StoresNothingThatCanBeReadWithoutTheKey) {
    const std::string secret = "the secret of a ticket";
    {
        Ledger ledger = open_sealing();
        put(ledger, "pretix", secret);
        const auto other = ledger.queued("pretix", 0, 1, crypto::BoxKey{Buffer(32, 8)});
        ASSERT_FALSE(other);
        EXPECT_EQ(other.error().code, Errc::Denied);
    }
    std::ifstream file{folder() / "data.mdb", std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    EXPECT_EQ(bytes.find(secret), std::string::npos);
}

TEST_F(LedgerQueue, RefusesWhatIsTooLongOrHasABadName) {
    Ledger ledger = open_sealing();
    auto batch = ledger.begin();
    EXPECT_TRUE(batch->enqueue("pretix", Buffer(kMaxQueued)));
    EXPECT_EQ(batch->enqueue("pretix", Buffer(kMaxQueued + 1)).error().code, Errc::Invalid);
    EXPECT_EQ(batch->enqueue("", {}).error().code, Errc::Invalid);
    EXPECT_EQ(batch->enqueue(std::string("a\0b", 3), {}).error().code, Errc::Invalid);
    EXPECT_EQ(batch->enqueue(std::string(64, 'a'), {}).error().code, Errc::Invalid);
}

TEST_F(LedgerQueue, NeedsADeviceKey) {
    Ledger ledger = open();
    EXPECT_EQ(ledger.begin()->enqueue("pretix", {}).error().code, Errc::Config);
}

TEST(DeviceKey, IsMadeOnceForItsOwnerAlone) {
    const TempDir temp;
    const auto file = temp.path() / "device.key";
    const auto key = own_device_key(file);
    ASSERT_TRUE(key);
    EXPECT_EQ(std::filesystem::status(file).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_EQ(own_device_key(file)->public_key(), key->public_key());
}

TEST(DeviceKey, OpensWhatWasSealedToItAndNothingThatWasChanged) {
    const crypto::BoxKey key{Buffer(32, 7)};
    Buffer sealed = crypto::seal(as_bytes("hello"), key.public_key());
    EXPECT_EQ(sealed.size(), 5 + crypto::kSealBytes);
    EXPECT_EQ(as_text(*key.open(sealed)), "hello");
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        sealed[at] ^= 1U;
        EXPECT_EQ(key.open(sealed).error().code, Errc::Denied);
        sealed[at] ^= 1U;
    }
    for (std::size_t size = 0; size < sealed.size(); ++size)
        EXPECT_FALSE(key.open(Bytes{sealed}.first(size)));
}

}  // namespace
}  // namespace stile::test
