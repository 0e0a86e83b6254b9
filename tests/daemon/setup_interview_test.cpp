// SPDX-License-Identifier: Apache-2.0
// What setup asks, and what it makes of the answers and of what was there.
#include <fstream>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "crypto/issue/key_record_text.hpp"
#include "daemon/setup/interview.hpp"
#include "daemon/setup/plan.hpp"
#include "daemon/setup/setup.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/support/temp_dir.hpp"
#include "typed_console.hpp"

namespace stile::test {
namespace {

constexpr std::chrono::sys_seconds kNow{std::chrono::seconds{1'790'000'000}};

// Takes every default, and mends the site file by hand at the first question.
class BusyConsole final : public Console {
public:
    explicit BusyConsole(std::filesystem::path file) : file_{std::move(file)} {}
    void say(std::string_view /*text*/) override {}
    std::optional<std::string> read_line() override {
        if (!std::exchange(mended_, true)) std::ofstream{file_, std::ios::app} << "# by hand\n";
        return "";
    }
    std::optional<crypto::LockedBytes> read_hidden(std::string_view /*prompt*/) override {
        return crypto::LockedBytes{0};
    }

private:
    std::filesystem::path file_;
    bool mended_ = false;
};

// A gate that was set up, below a root.
struct SettledGate {
    explicit SettledGate(const char* zone) {
        std::filesystem::create_directories(temp.path() / "etc/stile");
        std::filesystem::create_symlink("../usr/share/zoneinfo/Europe/Berlin",
                                        temp.path() / "etc/localtime");
        temp.write("etc/stile/keys.toml",
                   crypto::key_record_toml(tests::test_record(tests::test_key(1))));
        temp.write("etc/stile/stile.toml",
                   "[site]\nvenue = \"a\"\ngate = \"b\"\n" + std::string{zone} +
                       "[[lane]]\nname = \"c\"\n"
                       "[[reader]]\nname = \"d\"\nlane = \"c\"\nsource = \"/dev/video0\"\n");
    }
    TempDir temp;
    GateRoot place{.root = temp.path()};
};

TEST(SetupPlan, IsNotCarriedOutWhenTheSiteFileChangedWhileItAsked) {
    const SettledGate gate{""};
    BusyConsole console{gate.place.site_on_disk()};
    auto answers = ask_everything(console, gate.place, "no-such-program");
    ASSERT_TRUE(answers && *answers);
    auto plan = make_plan(std::move(**answers), gate.place, kNow, {});
    ASSERT_TRUE(plan) << plan.error().context;
    const auto done = carry_out(*plan, gate.place, kNow);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Closed);
}

TEST(SetupPlan, IsNotCarriedOutWhenTheSiteFileChangedSinceTheAnswersWereRead) {
    const SettledGate gate{""};
    SetupAnswers answers;
    answers.site.lanes.emplace_back().name = "c";
    ASSERT_TRUE(keep_what_is_there(answers, gate.place));
    std::ofstream{gate.place.site_on_disk(), std::ios::app} << "# by hand\n";
    auto plan = make_plan(std::move(answers), gate.place, kNow, {});
    ASSERT_TRUE(plan) << plan.error().context;
    const auto done = carry_out(*plan, gate.place, kNow);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Closed);
}

TEST(SetupInterview, ProposesTheZoneOfTheMachineToANewGateOnly) {
    const SettledGate gate{"time_zone = \"UTC\"\n"};
    const auto said = [&gate] {
        TypedConsole console{"arena", "north"};
        (void)ask_everything(console, gate.place, "no-such-program");
        return console.said;
    };
    EXPECT_TRUE(said().ends_with("time_zone [UTC]: ")) << said();
    std::filesystem::remove(gate.place.site_on_disk());
    EXPECT_TRUE(said().ends_with("time_zone [Europe/Berlin]: ")) << said();
}

TEST(SetupInterview, RefusesAWiringThatCannotBeAndAsksForItAgain) {
    // One lane, relay, the contact of a lamp on the relay that opens it; then another.
    TypedConsole console{"1",     "", "",  "relay", "", "1", "1", "", "-",
                         "relay", "", "1", "2",     "", "-", "",  "", ""};
    Dialogue dialogue{console};
    config::Site site;
    ask_lanes(dialogue, site);
    EXPECT_FALSE(dialogue.ended());
    EXPECT_EQ(console.left(), 0U) << console.said;
    EXPECT_EQ(site.lanes[0].wiring.lamp_go, "2");
    EXPECT_NE(console.said.find("lamp_go: lane lane-1"), std::string::npos) << console.said;
}

TEST(SetupInterview, LetsNoScheduleNameALaneThatIsGone) {
    // One lane; a row out, a row for no lane and then for the one that is left, which is renamed.
    TypedConsole console{"1", "", "n", "c", "a", "c", "", "", "", "", ""};
    Dialogue dialogue{console};
    config::Site site;
    for (const char* name : {"a", "b", "c"})
        site.lanes.emplace_back().name = name;
    for (const char* lane : {"a", "b", "c", ""})
        site.schedules.push_back({.lane = lane, .from = "07:30", .mode = "free"});
    ask_lanes(dialogue, site);
    EXPECT_EQ(console.left(), 0U) << console.said;
    ASSERT_EQ(site.schedules.size(), 3U) << console.said;
    EXPECT_EQ(site.schedules[0].lane, "c");
    EXPECT_EQ(site.schedules[1].lane, "c") << "the one that has that name now";
    EXPECT_EQ(site.schedules[2].lane, "");
}

TEST(SetupInterview, KeepsNoPolicyThatNamesALaneThatIsGone) {
    const TempDir temp;
    Surroundings around;
    around.known_keys = 1;
    SetupAnswers answers;
    answers.site.lanes.emplace_back().name = "lane-1";
    answers.site.paths.policy = temp.write("policy.toml", "no policy\n");
    TypedConsole console{"", "", "", "", "-", ""};
    Dialogue dialogue{console};
    ask_tickets(dialogue, around, answers);
    EXPECT_FALSE(dialogue.ended());
    EXPECT_EQ(console.left(), 0U) << console.said;
    EXPECT_NE(console.said.find("  no: "), std::string::npos) << console.said;
    EXPECT_EQ(answers.site.paths.policy, "");
    EXPECT_EQ(answers.policy, "");
}

TEST(SetupInterview, KnowsTheLanguagesOfTheDisplay) {
    std::string all;
    std::set<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator{
             std::filesystem::path{STILE_SOURCE_DIR} / "devices/display/languages"})
        names.insert(file.path().stem().native());
    for (const std::string& name : names)
        all += (all.empty() ? "" : ", ") + name;
    TypedConsole console{"", "", "", "", "", "tlh", "de", ""};
    Dialogue dialogue{console};
    config::Site site;
    ask_lanes(dialogue, site);
    EXPECT_NE(console.said.find(all), std::string::npos) << console.said;
    EXPECT_NE(console.said.find("tlh is none of them"), std::string::npos) << console.said;
    EXPECT_EQ(site.lanes[0].language, "de");
}

TEST(SetupInterview, ProposesWhatIsPluggedIn) {
    Surroundings around;
    around.plugged = {{"camera", "/dev/video0", "Cam"},
                      {"nfc", "usb:072f:2200", "ACS ACR122U"},
                      {"scanner", "usb:0000:0001", "Keyboard"}};
    TypedConsole console{"", "", "y", "door", "", "n"};  // the keyboard stays one
    Dialogue dialogue{console};
    config::Site site;
    site.lanes.emplace_back().name = "lane-1";
    ask_readers(dialogue, around, site);
    ASSERT_EQ(site.readers.size(), 2U) << console.said;
    EXPECT_EQ(site.readers[0].name, "camera-1");
    EXPECT_EQ(site.readers[0].lane, "lane-1");
    EXPECT_EQ(site.readers[1].name, "door");
    EXPECT_EQ(site.readers[1].kind, "nfc");
    EXPECT_EQ(site.readers[1].source, "usb:072f:2200");
}

TEST(SetupInterview, LetsReadersFollowTheirLane) {
    // Each lane gets another name, the second one that of the first.
    TypedConsole console{"", "north", "", "", "", "", "", "lane-1", "",
                         "", "",      "", "", "", "", "", ""};
    Dialogue dialogue{console};
    config::Site site;
    for (const char* name : {"lane-1", "lane-2"})
        site.lanes.emplace_back().name = name;
    site.readers.push_back({.name = "cam-1", .lane = "lane-1", .source = "/dev/video0"});
    site.readers.push_back({.name = "cam-2", .lane = "lane-2", .source = "/dev/video1"});
    ask_lanes(dialogue, site);
    ask_readers(dialogue, {}, site);
    ASSERT_EQ(site.readers.size(), 2U) << console.said;
    EXPECT_EQ(site.readers[0].lane, "north");
    EXPECT_EQ(site.readers[1].lane, "lane-1");
}

TEST(SetupInterview, GivesNoReaderToALaneThatTookTheNameOfItsOwn) {
    // The second lane goes, the first takes its name.
    TypedConsole console{"1", "lane-2", "", "", "", "", "", "", "cam", ""};
    Dialogue dialogue{console};
    config::Site site;
    for (const char* name : {"lane-1", "lane-2"})
        site.lanes.emplace_back().name = name;
    site.readers.push_back({.name = "cam-2", .lane = "lane-2", .source = "/dev/video1"});
    ask_lanes(dialogue, site);
    ask_readers(dialogue, {}, site);
    ASSERT_EQ(site.readers.size(), 1U) << console.said;
    EXPECT_EQ(site.readers[0].name, "cam") << "its place is asked for anew";
}

// What became of a site's broker after these answers to its questions.
struct BrokerTold {
    SetupAnswers answers;
    std::string said;
};
BrokerTold ask_about(const config::Mqtt& before, std::initializer_list<const char*> lines,
                     const Surroundings& around = {}) {
    TypedConsole console{lines};
    Dialogue dialogue{console};
    BrokerTold told;
    told.answers.site.mqtt = before;
    ask_broker(dialogue, around, told.answers);
    EXPECT_FALSE(dialogue.ended()) << console.said;
    EXPECT_EQ(console.left(), 0U) << console.said;
    told.said = console.said;
    return told;
}

TEST(SetupBroker, TakesThePasswordAwayWithItsUser) {
    config::Mqtt before;
    before.user = "north";
    before.password_file = kPasswordCredential;
    EXPECT_EQ(ask_about(before, {"", "-"}).answers.site.mqtt.password_file, "");
}

TEST(SetupBroker, LeavesThePasswordOfAUserThatIsInAFile) {
    config::Mqtt before;
    before.user_file = "/etc/stile/user";
    before.password_file = kPasswordCredential;
    const auto after = ask_about(before, {"", ""}).answers.site.mqtt;
    EXPECT_EQ(after.user_file, before.user_file);
    EXPECT_EQ(after.password_file, before.password_file);
}

TEST(SetupBroker, TakesATypedUserInsteadOfAFile) {
    config::Mqtt before;
    before.user_file = "/etc/stile/user";
    const auto after = ask_about(before, {"", "north", ""}).answers.site.mqtt;
    EXPECT_EQ(after.user, "north");
    EXPECT_EQ(after.user_file, "");
}

TEST(SetupBroker, TakesTheFilesForTlsAwayWithIt) {
    config::Mqtt before;
    before.brokers = {"ssl://h:8883"};
    before.ca_file = "/etc/stile/broker-ca.pem";
    before.certificate_file = "/etc/stile/gate.pem";
    before.key_file = "/etc/stile/gate.key";
    EXPECT_EQ(ask_about(before, {"", "", ""}).answers.site.mqtt.ca_file, before.ca_file);
    const auto after = ask_about(before, {"tcp://h:1883", ""}).answers.site.mqtt;
    EXPECT_EQ(after.ca_file + after.certificate_file + after.key_file, "");
}

TEST(SetupBroker, TrustsTheAuthoritiesOfTheSystemAgain) {
    config::Mqtt before;
    before.brokers = {"ssl://h:8883"};
    before.ca_file = "/etc/stile/broker-ca.pem";
    const auto told = ask_about(before, {"", "-", ""});
    EXPECT_EQ(told.answers.site.mqtt.ca_file, "") << told.said;
    EXPECT_EQ(told.answers.broker_ca, "");
}

TEST(SetupBroker, KeepsThePasswordThatIsHereAsItSays) {
    const auto told = ask_about({}, {"", "north", ""}, {.has_password = true});
    EXPECT_NE(told.said.find("keep the one that is here"), std::string::npos) << told.said;
    EXPECT_EQ(told.answers.site.mqtt.password_file, kPasswordCredential);
}

TEST(SetupBroker, SaysThatItKeepsThePasswordOfAFile) {
    config::Mqtt before;
    before.password_file = "/etc/stile/password";
    const auto told = ask_about(before, {"", "north", ""});
    EXPECT_NE(told.said.find("keep the one that is here"), std::string::npos) << told.said;
    EXPECT_EQ(told.answers.site.mqtt.password_file, "/etc/stile/password");
}

TEST(SetupBroker, ForgetsAPassword) {
    config::Mqtt before;
    before.user = "north";
    before.password_file = kPasswordCredential;
    const auto told = ask_about(before, {"", "", "-"}, {.has_password = true});
    EXPECT_EQ(told.answers.site.mqtt.password_file, "");
    EXPECT_FALSE(told.answers.typed_password);
}

}  // namespace
}  // namespace stile::test
