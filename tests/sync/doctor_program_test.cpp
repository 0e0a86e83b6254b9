// SPDX-License-Identifier: Apache-2.0
// stilectl doctor on a real site: with everything right that can be right here, and with
// everything broken.
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/daemon/stiled_site.hpp"
#include "tests/sync/testbed/certificates.hpp"
#include "tests/sync/testbed/mosquitto.hpp"

namespace stile::test {
namespace {

using sync::testbed::Certificates;
using sync::testbed::Mosquitto;

// The verdicts of one check, "good" or "bad,good"; "" when it says nothing.
std::string verdicts(const std::string& json, const std::string& check) {
    const std::string begin = "{\"check\":\"" + check + "\"";
    const std::string key = "\"verdict\":\"";
    std::string all;
    for (auto at = json.find(begin); at != std::string::npos; at = json.find(begin, at + 1)) {
        const auto value = json.find(key, at) + key.size();
        if (!all.empty()) all += ',';
        all += json.substr(value, json.find('"', value) - value);
    }
    return all;
}

class DoctorProgram : public testing::Test {
protected:
    [[nodiscard]] Finished doctor(std::vector<std::string> words = {}) const {
        words.insert(words.begin(), {"doctor", "--json"});
        return site_.run("stilectl", std::move(words));
    }
    // Waits until it answers.
    [[nodiscard]] std::unique_ptr<Process> start() const {
        auto stiled = site_.start();
        EXPECT_TRUE(site_.connect("control.sock", *stiled)) << site_.log();
        return stiled;
    }

    Site site_;
};

TEST_F(DoctorProgram, ExaminesASiteThatNeverRan) {
    const auto told = doctor();
    EXPECT_EQ(verdicts(told.out, "site.file"), "good") << told.out << told.err;
    EXPECT_NE(verdicts(told.out, "site.keys"), "");
    EXPECT_EQ(verdicts(told.out, "programs.daemon"), "look");
    EXPECT_EQ(verdicts(told.out, "programs.versions"), "good");
    EXPECT_EQ(verdicts(told.out, "ledger.state"), "look");
    EXPECT_EQ(verdicts(told.out, "devices.camera"), "bad") << "there is none";
    EXPECT_EQ(verdicts(told.out, "devices.turnstile"), "look") << "simulated";
    EXPECT_EQ(verdicts(told.out, "broker.connection"), "bad") << "nobody listens";
    EXPECT_EQ(told.exit_code, 1);
    EXPECT_FALSE(std::filesystem::exists(site_.folder().path() / "state")) << "it only looks";
}

TEST_F(DoctorProgram, TakesTheWordOfARunningGate) {
    const auto stiled = start();
    const auto told = doctor();
    EXPECT_EQ(verdicts(told.out, "programs.daemon"), "good") << told.out << told.err;
    EXPECT_EQ(verdicts(told.out, "ledger.state"), "good");
    EXPECT_NE(verdicts(told.out, "ledger.alarms"), "");
    EXPECT_EQ(verdicts(told.out, "lists.revocations"), "look") << "none was imported";
    EXPECT_EQ(verdicts(told.out, "broker.link"), "look") << "no stile-sync";
}

TEST_F(DoctorProgram, ExaminesAGateThatDied) {
    auto stiled = start();
    stiled->signal(SIGKILL);
    ASSERT_TRUE(stiled->wait(std::chrono::seconds{40}));
    const auto told = doctor();
    EXPECT_EQ(verdicts(told.out, "programs.daemon"), "look") << told.out << told.err;
    EXPECT_EQ(verdicts(told.out, "ledger.state"), "good");
}

TEST_F(DoctorProgram, SaysTheLineOfAWrongSiteFile) {
    site_.folder().write("site.toml",
                         "[site]\nvenue = \"arena\"\ngate = \"north\"\ngates = 3\n"
                         "[[lane]]\nname = \"lane-1\"\n");
    const auto told = doctor();
    EXPECT_EQ(told.exit_code, 78);
    EXPECT_EQ(verdicts(told.out, "site.file"), "bad");
    EXPECT_NE(told.out.find("site.toml:4"), std::string::npos) << told.out;
    EXPECT_NE(verdicts(told.out, "clock.plausible"), "");
    EXPECT_NE(verdicts(told.out, "host.memory"), "");
}

TEST_F(DoctorProgram, FindsEverythingThatIsBroken) {
    site_.write_config(
        "[display]\nlanguages = \"nowhere\"\n"
        "[policy]\nevents = [99]\n"
        "[mqtt]\nbrokers = [\"tcp://no-such-host.invalid:1883\"]\n"
        "user = \"north\"\npassword_file = \"stile.mqtt.none\"\n"
        "[[lane]]\nname = \"lane-2\"\nturnstile = \"gpio\"\ngpio_chip = \"none\"\n"
        "release = \"1\"\n"
        "[[reader]]\nname = \"nfc-1\"\nlane = \"lane-2\"\nkind = \"nfc\"\nsource = "
        "\"usb:072f:2200@99-1\"\n"
        "[[schedule]]\nlane = \"lane-2\"\nfrom = \"22:00\"\nmode = \"locked\"\n");
    std::filesystem::create_directories(site_.ledger());
    std::filesystem::permissions(site_.folder().path() / "state", std::filesystem::perms{0777});
    site_.folder().write("state/ledger/data.mdb", std::string(20'000, 'x'));
    const auto told = doctor();
    EXPECT_EQ(told.exit_code, 1) << told.err;
    for (const char* check :
         {"site.languages", "site.credentials", "devices.camera", "devices.usb", "ledger.state"})
        EXPECT_EQ(verdicts(told.out, check), "bad") << check << told.out;
    EXPECT_NE(verdicts(told.out, "site.keys").find("bad"), std::string::npos);
    EXPECT_NE(verdicts(told.out, "site.files").find("bad"), std::string::npos) << told.out;
    EXPECT_EQ(verdicts(told.out, "site.schedule"), "look");
    EXPECT_EQ(verdicts(told.out, "devices.turnstile"), "look,bad");
}

TEST_F(DoctorProgram, ExaminesThePartsAlone) {
    const auto disk = doctor({"disk"});
    EXPECT_NE(verdicts(disk.out, "disk.speed"), "");
    EXPECT_EQ(verdicts(disk.out, "site.file"), "");
    const auto clock = doctor({"clock"});
    EXPECT_EQ(verdicts(clock.out, "clock.zones"), "good");
}

TEST_F(DoctorProgram, SpeaksInSentencesToPeople) {
    const auto told = site_.run("stilectl", {"doctor", "clock"});
    EXPECT_EQ(told.out.substr(0, 6), "clock\n");
    EXPECT_NE(told.out.find("  + good  The time zone UTC is known.\n"), std::string::npos);
    EXPECT_EQ(told.out.find('\033'), std::string::npos) << "no colour in a file";
}

// A broker with TLS, a user for the gate, and the access list of `lines`.
class DoctorAtABroker : public DoctorProgram {
protected:
    void SetUp() override {
        for (const char* program : {"mosquitto", "mosquitto_passwd", "openssl"}) {
            if (!sync::testbed::have_program(program))
                GTEST_SKIP() << program << " is not installed";
        }
        files_.make_authority("ours");
        files_.issue("ours", "localhost");
        files_.issue("ours", "other.example");
        password_ = site_.folder().write("password", "secret\n");
        std::filesystem::permissions(password_, std::filesystem::perms{0600});
        users_ = site_.folder().write("users", "north:secret\n");
        const auto made = run("/usr/bin/mosquitto_passwd", {"-U", users_}, site_.folder().path());
        ASSERT_EQ(made.exit_code, 0) << made.err;
    }
    void start_broker(const std::string& host, const std::string& acl) {
        const auto rules = files_.folder().write("acl", acl);
        std::string lines = files_.broker("ours", host);
        lines.replace(0, lines.find('\n'), "allow_anonymous false");
        broker_ = std::make_unique<Mosquitto>(lines + "password_file " + users_ + "\nacl_file " +
                                              rules + "\n");
        ASSERT_TRUE(broker_->start());
    }
    [[nodiscard]] Finished doctor_with(const std::string& authority) const {
        site_.write_config(
            "[mqtt]\nbrokers = [\"ssl://localhost:" + std::to_string(broker_->port()) +
            "\"]\nuser = \"north\"\n" + "password_file = \"" + password_ + "\"\nca_file = \"" +
            files_.certificate(authority) + "\"\n");
        return doctor({"broker"});
    }

    Certificates files_;
    std::string password_;
    std::string users_;
    std::unique_ptr<Mosquitto> broker_;
};

TEST_F(DoctorAtABroker, GoesAllTheWay) {
    start_broker("localhost", "pattern write stile/v1/arena/%u/#\n");
    const auto told = doctor_with("ours");
    for (const char* check : {"broker.settings", "broker.name", "broker.connection", "broker.login",
                              "broker.publish", "broker.rights"})
        EXPECT_EQ(verdicts(told.out, check), "good") << check << told.out << told.err;
    EXPECT_EQ(verdicts(told.out, "broker.tls"), "look") << "it ends in two days";
    EXPECT_EQ(told.exit_code, 0);
}

TEST_F(DoctorAtABroker, NoticesRightsThatAreTooWide) {
    start_broker("localhost", "pattern write stile/#\n");
    EXPECT_EQ(verdicts(doctor_with("ours").out, "broker.rights"), "look");
}

TEST_F(DoctorAtABroker, NoticesRightsThatAreTooNarrow) {
    start_broker("localhost", "pattern write other/#\n");
    EXPECT_EQ(verdicts(doctor_with("ours").out, "broker.publish"), "bad");
}

TEST_F(DoctorAtABroker, NoticesAWrongPassword) {
    start_broker("localhost", "pattern write stile/#\n");
    site_.folder().write("password", "guess\n");
    EXPECT_EQ(verdicts(doctor_with("ours").out, "broker.login"), "bad");
}

TEST_F(DoctorAtABroker, NoticesAnotherAuthority) {
    files_.make_authority("theirs");
    start_broker("localhost", "pattern write stile/#\n");
    const auto told = doctor_with("theirs");
    EXPECT_EQ(verdicts(told.out, "broker.tls"), "bad");
    EXPECT_NE(told.out.find("authority"), std::string::npos) << told.out;
}

TEST_F(DoctorAtABroker, NoticesAnotherHost) {
    start_broker("other.example", "pattern write stile/#\n");
    const auto told = doctor_with("ours");
    EXPECT_EQ(verdicts(told.out, "broker.tls"), "bad");
    EXPECT_NE(told.out.find("another host than localhost"), std::string::npos) << told.out;
}

}  // namespace
}  // namespace stile::test
