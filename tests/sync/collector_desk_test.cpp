// SPDX-License-Identifier: Apache-2.0
// The commands on a store: what they bring in, print, and end with.
#include <gtest/gtest.h>

#include "crypto/issue/gt1_writer.hpp"
#include "crypto/issue/key_record_text.hpp"
#include "crypto/issue/log/entry.hpp"
#include "sync/collector/open_store.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/support/process.hpp"
#include "tests/sync/collector_store_bench.hpp"
#include "tests/sync/testbed/child.hpp"

namespace stile::sync {
namespace {

using namespace testbed;  // NOLINT(google-build-using-namespace): everything here is of it

const std::string kSecret(64, '7');

std::string id_of(const crypto::Identity& identity) {
    crypto::EventSecret secret{};
    secret.fill(0x77);
    return to_hex(crypto::ticket_id(secret, identity));
}

std::string id_of_serial(std::uint64_t serial) {
    return id_of(crypto::identity_of(crypto::issuer_id("test-issuer"), tests::kEvent, serial));
}

class CollectorDesk : public testing::Test {
protected:
    CollectorDesk() {
        const auto secret = folder_.write("event.secret", kSecret + "\n");
        std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
        (void)folder_.write("keys.toml",
                            crypto::key_record_toml(tests::test_record(tests::test_key(1))));
        config_ = folder_.write("collector.toml",
                                "[collector]\nvenue = \"arena\"\nname = \"main\"\n[store]\n"
                                "path = \"entries.sqlite\"\nsecret = \"event.secret\"\n"
                                "keys = \"keys.toml\"\nreceipt_key = \"receipt.key\"\n");
        collect({});
    }

    // As the running program would: makes the store and puts these entries.
    void collect(const std::vector<GateEntry>& entries) {
        auto store =
            open_store({.path = (folder_.path() / "entries.sqlite").native()}, StoreUse::Collect);
        ASSERT_TRUE(store) << store.error().context;
        ASSERT_TRUE((*store)->put(entries));
    }
    int run(std::vector<std::string> words) {
        words.insert(words.begin(), {"-c", config_});
        const test::Finished done = test::run("stile-collector", words, folder_.path());
        out_ = done.out;
        err_ = done.err;
        return done.exit_code;
    }
    static std::string code_of(std::uint64_t serial) {
        crypto::Gt1Fields fields = tests::test_fields();
        fields.serial = serial;
        fields.admissions = 2;
        return crypto::gt1_text(tests::test_ticket(fields, tests::test_key(1)));
    }
    static GateEntry entrance(std::uint64_t seq, const std::string& id) {
        return entry(
            seq, {.kind = "passage",
                  .more = R"(,"lane":"a","result":"entered","admission":1,"ticket":")" + id + '"'});
    }
    std::vector<SoldTicket> sold() {
        auto store =
            open_store({.path = (folder_.path() / "entries.sqlite").native()}, StoreUse::Look);
        return (*store)->sold({}, 100).value();
    }

    TempFolder folder_{quick_parent()};
    std::string config_;
    std::string out_;
    std::string err_;
};

TEST_F(CollectorDesk, TellsOfATicketByItsIdItsBeginningAndItsCode) {
    const std::string id = id_of_serial(5);
    collect({entrance(1, id)});
    for (const std::string& typed : {id, id.substr(0, 8), code_of(5)}) {
        EXPECT_EQ(run({"ticket", typed}), 0) << err_;
        EXPECT_TRUE(
            out_.starts_with(id + "  used: entered at 2026-05-01T18:00:00.000Z by gate north-1\n"))
            << out_;
    }
}

TEST_F(CollectorDesk, TellsMachinesTheSame) {
    const std::string id = id_of_serial(5);
    collect({entrance(1, id)});
    ASSERT_EQ(run({"ticket", id, "--json"}), 0) << err_;
    EXPECT_EQ(out_, R"({"tickets":[{"ticket":")" + id +
                        R"(","used":true,"inside":true,"revoked":false,"entries":[)"
                        R"({"gate":"north-1","lane":"a","epoch":"0000000000000007","seq":1,)"
                        R"("time":"2026-05-01T18:00:00.000Z","kind":"passage",)"
                        R"("result":"entered"}]}]})"
                        "\n");
}

TEST_F(CollectorDesk, EndsWithOneForATicketThatNobodyKnows) {
    EXPECT_EQ(run({"ticket", std::string(32, 'a')}), 1);
    EXPECT_EQ(out_, "no gate has seen such a ticket, and no list names it\n");
}

TEST_F(CollectorDesk, RefusesWhatNamesNoTicket) {
    EXPECT_EQ(run({"ticket", "abc"}), 1);
    EXPECT_EQ(err_, "stile-collector: \"abc\": at least 8 digits of a ticket's id are needed\n");
    std::string forged = code_of(5);
    forged.back() = forged.back() == '0' ? '1' : '0';
    EXPECT_EQ(run({"ticket", forged}), 1);
    EXPECT_TRUE(err_.starts_with("stile-collector: this is no genuine ticket: ")) << err_;
    EXPECT_EQ(run({"ticket"}), 2);
}

TEST_F(CollectorDesk, EndsWithAConfigurationError) {
    config_ = folder_.write("wrong.toml", "[collector]\nvenu = \"arena\"\n");
    EXPECT_EQ(run({"check"}), 78);
    EXPECT_NE(err_.find("wrong.toml:1: collector.venue: missing"), std::string::npos) << err_;
    config_ = "/nonexistent.toml";
    EXPECT_EQ(run({"check"}), 78);
}

TEST_F(CollectorDesk, EndsWithThreeWhereNoServerIs) {
    (void)folder_.write("where", "host=/nonexistent\n");
    config_ = folder_.write("pg.toml",
                            "[collector]\nvenue = \"arena\"\nname = \"main\"\n[store]\n"
                            "kind = \"postgresql\"\nconnection_file = \"./where\"\n");
    EXPECT_EQ(run({"check"}), 3);
    EXPECT_TRUE(err_.starts_with("stile-collector: the PostgreSQL server cannot be used: "));
}

TEST_F(CollectorDesk, SignsAndChecksAReceipt) {
    const std::string id = id_of_serial(5);
    collect({entrance(1, id)});
    EXPECT_EQ(run({"receipt", id}), 78);
    EXPECT_NE(err_.find("make a key with stile-collector keygen"), std::string::npos) << err_;
    ASSERT_EQ(run({"keygen"}), 0) << err_;
    EXPECT_EQ(out_.size(), 65U);
    ASSERT_EQ(run({"receipt", code_of(5)}), 0) << err_;
    const auto file = folder_.write("receipt", out_);
    EXPECT_NE(out_.find("\nstate used\n"), std::string::npos);
    EXPECT_NE(out_.find("\ncollecting stopped\n"), std::string::npos);
    EXPECT_EQ(run({"receipt", "verify", file}), 0) << err_;
    EXPECT_TRUE(out_.starts_with("genuine: ticket " + id + " is used, says collector main"));
    EXPECT_EQ(run({"receipt", "verify", file, "--json"}), 0) << err_;
    EXPECT_NE(out_.find(R"("state":"used")"), std::string::npos) << out_;
}

TEST_F(CollectorDesk, RefusesAReceiptThatWasChanged) {
    ASSERT_EQ(run({"keygen"}), 0) << err_;
    const std::string key = folder_.path() / "receipt.key.pub";
    ASSERT_EQ(run({"receipt", std::string(32, 'a')}), 0) << err_;
    std::string text = out_;
    text.replace(text.find("state unknown"), 13, "state not-used");
    const auto file = folder_.write("receipt", text);
    EXPECT_EQ(run({"receipt", "verify", file, "--key", key}), 1);
    EXPECT_EQ(err_, "stile-collector: " + file + ": its signature is wrong\n");
}

TEST_F(CollectorDesk, KeepsTheKeyThatIsThere) {
    ASSERT_EQ(run({"keygen"}), 0) << err_;
    EXPECT_EQ(run({"keygen"}), 1);
    EXPECT_NE(err_.find("is there already; it is kept"), std::string::npos) << err_;
    const auto mode = std::filesystem::status(folder_.path() / "receipt.key").permissions();
    EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(CollectorDesk, ImportsWhatABatchMade) {
    const auto file =
        folder_.write("tickets.csv", "ref,event,serial,reissue,ticket\nA-1,7,5,0," + code_of(5) +
                                         "\nA-2,7,6,0," + code_of(6) + "\n");
    EXPECT_EQ(run({"import", "sold", file}), 0) << err_;
    EXPECT_EQ(out_, "2 tickets sold, 0 lines passed over\n");
    ASSERT_EQ(sold().size(), 2U);
    EXPECT_EQ(sold()[0].event, tests::kEvent);
    EXPECT_EQ(sold()[0].product, tests::kProduct);
    EXPECT_EQ(sold()[0].people, 2U);
}

TEST_F(CollectorDesk, ImportsAListWithChannels) {
    const auto file = folder_.write("sold.csv",
                                    "issuer;event;serial;product;channel;people;name\n"
                                    "test-issuer;7;5;17;box office;3;Ada\ntest-issuer;7;6;17;;;\n");
    EXPECT_EQ(run({"import", "sold", file}), 0) << err_;
    ASSERT_EQ(run({"ticket", id_of_serial(5), "--json"}), 0) << err_;
    EXPECT_NE(out_.find(R"("product":17)"), std::string::npos) << out_;
    EXPECT_EQ(sold().size(), 2U);
}

TEST_F(CollectorDesk, ImportsAnIssueLog) {
    crypto::IssueEntry issued{.fields = tests::test_fields()};
    std::string log = crypto::header_text("test-issuer") + " " + std::string(64, '0') + "\n";
    log += crypto::entry_text(issued, 1) + " " + std::string(64, '0') + "\n";
    issued.act = crypto::IssueAct::Reissue;
    issued.fields.reissue = 1;
    log += crypto::entry_text(issued, 2) + " " + std::string(64, '0') + "\n";
    const auto file = folder_.write("acme.issued", log + "3 torn");
    EXPECT_EQ(run({"import", "sold", file}), 0) << err_;
    EXPECT_EQ(out_, "1 tickets sold, 1 lines passed over\n");
    EXPECT_EQ(to_hex(sold().at(0).ticket), id_of_serial(issued.fields.serial));
}

TEST_F(CollectorDesk, NamesTheWrongLineOfAListAndStoresNothingOfIt) {
    const std::string head = "issuer,event,serial,people,channel\n";
    const std::string good = "test-issuer,7,5,,\n";
    for (const char* const bad :
         {"test-issuer,7,,,\n", "test-issuer,,5,,\n", ",7,5,,\n", "test-issuer,x,5,,\n",
          "test-issuer,7,5,-1,\n", "test-issuer,7,5,70000,\n", "Test Issuer,7,5,,\n",
          "test-issuer,7,5,,\"a\nb\"\n", "test-issuer,7,5,,\"open\n"}) {
        const auto file = folder_.write("bad.csv", head + good + bad);
        EXPECT_EQ(run({"import", "sold", file}), 1) << bad;
        EXPECT_TRUE(err_.starts_with("stile-collector: " + file + ": line 3: ")) << err_;
    }
    EXPECT_TRUE(sold().empty());
}

TEST_F(CollectorDesk, RefusesAListWithoutItsColumns) {
    const auto file = folder_.write("bad.csv", "serial,name\n5,Ada\n");
    EXPECT_EQ(run({"import", "sold", file}), 1);
    EXPECT_NE(err_.find("line 1: the headings name no column ticket"), std::string::npos) << err_;
    EXPECT_EQ(run({"import", "sold", "/nonexistent"}), 1);
    EXPECT_EQ(run({"import"}), 2);
}

TEST_F(CollectorDesk, ImportsARevocationListInPlaceOfTheOneBefore) {
    const auto first = folder_.write("first", "test-issuer 7 5\n");
    const auto second = folder_.write("second", "# ours\nissuer,event,serial\n");
    const auto third =
        folder_.write("third", "issuer,event,serial\ntest-issuer,7,6\ntest-issuer,7,5,<3\n");
    EXPECT_EQ(run({"import", "revoked", first}), 0) << err_;
    EXPECT_EQ(run({"ticket", id_of_serial(5)}), 0) << out_;
    EXPECT_NE(out_.find("  revoked\n"), std::string::npos) << out_;
    EXPECT_EQ(run({"import", "revoked", second}), 1);
    EXPECT_EQ(run({"import", "revoked", third}), 0) << err_;
    EXPECT_EQ(out_, "1 tickets revoked, 1 lines passed over\n");
    EXPECT_EQ(run({"ticket", id_of_serial(5)}), 1);
    EXPECT_EQ(run({"ticket", id_of_serial(6)}), 0);
}

TEST_F(CollectorDesk, KeepsTheOldListWhenTheNewOneIsWrong) {
    ASSERT_EQ(run({"import", "revoked", folder_.write("a", "test-issuer 7 5\n")}), 0);
    EXPECT_EQ(run({"import", "revoked", folder_.write("b", "test-issuer 7 6\ntest-issuer 7\n")}),
              1);
    EXPECT_NE(err_.find("line 2: "), std::string::npos) << err_;
    EXPECT_EQ(run({"ticket", id_of_serial(5)}), 0);
}

TEST_F(CollectorDesk, FindsNothingWrongInAWholeStore) {
    collect(entries(1, 5));
    EXPECT_EQ(run({"check"}), 0);
    EXPECT_EQ(out_, "5 entries\nnothing is missing, nobody entered twice\n");
}

TEST_F(CollectorDesk, FindsWhatIsMissingAndWhoEnteredTwice) {
    const std::string id = id_of_serial(5);
    collect({entrance(2, id)});
    collect({entry(1, {.gate = "south",
                       .kind = "passage",
                       .more = R"(,"result":"entered",)"
                               R"("admission":9,"ticket":")" +
                               id + '"',
                       .second = 9})});
    EXPECT_EQ(run({"check"}), 1);
    EXPECT_EQ(out_,
              "2 entries\nmissing: 1 to 1 of gate north-1, epoch 0000000000000007\n"
              "entered twice: " +
                  id + "\n");
    EXPECT_EQ(run({"check", "--json"}), 1);
    EXPECT_NE(out_.find(R"("entered_twice":[")" + id), std::string::npos) << out_;
}

TEST_F(CollectorDesk, LetsAGroupEnterOneByOne) {
    const auto file = folder_.write("tickets.csv", "ticket\n" + code_of(5) + "\n");
    ASSERT_EQ(run({"import", "sold", file}), 0) << err_;
    const std::string id = id_of_serial(5);
    collect({entrance(1, id)});
    collect({entry(1, {.gate = "south",
                       .kind = "passage",
                       .more = R"(,"result":"entered",)"
                               R"("admission":9,"ticket":")" +
                               id + '"',
                       .second = 9})});
    EXPECT_EQ(run({"check"}), 0) << out_;
}

TEST_F(CollectorDesk, SaysThatTheCollectorMakesTheStore) {
    std::filesystem::remove(folder_.path() / "entries.sqlite");
    EXPECT_EQ(run({"check"}), 1);
    EXPECT_NE(err_.find("the collector makes it when it first runs"), std::string::npos) << err_;
}

}  // namespace
}  // namespace stile::sync
