// SPDX-License-Identifier: Apache-2.0
// `stile-issue batch` as its users run it, up to the moment at which they pull the plug.
#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/issue/columns.hpp"
#include "tests/crypto/issue_desk.hpp"

namespace stile::crypto {
namespace {

using nlohmann::json;
using tests::Words;

class Batch : public tests::IssueDesk {
protected:
    std::string out = folder / "out";

    [[nodiscard]] tests::Finished batch(const std::string& csv, const Words& more = {}) const {
        tests::write_text(folder / "rows.csv", csv);
        Words words{folder / "rows.csv",   "--out", out, "--event", "7", "--until",
                    "2030-01-01T00:00:00Z"};
        words.insert(words.end(), more.begin(), more.end());
        return with_key("batch", words);
    }
    [[nodiscard]] json manifest() const {
        return json::parse(tests::read_text(out + "/manifest.json"), nullptr, false);
    }
    // Serials by reference, as the manifest has them.
    [[nodiscard]] std::map<std::string, std::uint64_t> serials() const {
        std::map<std::string, std::uint64_t> all;
        const json made = manifest();
        for (const json& item : made["list"])
            all[item["ref"]] = item["serial"];
        return all;
    }
    [[nodiscard]] bool has(const std::string& name) const {
        return std::filesystem::exists(out + "/" + name);
    }
};

TEST_F(Batch, MakesATicketOfEachRow) {
    const auto done = batch("ref,product,seat\na,1,Row 1\nb,2,Row 2\n", {"--json"});
    ASSERT_EQ(done.code, 0) << done.err;
    EXPECT_EQ(json::parse(done.out)["tickets"], 2);
    EXPECT_TRUE(has("7-0.png") && has("7-1.png"));
    const json made = manifest();
    EXPECT_EQ(made["tickets"], 2);
    EXPECT_EQ(made["issuer"], "demo");
    EXPECT_EQ(made["list"][1]["ref"], "b");
    EXPECT_EQ(made["list"][1]["line"], 3);
    EXPECT_EQ(made["list"][1]["sha256"].get<std::string>().size(), 64U);
    EXPECT_EQ(audit().totals.tickets, 2U);
}

TEST_F(Batch, WritesEachFormThatIsAskedFor) {
    const auto done =
        batch("seat\nRow 1\n", {"--format", "png,svg,pdf", "--format", "ndef,ndef-tag,text,sheet"});
    ASSERT_EQ(done.code, 0) << done.err;
    for (const char* name : {"7-0.png", "7-0.svg", "7-0.pdf", "7-0.ndef", "7-0.tag", "tickets.csv",
                             "sheets-0001.pdf", "manifest.json"})
        EXPECT_TRUE(has(name)) << name;
    const std::string texts = tests::read_text(out + "/tickets.csv");
    EXPECT_TRUE(texts.starts_with("ref,event,serial,reissue,ticket\n,7,0,0,GT1:")) << texts;
    struct stat status{};
    ASSERT_EQ(::stat((out + "/tickets.csv").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(Batch, NamesBadRowsAndMakesTheOthers) {
    const auto done = batch(
        "ref,product,seat,admissions,until\n"
        "a,1,,,\n"
        "b,65536,,,\n"
        "c,1,\"a seat that is far too long\",,\n"
        "d,1,,0,\n"
        "e,1,,,tomorrow\n"
        "f,1,,,2020-01-01T00:00:00Z\n"
        "g,1,x\"y,,\n"
        "h,1,,,,,,,\n"
        "a,2,,,\n"
        "\xFF,1,,,\n"
        "z,1,,,\n");
    EXPECT_EQ(done.code, 1);
    for (const char* words :
         {"line 3: column product", "line 4: column seat", "line 5: column admissions",
          "line 6: column until", "line 7: column until", "line 8: a quote", "line 9: 9 cells",
          "line 10: column ref", "line 11: not UTF-8"})
        EXPECT_NE(done.err.find(words), std::string::npos) << words << "\n" << done.err;
    EXPECT_EQ(serials(), (std::map<std::string, std::uint64_t>{{"a", 0}, {"z", 1}}));
    EXPECT_EQ(manifest()["refused_rows"], 9);
}

TEST_F(Batch, StrictMakesNothingIfOneRowIsBad) {
    const auto done = batch("product\n1\n2\nx\n", {"--strict"});
    expect_error(done, 1, "line 4");
    EXPECT_FALSE(std::filesystem::exists(out));
    EXPECT_EQ(audit().totals.tickets, 0U);
    EXPECT_EQ(batch("product\n1\n2\n", {"--strict"}).code, 0);
    EXPECT_EQ(audit().totals.tickets, 2U);
}

TEST_F(Batch, CheckMakesNothingAtAll) {
    EXPECT_EQ(batch("product\n1\n2\n", {"--check"}).code, 0);
    expect_error(batch("serial\n1\n1\n", {"--check"}), 1, "line 3");
    EXPECT_FALSE(std::filesystem::exists(out));
    EXPECT_EQ(audit().totals.tickets, 0U);
}

TEST_F(Batch, RefusesAFileThatItCannotUnderstand) {
    expect_error(batch("product,sheep\n1,2\n"), 1, "\"sheep\"; there are event, serial");
    expect_error(batch("seat,Seat\n1,2\n"), 1, "twice");
    expect_error(batch(""), 1, "no headings");
    expect_error(with_key("batch", {folder / "none.csv", "--out", out}), 1, "none.csv");
    EXPECT_FALSE(std::filesystem::exists(out));
}

TEST_F(Batch, ExplainsWrongUse) {
    expect_error(batch("seat\n", {"--format", "gif"}), 2, "--format");
    expect_error(batch("seat\n", {"--jobs", "0"}), 2, "--jobs");
    expect_error(batch("seat\n", {"--strict", "--check"}), 2, "--check");
    expect_error(batch("seat\n", {"--zone", "Berlin"}), 2, "--zone");
    expect_error(with_key("batch", {"--out", out}), 2, "csv");
}

TEST_F(Batch, RunAgainMakesTheSameTickets) {
    const std::string rows = "seat,name\nRow 1,Ada\nRow 1,Ada\nRow 2,Bob\n";
    ASSERT_EQ(batch(rows).code, 0);
    const std::string first = tests::read_text(out + "/manifest.json");
    const std::string log_text = tests::read_text(log);
    std::filesystem::remove_all(out);
    ASSERT_EQ(batch(rows).code, 0);
    EXPECT_EQ(tests::read_text(out + "/manifest.json"), first);
    EXPECT_EQ(tests::read_text(log), log_text);
    EXPECT_TRUE(has("7-2.png"));
}

TEST_F(Batch, RunAgainAfterACorrectionMakesOnlyWhatIsNew) {
    expect_error(batch("ref,product\na,1\nb,x\nc,1\n"), 1, "line 3");
    ASSERT_EQ(batch("ref,product\na,1\nb,2\nc,1\n").code, 0);
    EXPECT_EQ(serials(), (std::map<std::string, std::uint64_t>{{"a", 0}, {"b", 2}, {"c", 1}}));
}

TEST_F(Batch, RefusesToSayMoreUnderAReferenceThatWasIssued) {
    ASSERT_EQ(batch("ref,product,name\na,1,Ada\n").code, 0);
    EXPECT_EQ(batch("ref,product,name\na,1,Ada Lovelace\n").code, 0);  // only printed
    expect_error(batch("ref,product,name\na,2,Ada\n"), 1, "use reissue");
}

TEST_F(Batch, DoesNotMakeAnOldCopyAgain) {
    ASSERT_EQ(batch("ref\na\nb\n").code, 0);
    ASSERT_EQ(with_key("reissue", {"--event", "7", "--serial", "0"}).code, 0);
    ASSERT_EQ(with_key("revoke", {"--event", "7", "--serial", "1"}).code, 0);
    const auto done = batch("ref\na\nb\n");
    expect_error(done, 1, "line 2: was made as serial 0, which has a newer copy");
    expect_error(done, 1, "line 3: was made as serial 1, which is revoked");
}

TEST_F(Batch, WithAnotherNameIsAnotherBatch) {
    ASSERT_EQ(batch("ref\na\n").code, 0);
    ASSERT_EQ(batch("ref\na\n", {"--name", "second"}).code, 0);
    EXPECT_EQ(serials().at("a"), 1U);
}

TEST_F(Batch, RefusesSerialsThatAreTaken) {
    expect_error(batch("serial\n5\n5\n\"\"\n"), 1, "line 3: serial 5 was issued already");
    EXPECT_EQ(audit().totals.tickets, 2U);
    EXPECT_TRUE(has("7-6.png"));
}

TEST_F(Batch, SaysWhenTheSerialsAreExhausted) {
    std::filesystem::remove(key);
    std::filesystem::remove(folder / "demo.toml");
    make_key({"--dense-serials", "0-1"});
    expect_error(batch("ref\na\nb\nc\n"), 1, "line 4: no serial is left of 0-1");
    EXPECT_EQ(manifest()["tickets"], 2);
}

TEST_F(Batch, TakesFromTheListOfProductsWhatARowDoesNotSay) {
    tests::write_text(folder / "products.csv",
                      "product,class,admissions,profile,until,sale-until\n"
                      "1,guest,1,18,2029-01-01T00:00:00Z,\n"
                      "2,vip,1,19,,\n"
                      "3,guest,10,18,,\n"
                      "4,guest,1,18,,2020-01-01T00:00:00Z\n"
                      "5,staff,1,20,,\n");
    const auto done = batch("product,admissions\n1,\n3,\n3,12\n4,\n5,\n6,\n",
                            {"--products", folder / "products.csv", "--format", "text"});
    EXPECT_EQ(done.code, 1);
    expect_error(done, 1, "line 5: the sale ended");
    expect_error(done, 1, "line 6: column holder-key: staff must show");
    expect_error(done, 1, "line 7: column product: \"6\" is not in the list");
    const std::string texts = tests::read_text(out + "/tickets.csv");
    std::vector<Gt1Fields> made;
    for (auto from = texts.find("GT1:"); from != std::string::npos;
         from = texts.find("GT1:", from + 1)) {
        const auto end = texts.find_first_of("\n\"", from);
        made.push_back(fields_of(texts.substr(from, end - from)));
    }
    ASSERT_EQ(made.size(), 3U);
    EXPECT_EQ(made[0].profile, 18);
    EXPECT_EQ(made[1].admissions, 10);
    EXPECT_EQ(made[2].admissions, 12);
}

TEST_F(Batch, MakesAgainWhatWasSoldWhenTheSaleIsOver) {
    ASSERT_EQ(batch("ref\na\n").code, 0);
    const auto done = batch("ref\na\nb\n", {"--sale-until", "2020-01-01T00:00:00Z"});
    expect_error(done, 1, "line 3: the sale ended");
    EXPECT_EQ(manifest()["tickets"], 1);
}

TEST_F(Batch, RefusesAListOfProductsWithAMistake) {
    for (const auto& [text, word] : std::vector<std::pair<std::string, std::string>>{
             {"product,seat\n1,A\n", "\"seat\""},
             {"product\nx\n", "line 2: column product"},
             {"product,class\n1,king\n", "line 2: column class"},
             {"product\n1\n1\n", "line 3: product 1 is there twice"},
             {"class\nvip\n", "line 2: column product: missing"}}) {
        tests::write_text(folder / "products.csv", text);
        expect_error(batch("product\n1\n", {"--products", folder / "products.csv"}), 1, word);
    }
}

TEST_F(Batch, NeedsAFolderThatItMayWrite) {
    if (::geteuid() == 0) {
        tests::write_text(out, "a file");
        expect_error(batch("ref\na\n"), 1, out);
        return;
    }
    ASSERT_EQ(::mkdir(out.c_str(), 0500), 0);
    expect_error(batch("ref\na\n"), 1, out);
}

TEST_F(Batch, SaysThatTheDiskIsFull) {
    // A small disk of its own, where the system lets us have one.
    const auto done = tests::run(
        "/bin/sh",
        {"-c",
         "mkdir \"$1/disk\" && unshare -m sh -c 'mount -t tmpfs -o size=200k none \"$1/disk\" || "
         "exit "
         "77; cp \"$1/demo.key\" \"$1/disk\"; i=0; echo ref; while [ $i -lt 900 ]; do echo $i; "
         "i=$((i+1)); done > \"$1/rows.csv\"; sed -i \"1i ref\" \"$1/rows.csv\"; \"$2\" batch "
         "\"$1/rows.csv\" --key \"$1/disk/demo.key\" --event 7 --until +1d --out \"$1/disk/out\"; "
         "code=$?; \"$2\" log verify --log \"$1/disk/demo.issued\" || exit 78; exit $code' sh "
         "\"$1\" "
         "\"$2\"",
         "sh", folder / "", STILE_BIN_DIR "/stile-issue"});
    if (done.code != 1) GTEST_SKIP() << "no small disk to be had: " << done.err;
    EXPECT_NE(done.err.find("No space left on device"), std::string::npos) << done.err;
    EXPECT_NE(done.out.find("tickets"), std::string::npos) << "the log is whole";
}

// Kills the batch at many moments; afterwards one more run must finish it as if nothing had been.
TEST_F(Batch, CanBeKilledAtAnyMomentAndRunAgain) {
    constexpr int kRows = 900;
    std::string rows = "ref\n";
    for (int i = 0; i < kRows; ++i)
        rows += "order-" + std::to_string(i) + "\n";
    tests::write_text(folder / "rows.csv", rows);
    std::vector<std::uintmax_t> sizes;
    for (int kill_at = 0; kill_at < 9; ++kill_at) {
        const pid_t child = ::fork();
        if (child == 0) {
            ::execl(STILE_BIN_DIR "/stile-issue", "stile-issue", "batch",
                    (folder / "rows.csv").c_str(), "--out", out.c_str(), "--event", "7", "--until",
                    "2030-01-01T00:00:00Z", "--key", key.c_str(), "--format", "ndef", nullptr);
            ::_exit(127);
        }
        // The moment is that at which so much of the work can be seen.
        int status = 0;
        const std::string sign = out + "/7-" + std::to_string(kill_at * 110) + ".ndef";
        while (!std::filesystem::exists(sign) && ::waitpid(child, &status, WNOHANG) == 0) {
        }
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
        sizes.push_back(std::filesystem::exists(log) ? std::filesystem::file_size(log) : 0);
    }
    EXPECT_TRUE(std::ranges::is_sorted(sizes));
    ASSERT_EQ(batch(rows, {"--format", "ndef"}).code, 0);
    const auto made = serials();
    ASSERT_EQ(made.size(), std::size_t{kRows});
    std::set<std::uint64_t> once;
    for (const auto& [ref, serial] : made)
        once.insert(serial);
    EXPECT_EQ(once.size(), made.size());
    EXPECT_EQ(*once.rbegin(), std::uint64_t{kRows - 1});
    EXPECT_EQ(audit().totals.tickets, std::uint64_t{kRows});
    for (std::uint64_t serial = 0; serial < kRows; ++serial)
        EXPECT_EQ(std::filesystem::file_size(out + "/7-" + std::to_string(serial) + ".ndef"), 115U);
}

TEST_F(Batch, MendsALineThatWasTornAndGoesOn) {
    ASSERT_EQ(batch("ref\na\n").code, 0);
    tests::write_text(log, tests::read_text(log) + "2 2026-11-22T01:44:53Z issue 7 1 0 95812");
    const auto done = batch("ref\na\nb\n");
    EXPECT_EQ(done.code, 0);
    expect_error(done, 0, "a crash tore the last line");
    EXPECT_EQ(serials().at("b"), 1U);
    EXPECT_EQ(audit().totals.mended, 1U);
}

TEST_F(Batch, TwoAtOnceTakeTurns) {
    tests::write_text(folder / "a.csv", "ref\n1\n2\n3\n");
    tests::write_text(folder / "b.csv", "ref\n1\n2\n3\n");
    std::vector<std::jthread> both;
    for (const char* name : {"a", "b"})
        both.emplace_back([&, name = std::string{name}] {
            const auto done = with_key("batch", {folder / (name + ".csv"), "--out", folder / name,
                                                 "--event", "7", "--until", "+1d"});
            EXPECT_EQ(done.code, 0) << done.err;
        });
    both.clear();
    EXPECT_EQ(audit().totals.tickets, 6U);
}

TEST_F(Batch, TellsOfAKeyThatIsOpenToOthersOrSealed) {
    ASSERT_EQ(::chmod(key.c_str(), 0640), 0);
    expect_error(batch("ref\na\n"), 1, "chmod 600");
    EXPECT_FALSE(std::filesystem::exists(log));
}

TEST_F(Batch, HelpNamesEveryColumn) {
    const auto help = issue({"batch", "--help"});
    EXPECT_EQ(help.code, 0);
    for (const ColumnInfo& info : columns())
        EXPECT_NE(help.out.find("\n  " + std::string{info.name} + " "), std::string::npos)
            << info.name;
}

}  // namespace
}  // namespace stile::crypto
