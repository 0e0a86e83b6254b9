// SPDX-License-Identifier: Apache-2.0
// stilectl setup with a file of answers, as an installer and an image would run it.
#include <csignal>

#include <gtest/gtest.h>

#include "crypto/enrolment.hpp"
#include "daemon/config/key_file.hpp"
#include "daemon/config/site.hpp"
#include "daemon/protocol/channel.hpp"
#include "setup_stage.hpp"

namespace stile::test {
namespace {

namespace fs = std::filesystem;

TEST(SetupProgram, WritesAGateThatTheDaemonAccepts) {
    const SetupStage stage;
    stage.write_answers("north");
    const auto done = stage.setup_by_file();
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const auto checked =
        run("stiled", {"--check-config", "--config", stage.etc("stile.toml")}, stage.path());
    EXPECT_EQ(checked.exit_code, 0) << checked.err;
    EXPECT_EQ(text_in(stage.etc("event.secret")), kSecret);
    EXPECT_TRUE(leftovers_in(stage.path()).empty());
}

TEST(SetupProgram, GivesEachFileItsMode) {
    const SetupStage stage;
    stage.write_answers("north",
                        "broker_password = \"password.txt\"\nbroker_ca = \"ca.pem\"\n"
                        "[mqtt]\nbrokers = [\"ssl://h:8883\"]\nuser = \"north\"\n");
    const auto done = stage.setup_by_file();
    ASSERT_EQ(done.exit_code, 0) << done.err;
    for (const char* name : {"stile.toml", "keys.toml", "broker-ca.pem", "enrolment.toml"})
        EXPECT_EQ(mode_of(stage.etc(name)), 0644U) << name;
    const fs::path root = stage.path() / "root";
    for (const char* name : {"etc/stile/event.secret", "etc/credstore/stile.mqtt.password",
                             "var/lib/stile/device.key", "var/lib/stile/device.signing.key"})
        EXPECT_EQ(mode_of(root / name), 0600U) << name;
    EXPECT_EQ(mode_of(root / "etc/credstore"), 0700U);
    EXPECT_EQ(mode_of(root / "var/lib/stile"), 0700U);
    EXPECT_EQ(text_in(root / "etc/credstore/stile.mqtt.password"), "open sesame");
    const std::string site = text_in(stage.etc("stile.toml"));
    EXPECT_EQ(site.find("sesame"), std::string::npos);
    EXPECT_NE(site.find("password_file = \"stile.mqtt.password\""), std::string::npos) << site;
    EXPECT_NE(site.find("ca_file = \"/etc/stile/broker-ca.pem\""), std::string::npos) << site;
}

TEST(SetupProgram, PutsASecretThatIsACredentialIntoTheCredstore) {
    const SetupStage stage;
    std::string answers = SetupStage::answers("north");
    const std::string_view as_file = "secret = \"./event.secret\"\n[ledger]";
    answers.replace(answers.find(as_file), as_file.size(),
                    "secret = \"stile.event.secret\"\n[ledger]");
    stage.folder().write("answers.toml", answers);
    const auto done = stage.setup_by_file();
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const fs::path store = stage.path() / "root/etc/credstore";
    EXPECT_EQ(text_in(store / "stile.event.secret"), kSecret);
    EXPECT_EQ(mode_of(store / "stile.event.secret"), 0600U);
    EXPECT_EQ(mode_of(store), 0700U);
    EXPECT_FALSE(fs::exists(stage.etc("event.secret")));

    const fs::path sealed = stage.path() / "root/etc/credstore.encrypted/stile.event.secret";
    fs::create_directory(sealed.parent_path());
    std::ofstream{sealed} << "an older one";
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    EXPECT_FALSE(fs::exists(sealed)) << "which of two secrets counts?";
    EXPECT_EQ(text_in(store / "stile.event.secret"), kSecret);
}

TEST(SetupProgram, MakesAnEventSecretOnceAndKeepsIt) {
    const SetupStage stage;
    std::string answers = SetupStage::answers("north");
    answers.erase(answers.find("event_secret"),
                  answers.find("[site]") - answers.find("event_secret"));
    stage.folder().write("answers.toml", answers);
    const auto first = stage.setup_by_file();
    ASSERT_EQ(first.exit_code, 0) << first.err;
    const std::string secret = text_in(stage.etc("event.secret"));
    EXPECT_EQ(secret.size(), 65U);
    EXPECT_EQ(first.out.find(secret.substr(0, 8)), std::string::npos) << "a secret is shown";
    EXPECT_NE(first.out.find("copy it to every other gate"), std::string::npos) << first.out;
    const auto second = stage.setup_by_file();
    ASSERT_EQ(second.exit_code, 0) << second.err;
    EXPECT_EQ(text_in(stage.etc("event.secret")), secret);
    EXPECT_EQ(second.out.find("copy it"), std::string::npos) << second.out;
}

TEST(SetupProgram, ShowsWithoutWriting) {
    const SetupStage stage;
    stage.write_answers("north");
    const auto shown =
        stage.setup({"--answers", (stage.path() / "answers.toml").native(), "--dry-run"});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_NE(shown.out.find("gate = \"north\""), std::string::npos) << shown.out;
    EXPECT_EQ(shown.out.find("00112233"), std::string::npos) << "a secret is shown";
    EXPECT_FALSE(fs::exists(stage.path() / "root"));
}

TEST(SetupProgram, ReplacesASiteFileOnlyWhenItIsTold) {
    const SetupStage stage;
    stage.write_answers("north");
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    const std::string before = text_in(stage.etc("stile.toml"));
    stage.write_answers("south");
    const auto refused = stage.setup({"--answers", (stage.path() / "answers.toml").native()});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("--force"), std::string::npos) << refused.err;
    EXPECT_EQ(text_in(stage.etc("stile.toml")), before);
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    EXPECT_NE(text_in(stage.etc("stile.toml")), before);
    const auto kept = kept_of(stage.etc("stile.toml"));
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(text_in(kept[0]), before);
}

// Answers that name neither a secret nor where one is.
std::string answers_without_secret(const std::string& more = {}) {
    std::string text = SetupStage::answers("north", more);
    for (const std::string_view line :
         {"event_secret = \"./event.secret\"\n", "secret = \"./event.secret\"\n"})
        text.erase(text.find(line), line.size());
    return text;
}

TEST(SetupProgram, KeepsTheEventSecretThatItMade) {
    const SetupStage stage;
    stage.folder().write("answers.toml", answers_without_secret());
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    const std::string made = text_in(stage.etc("event.secret"));
    ASSERT_EQ(made.size(), kSecret.size());
    const auto again = stage.setup_by_file();
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(text_in(stage.etc("event.secret")), made);
    EXPECT_EQ(config::load_site(stage.etc("stile.toml"))->paths.secret, "/etc/stile/event.secret");
    EXPECT_TRUE(kept_of(stage.etc("event.secret")).empty());
}

TEST(SetupProgram, KeepsTheEventSecretThatTheOldSiteFileNames) {
    const SetupStage stage;
    std::string answers = answers_without_secret();
    answers.insert(answers.find("keys = \"keys"), "secret = \"own.secret\"\n");
    stage.folder().write("answers.toml", answers);
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    stage.folder().write("answers.toml", answers_without_secret());
    const auto again = stage.setup_by_file();
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_FALSE(fs::exists(stage.etc("event.secret")));
    EXPECT_EQ(config::load_site(stage.etc("stile.toml"))->paths.secret, "/etc/stile/own.secret");
}

TEST(SetupProgram, TakesTheEventSecretThatLiesThereBeforehand) {
    const SetupStage stage;
    fs::create_directories(stage.etc());
    stage.write_secret("root/etc/stile/event.secret", kSecret);
    stage.folder().write("answers.toml", answers_without_secret());
    const auto done = stage.setup_by_file();
    ASSERT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(text_in(stage.etc("event.secret")), kSecret);
    EXPECT_EQ(config::load_site(stage.etc("stile.toml"))->paths.secret, "/etc/stile/event.secret");
    EXPECT_EQ(done.out.find("A new event secret"), std::string::npos) << done.out;
}

TEST(SetupProgram, RefusesASecretBeforehandThatIsNone) {
    const SetupStage stage;
    fs::create_directories(stage.etc());
    stage.write_secret("root/etc/stile/event.secret", "short\n");
    stage.folder().write("answers.toml", answers_without_secret());
    const auto done = stage.setup_by_file();
    EXPECT_NE(done.exit_code, 0);
    EXPECT_NE(done.err.find("event.secret"), std::string::npos) << done.err;
    EXPECT_EQ(text_in(stage.etc("event.secret")), "short\n");
}

TEST(SetupProgram, KeepsAnOldEventSecretBesideTheNewOne) {
    const SetupStage stage;
    stage.write_answers("north");
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    const std::string other(64, 'a');
    stage.write_secret("event.secret", other + "\n");
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    EXPECT_EQ(text_in(stage.etc("event.secret")), other + "\n");
    const auto kept = kept_of(stage.etc("event.secret"));
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(text_in(kept[0]), kSecret);
    EXPECT_EQ(mode_of(kept[0]), 0600U);
}

TEST(SetupProgram, AddsEachIssuerOnce) {
    const SetupStage stage;
    stage.write_answers("north");
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    const std::string one = text_in(stage.etc("keys.toml"));
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    EXPECT_EQ(text_in(stage.etc("keys.toml")), one);
    auto record = tests::test_record(tests::test_key(2));
    record.issuer = "other";
    stage.folder().write("issuer.toml", crypto::key_record_toml(record));
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    EXPECT_EQ(config::load_keys(stage.etc("keys.toml"))->records().size(), 2U);
}

TEST(SetupProgram, WritesNothingWhenAnAnswerIsWrong) {
    const SetupStage stage;
    const auto refuses = [&stage](const std::string& answers, std::string_view why) {
        stage.folder().write("answers.toml", answers);
        const auto tried = stage.setup_by_file();
        EXPECT_NE(tried.exit_code, 0) << answers;
        EXPECT_NE(tried.err.find(why), std::string::npos) << tried.err;
        EXPECT_FALSE(fs::exists(stage.etc("stile.toml"))) << answers;
        if (fs::exists(stage.path() / "root")) {
            EXPECT_TRUE(leftovers_in(stage.path() / "root").empty()) << answers;
            EXPECT_FALSE(fs::exists(stage.etc("keys.toml"))) << answers;
        }
    };
    const std::string good = SetupStage::answers("north");
    refuses(good + "colour = \"red\"\n", "answers.toml:19: lane.colour: unknown key");
    refuses(SetupStage::answers("Nord"), "site.gate");
    refuses(good + "turnstile = \"gpio\"\n", "lane.gpio_chip");
    refuses(good + "[[lane]]\nname = \"lane-1\"\n", "two lanes");
    refuses(SetupStage::answers("north", "policy = \"absent.toml\"\n"), "absent.toml");
    refuses(SetupStage::answers("north", "broker_ca = \"issuer.toml\"\n"), "no certificate");
    refuses(SetupStage::answers("north", "broker_password = \"password.txt\"\n"), "mqtt.user");
    refuses(SetupStage::answers("north", "broker_password = \"ca.pem\"\n"), "chmod 600");
    refuses(good + "[[reader]]\nname = \"a\"\nlane = \"b\"\nsource = \"x\"\n", "reader.lane");
    refuses(SetupStage::answers("north", "broker_ca = \"ca.pem\"\n"), "begins with ssl://");
    refuses(SetupStage::answers("north", "[mqtt]\nbrokers = [\"h:1883\"]\n"), "mqtt.brokers");
    refuses(SetupStage::answers("north", "[mqtt]\nuser = \"u\"\nuser_file = \"f\"\n"),
            "mqtt.user_file");
    fs::remove(stage.path() / "issuer.toml");
    refuses(good, "issuer.toml");
    stage.folder().write("issuer.toml", "[[key]]\n");
    refuses(good, "key.issuer: missing");
}

TEST(SetupProgram, NeedsATerminalOrAFile) {
    const SetupStage stage;
    const auto tried = stage.setup({});
    EXPECT_EQ(tried.exit_code, 2);
    EXPECT_NE(tried.err.find("--answers FILE"), std::string::npos) << tried.err;
}

TEST(SetupProgram, PrintsAnswersThatItTakes) {
    const SetupStage stage;
    const auto printed = run("stilectl", {"setup", "--print-answers"}, stage.path());
    ASSERT_EQ(printed.exit_code, 0);
    stage.folder().write("answers.toml", printed.out);
    const auto tried =
        stage.setup({"--answers", (stage.path() / "answers.toml").native(), "--dry-run"});
    EXPECT_EQ(tried.exit_code, 0) << tried.err;
}

TEST(SetupProgram, PrintsTheSameKeysAgain) {
    const SetupStage stage;
    stage.write_answers("north");
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    const auto request = crypto::parse_enrolment(text_in(stage.etc("enrolment.toml")));
    ASSERT_TRUE(request) << request.error().context;
    const auto again = stage.setup({"--enrolment"});
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_NE(again.err.find(crypto::fingerprint_of(request->enrolment)), std::string::npos)
        << again.err;
    const auto printed = crypto::parse_enrolment(again.out);
    ASSERT_TRUE(printed) << "it is the file itself: " << printed.error().context;
    EXPECT_EQ(printed->enrolment.box_key, request->enrolment.box_key);
}

// Starts the daemon once, so that there is a ledger.
void run_stiled_once(const SetupStage& stage, const char* root) {
    Process stiled{"stiled", {"--config", stage.etc("stile.toml", root)}, stage.path() / "stiled"};
    const fs::path socket = stage.path() / root / "run/stile/control.sock";
    bool there = false;
    for (int i = 0; i < 4000 && !there; ++i) {
        there = protocol::Channel::connect(socket).has_value();
        if (!there && stiled.wait(std::chrono::milliseconds{10})) break;  // it ended
    }
    EXPECT_TRUE(there) << text_in(stage.path() / "stiled.err");
    stiled.signal(SIGTERM);
    EXPECT_EQ(stiled.wait(std::chrono::seconds{40}), 0) << text_in(stage.path() / "stiled.err");
}

TEST(SetupProgram, BringsAControllerBackOnANewMachine) {
    const SetupStage stage;
    stage.write_answers("north");
    ASSERT_EQ(stage.setup_by_file("old").exit_code, 0);
    run_stiled_once(stage, "old");
    const auto ctl = [&stage](const char* root, std::vector<std::string> words) {
        words.insert(words.begin(), {"--config", stage.etc("stile.toml", root).native()});
        return run("stilectl", std::move(words), stage.path());
    };
    const fs::path backups = stage.path() / "backups";
    fs::create_directory(backups);
    ASSERT_EQ(ctl("old", {"backup", backups}).exit_code, 0);
    const fs::path backup = fs::directory_iterator {
        backups
    } -> path();

    ASSERT_EQ(stage.setup_by_file("new").exit_code, 0);
    const auto restored = ctl("new", {"restore", backup});
    ASSERT_EQ(restored.exit_code, 0) << restored.err;
    run_stiled_once(stage, "new");
    EXPECT_EQ(ctl("new", {"log", "verify"}).exit_code, 0);
    EXPECT_EQ(text_in(stage.etc("event.secret", "new")), kSecret);

    const std::string list = (stage.path() / "devices.toml").native();
    const auto enrol = [&](const char* root, std::vector<std::string> more) {
        more.insert(more.begin(),
                    {"device", "enrol", stage.etc("enrolment.toml", root), "--out", list});
        return run("stile-issue", std::move(more), stage.path());
    };
    EXPECT_EQ(enrol("old", {}).exit_code, 0);
    const auto refused = enrol("new", {});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("--replace"), std::string::npos) << refused.err;
    const auto replaced = enrol("new", {"--replace"});
    EXPECT_EQ(replaced.exit_code, 0) << replaced.err;
    EXPECT_EQ(enrol("new", {}).exit_code, 0);
}

TEST(SetupProgram, LetsTheOrganiserSeeWhoAsks) {
    const SetupStage stage;
    stage.write_answers("north");
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    const std::string file = stage.etc("enrolment.toml").native();
    const auto shown = run("stile-issue", {"device", "show", file}, stage.path());
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_NE(shown.out.find("fingerprint"), std::string::npos) << shown.out;
    std::string text = text_in(file);
    text.replace(text.find("north"), 5, "south");
    stage.folder().write("twisted.toml", text);
    const auto twisted =
        run("stile-issue", {"device", "show", stage.path() / "twisted.toml"}, stage.path());
    EXPECT_EQ(twisted.exit_code, 1);
    EXPECT_NE(twisted.err.find("signature is wrong"), std::string::npos) << twisted.err;
    const auto enrolled = run(
        "stile-issue",
        {"device", "enrol", stage.path() / "twisted.toml", "--out", stage.path() / "devices.toml"},
        stage.path());
    EXPECT_EQ(enrolled.exit_code, 1);
    EXPECT_FALSE(fs::exists(stage.path() / "devices.toml"));
}

}  // namespace
}  // namespace stile::test
