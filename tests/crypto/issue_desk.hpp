// SPDX-License-Identifier: Apache-2.0
// An organiser's folder with a key in it, and stile-issue at hand.
#pragma once

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "crypto/issue/log/issue_log.hpp"
#include "crypto/verifier.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/crypto/process.hpp"
#include "tests/crypto/temporary_folder.hpp"

namespace stile::tests {

using Words = std::vector<std::string>;

class IssueDesk : public testing::Test {
protected:
    TemporaryFolder folder;
    std::string key = folder / "demo.key";
    std::string log = folder / "demo.issued";

    void SetUp() override { make_key({"--dense-serials", "0-99999"}); }

    void make_key(const Words& more) const {
        Words words{"keygen",  "--out", folder / "demo", "--issuer", "demo",
                    "--event", "7",     "--event",       "8",        "--no-passphrase"};
        words.insert(words.end(), more.begin(), more.end());
        ASSERT_EQ(issue(words).code, 0);
    }
    [[nodiscard]] static Finished issue(const Words& words) {
        return run(STILE_BIN_DIR "/stile-issue", words);
    }
    // A subcommand with the key, and more words.
    [[nodiscard]] Finished with_key(const std::string& command, const Words& more) const {
        Words words{command, "--key", key};
        words.insert(words.end(), more.begin(), more.end());
        return issue(words);
    }
    [[nodiscard]] Finished ticket(const Words& more) const {
        Words words{"--event", "7", "--until", "2030-01-01T00:00:00Z"};
        words.insert(words.end(), more.begin(), more.end());
        return with_key("ticket", words);
    }
    [[nodiscard]] std::string ticket_text(const Words& more) const {
        const auto made = ticket(more);
        EXPECT_EQ(made.code, 0) << made.err;
        return made.out.substr(0, made.out.find('\n'));
    }
    static void expect_error(const Finished& run, int code, std::string_view word) {
        EXPECT_EQ(run.code, code) << run.err;
        EXPECT_NE(run.err.find(word), std::string::npos) << run.err;
    }
    // What the ticket says; nothing if its form is wrong. Genuine or not is asked elsewhere.
    [[nodiscard]] static crypto::Gt1Fields fields_of(const std::string& text) {
        const auto parsed = crypto::SignedGt1::from_text(as_bytes(text));
        EXPECT_TRUE(parsed) << text;
        return parsed ? parsed->fields() : crypto::Gt1Fields{};
    }
    [[nodiscard]] crypto::LogReport audit() const {
        const auto report = crypto::verify_log(log, std::nullopt);
        EXPECT_TRUE(report) << report.error().context;
        return report.value_or(crypto::LogReport{});
    }
};

}  // namespace stile::tests
