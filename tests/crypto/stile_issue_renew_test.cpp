// SPDX-License-Identifier: Apache-2.0
// `stile-issue ticket`, `reissue`, `exchange`, `revoke` and `log verify` on one issue log.
#include <unistd.h>

#include "crypto/formats/gt1.hpp"
#include "tests/crypto/issue_desk.hpp"

namespace stile::crypto {
namespace {

using nlohmann::json;
using tests::Words;

std::string holder_hex(std::uint8_t number) {
    return to_hex(tests::ed25519_holder(tests::test_key(number)));
}

class Renew : public tests::IssueDesk {
protected:
    [[nodiscard]] json renew(const std::string& command, Words words) const {
        words.emplace_back("--json");
        const auto done = with_key(command, words);
        EXPECT_EQ(done.code, 0) << done.err;
        return json::parse(done.out, nullptr, false);
    }
};

TEST_F(Renew, TicketCountsSerialsByItself) {
    EXPECT_EQ(fields_of(ticket_text({})).serial, 0U);
    EXPECT_EQ(fields_of(ticket_text({})).serial, 1U);
    EXPECT_EQ(fields_of(ticket_text({"--serial", "9"})).serial, 9U);
    EXPECT_EQ(fields_of(ticket_text({"--serial", "auto"})).serial, 10U);
    EXPECT_EQ(audit().totals.tickets, 4U);
}

TEST_F(Renew, TicketTakesNoSerialTwice) {
    const Words same{"--serial", "3", "--from", "2026-01-01T00:00:00Z"};
    const std::string text = ticket_text(same);
    EXPECT_EQ(ticket_text(same), text);  // printed once more, not issued once more
    EXPECT_EQ(audit().totals.tickets, 1U);
    expect_error(ticket({"--serial", "3", "--product", "5"}), 1, "serial 3 was issued already");
}

TEST_F(Renew, TicketLeavesNothingIfTheLogCannotBeWritten) {
    const auto done = ticket({"--log", folder / "none/such.issued", "--png", folder / "t.png"});
    expect_error(done, 1, "such.issued");
    EXPECT_EQ(done.out, "");
    EXPECT_FALSE(std::filesystem::exists(folder / "t.png"));
    expect_error(ticket({"--log", "/dev/full"}), 1, "/dev/full");
    expect_error(ticket({"--log", "/proc/version"}), 1, "/proc/version");
}

TEST_F(Renew, TicketRefusesALogThatWasAltered) {
    (void)ticket_text({});
    std::string text = tests::read_text(log);
    text[text.find(" issue 7 0") + 9] = '4';
    tests::write_text(log, text);
    const auto done = ticket({});
    expect_error(done, 1, "line 2: the chain breaks here");
    EXPECT_EQ(done.out, "");
}

TEST_F(Renew, TicketRefusesABadHolderKey) {
    expect_error(ticket({"--holder-key", "02"}), 2, "--holder-key");
    expect_error(ticket({"--holder-key", "05" + std::string(64, '1')}), 1, "holder");
    expect_error(ticket({"--holder-key", "02" + std::string(64, 'f')}), 1, "holder");
    expect_error(ticket({"--class", "staff"}), 2, "--holder-key");
    expect_error(ticket({"--class", "king"}), 2, "--class");
}

TEST_F(Renew, TicketWritesEveryForm) {
    Words words{"--seat", "Block C"};
    for (const char* form : {"png", "svg", "pdf", "ndef", "ndef-tag"}) {
        words.push_back(std::string{"--"} + form);
        words.push_back(folder / form);
    }
    words.emplace_back("--json");
    const auto done = ticket(words);
    ASSERT_EQ(done.code, 0) << done.err;
    const json made = json::parse(done.out);
    EXPECT_EQ(made["pdf"], folder / "pdf");
    EXPECT_TRUE(tests::read_text(folder / "pdf").starts_with("%PDF-"));
    const std::string core = tests::read_text(folder / "ndef").substr(3 + 16);
    EXPECT_EQ(to_hex(as_bytes(core)), made["hex"].get<std::string>());
}

TEST_F(Renew, ReissueMakesTheNextCopyOfATicket) {
    const std::string old = ticket_text({"--product", "3", "--seat", "Row 1", "--admissions", "4"});
    const json made = renew("reissue", {"--ticket", old, "--seat", "Row 2"});
    EXPECT_EQ(made["reissue"], 1);
    EXPECT_EQ(made["seat"], "Row 2");
    EXPECT_EQ(made["product"], 3);
    EXPECT_EQ(made["admissions"], 4);
    EXPECT_EQ(made["serial"], 0);
    EXPECT_EQ(made["revocation"], "demo 7 0 <1");
    EXPECT_EQ(fields_of(made["text"]).not_before, fields_of(old).not_before);
    EXPECT_EQ(renew("reissue", {"--ticket", old})["reissue"], 2);  // also from an older copy
}

TEST_F(Renew, ReissueKnowsTheTicketFromTheLog) {
    (void)ticket_text({"--product", "3", "--seat", "Row 1"});
    const json made = renew("reissue", {"--event", "7", "--serial", "0"});
    EXPECT_EQ(made["seat"], "Row 1");
    EXPECT_EQ(made["product"], 3);
    EXPECT_EQ(made["reissue"], 1);
}

TEST_F(Renew, ReissuePrintsTheTicketAndTheLine) {
    (void)ticket_text({});
    const auto done = with_key("reissue", {"--event", "7", "--serial", "0"});
    EXPECT_TRUE(done.out.starts_with("GT1:"));
    EXPECT_TRUE(done.out.ends_with("\ndemo 7 0 <1\n")) << done.out;
    const std::string list = folder / "revocations.txt";
    const auto quiet = with_key("reissue", {"--event", "7", "--serial", "0", "--revocations", list,
                                            "--svg", folder / "t.svg"});
    EXPECT_EQ(quiet.out, "");
    EXPECT_EQ(tests::read_text(list), "demo 7 0 <2\n");
}

TEST_F(Renew, ReissueRefusesWhatIsNotOurs) {
    const std::string own = ticket_text({});
    expect_error(with_key("reissue", {}), 2, "which ticket");
    expect_error(with_key("reissue", {"--event", "7"}), 2, "which ticket");
    expect_error(with_key("reissue", {"--ticket", own, "--serial", "1"}), 2, "--ticket");
    expect_error(with_key("reissue", {"--event", "7", "--serial", "1"}), 1, "never issued");
    expect_error(with_key("reissue", {"--ticket", "GT1:nonsense"}), 1, "no GT1 ticket");
    const auto foreign = tests::test_ticket(tests::test_fields(), tests::test_key(9));
    expect_error(with_key("reissue", {"--ticket", gt1_text(foreign)}), 1,
                 "not a ticket of this key");
    ASSERT_EQ(with_key("revoke", {"--ticket", own}).code, 0);
    expect_error(with_key("reissue", {"--ticket", own}), 1, "revoked");
}

TEST_F(Renew, ReissueEndsWithTheCounter) {
    (void)ticket_text({"--reissue", "255"});
    expect_error(with_key("reissue", {"--event", "7", "--serial", "0"}), 1, "all its 255 copies");
}

TEST_F(Renew, ExchangeBindsToAHolderAndBack) {
    const std::string paper = ticket_text({"--product", "3", "--seat", "Row 1"});
    const json bound = renew("exchange", {"--ticket", paper, "--holder-key", holder_hex(2)});
    EXPECT_EQ(bound["reissue"], 1);
    EXPECT_EQ(bound["holder_key"], holder_hex(2));
    EXPECT_TRUE(fields_of(bound["text"]).proof_mandatory);
    EXPECT_EQ(bound["revocation"], "demo 7 0 <1");
    const json again = renew("exchange", {"--ticket", bound["text"], "--paper"});
    EXPECT_EQ(again["reissue"], 2);
    EXPECT_EQ(again["holder_key"], nullptr);
    EXPECT_EQ(again["seat"], "Row 1");
    EXPECT_FALSE(fields_of(again["text"]).proof_mandatory);
    EXPECT_EQ(audit().totals.copies, 2U);
}

TEST_F(Renew, ExchangeOfABoundTicketNeedsNoOldCopy) {
    (void)ticket_text({"--holder-key", holder_hex(2)});
    expect_error(with_key("reissue", {"--event", "7", "--serial", "0"}), 1, "holder keys");
    EXPECT_EQ(renew("exchange", {"--event", "7", "--serial", "0", "--paper"})["reissue"], 1);
}

TEST_F(Renew, ReissueOfABoundTicketKeepsItsHolder) {
    const std::string old = ticket_text({"--holder-key", holder_hex(2), "--proof", "optional"});
    const json made = renew("reissue", {"--ticket", old});
    EXPECT_EQ(made["holder_key"], holder_hex(2));
    EXPECT_FALSE(fields_of(made["text"]).proof_mandatory);
}

TEST_F(Renew, ExchangeMustSayForWhat) {
    const std::string paper = ticket_text({});
    expect_error(with_key("exchange", {"--ticket", paper}), 2, "--holder-key or --paper");
    expect_error(with_key("exchange", {"--ticket", paper, "--paper"}), 1, "no holder already");
    expect_error(
        with_key("exchange", {"--ticket", paper, "--paper", "--holder-key", holder_hex(1)}), 2,
        "--paper");
}

TEST_F(Renew, RevokeTakesTextsSerialsAndRows) {
    const std::string text = ticket_text({"--serial", "3"});
    tests::write_text(folder / "rows.csv", "name,event,serial\nAda,7,11\nBob,8,12\n");
    const auto done = with_key("revoke", {"--ticket", text, "--event", "7", "--serial", "5-6",
                                          "--serial", "9", "--rows", folder / "rows.csv"});
    EXPECT_EQ(done.out, "demo 7 3\ndemo 7 5\ndemo 7 6\ndemo 7 9\ndemo 7 11\ndemo 8 12\n");
    EXPECT_EQ(audit().totals.revoked, 6U);
    ASSERT_EQ(with_key("revoke", {"--event", "7", "--serial", "5", "--out", folder / "l.txt"}).code,
              0);
    EXPECT_EQ(tests::read_text(folder / "l.txt"), "demo 7 5\n");
    EXPECT_EQ(audit().totals.revoked, 6U);  // it was already
}

TEST_F(Renew, RevokeDoesAllOrNothing) {
    tests::write_text(folder / "rows.csv", "event,serial\n7,11\n7,x\n");
    const auto done = with_key("revoke", {"--rows", folder / "rows.csv"});
    expect_error(done, 1, "line 3: column serial");
    EXPECT_EQ(done.out, "");
    EXPECT_EQ(audit().totals.revoked, 0U);
    tests::write_text(folder / "rows.csv", "event\n7\n");
    expect_error(with_key("revoke", {"--rows", folder / "rows.csv"}), 1, "no column serial");
    expect_error(with_key("revoke", {}), 2, "which tickets");
    expect_error(with_key("revoke", {"--event", "7", "--serial", "9-1"}), 2, "range");
    expect_error(with_key("revoke", {"--event", "7", "--serial", "0-999999999999"}), 2, "range");
    expect_error(with_key("revoke", {"--event", "x", "--serial", "1"}), 2, "--event");
    expect_error(with_key("revoke", {"--serial", "1"}), 2, "--event");
}

TEST_F(Renew, RevokeNeedsNoPassphrase) {
    tests::write_text(folder / "phrase", "open sesame\n");
    ASSERT_EQ(issue({"keygen", "--out", folder / "sealed", "--issuer", "sealed", "--event", "7",
                     "--passphrase-file", folder / "phrase"})
                  .code,
              0);
    EXPECT_EQ(
        issue({"revoke", "--key", folder / "sealed.key", "--event", "7", "--serial", "1"}).out,
        "sealed 7 1\n");
    tests::write_text(folder / "wrong", "open barley\n");
    expect_error(issue({"reissue", "--key", folder / "sealed.key", "--passphrase-file",
                        folder / "wrong", "--event", "7", "--serial", "1"}),
                 1, "wrong pass phrase");
}

TEST_F(Renew, LogVerifyTellsTotalsAndTheHead) {
    (void)ticket_text({});
    const auto done = issue({"log", "verify", "--log", log, "--json"});
    ASSERT_EQ(done.code, 0) << done.err;
    const json report = json::parse(done.out);
    EXPECT_EQ(report["tickets"], 1);
    EXPECT_EQ(report["issuer"], "demo");
    (void)ticket_text({});
    EXPECT_EQ(issue({"log", "verify", "--log", log, "--head", report["head"]}).code, 0);
    expect_error(issue({"log", "verify", "--log", log, "--head", std::string(64, '0')}), 1,
                 "cut off or replaced");
}

TEST_F(Renew, LogVerifyNamesWhatIsWrong) {
    (void)ticket_text({});
    tests::write_text(log, tests::read_text(log) + "2 torn");
    expect_error(issue({"log", "verify", "--log", log}), 1, "line 3 is torn (6 bytes)");
    EXPECT_TRUE(tests::read_text(log).ends_with("2 torn"));  // it only looks
    expect_error(issue({"log", "verify", "--log", folder / "none"}), 1, "none");
    expect_error(issue({"log", "verify", "--log", log, "--head", "00"}), 2, "--head");
    expect_error(issue({"log"}), 2, "subcommand");
}

TEST_F(Renew, EverySubcommandHelps) {
    for (const Words& words :
         {Words{"batch"}, {"reissue"}, {"exchange"}, {"revoke"}, {"log"}, {"log", "verify"}}) {
        Words help = words;
        help.emplace_back("--help");
        const auto done = issue(help);
        EXPECT_EQ(done.code, 0);
        EXPECT_NE(done.out.find("Usage"), std::string::npos);
    }
}

}  // namespace
}  // namespace stile::crypto
