// SPDX-License-Identifier: Apache-2.0
// The shared tickets through the program itself: the contract that other people's tests drive.
#include <map>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/runtime/exit_code.hpp"
#include "tests/crypto/vectors.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile {
namespace {

using Json = nlohmann::json;

class InspectProgram : public testing::Test {
protected:
    // The lines that the program writes for these texts, as JSON.
    std::vector<Json> inspect(const Json& keys, const std::vector<std::string>& texts,
                              const std::string& at = {}) {
        std::string input;
        for (const std::string& text : texts)
            input += text + "\n";
        std::vector<Json> out;
        std::istringstream lines{run(keys, input, at).out};
        for (std::string line; std::getline(lines, line);)
            out.push_back(Json::parse(line));
        EXPECT_EQ(out.size(), texts.size());
        out.resize(texts.size());
        return out;
    }
    test::Finished run(const Json& keys, std::string_view input, const std::string& at = {}) {
        const auto file = folder_.write("keys.json", keys.dump());
        const auto texts = folder_.write("texts", input);
        std::string command =
            std::string{STILE_BIN_DIR} + "/stilectl ticket inspect --keys " + file.native();
        if (!at.empty()) command += " --at " + at;
        return test::run("/bin/sh", {"-c", command + " < " + texts.native()}, folder_.path());
    }
    test::TempDir folder_;
};

// The reasons of DESIGN section 3. What needs the gate's memory is valid by itself.
const std::map<std::string, std::string>& reasons() {
    static const std::map<std::string, std::string> table{
        {"accept", "VALID"},
        {"accept within future window 30 s", "VALID"},
        {"reject: superseded", "VALID"},
        {"second: reject replay", "VALID"},
        {"reject: proof required", "ASSURANCE"},
        {"reject: stale proof", "REPLAYED"},
        {"reject: proof from the future", "CLOCK"},
        {"reject: too early", "INVALID_TIME"},
        {"reject: expired", "INVALID_TIME"},
    };
    return table;
}

TEST_F(InspectProgram, GivesEveryGt1CaseItsReason) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    const Json keys{{"issuer", vectors["keys"]["issuer_public"]}};
    for (const auto& entry : vectors["vectors"]) {
        const auto found = reasons().find(entry["expect"].get<std::string>());
        const std::string expected = found == reasons().end() ? "INVALID" : found->second;
        const Json said = inspect(keys, {entry["qr"]}, entry["gate_time"].dump()).front();
        EXPECT_EQ(said["format"], "gt1");
        EXPECT_EQ(said["reason"], expected) << entry["name"];
        EXPECT_EQ(said["valid"], expected == "VALID");
    }
}

TEST_F(InspectProgram, TakesTheSharedWalletTicket) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    const auto& wallet = vectors["google_wallet"];
    const Json keys{{"issuer", vectors["keys"]["issuer_public"]},
                    {"totp_master", wallet["totp_master"]}};
    const Json said = inspect(keys, {wallet["text"]}, "2025-10-09T08:53:20Z").front();
    EXPECT_EQ(said["format"], "gw1");
    EXPECT_EQ(said["reason"], "VALID");
    EXPECT_EQ(said["assurance"], "A1");
}

Json pretix_keys(const Json& vectors) {
    Json keys;
    for (const auto& entry : vectors)
        keys[entry["id"].get<std::string>()] = entry["raw_public_key_hex"];
    return keys;
}

TEST_F(InspectProgram, ReadsEveryPretixTicket) {
    STILE_LOAD_OR_SKIP(keys, "pretix/keys.json");
    STILE_LOAD_OR_SKIP(tickets, "pretix/tickets.json");
    for (const auto& entry : tickets) {
        const Json said = inspect(pretix_keys(keys), {entry["secret"]}, "1675440000").front();
        for (const auto& [name, value] : entry["parsed"].items())
            EXPECT_EQ(said[name], value) << entry["id"] << name;
        const auto& signers = entry["signature_valid_with"];
        EXPECT_EQ(said.value("key", ""), signers.empty() ? "" : signers[0].get<std::string>());
    }
}

TEST_F(InspectProgram, JudgesPretixTimes) {
    STILE_LOAD_OR_SKIP(keys, "pretix/keys.json");
    STILE_LOAD_OR_SKIP(tickets, "pretix/tickets.json");
    const auto reason = [&](std::string_view id, const std::string& at) {
        for (const auto& entry : tickets)
            if (entry["id"] == id)
                return inspect(pretix_keys(keys), {entry["secret"]}, at)[0].value("reason", "");
        return std::string{"no such ticket"};
    };
    EXPECT_EQ(reason("notyet", "2023-02-03T22:59:59Z"), "INVALID_TIME");
    EXPECT_EQ(reason("notyet", "2023-02-03T23:00:00Z"), "VALID");
    EXPECT_EQ(reason("nolonger", "2023-02-03T11:00:00Z"), "VALID");
    EXPECT_EQ(reason("nolonger", "2023-02-03T11:00:01Z"), "INVALID_TIME");
    EXPECT_EQ(reason("badsig", "2023-02-03T11:00:00Z"), "INVALID");
}

TEST_F(InspectProgram, HoldsEveryHardeningCaseInOneRun) {
    STILE_LOAD_OR_SKIP(keys, "pretix/keys.json");
    STILE_LOAD_OR_SKIP(cases, "pretix/derived_hardening.json");
    std::vector<std::string> texts;
    for (const auto& entry : cases)
        texts.push_back(entry["secret"]);
    const auto said = inspect(pretix_keys(keys), texts);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const bool valid = cases[i]["expected_for_us"].get<std::string>().starts_with("VALID");
        EXPECT_EQ(said[i]["reason"], valid ? "VALID" : "INVALID") << cases[i]["id"];
    }
}

TEST_F(InspectProgram, AnswersEveryLineWhateverItHolds) {
    const auto done = run(Json::object(), std::string_view{"\n\xff\0x\nGT1:\n\r\nlast", 14});
    EXPECT_EQ(done.exit_code, kExitDone);
    EXPECT_EQ(std::ranges::count(done.out, '\n'), 5);
    EXPECT_EQ(run(Json::object(), "").out, "");
}

TEST_F(InspectProgram, SaysWhatIsWrongWithItsArguments) {
    EXPECT_EQ(run(Json::array(), "").exit_code, kExitConfig);
    EXPECT_EQ(run(Json::object(), "", "yesterday").exit_code, kExitUsage);
    EXPECT_EQ(test::run("stilectl", {"ticket", "inspect"}, folder_.path()).exit_code, kExitUsage);
    EXPECT_EQ(test::run("stilectl", {"ticket"}, folder_.path()).exit_code, kExitUsage);
    const auto none =
        test::run("stilectl", {"ticket", "inspect", "--keys", "/none"}, folder_.path());
    EXPECT_EQ(none.exit_code, kExitFailed);
    EXPECT_EQ(none.err, "stilectl: /none: cannot be read\n");
}

}  // namespace
}  // namespace stile
