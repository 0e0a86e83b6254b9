// SPDX-License-Identifier: Apache-2.0
// stile-issue as its users run it: a process, its files, its words and its exit code.
#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "crypto/verifier.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/crypto/process.hpp"
#include "tests/crypto/temporary_folder.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

using Words = std::vector<std::string>;

class StileIssue : public testing::Test {
protected:
    tests::TemporaryFolder folder;
    std::string base = folder / "demo";

    [[nodiscard]] static tests::Finished issue(const Words& words) {
        return tests::run(STILE_BIN_DIR "/stile-issue", words);
    }
    // Runs keygen for event 7, with more options.
    [[nodiscard]] tests::Finished keygen(const Words& more) const {
        Words words{"keygen", "--out", base, "--issuer", "demo-issuer", "--event", "7"};
        words.insert(words.end(), more.begin(), more.end());
        return issue(words);
    }
    // Runs ticket for event 7 and serial 1, with more options.
    [[nodiscard]] tests::Finished ticket(const Words& more) const {
        Words words{"ticket", "--key", base + ".key", "--event", "7", "--serial", "1"};
        // Fixed times: the same ticket again a second later has to be the same ticket.
        const bool relative = std::ranges::find(more, "--from") != more.end();
        const Words times =
            relative ? Words{"--until", "+2h"}
                     : Words{"--from", "2026-01-01T00:00:00Z", "--until", "2026-01-01T02:00:00Z"};
        words.insert(words.end(), times.begin(), times.end());
        words.insert(words.end(), more.begin(), more.end());
        return issue(words);
    }
    void make_key() const { ASSERT_EQ(keygen({"--no-passphrase"}).code, 0); }
    static void expect_error(const tests::Finished& run, int code, std::string_view word) {
        EXPECT_EQ(run.code, code) << run.err;
        EXPECT_NE(run.err.find(word), std::string::npos) << run.err;
        EXPECT_EQ(run.out, "");
    }
    // What a gate with the public key of a `keygen --json` says about a text.
    [[nodiscard]] static Proof prove(const nlohmann::json& key, const std::string& text) {
        KeyRecord record;
        record.issuer = key["issuer"];
        record.events = {7};
        record.public_key = tests::hex_array<32>(key["public_key"]);
        const KeyRing ring = tests::ring_of(record);
        return Verifier{ring}.prove(as_bytes(text));
    }
};

TEST_F(StileIssue, MakesATicketThatAGateAccepts) {
    const auto key = nlohmann::json::parse(keygen({"--no-passphrase", "--json"}).out);
    const auto made = ticket({"--product", "3", "--profile", "18", "--reissue", "2", "--admissions",
                              "4", "--seat", "Block C", "--from", "-1h"});
    ASSERT_EQ(made.code, 0) << made.err;
    ASSERT_TRUE(made.out.ends_with('\n'));
    const Proof proof = prove(key, made.out.substr(0, made.out.size() - 1));
    ASSERT_TRUE(proof) << fault_text(proof.error());
    EXPECT_EQ(proof->ticket().serial, 1U);
    EXPECT_EQ(proof->ticket().product, 3);
    EXPECT_EQ(proof->ticket().profile, 18);
    EXPECT_EQ(proof->ticket().reissue, 2);
    EXPECT_EQ(proof->ticket().admissions, 4);
    EXPECT_EQ(proof->ticket().seat.view(), "Block C");
    EXPECT_EQ(proof->ticket().not_after - proof->ticket().not_before, std::chrono::hours{3});
}

TEST_F(StileIssue, WritesPictures) {
    make_key();
    const auto made = ticket({"--png", folder / "t.png", "--svg", folder / "t.svg"});
    ASSERT_EQ(made.code, 0) << made.err;
    EXPECT_EQ(made.out, "");
    EXPECT_TRUE(tests::read_text(folder / "t.png").starts_with("\x89PNG\r\n\x1a\n"));
    EXPECT_TRUE(tests::read_text(folder / "t.svg").starts_with("<svg "));
}

TEST_F(StileIssue, PrintsTheTextBesidePicturesIfAsked) {
    make_key();
    EXPECT_TRUE(ticket({"--png", folder / "t.png", "--text"}).out.starts_with("GT1:"));
}

TEST_F(StileIssue, PrintsJson) {
    make_key();
    const auto made = issue({"ticket", "--key", base + ".key", "--event", "7", "--serial", "1",
                             "--seat", "\"A\\B\"", "--from", "2026-01-31T18:00:00Z", "--until",
                             "2026-02-01T02:00:00Z", "--json"});
    const auto fields = nlohmann::json::parse(made.out);
    EXPECT_EQ(fields["seat"], "\"A\\B\"");
    EXPECT_EQ(fields["not_before"], "2026-01-31T18:00:00Z");
    EXPECT_EQ(fields["serial"], 1);
    EXPECT_EQ(fields["issuer"], "demo-issuer");
    EXPECT_TRUE(fields["text"].get<std::string>().starts_with("GT1:"));
}

TEST_F(StileIssue, KeepsThePrivateKeyFromOthers) {
    ::umask(0);  // the mode must not depend on it
    make_key();
    struct stat status{};
    ASSERT_EQ(::stat((base + ".key").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(StileIssue, RefusesAPrivateKeyThatOthersMayRead) {
    make_key();
    ASSERT_EQ(::chmod((base + ".key").c_str(), 0644), 0);
    expect_error(ticket({}), 1, "chmod 600");
}

TEST_F(StileIssue, NeverOverwritesAKey) {
    make_key();
    const std::string before = tests::read_text(base + ".key");
    expect_error(keygen({"--no-passphrase"}), 1, "exists already");
    EXPECT_EQ(tests::read_text(base + ".key"), before);
}

TEST_F(StileIssue, MakesNoPrivateKeyBesideAForeignPublicRecord) {
    tests::write_text(base + ".toml", "mine");
    expect_error(keygen({"--no-passphrase"}), 1, "exists already");
    EXPECT_FALSE(std::filesystem::exists(base + ".key"));
    EXPECT_EQ(tests::read_text(base + ".toml"), "mine");
}

TEST_F(StileIssue, SealsTheKeyWithAPassphrase) {
    tests::write_text(folder / "phrase", "open sesame\n");
    ASSERT_EQ(keygen({"--passphrase-file", folder / "phrase"}).code, 0);
    EXPECT_NE(tests::read_text(base + ".key").find("protection argon2id"), std::string::npos);
    EXPECT_EQ(ticket({"--passphrase-file", folder / "phrase"}).code, 0);
    tests::write_text(folder / "wrong", "open barley\n");
    expect_error(ticket({"--passphrase-file", folder / "wrong"}), 1, "wrong pass phrase");
    expect_error(ticket({}), 1, "--passphrase-file");
}

TEST_F(StileIssue, NeedsAPassphraseOrAWordAgainstIt) {
    expect_error(keygen({}), 1, "--passphrase-file");
    EXPECT_FALSE(std::filesystem::exists(base + ".key"));
}

TEST_F(StileIssue, RefusesAnEmptyPassphrase) {
    tests::write_text(folder / "phrase", "\nsecond line");
    expect_error(keygen({"--passphrase-file", folder / "phrase"}), 1, "empty");
}

TEST_F(StileIssue, RefusesAScopeThatNoGateTakes) {
    expect_error(issue({"keygen", "--out", base, "--issuer", "Demo Issuer", "--event", "7",
                        "--no-passphrase"}),
                 1, "issuer");
    EXPECT_FALSE(std::filesystem::exists(base + ".key"));
    expect_error(keygen({"--no-passphrase", "--dense-serials", "9-1"}), 1, "serials");
}

TEST_F(StileIssue, RefusesATicketThatItsKeyMayNotSign) {
    ASSERT_EQ(keygen({"--no-passphrase", "--product", "3", "--not-after", "+1d"}).code, 0);
    expect_error(ticket({"--event", "8"}), 2, "--event");  // given twice
    expect_error(issue({"ticket", "--key", base + ".key", "--event", "8", "--serial", "1",
                        "--until", "+2h"}),
                 1, "change --event");
    expect_error(ticket({"--product", "4"}), 1, "change --product");
    expect_error(issue({"ticket", "--key", base + ".key", "--event", "7", "--serial", "1",
                        "--product", "3", "--until", "+2d"}),
                 1, "--until");
}

TEST_F(StileIssue, ExplainsWrongUseAndExitsWith2) {
    make_key();
    expect_error(issue({}), 2, "--help");
    expect_error(issue({"frobnicate"}), 2, "--help");
    expect_error(issue({"ticket"}), 2, "--key");
    expect_error(ticket({"--product", "65536"}), 2, "--product");
    expect_error(ticket({"--product", "-1"}), 2, "--product");
    expect_error(ticket({"--admissions", "0"}), 2, "--admissions");
    expect_error(ticket({"--reissue", "256"}), 2, "--reissue");
    expect_error(ticket({"--module-pixels", "0"}), 2, "--module-pixels");
    expect_error(ticket({"--from", "tomorrow"}), 2, "--from");
    expect_error(ticket({"--from", "+3h"}), 2, "--until");
    expect_error(ticket({"--from", "1969-12-31T23:59:59Z"}), 2, "1970");
    expect_error(ticket({"--seat", std::string(25, 'A')}), 2, "--seat");
    expect_error(keygen({"--no-passphrase", "--passphrase-file", "x"}), 2, "--no-passphrase");
    expect_error(keygen({"--dense-serials", "7"}), 2, "--dense-serials");
    expect_error(keygen({"--dense-serials", "0-9223372036854775808"}), 2, "--dense-serials");
}

TEST_F(StileIssue, RefusesASeatThatIsNoText) {
    make_key();
    expect_error(ticket({"--seat", "A\nB"}), 1, "forbidden");
    expect_error(ticket({"--seat", "\xFF"}), 1, "forbidden");
}

TEST_F(StileIssue, SaysWhichFileItCouldNotUse) {
    make_key();
    expect_error(issue({"ticket", "--key", folder / "none.key", "--event", "7", "--serial", "1",
                        "--until", "+2h"}),
                 1, "none.key");
    expect_error(ticket({"--png", folder / "no/such/folder.png"}), 1, "folder.png");
    expect_error(ticket({"--passphrase-file", folder / "none", "--svg", "/dev/full"}), 1,
                 "/dev/full");
}

TEST_F(StileIssue, HelpsOnRequest) {
    for (const Words& words :
         {Words{"--help"}, Words{"keygen", "--help"}, Words{"ticket", "--help"}}) {
        const auto help = issue(words);
        EXPECT_EQ(help.code, 0);
        EXPECT_NE(help.out.find("Usage"), std::string::npos);
    }
    EXPECT_EQ(issue({"--version"}).code, 0);
}

}  // namespace
}  // namespace stile::crypto
