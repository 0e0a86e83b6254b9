// SPDX-License-Identifier: Apache-2.0
// Receipts: what they say, how sure they are, and what is no receipt.
#include <gtest/gtest.h>

#include "crypto/base/time_text.hpp"
#include "sync/collector/receipt.hpp"
#include "sync/sqlite/sqlite_store.hpp"
#include "tests/sync/collector_store_bench.hpp"

namespace stile::sync {
namespace {

using namespace testbed;  // NOLINT(google-build-using-namespace): everything here is of it

crypto::SigningKey key(std::uint8_t number = 1) {
    return crypto::SigningKey::from_seed(std::array<std::uint8_t, 32>{number});
}

GateEntry admission(std::uint64_t seq, const std::string& more = "") {
    return entry(seq, {.more = R"(,"lane":"a","direction":"entry","verdict":"admit")" +
                               ticket_field(1) + more});
}

GateEntry passage(std::uint64_t seq, const std::string& result, std::uint64_t of,
                  const std::string& more = "") {
    return entry(seq, {.kind = "passage",
                       .more = R"(,"lane":"a","result":")" + result + R"(","admission":)" +
                               std::to_string(of) + ticket_field(1) + more,
                       .second = static_cast<int>(seq)});
}

class CollectorReceipt : public testing::Test {
protected:
    CollectorReceipt() : store_{std::move(*open_sqlite_store(":memory:", StoreUse::Collect))} {}

    void put(const std::vector<GateEntry>& entries) { EXPECT_TRUE(store_->put(entries)); }
    TicketStory story() {
        auto told = ticket_story(*store_, ticket(1));
        EXPECT_TRUE(told);
        return std::move(*told);
    }
    Receipt receipt(std::vector<Receipt::Silent> silent = {},
                    Receipt::Collecting collecting = Receipt::Collecting::Runs,
                    std::vector<EntryName> ends = {}) {
        const TicketStory told = story();
        return receipt_of({.venue = "arena",
                           .collector = "main",
                           .now = at(100),
                           .story = told,
                           .coverage = store_->coverage(),
                           .collecting = collecting,
                           .silent = std::move(silent),
                           .ends = std::move(ends)});
    }

    std::unique_ptr<EntryStore> store_;
};

TEST_F(CollectorReceipt, SaysUsedWhenSomebodyEntered) {
    put({admission(1), passage(2, "entered", 1)});
    EXPECT_EQ(receipt().state, TicketState::Used);
    EXPECT_EQ(receipt().entered.at(0).entry.seq, 2U);
    EXPECT_TRUE(story().inside);
}

TEST_F(CollectorReceipt, SaysUsedWhenADaemonDiedMeanwhile) {
    put({admission(1), passage(2, "presumed-entered", 1)});
    EXPECT_EQ(receipt().state, TicketState::Used);
}

TEST_F(CollectorReceipt, SaysUsedThoughTheHolderLeft) {
    put({admission(1), passage(2, "entered", 1),
         entry(3, {.more = R"(,"direction":"exit","verdict":"admit")" + ticket_field(1)}),
         passage(4, "left", 3)});
    EXPECT_EQ(receipt().state, TicketState::Used);
    EXPECT_FALSE(story().inside);
}

TEST_F(CollectorReceipt, SaysNotUsedWhenNobodyPassed) {
    put({admission(1), passage(2, "released", 1)});
    EXPECT_EQ(receipt().state, TicketState::NotUsed);
}

TEST_F(CollectorReceipt, SaysNotUsedWhenItWasOnlyRefused) {
    put({entry(1, {.more = R"(,"verdict":"refuse","reason":"REVOKED")" + ticket_field(1)})});
    EXPECT_EQ(receipt().state, TicketState::NotUsed);
}

TEST_F(CollectorReceipt, SaysNotUsedWhenTheEntranceWasAnnulled) {
    put({admission(1), passage(2, "entered", 1),
         entry(3, {.kind = "annulled", .more = R"(,"admission":1)"})});
    EXPECT_EQ(receipt().state, TicketState::NotUsed);
}

TEST_F(CollectorReceipt, SaysNotUsedAfterATest) {
    put({admission(1, R"(,"flags":["test"])"), passage(2, "entered", 1)});
    EXPECT_EQ(receipt().state, TicketState::NotUsed);
}

TEST_F(CollectorReceipt, DoesNotKnowWithoutAnyGate) {
    EXPECT_EQ(receipt().state, TicketState::Unknown);
}

TEST_F(CollectorReceipt, DoesNotKnowWhileAnAdmissionIsOpen) {
    put({admission(1)});
    EXPECT_EQ(receipt().state, TicketState::Unknown);
    EXPECT_EQ(receipt().open.at(0).entry.seq, 1U);
}

TEST_F(CollectorReceipt, DoesNotKnowWhileEntriesAreMissing) {
    put({entry(1), entry(3)});
    EXPECT_EQ(receipt().state, TicketState::Unknown);
    EXPECT_EQ(receipt().missing, (std::vector<Receipt::Missing>{{{"north-1", 7}, {2, 2}}}));
}

TEST_F(CollectorReceipt, DoesNotKnowWhileAGateCountedFurther) {
    put({entry(1), entry(2)});
    using Missing = std::vector<Receipt::Missing>;
    const auto counted = [this](std::vector<EntryName> ends) {
        return receipt({}, Receipt::Collecting::Runs, std::move(ends));
    };
    EXPECT_EQ(counted({{{"north-1", 7}, 2}}).state, TicketState::NotUsed);
    EXPECT_EQ(counted({{{"north-1", 7}, 5}}).state, TicketState::Unknown);
    EXPECT_EQ(counted({{{"north-1", 7}, 5}}).missing, (Missing{{{"north-1", 7}, {3, 5}}}));
    EXPECT_EQ(counted({{{"south-1", 8}, 1}}).missing, (Missing{{{"south-1", 8}, {1, 1}}}));
}

TEST_F(CollectorReceipt, DoesNotKnowWhileAGateIsSilent) {
    put({entry(1)});
    EXPECT_EQ(receipt({{"south", at(5)}}).state, TicketState::Unknown);
}

TEST_F(CollectorReceipt, DoesNotKnowWhenNobodyCollects) {
    put({entry(1)});
    EXPECT_EQ(receipt({}, Receipt::Collecting::Stopped).state, TicketState::Unknown);
}

TEST_F(CollectorReceipt, KnowsWhatTheListsSay) {
    put({entry(1)});
    ASSERT_TRUE(store_->put_sold(std::vector{SoldTicket{.ticket = ticket(1)}}));
    ASSERT_TRUE(store_->begin_revoked());
    ASSERT_TRUE(store_->put_revoked(std::vector{ticket(1)}));
    ASSERT_TRUE(store_->use_revoked());
    EXPECT_EQ(receipt().sold, Receipt::Told::Yes);
    EXPECT_EQ(receipt().revoked, Receipt::Told::Yes);
}

TEST_F(CollectorReceipt, IsLinesOfWordsWithASignature) {
    put({admission(1), passage(2, "entered", 1, R"(,"people":2)"), entry(4)});
    const std::string text = sign_receipt(receipt({{"south", at(5)}}), key());
    EXPECT_EQ(text.substr(0, text.rfind(' ')),
              "stile-receipt 1\nvenue arena\ncollector main\n"
              "key cecc1507dc1ddd7295951c290888f095adb9044d1b73d696e6df065d683bd4fc\n"
              "made 2026-05-01T18:01:40.000Z\n"
              "ticket 01ababababababababababababababab\nstate used\nsold no\nrevoked no\n"
              "entered 2026-05-01T18:00:02.000Z north-1 0000000000000007 2 1\n"
              "collecting running\nstored north-1 0000000000000007 2\n"
              "missing north-1 0000000000000007 3 3\n"
              "silent south 2026-05-01T18:00:05.000Z\nsignature");
    EXPECT_TRUE(text.ends_with('\n'));
}

// A whole receipt, for other programs that check one.
TEST_F(CollectorReceipt, HasTheSignatureThatRfc8032Gives) {
    put({entry(1)});
    const std::string text = sign_receipt(receipt(), key());
    const std::string body = text.substr(0, text.rfind("signature "));
    const std::string message = std::string{"stile-receipt-1\0", 16} + body;
    EXPECT_EQ(text, body + "signature " + to_hex(key().sign(as_bytes(message))) + "\n");
}

class ReadReceipt : public CollectorReceipt {
protected:
    ReadReceipt() {
        put({admission(1), passage(2, "entered", 1), entry(4)});
        told_ = receipt({{"south", at(5)}});
        text_ = sign_receipt(told_, key());
    }
    static Error refusal(const std::string& text, std::uint8_t key_number = 1) {
        const auto read = verify_receipt(text, key(key_number).public_key());
        EXPECT_FALSE(read) << text;
        return read ? Error{} : read.error();
    }
    // Signs what no collector would write.
    static std::string signed_anyway(const std::string& body) {
        const std::string message = std::string{"stile-receipt-1\0", 16} + body;
        return body + "signature " + to_hex(key().sign(as_bytes(message))) + "\n";
    }
    [[nodiscard]] std::string body() const { return text_.substr(0, text_.rfind("signature ")); }
    [[nodiscard]] std::string with(const std::string& line, const std::string& instead) const {
        std::string changed = body();
        const auto found = changed.find(line);
        EXPECT_NE(found, std::string::npos);
        return changed.replace(found, line.size(), instead);
    }

    Receipt told_;
    std::string text_;
};

TEST_F(ReadReceipt, SaysWhatWasWritten) {
    const auto read = verify_receipt(text_, key().public_key());
    ASSERT_TRUE(read) << read.error().context;
    told_.key = key().public_key();
    EXPECT_EQ(*read, told_);
}

TEST_F(ReadReceipt, RefusesEveryFlippedBit) {
    for (std::size_t i = 0; i + 1 < text_.size(); ++i) {
        std::string changed = text_;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(verify_receipt(changed, key().public_key())) << i;
    }
}

TEST_F(ReadReceipt, RefusesEveryPartOfItself) {
    for (std::size_t size = 0; size + 1 < text_.size(); ++size)
        EXPECT_FALSE(verify_receipt(text_.substr(0, size), key().public_key())) << size;
}

TEST_F(ReadReceipt, RefusesAnotherKey) {
    EXPECT_EQ(refusal(text_, 2).context, "it was made with another key");
    EXPECT_EQ(refusal(text_, 2).code, Errc::Denied);
}

TEST_F(ReadReceipt, RefusesAKeyThatCallsItselfTheRightOne) {
    Receipt forged = told_;
    std::string text = sign_receipt(forged, key(2));
    const std::string own = to_hex(key(2).public_key());
    text.replace(text.find(own), own.size(), to_hex(key().public_key()));
    EXPECT_EQ(refusal(text).context, "its signature is wrong");
}

TEST_F(ReadReceipt, RefusesASignatureOfSomethingElse) {
    const std::string bare = body();
    EXPECT_EQ(refusal(bare + "signature " + to_hex(key().sign(as_bytes(bare))) + "\n").context,
              "its signature is wrong");
}

TEST_F(ReadReceipt, RefusesWhatNoCollectorWritesThoughItIsSigned) {
    const auto line_of = [](const std::string& body) {
        return refusal(signed_anyway(body)).context;
    };
    EXPECT_EQ(line_of(with("state used", "state maybe")), "line 7 is not as a receipt has it");
    EXPECT_EQ(line_of(with("venue arena\n", "")), "line 2 is not as a receipt has it");
    EXPECT_EQ(line_of(with("venue arena", "venue  arena")), "line 2 is not as a receipt has it");
    EXPECT_EQ(line_of(with("sold no", "sold no ")), "line 8 is not as a receipt has it");
    EXPECT_EQ(line_of(with("ticket 01ab", "ticket 01AB")), "line 6 is not as a receipt has it");
    EXPECT_EQ(line_of(with("collecting running\n", "collecting running\nnote hello\n")),
              "line 12 is not as a receipt has it");
    EXPECT_EQ(line_of(with("stored north-1 0000000000000007 2", "stored north-1 7 2")),
              "line 12 is not as a receipt has it");
    EXPECT_EQ(line_of(with("missing north-1 0000000000000007 3 3",
                           "missing north-1 0000000000000007 03 3")),
              "line 13 is not as a receipt has it");
}

TEST_F(ReadReceipt, RefusesWhatIsNoReceipt) {
    EXPECT_EQ(refusal("").context, "it is no receipt of version 1");
    EXPECT_EQ(refusal("stile-receipt 2\n").context, "it is no receipt of version 1");
    EXPECT_EQ(refusal(body()).context, "it has no signature");
    EXPECT_EQ(refusal(text_ + "x").context,
              "its signature is not 128 lower-case hexadecimal digits");
    std::string shouted = text_;
    for (auto c = shouted.begin() + static_cast<std::ptrdiff_t>(body().size()) + 10;
         c != shouted.end(); ++c)
        *c = *c >= 'a' && *c <= 'f' ? static_cast<char>(*c - 'a' + 'A') : *c;
    EXPECT_EQ(refusal(shouted).context, "its signature is not 128 lower-case hexadecimal digits");
    EXPECT_EQ(refusal(std::string(kMostReceiptBytes + 1, 'x')).context,
              "it is too long for a receipt");
}

}  // namespace
}  // namespace stile::sync
