// SPDX-License-Identifier: Apache-2.0
// Each verdict on the site, its programs and its devices, by made-up facts.
#include <algorithm>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "daemon/doctor/checks.hpp"
#include "tests/daemon/doctor_fixture.hpp"

namespace stile::doctor {
namespace {

TEST(DoctorTable, NamesEveryCheckOfTheCodeAndNoOther) {
    std::ifstream in{STILE_SOURCE_DIR "/daemon/doctor/DOCTOR.md"};
    std::multiset<std::string> named;
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("| `")) continue;
        named.insert(line.substr(3, line.find('`', 3) - 3));
    }
    EXPECT_EQ(named, std::multiset<std::string>(std::begin(kChecks), std::end(kChecks)));
}

TEST(DoctorSite, TellsAMissingFileFromAWrongOne) {
    EXPECT_NE(wrong_site_file({Errc::NotFound, "x"}, "x").fix.find("stilectl setup"),
              std::string::npos);
    const auto wrong = wrong_site_file({Errc::Config, "site.toml:3: mqtt.windw: unknown key"}, "x");
    EXPECT_EQ(verdict(wrong), Bad);
    EXPECT_NE(wrong.says.find("site.toml:3"), std::string::npos);
    EXPECT_EQ(verdict(check_site_file(a_site(), "site.toml")), Good);
}

TEST(DoctorSite, NamesGroupsAndUsersThatAreNotThere) {
    const Directory known{.has_user = [](const std::string& name) { return name == "reader"; },
                          .has_group = [](const std::string& name) { return name == "staff"; }};
    config::Site site = a_site();
    EXPECT_TRUE(check_names(site, known).empty()) << "those of the packages are seen elsewhere";
    site.roles.operators = {"staff", "stile-operators"};
    const auto role = check_names(site, known);
    EXPECT_EQ(verdict(role), Look);
    EXPECT_TRUE(role.front().says.starts_with("roles.operator names the group stile-operators,"));
    site.roles.operators = {"staff"};
    site.sockets = {.reader_user = "reader", .sync_user = "nobodyhere"};
    const auto user = check_names(site, known);
    EXPECT_EQ(verdict(user), Bad);
    EXPECT_TRUE(user.front().says.starts_with("sockets.sync_user names the user nobodyhere,"));
}

TEST(DoctorKeys, AreGoodForLong) {
    EXPECT_EQ(verdict(check_keys(a_site(), std::vector{a_key()}, kNow)), Good);
}

TEST(DoctorKeys, AreGoodWithoutBeginningAndEnd) {
    const crypto::KeyRecord key{.issuer = "box-office", .events = {7}};
    const auto found = check_keys(a_site(), std::vector{key}, kNow);
    EXPECT_EQ(verdict(found), Good) << found.front().says;
    EXPECT_EQ(found.front().says, "1 issuer key trusted, for event 7.");
}

TEST(DoctorKeys, AreToLookAtWhenTheyEndSoonOrBeginLater) {
    auto key = a_key();
    key.not_after = std::chrono::floor<std::chrono::seconds>(kNow + days{3});
    EXPECT_EQ(verdict(check_keys(a_site(), std::vector{key}, kNow)), Look);
    key = a_key();
    key.not_before = std::chrono::floor<std::chrono::seconds>(kNow + days{3});
    EXPECT_EQ(verdict(check_keys(a_site(), std::vector{key}, kNow)), Look);
}

TEST(DoctorKeys, AreBadWhenNoneIsLeft) {
    auto ended = a_key();
    ended.not_after = std::chrono::floor<std::chrono::seconds>(kNow - days{1});
    EXPECT_EQ(verdict(check_keys(a_site(), std::vector{ended}, kNow)), Bad);
    auto revoked = a_key();
    revoked.status = crypto::KeyStatus::Revoked;
    EXPECT_EQ(verdict(check_keys(a_site(), std::vector{revoked}, kNow)), Bad);
    EXPECT_EQ(verdict(check_keys(a_site(), {}, kNow)), Bad);
}

TEST(DoctorKeys, AreBadForAnEventThatNoneSigns) {
    auto site = a_site();
    site.policy.events = {7, 8};
    const auto found = check_keys(site, std::vector{a_key()}, kNow);
    EXPECT_EQ(verdict(found), Bad);
    EXPECT_NE(found.front().says.find("event 8"), std::string::npos);
}

TEST(DoctorSecret, IsBadWhenItIsNamedAndMissingOrOpen) {
    auto site = a_site();
    EXPECT_EQ(verdict(check_secret(site, {}, {})), Good);
    site.paths.secret = "/etc/stile/event.secret";
    EXPECT_EQ(verdict(check_secret(site, {.sight = Sight::Absent}, {})), Bad);
    EXPECT_EQ(verdict(check_secret(site, {.sight = Sight::Hidden}, {})), Look);
    EXPECT_EQ(verdict(check_secret(site, {.sight = Sight::Seen}, fail(Errc::Config, "open"))), Bad);
    EXPECT_EQ(verdict(check_secret(site, {.sight = Sight::Seen}, {})), Good);
}

TEST(DoctorSecret, MayBeACredential) {
    auto site = a_site();
    site.paths.secret = "stile.event.secret";
    EXPECT_EQ(verdict(check_secret(site, {.sight = Sight::Absent}, {})), Good);
    ASSERT_EQ(named_secrets(site).size(), 1U);
    EXPECT_EQ(named_secrets(site).front().key, "paths.secret");
    EXPECT_EQ(verdict(check_credentials(named_secrets(site), std::vector<FileFact>(1))), Bad);
    for (const FileRule& rule : file_rules(site, "/etc/stile/stile.toml"))
        EXPECT_NE(rule.what, "the event secret");
}

TEST(DoctorPolicy, SaysMistakesAndWarnings) {
    const std::vector<config::Mistake> one{{3, "area.x", "unknown"}};
    EXPECT_EQ(verdict(check_policy("p.toml", one, {})), Bad);
    EXPECT_EQ(verdict(check_policy("p.toml", {}, one)), Look);
    EXPECT_EQ(verdict(check_policy("p.toml", {}, {})), Good);
}

TEST(DoctorLanguages, AreAskedOfTheDisplay) {
    EXPECT_EQ(verdict(check_languages("l", {.exit_code = 0})), Good);
    EXPECT_EQ(verdict(check_languages("l", {.exit_code = 78, .err = "xx.toml: no word\n"})), Look);
    EXPECT_EQ(verdict(check_languages("l", {})), Look);
}

TEST(DoctorSchedule, NoticesALaneThatIsNeverOpenedAgain) {
    auto site = a_site();
    EXPECT_TRUE(check_schedule(site).empty());
    site.schedules.push_back({"lane-1", {}, "22:00", "locked"});
    EXPECT_EQ(verdict(check_schedule(site)), Look);
    site.schedules.push_back({"", {}, "07:00", "normal"});
    EXPECT_EQ(verdict(check_schedule(site)), Good);
}

TEST(DoctorFiles, AreGoodAsInstalled) {
    const auto rules = file_rules(a_site(), "/etc/stile/stile.toml");
    std::vector<FileFact> facts;
    for (const FileRule& rule : rules)
        facts.push_back({Sight::Seen, rule.forbidden == 077U ? 0700U : 0755U,
                         rule.owner.empty() ? "root" : rule.owner});
    EXPECT_EQ(verdict(check_files(rules, facts)), Good);
}

TEST(DoctorFiles, AreBadWhenOpenOfSomebodyElseOrMissing) {
    const std::vector<FileRule> rules{{"/state", "the state folder", "stile", 077}};
    const auto with = [&](FileFact fact) { return verdict(check_files(rules, std::vector{fact})); };
    EXPECT_EQ(with({Sight::Seen, 0700, "stile"}), Good);
    EXPECT_EQ(with({Sight::Seen, 0755, "stile"}), Bad);
    EXPECT_EQ(with({Sight::Seen, 0700, "root"}), Bad);
    EXPECT_EQ(with({Sight::Absent}), Bad);
    EXPECT_EQ(with({Sight::Hidden}), Look);
}

TEST(DoctorFiles, AreBadWhenTheGatesProgramsMayNotReadThem) {
    using Readers = FileRule::Readers;
    const auto with = [](Readers readers, FileFact fact) {
        const std::vector<FileRule> rules{{.path = "/f", .what = "it", .readers = readers}};
        return verdict(check_files(rules, std::vector{fact}));
    };
    EXPECT_EQ(with(Readers::Daemon, {Sight::Seen, 0600, "root", "root"}), Bad);
    EXPECT_EQ(with(Readers::Daemon, {Sight::Seen, 0600, "stile", "root"}), Good);
    EXPECT_EQ(with(Readers::Daemon, {Sight::Seen, 0640, "root", "stile"}), Good);
    EXPECT_EQ(with(Readers::Daemon, {Sight::Seen, 0644, "root", "root"}), Good);
    EXPECT_EQ(with(Readers::Everybody, {Sight::Seen, 0640, "root", "stile"}), Bad);
    EXPECT_EQ(with(Readers::Everybody, {Sight::Seen, 0644, "root", "root"}), Good);
    EXPECT_EQ(with(Readers::Any, {Sight::Seen, 0600, "root", "root"}), Good);
}

TEST(DoctorFiles, MayBeMissingBeforeTheFirstStart) {
    const std::vector<FileRule> rules{
        {"/state", "the state folder", "stile", 077, FileRule::Need::MadeAtStart}};
    EXPECT_EQ(verdict(check_files(rules, std::vector<FileFact>(1))), Good);
}

TEST(DoctorCredentials, AreNamedAndThere) {
    auto site = a_site();
    EXPECT_TRUE(named_secrets(site).empty());
    site.mqtt.password_file = "stile.mqtt.password";
    site.mqtt.ca_file = "/etc/stile/ca.pem";
    const auto secrets = named_secrets(site);
    ASSERT_EQ(secrets.size(), 2U);
    const auto with = [&](FileFact password) {
        return verdict(
            check_credentials(secrets, std::vector{password, FileFact{Sight::Seen, 0644, "root"}}));
    };
    EXPECT_EQ(with({Sight::Seen, 0600, "root"}), Good);
    EXPECT_EQ(with({Sight::Seen, 0644, "root"}), Bad);
    EXPECT_EQ(with({Sight::Absent}), Look) << "guests are let in without stile-sync";
    EXPECT_EQ(with({Sight::Hidden}), Look);
    const auto open = check_credentials(
        secrets, std::vector{FileFact{Sight::Seen, 0644, "root", "root", "/store/it"},
                             FileFact{Sight::Seen, 0644, "root"}});
    EXPECT_NE(open.front().says.find("may read or change it"), std::string::npos);
    EXPECT_EQ(open.front().fix, "sudo chmod go-rwx /store/it");
    const std::vector<NamedSecret> cards{{"cards.ev2_keys", "stile.cards.ev2"}};
    EXPECT_EQ(verdict(check_credentials(cards, std::vector<FileFact>(1))), Bad);
}

TEST(DoctorCredentials, ThatAreFilesAreReadByTheUserOfTheirProgram) {
    const auto of = [](const char* key, const FileFact& fact) {
        config::Site site;
        (std::string_view{key} == "ca_file" ? site.mqtt.ca_file : site.mqtt.password_file) = "/f";
        return check_credentials(named_secrets(site), std::vector{fact}).front();
    };
    const FileFact of_root{Sight::Seen, 0600, "root", "root", "/f"};
    const FileFact of_sync{Sight::Seen, 0600, "stile-sync", "root", "/f"};
    const FileFact of_group{Sight::Seen, 0640, "root", "stile-sync", "/f"};
    EXPECT_EQ(verdict(of("password_file", of_root)), Look)
        << "guests are let in without stile-sync";
    EXPECT_EQ(of("password_file", of_root).fix, "sudo chmod 600 /f && sudo chown stile-sync /f");
    EXPECT_EQ(verdict(of("password_file", of_sync)), Good);
    EXPECT_EQ(verdict(of("password_file", of_group)), Good);
    EXPECT_EQ(verdict(of("password_file", {Sight::Seen, 0640, "root", "ssl-cert"})), Good);
    EXPECT_EQ(verdict(of("password_file", {Sight::Seen, 0640, "root", "root"})), Look);
    EXPECT_EQ(verdict(of("ca_file", of_root)), Look);
    EXPECT_EQ(of("ca_file", of_root).fix, "sudo chmod go+r /f");
    const std::vector<NamedSecret> cards{{"cards.ev2_keys", "/f", FileRule::Readers::Daemon}};
    EXPECT_EQ(verdict(check_credentials(cards, std::vector{of_sync})), Bad);
}

TEST(DoctorCredentials, ThatAreAbsentAreMadeReadableForTheirProgram) {
    config::Site site;
    site.mqtt.password_file = "/p";
    site.mqtt.ca_file = "/ca.pem";
    site.mqtt.key_file = "stile.key";
    const auto found = check_credentials(named_secrets(site), std::vector<FileFact>(3));
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].fix, "Put it into /p, then: sudo chmod 600 /p && sudo chown stile-sync /p");
    EXPECT_EQ(found[1].fix, "Put it into /ca.pem, then: sudo chmod go+r /ca.pem");
    EXPECT_EQ(
        found[2].fix,
        "Put it into /etc/credstore/stile.key, then: sudo chmod 600 /etc/credstore/stile.key");
}

UnitFact running() {
    return {"loaded", "active", "enabled", "success"};
}

TEST(DoctorUnits, AreOneForEachReaderAndTheRest) {
    const auto rules = unit_rules(a_site());
    EXPECT_EQ(std::ranges::count(rules, "stile-reader@cam-1.service", &UnitRule::name), 1);
    for (const UnitRule& rule : rules)
        EXPECT_EQ(verdict(check_unit(rule, running())), Good);
}

TEST(DoctorUnits, AreBadWhenTheGateNeedsThem) {
    const UnitRule rule{"stiled.service", "Nobody is let in."};
    for (const UnitFact& fact : {UnitFact{"not-found"}, UnitFact{"masked", "inactive"},
                                 UnitFact{"loaded", "failed", "static", "exit-code", 78},
                                 UnitFact{"loaded", "inactive", "static"},
                                 UnitFact{"loaded", "activating", "static", "watchdog", 0, 12}})
        EXPECT_EQ(verdict(check_unit(rule, fact)), Bad) << fact.load << fact.active;
}

TEST(DoctorUnits, AreToLookAtWhenGuestsAreLetInWithout) {
    const UnitRule rule{"stile-sync.service", "The venue does not see it.", UnitRule::Weight::Side};
    EXPECT_EQ(verdict(check_unit(rule, {"loaded", "failed"})), Look);
}

TEST(DoctorUnits, ThatATimerStartsAreBadOnlyWhenTheyFailed) {
    const auto rules = unit_rules(a_site());
    const auto of = [&rules](std::string_view name, const UnitFact& fact) {
        return verdict(check_unit(*std::ranges::find(rules, name, &UnitRule::name), fact));
    };
    for (const char* name : {"stile-scrub.service", "stile-backup.service"}) {
        EXPECT_EQ(of(name, {"loaded", "inactive", "static", "success"}), Good);
        EXPECT_EQ(of(name, {"loaded", "activating", "static", "success"}), Good);
    }
    EXPECT_EQ(of("stile-scrub.service", {"loaded", "failed", "static", "exit-code", 1}), Bad);
    EXPECT_EQ(of("stile-backup.service", {"loaded", "failed", "static", "exit-code", 1}), Look);
}

TEST(DoctorUnits, OfScreensAreToLookAtWhereTheyAreWantedAndDark) {
    const auto rules = unit_rules(a_site());
    for (const char* name : {"stile-display.service", "stile-kiosk@lane-1.service"}) {
        const auto rule = std::ranges::find(rules, name, &UnitRule::name);
        ASSERT_NE(rule, rules.end()) << name;
        for (const UnitFact& fact :
             {UnitFact{"loaded", "failed", "enabled", "exit-code", 78},
              UnitFact{"loaded", "failed", "disabled", "exit-code", 78},
              UnitFact{"loaded", "activating", "enabled", "exit-code", 203, 12},
              UnitFact{"loaded", "inactive", "enabled"}})
            EXPECT_EQ(verdict(check_unit(*rule, fact)), Look) << fact.active << fact.enabled;
        for (const UnitFact& fact :
             {UnitFact{"loaded", "inactive", "disabled"}, UnitFact{"masked", "inactive", "masked"},
              UnitFact{"not-found", "inactive"}})
            EXPECT_TRUE(check_unit(*rule, fact).empty()) << fact.load;
    }
}

TEST(DoctorUnits, HaveToStartWithTheMachine) {
    const UnitRule rule{"stile.target", "Nobody.", UnitRule::Weight::Gate, UnitRule::Kind::Boot};
    EXPECT_EQ(verdict(check_unit(rule, {"loaded", "active", "disabled"})), Bad);
}

TEST(DoctorUnits, TellTheirRestartsAndLastError) {
    const UnitRule rule{"stiled.service", "Nobody."};
    auto fact = running();
    fact.restarts = 3;
    EXPECT_EQ(verdict(check_unit(rule, fact), kProgramsRestarts), Look);
    fact = {"loaded", "failed", "static", "exit-code", 78, 0, "site.toml:3: unknown key"};
    const auto found = check_unit(rule, fact);
    EXPECT_NE(found.front().says.find("(exit-code 78): site.toml:3"), std::string::npos);
}

TEST(DoctorDaemon, AnswersOrNot) {
    EXPECT_EQ(verdict(check_daemon(Daemon::Answers, "")), Good);
    EXPECT_EQ(verdict(check_daemon(Daemon::Absent, "")), Look);
    EXPECT_EQ(verdict(check_daemon(Daemon::Denied, "no role")), Look);
    EXPECT_EQ(verdict(check_daemon(Daemon::Silent, "no answer")), Bad);
}

TEST(DoctorVersions, AreAllTheSame) {
    const std::vector<ProgramVersion> same{{"stiled", {0, "stiled 1.2.0\n"}}, {"stile-sync", {}}};
    EXPECT_EQ(verdict(check_versions("1.2.0", same, "stile 1.2.0")), Good);
    EXPECT_EQ(verdict(check_versions("1.2.0", same, "stile 1.1.0")), Look);
    EXPECT_EQ(verdict(check_versions("1.3.0", same, "")), Bad);
}

TEST(DoctorReaders, AreJudgedByTheirRunningProgram) {
    const auto reader = a_site().readers.front();
    EXPECT_EQ(verdict(check_running_reader(reader, {"working", "", 30})), Good);
    EXPECT_EQ(verdict(check_running_reader(reader, {"starting", ""})), Look);
    EXPECT_EQ(verdict(check_running_reader(reader, {"degraded", "dark"})), Look);
    EXPECT_EQ(verdict(check_running_reader(reader, {"failed", "gone"})), Bad);
}

TEST(DoctorReaders, AreLeftAloneWhileTheyRunWithoutADaemon) {
    EXPECT_EQ(verdict(check_held_reader(a_site().readers.front())), Look);
}

TEST(DoctorReaders, HoldTheirDeviceWhenTheyAreConnected) {
    GateStatus gate;
    EXPECT_FALSE(holds_device(nullptr, "cam-1"));
    EXPECT_FALSE(holds_device(&gate, "cam-1"));
    gate.readers["cam-1"].state = "absent";
    EXPECT_FALSE(holds_device(&gate, "cam-1"));
    gate.readers["cam-1"].state = "failed";
    EXPECT_TRUE(holds_device(&gate, "cam-1"));
}

TEST(DoctorCamera, SeesWellBadlyOrNothing) {
    const auto reader = a_site().readers.front();
    EXPECT_EQ(verdict(check_camera(reader, {"ok", "", {}, 30})), Good);
    EXPECT_EQ(verdict(check_camera(reader, {"dark", "", {"Add light."}, 30})), Look);
    EXPECT_EQ(verdict(check_camera(reader, {"gone", "no device", {}, 0})), Bad);
    EXPECT_EQ(verdict(check_camera(reader, {})), Look);
}

TEST(DoctorUsb, IsThereOrSaysWhyNot) {
    auto reader = a_site().readers.front();
    reader.kind = "nfc";
    EXPECT_EQ(verdict(check_usb(reader, {true})), Good);
    EXPECT_EQ(verdict(check_usb(reader, {})), Bad);
    const auto taken = check_usb(reader, {false, "pcscd has it", {"Stop pcscd."}});
    EXPECT_EQ(taken.fix, "Stop pcscd.");
}

TEST(DoctorTurnstile, IsSimulatedOrWiredOrNot) {
    auto lane = a_site().lanes.front();
    EXPECT_EQ(verdict(check_wiring(lane, {})), Look);
    lane.wiring.turnstile = "gpio";
    EXPECT_EQ(verdict(check_wiring(lane, {})), Good);
    EXPECT_EQ(verdict(check_wiring(lane, {.chip = Sight::Absent})), Bad);
    EXPECT_EQ(verdict(check_wiring(lane, {.chip = Sight::Hidden})), Look);
    EXPECT_EQ(verdict(check_wiring(lane, {.board = WiringFact::Board::Absent})), Bad);
    EXPECT_EQ(verdict(check_wiring(lane, {.board = WiringFact::Board::There})), Good);
    EXPECT_EQ(verdict(check_wiring(lane, {.board = WiringFact::Board::One})), Look)
        << "it may be another one";
    using State = ContactFact::State;
    EXPECT_EQ(verdict(check_wiring(lane, {.contacts = {{"release", "99", State::Missing}}})), Bad);
    EXPECT_EQ(verdict(check_wiring(lane, {.contacts = {{"release", "4", State::Taken, "fan"}}})),
              Bad);
}

TEST(DoctorTurnstile, OfTheFirePanelIsThere) {
    EXPECT_TRUE(check_fire_wiring({}, {}).empty());
    const config::FirePanel panel{.gpio_chip = "gpiochip0", .line = "26"};
    EXPECT_EQ(verdict(check_fire_wiring(panel, {})), Good);
    EXPECT_EQ(verdict(check_fire_wiring(panel, {.chip = Sight::Absent})), Bad);
}

TEST(DoctorTurnstile, IsJudgedByTheRunningGate) {
    const auto lane = a_site().lanes.front();
    GateStatus gate;
    EXPECT_EQ(verdict(check_running_lane(lane, gate)), Look);
    gate.lanes["lane-1"] = {"normal", "idle"};
    EXPECT_EQ(verdict(check_running_lane(lane, gate)), Good);
    gate.lanes["lane-1"] = {"normal", "out-of-order"};
    EXPECT_EQ(verdict(check_running_lane(lane, gate)), Bad);
    gate.lanes["lane-1"] = {"locked", "locked"};
    EXPECT_EQ(verdict(check_running_lane(lane, gate)), Look);
}

TEST(DoctorDisplay, IsToLookAtWhenItRunsAndDoesNotAnswer) {
    EXPECT_EQ(verdict(check_display(running(), true, "127.0.0.1:9470")), Good);
    EXPECT_EQ(verdict(check_display(running(), false, "127.0.0.1:9470")), Look);
    EXPECT_TRUE(check_display({}, false, "127.0.0.1:9470").empty());
}

}  // namespace
}  // namespace stile::doctor
