// SPDX-License-Identifier: Apache-2.0
// Orders are imported into a real daemon, and its readers' scans are looked up in them.
#include <fstream>

#include "daemon/core/reason.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

using protocol::Outcome;

class StiledPlatform : public ::testing::Test {
protected:
    StiledPlatform() {
        std::filesystem::create_directories(event());
        write("event.json", R"({"slug":"demo","name":"Demo","timezone":"UTC"})");
        write("items.json", R"([{"id":1,"name":"Day"}])");
        write("checkinlists.json", R"([{"id":7,"name":"North","all_products":true}])");
        write("orders.json", R"([{"code":"A1","status":"p","last_modified":"2026-01-01T00:00:00Z",)"
                             R"("positions":[{"id":1,"item":1,"secret":"abcdef"}]}])");
    }
    [[nodiscard]] std::filesystem::path event() const { return site_.folder().path() / "in/demo"; }
    void write(std::string_view name, std::string_view text) const {
        std::ofstream{event() / name} << text;
    }
    [[nodiscard]] Finished import() const {
        return site_.run("stilectl", {"catalog", "import", event().native()});
    }
    Site site_;
};

Reason reason_of(const std::optional<protocol::Feedback>& answer) {
    return answer ? reason_from(answer->reason).value_or(Reason::Error) : Reason::Error;
}

TEST_F(StiledPlatform, AnImportedSecretOpensOnceAlsoAfterARestart) {
    site_.write_config("[platform]\nlists = [\"demo:7\"]\n");
    {
        const auto stiled = site_.start();
        auto reader = site_.reader(*stiled);
        EXPECT_EQ(reason_of(reader.show("abcdef")), Reason::Invalid);
        const auto imported = import();
        ASSERT_EQ(imported.exit_code, kExitDone) << imported.err << site_.log();
        const auto answer = reader.show("abcdef");
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->outcome, Outcome::Admit) << answer->headline << site_.log();
    }
    const auto again = site_.start();
    auto reader = site_.reader(*again);
    EXPECT_EQ(reason_of(reader.show("abcdef")), Reason::Used);
    EXPECT_EQ(reader.show(Site::ticket(1))->outcome, Outcome::Admit);
}

TEST_F(StiledPlatform, WithoutListsASecretIsNobodys) {
    const auto stiled = site_.start();
    auto reader = site_.reader(*stiled);
    ASSERT_EQ(import().exit_code, kExitDone);
    EXPECT_EQ(reason_of(reader.show("abcdef")), Reason::Invalid);
}

TEST_F(StiledPlatform, AListThatIsNoListIsAMistakeInTheSiteFile) {
    site_.write_config("[platform]\nlists = [\"demo\"]\n");
    const auto stiled = site_.start();
    EXPECT_EQ(stiled->wait(std::chrono::seconds{20}), kExitConfig);
    EXPECT_NE(site_.log().find("platform.lists"), std::string::npos) << site_.log();
}

TEST_F(StiledPlatform, AReloadSaysThatAKeyWhichIsGoneStillCountsByThePlatformsWord) {
    const auto key = tests::test_key(2);
    const std::string one = crypto::key_record_toml(tests::test_record(tests::test_key(1)));
    site_.folder().write("keys.toml", one + crypto::key_record_toml(tests::test_record(key)));
    write("event.json", R"({"slug":"demo","name":"Demo","timezone":"UTC","valid_keys":)"
                        R"({"pretix_sig1":[")" +
                            to_hex(Bytes{key.public_key()}) + R"("]}})");
    site_.write_config("[platform]\nlists = [\"demo:7\"]\nkeys = \"platform\"\n");
    const auto stiled = site_.start();
    const auto reader = site_.reader(*stiled);
    ASSERT_EQ(import().exit_code, kExitDone);
    site_.folder().write("keys.toml", one);
    const auto done = site_.run("stilectl", {"reload"});
    EXPECT_EQ(done.exit_code, kExitDone) << done.err;
    EXPECT_NE(done.out.find(": gone, but the platform names it"), std::string::npos) << done.out;
}

// A site with this policy beside its file.
class StiledPolicy : public StiledPlatform {
protected:
    void with_policy(std::string_view text) const {
        std::ofstream{site_.folder().path() / "policy.toml"} << text;
        std::string config;
        std::getline(std::ifstream{site_.config()}, config, '\0');
        const std::string paths = "[paths]\n";
        config.insert(config.find(paths) + paths.size(), "policy = \"policy.toml\"\n");
        std::ofstream{site_.config()} << config;
    }
};

TEST_F(StiledPolicy, AMistakeInItIsToldByItsLineAndNothingStarts) {
    with_policy("[policy]\nversion = 1\n\n[[area]]\nname = \"arena\"\nnumer = 1\n");
    const auto stiled = site_.start();
    EXPECT_EQ(stiled->wait(std::chrono::seconds{20}), kExitConfig);
    EXPECT_NE(site_.log().find("policy.toml:"), std::string::npos) << site_.log();
    const auto checked = site_.run("stiled", {"--check-config"});
    EXPECT_EQ(checked.exit_code, kExitConfig);
}

TEST_F(StiledPolicy, OneThatIsMissingIsAMistake) {
    with_policy("");
    std::filesystem::remove(site_.folder().path() / "policy.toml");
    const auto stiled = site_.start();
    EXPECT_EQ(stiled->wait(std::chrono::seconds{20}), kExitConfig);
}

TEST_F(StiledPolicy, ItIsAskedForScans) {
    with_policy("[policy]\nversion = 1\nname = \"x\"\n[freshness]\nwhen_stale = \"refuse\"\n");
    const auto stiled = site_.start();
    auto reader = site_.reader(*stiled);
    EXPECT_EQ(reason_of(reader.show(Site::ticket(1))), Reason::StaleLists);
}

}  // namespace
}  // namespace stile::test
