// SPDX-License-Identifier: Apache-2.0
// Answers and the site file that comes out of them, without a disk full of programs.
#include <gtest/gtest.h>

#include "daemon/config/site.hpp"
#include "daemon/config/site_fields.hpp"
#include "daemon/setup/answers.hpp"
#include "daemon/setup/dialogue.hpp"
#include "daemon/setup/plan.hpp"
#include "daemon/setup/plugged.hpp"
#include "daemon/setup/setup.hpp"
#include "daemon/setup/site_text.hpp"
#include "tests/support/temp_dir.hpp"
#include "typed_console.hpp"

namespace stile::test {
namespace {

constexpr std::chrono::sys_seconds kWrittenAt{std::chrono::seconds{1'790'000'000}};

config::Site read_site(const std::string& text) {
    const TempDir temp;
    auto site = config::load_site(temp.write("stile.toml", text));
    EXPECT_TRUE(site) << site.error().context << text;
    return site ? *std::move(site) : config::Site{};
}

// The sample with everything in it that is behind a # sign.
std::string whole_sample() {
    std::string text;
    std::string_view rest = sample_site();
    while (!rest.empty()) {
        std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        const bool key = line.starts_with("# ") && line.find(" = ") < line.find_first_of(".,:;");
        if (key) line.remove_prefix(2);
        text += std::string{line} + "\n";
    }
    return text;
}

TEST(SetupText, WritesASiteThatIsReadAsTheSame) {
    const config::Site sample = read_site(std::string{sample_site()});
    EXPECT_EQ(site_text(read_site(site_text(sample, kWrittenAt)), kWrittenAt),
              site_text(sample, kWrittenAt));
}

TEST(SetupText, KeepsEveryValueOfASite) {
    config::Site site = read_site(std::string{sample_site()});
    site.site.number = 12;
    site.paths.policy = "/etc/stile/\"odd\\ n\u00e4me\n.toml";
    site.roles.security = {"a", "b"};
    site.policy.events = {1, 2, 4'000'000'000};
    site.ledger.map_mib = 64;
    site.mqtt.keep_alive = config::Milliseconds{1234};
    site.schedules.push_back({.lane = "lane-1", .days = {"mon"}, .from = "07:30", .mode = "free"});
    site.fire = {.gpio_chip = "gpiochip0", .line = "26", .active = "low", .bias = "as-is"};
    const config::Site read = read_site(site_text(site, kWrittenAt));
    EXPECT_EQ(read.site.number, 12);
    EXPECT_EQ(read.paths.policy, site.paths.policy);
    EXPECT_EQ(read.roles.security, site.roles.security);
    EXPECT_EQ(read.policy.events, site.policy.events);
    EXPECT_EQ(read.ledger.map_mib, 64);
    EXPECT_EQ(read.mqtt.keep_alive, site.mqtt.keep_alive);
    ASSERT_EQ(read.schedules.size(), 1U);
    EXPECT_EQ(read.schedules[0].mode, "free");
    EXPECT_EQ(read.fire.active, "low");
}

TEST(SetupText, CommentsKeysAsTheSampleDoes) {
    EXPECT_TRUE(sample_comment("lane", "direction").starts_with("entry | exit | both"));
    EXPECT_EQ(sample_comment("reader", "direction"), "entry | exit; default: its lane's");
    EXPECT_EQ(sample_comment("mqtt", "nothing"), "");
    config::Site site = read_site(std::string{sample_site()});
    site.lanes[0].direction = "both";
    site.readers[0].direction = "exit";
    EXPECT_NE(
        site_text(site, kWrittenAt).find("direction = \"both\"         # entry | exit | both"),
        std::string::npos)
        << site_text(site, kWrittenAt);
}

TEST(SetupText, LeavesOutWhatIsTheDefault) {
    config::Site site;
    site.site.venue = "arena";
    site.site.gate = "north";
    site.lanes.emplace_back().name = "lane-1";
    const std::string text = site_text(site, kWrittenAt);
    for (const char* section : {"[paths]", "[ledger]", "[roles]", "[fire]", "[[reader]]", "window"})
        EXPECT_EQ(text.find(section), std::string::npos) << section;
}

TEST(SetupAnswersFile, IsItsOwnTemplate) {
    const TempDir temp;
    const auto answers = read_answers(temp.write("answers.toml", answers_template()));
    ASSERT_TRUE(answers) << answers.error().context;
    EXPECT_EQ(answers->site.site.gate, "north-1");
    EXPECT_TRUE(answers->issuer_keys.empty());
}

TEST(SetupAnswersFile, TakesFilesBesideItself) {
    const TempDir temp;
    const auto answers = read_answers(temp.write(
        "answers.toml", "[setup]\nissuer_keys = [\"a.toml\", \"/b.toml\"]\npolicy = \"p.toml\"\n"));
    ASSERT_TRUE(answers) << answers.error().context;
    EXPECT_EQ(answers->issuer_keys,
              (std::vector<std::string>{(temp.path() / "a.toml").native(), "/b.toml"}));
    EXPECT_EQ(answers->policy, (temp.path() / "p.toml").native());
    EXPECT_TRUE(answers->broker_ca.empty());
}

TEST(SetupAnswersFile, KeepsWhatOnlyTheOldSiteFileNames) {
    const TempDir temp;
    const GateRoot place{.root = temp.path()};
    std::filesystem::create_directories(temp.path() / "etc/stile");
    SetupAnswers answers;
    EXPECT_TRUE(keep_what_is_there(answers, place)) << "nothing is there";
    const std::string gate = "[site]\nvenue = \"a\"\ngate = \"b\"\n[[lane]]\nname = \"c\"\n";
    temp.write("etc/stile/stile.toml",
               gate +
                   "[paths]\npolicy = \"p.toml\"\nsecret = \"stile.event.secret\"\n"
                   "[mqtt]\nuser = \"u\"\npassword_file = \"stile.mqtt.password\"\n");
    answers.site.paths.secret = "/own";
    ASSERT_TRUE(keep_what_is_there(answers, place));
    EXPECT_EQ(answers.site.paths.policy, "/etc/stile/p.toml");
    EXPECT_EQ(answers.site.paths.secret, "/own");
    EXPECT_EQ(answers.site.mqtt.password_file, "") << "there is no user";
    answers.site.mqtt.user = "v";
    ASSERT_TRUE(keep_what_is_there(answers, place));
    EXPECT_EQ(answers.site.mqtt.password_file, "stile.mqtt.password");
    temp.write("etc/stile/stile.toml", gate + "colour = \"red\"\n");
    EXPECT_FALSE(keep_what_is_there(answers, place));
}

// A gate whose event secret lies in `file`, and answers that call it stile.event.secret.
struct MovedSecret {
    explicit MovedSecret(const char* file) {
        std::filesystem::create_directories((temp.path() / file).parent_path());
        std::filesystem::permissions(temp.write(file, std::string(64, 'a') + "\n"),
                                     std::filesystem::perms{0600});
        answers.site.paths.secret = "stile.event.secret";
    }
    void write_site(const std::string& paths) const {
        std::filesystem::create_directories(temp.path() / "etc/stile");
        temp.write("etc/stile/stile.toml",
                   "[site]\nvenue = \"a\"\ngate = \"b\"\n[[lane]]\nname = \"c\"\n" + paths);
    }

    TempDir temp;
    GateRoot place{.root = temp.path()};
    SetupAnswers answers;
};

TEST(SetupAnswersFile, KeepsTheEventSecretWhenItGetsAnotherPlace) {
    MovedSecret gate{"etc/stile/event.secret"};
    gate.write_site("[paths]\nsecret = \"event.secret\"\n");
    ASSERT_TRUE(keep_what_is_there(gate.answers, gate.place));
    EXPECT_EQ(gate.answers.event_secret, gate.temp.path() / "etc/stile/event.secret");
    gate.answers.event_secret = "/brought";
    ASSERT_TRUE(keep_what_is_there(gate.answers, gate.place));
    EXPECT_EQ(gate.answers.event_secret, "/brought");
}

TEST(SetupAnswersFile, KeepsTheEventSecretThatTheDaemonMade) {
    for (const bool has_site : {true, false}) {
        MovedSecret gate{"var/lib/stile/event.secret"};
        if (has_site) gate.write_site("");
        ASSERT_TRUE(keep_what_is_there(gate.answers, gate.place));
        EXPECT_EQ(gate.answers.event_secret, gate.temp.path() / "var/lib/stile/event.secret");
    }
}

TEST(SetupAnswersFile, LeavesAnEventSecretThatHasItsPlace) {
    MovedSecret gate{"etc/credstore/stile.event.secret"};
    gate.write_site("[paths]\nsecret = \"./event.secret\"\n");
    ASSERT_TRUE(keep_what_is_there(gate.answers, gate.place));
    EXPECT_EQ(gate.answers.event_secret, "");
}

TEST(SetupAnswersFile, AsksForAnEventSecretThatItCannotUnseal) {
    MovedSecret gate{"etc/credstore.encrypted/stile.old.secret"};
    gate.write_site("[paths]\nsecret = \"stile.old.secret\"\n");
    const auto kept = keep_what_is_there(gate.answers, gate.place);
    ASSERT_FALSE(kept);
    EXPECT_NE(kept.error().context.find("event_secret"), std::string::npos) << kept.error().context;
}

TEST(SetupAnswersFile, NamesTheLineOfEveryMistake) {
    const TempDir temp;
    const auto error_of = [&temp](std::string_view text) {
        const auto answers = read_answers(temp.write("a.toml", text));
        return answers ? std::string{"none"}
                       : answers.error().context.substr(temp.path().native().size() + 1);
    };
    EXPECT_EQ(error_of("[setup]\npolice = \"x\"\n"), "a.toml:2: setup.police: unknown key");
    EXPECT_EQ(error_of("[site]\nvenue = \"A\"\ngate = \"g\"\n"),
              "a.toml:2: site.venue: \"A\" is not a name of a-z, 0-9 and - (at most 63)");
    EXPECT_EQ(error_of("[set]\n"), "a.toml:1: set: unknown section");
    EXPECT_EQ(error_of("[setup]\nissuer_keys = \"x\"\n"),
              "a.toml:2: setup.issuer_keys: must be a list of texts in quotes");
    EXPECT_EQ(error_of("[setup]\npassword = \"x\"\n"), "a.toml:2: setup.password: unknown key");
    EXPECT_NE(error_of("[setup\n"), "none");
    EXPECT_FALSE(read_answers(temp.path() / "absent.toml"));
}

TEST(SetupAnswersFile, HasEveryKeyOfTheSiteFile) {
    // What the sample explains can be answered: its own lines are a site file.
    const TempDir temp;
    const auto document = config::Document::parse("sample", whole_sample());
    ASSERT_TRUE(document) << document.error().what << " in line " << document.error().line;
    SetupAnswers answers;
    for (const auto& mistake : document->mistakes_in(config::sections_of(answers.site)))
        ADD_FAILURE() << config::text_of(mistake, "sample");
}

Result<crypto::LockedBytes> sealed_by_nobody(const std::string& /*name*/, Bytes /*secret*/) {
    return fail(Errc::Unsupported, "not here");
}

TEST(SetupPlan, LeavesNoSealedEventSecretThatShadowsTheNewOne) {
    const TempDir temp;
    const GateRoot place{.root = temp.path()};
    const auto sealed = sealed_credential_of(place, "stile.event.secret");
    const auto plain = credential_of(place, "stile.event.secret");
    const auto brought = temp.write("secret", std::string(64, 'a') + "\n");
    std::filesystem::permissions(brought, std::filesystem::perms{0600});
    SetupAnswers answers;
    answers.site.paths.secret = "stile.event.secret";
    answers.event_secret = brought;
    auto plan = make_plan(std::move(answers), place, kWrittenAt, sealed_by_nobody);
    ASSERT_TRUE(plan) << plan.error().context;
    ASSERT_NE(plan->file(plain), nullptr);
    EXPECT_EQ(plan->file(plain)->instead_of, sealed);

    SetupAnswers again;
    again.site.paths.secret = "stile.event.secret";
    again.event_secret = brought;
    plan = make_plan(std::move(again), place, kWrittenAt,
                     [](const std::string& /*name*/, Bytes bytes) {
                         return Result<crypto::LockedBytes>{std::in_place, bytes.size()};
                     });
    ASSERT_TRUE(plan) << plan.error().context;
    ASSERT_NE(plan->file(sealed), nullptr);
    EXPECT_EQ(plan->file(sealed)->instead_of, plain);
}

TEST(SetupPlan, IsNotCarriedOutWhenTheKeysHaveChangedSince) {
    const TempDir temp;
    const GateRoot place{.root = temp.path()};
    std::filesystem::create_directories(temp.path() / "etc/stile");
    const auto keys = temp.write("etc/stile/keys.toml", "# two keys\n");
    auto plan = make_plan({}, place, kWrittenAt, sealed_by_nobody);
    ASSERT_TRUE(plan) << plan.error().context;
    temp.write("etc/stile/keys.toml", "# one\n");
    const auto done = carry_out(*plan, place, kWrittenAt);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Closed);
    EXPECT_TRUE(done.error().context.starts_with(keys.native())) << done.error().context;
    EXPECT_FALSE(is_there(place.site_on_disk()));
}

TEST(SetupDialogue, TakesTheDefaultForAnEmptyLine) {
    TypedConsole console{""};
    Dialogue dialogue{console};
    config::Lane lane;
    dialogue.ask("Which way?", field_of(config::fields(lane), "direction"));
    EXPECT_EQ(lane.direction, "entry");
    EXPECT_EQ(console.said, "Which way?\n  direction [entry]: ");
}

TEST(SetupDialogue, ShowsADefaultAsItWouldBeTyped) {
    TypedConsole console{"", ""};
    Dialogue dialogue{console};
    config::Site site;
    site.mqtt.user = "nörd \"x\"\\\x1b[";
    site.mqtt.brokers = {"tcp://[::1]:1883", "ssl://a:8883"};
    const auto fields = config::fields(site.mqtt);
    dialogue.ask("Who?", field_of(fields, "user"));
    EXPECT_EQ(console.said, "Who?\n  user [nörd \"x\"\\\\u001B[]: ");
    console.said.clear();
    dialogue.ask("Where?", field_of(fields, "brokers"));
    EXPECT_EQ(console.said, "Where?\n  brokers [tcp://[::1]:1883, ssl://a:8883]: ");
}

TEST(SetupDialogue, AsksAgainWithTheReason) {
    TypedConsole console{"sideways", "", "exit"};
    Dialogue dialogue{console};
    config::Lane lane;
    dialogue.ask("Which way?", field_of(config::fields(lane), "direction"),
                 [&lane] { return lane.direction == "entry" ? "not that" : ""; });
    EXPECT_EQ(lane.direction, "exit");
    EXPECT_NE(console.said.find("  no: \"sideways\" is not one of: entry, exit, both\n"),
              std::string::npos)
        << console.said;
    EXPECT_NE(console.said.find("  no: not that\n"), std::string::npos);
}

TEST(SetupDialogue, ReadsNumbersAndLists) {
    TypedConsole console{"seven", "1, x", "007 12,  9", "-", "a:1 b:2"};
    Dialogue dialogue{console};
    config::Site site;
    const auto events = field_of(config::fields(site.policy), "events");
    dialogue.ask("Events?", events);
    EXPECT_EQ(site.policy.events, (std::vector<std::int64_t>{7, 12, 9}));
    dialogue.ask("Events?", events);
    EXPECT_TRUE(site.policy.events.empty());
    dialogue.ask("Lists?", field_of(config::fields(site.platform), "lists"));
    EXPECT_EQ(site.platform.lists, (std::vector<std::string>{"a:1", "b:2"}));
    EXPECT_EQ(console.left(), 0U);
}

TEST(SetupDialogue, EndsWithItsInput) {
    TypedConsole console{};
    Dialogue dialogue{console};
    config::Lane lane;
    dialogue.ask("Which way?", field_of(config::fields(lane), "direction"));
    EXPECT_TRUE(dialogue.ended());
    EXPECT_FALSE(dialogue.agrees("Write?", Dialogue::Yes::Usual));
}

TEST(SetupPlugged, ReadsTheListOfTheReaderProgram) {
    const TempDir temp;
    std::filesystem::create_symlink("../../video2", temp.path() / "usb-Cam_X-video-index0");
    std::filesystem::create_symlink("../../video3", temp.path() / "usb-Cam_X-video-index1");
    const auto found = plugged_in(
        "camera  /dev/video0  Built-in\n"
        "camera  /dev/video2  Cam X\n"
        "usb     1-2.3        072f:2200  card reader  ACS ACR122U\n"
        "usb     1-4          0c2e:0200  keyboard or scanner  Scan 1\n"
        "usb     1-5          0c2e:0200  keyboard or scanner  Scan 1\n"
        "usb     1-6          1d6b:0002  other  Hub\n"
        "No USB device is plugged in, or none is visible here.\nusb\nusb \n\ncamera\n",
        temp.path());
    const std::vector<Plugged> wanted{
        {"camera", "/dev/video0", "Built-in"},
        {"camera", (temp.path() / "usb-Cam_X-video-index0").native(), "Cam X"},
        {"nfc", "usb:072f:2200", "ACS ACR122U"},
        {"scanner", "usb:0c2e:0200@1-4", "Scan 1"},
        {"scanner", "usb:0c2e:0200@1-5", "Scan 1"}};
    EXPECT_EQ(found, wanted);
}

}  // namespace
}  // namespace stile::test
