// SPDX-License-Identifier: Apache-2.0
// stilectl doctor on a real site: with everything right that can be right here, and with
// everything broken.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/doctor/examine.hpp"
#include "daemon/doctor/json.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "sync/doctor/doctor.hpp"
#include "tests/daemon/stiled_site.hpp"
#include "tests/sync/testbed/certificates.hpp"
#include "tests/sync/testbed/mosquitto.hpp"

namespace stile::test {
namespace {

using doctor::Part;
using sync::testbed::Certificates;
using sync::testbed::Mosquitto;

constexpr std::chrono::milliseconds kShort{20};
constexpr const char* kSomebody = "nobody";

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
    // As the program does, and with a short look at the disk.
    [[nodiscard]] Finished doctor(Part part = Part::All) const {
        const auto examined = doctor::examine(site_.config().native(), "", part, kShort);
        return {examined.exit_code, doctor::findings_json(examined.findings), ""};
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
    const auto told = site_.run("stilectl", {"doctor", "--json"});
    EXPECT_EQ(verdicts(told.out, "site.file"), "good") << told.out << told.err;
    EXPECT_NE(verdicts(told.out, "site.keys"), "");
    EXPECT_EQ(verdicts(told.out, "programs.daemon"), "look");
    EXPECT_EQ(verdicts(told.out, "programs.versions"), "good");
    EXPECT_EQ(verdicts(told.out, "ledger.state"), "look");
    EXPECT_EQ(verdicts(told.out, "devices.camera"), "bad") << "there is none";
    EXPECT_EQ(verdicts(told.out, "devices.turnstile"), "look") << "simulated";
    EXPECT_NE(verdicts(told.out, "disk.speed"), "");
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
    // The other programs are not beside this one. NOLINTNEXTLINE(concurrency-mt-unsafe)
    ::setenv("PATH", STILE_BIN_DIR ":/usr/sbin:/usr/bin:/bin", 1);
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
    EXPECT_EQ(told.exit_code, 1);
    for (const char* check : {"devices.camera", "devices.usb", "ledger.state"})
        EXPECT_EQ(verdicts(told.out, check), "bad") << check << told.out;
    for (const char* check : {"site.languages", "site.credentials", "broker.settings"})
        EXPECT_EQ(verdicts(told.out, check), "look") << check << told.out;
    EXPECT_NE(verdicts(told.out, "site.keys").find("bad"), std::string::npos);
    EXPECT_NE(verdicts(told.out, "site.files").find("bad"), std::string::npos) << told.out;
    EXPECT_EQ(verdicts(told.out, "site.schedule"), "look");
    EXPECT_EQ(verdicts(told.out, "devices.turnstile"), "look,bad");
}

TEST_F(DoctorProgram, ExaminesThePartsAlone) {
    const auto disk = doctor(Part::Disk);
    EXPECT_NE(verdicts(disk.out, "disk.speed"), "");
    EXPECT_EQ(verdicts(disk.out, "site.file"), "");
    const auto clock = doctor(Part::Clock);
    EXPECT_EQ(verdicts(clock.out, "clock.zones"), "good");
}

TEST_F(DoctorProgram, SpeaksInSentencesToPeople) {
    const auto told = site_.run("stilectl", {"doctor", "clock"});
    EXPECT_EQ(told.out.substr(0, 6), "clock\n");
    EXPECT_NE(told.out.find("  + good  The time zone UTC is known.\n"), std::string::npos);
    EXPECT_EQ(told.out.find('\033'), std::string::npos) << "no colour in a file";
}

// Without a role at the gate, without sudo.
TEST_F(DoctorProgram, TellsAnOrdinaryPersonWhatItMayNotLookAt) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
    std::filesystem::permissions(site_.folder().path(), std::filesystem::perms{0755});
    const auto stiled = start();
    std::filesystem::permissions(site_.folder().path() / "state", std::filesystem::perms{0700});
    const auto told =
        run("/usr/bin/setpriv",
            {"--reuid=nobody", "--regid=nogroup", "--clear-groups", "--", STILE_BIN_DIR "/stilectl",
             "--config", site_.config(), "doctor", "--json"},
            site_.folder().path());
    if (told.out.empty()) GTEST_SKIP() << "nobody may run what is built here: " << told.err;
    EXPECT_EQ(told.exit_code, 1) << told.err;
    for (const char* check : {"site.file", "site.keys", "programs.versions"})
        EXPECT_EQ(verdicts(told.out, check), "good") << check << told.out;
    for (const char* check : {"site.files", "programs.daemon", "disk.speed", "ledger.state",
                              "ledger.backup", "lists.revocations"})
        EXPECT_EQ(verdicts(told.out, check), "look") << check << told.out;
    EXPECT_EQ(verdicts(told.out, "devices.camera"), "bad") << "there is none";
    EXPECT_NE(told.out.find("nobody has no role at this gate"), std::string::npos) << told.out;
}

// Looks at the way to brokers, each time in a process of its own, since root becomes somebody else
// for good. Made before the test has threads: whoever forks beside them may inherit a lock that
// nobody ever opens.
class Wayfarer {
public:
    Wayfarer() {
        int ends[2];
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
        process_ = ::fork();
        ours_ = UniqueFd{ends[process_ == 0 ? 1 : 0]};
        ::close(ends[process_ == 0 ? 0 : 1]);  // the end of one has to be seen by the other
        if (process_ == 0) serve();
    }
    ~Wayfarer() {
        ours_.reset();
        EXPECT_EQ(::waitpid(process_, nullptr, 0), process_);
    }
    Wayfarer(const Wayfarer&) = delete;
    Wayfarer& operator=(const Wayfarer&) = delete;

    // `site` is a site file; the findings come into the file `lines`. The exit code; 99: it did not
    // become that user.
    int go(const std::string& site, const std::string& lines, const std::string& as) const {
        const std::string order = site + '\n' + lines + '\n' + as;
        int code = -1;
        EXPECT_EQ(::send(ours_.get(), order.data(), order.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(order.size()));
        EXPECT_EQ(::recv(ours_.get(), &code, sizeof code, 0), static_cast<ssize_t>(sizeof code));
        return code;
    }

private:
    [[noreturn]] void serve() const {
        char order[4096];
        for (ssize_t size = 0; (size = ::recv(ours_.get(), order, sizeof order, 0)) > 0;) {
            const pid_t child = ::fork();
            if (child == 0) examine({order, static_cast<std::size_t>(size)});
            int status = 0;
            (void)::waitpid(child, &status, 0);
            const int code = WEXITSTATUS(status);
            (void)::send(ours_.get(), &code, sizeof code, MSG_NOSIGNAL);
        }
        ::_exit(0);
    }
    [[noreturn]] static void examine(const std::string& order) {
        std::istringstream in{order};
        std::string site;
        std::string lines;
        std::string as;
        std::getline(std::getline(std::getline(in, site), lines), as);
        std::ofstream out{lines};
        const int code = sync::examine_brokers(
            site, [&out](const auto& some) { out << doctor::findings_lines(some) << std::flush; },
            as);
        ::_exit(as == kSomebody && ::geteuid() == 0 ? 99 : code);
    }

    pid_t process_ = -1;
    UniqueFd ours_;
};

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
        for (const auto& folder : {site_.folder().path(), files_.folder().path()})
            std::filesystem::permissions(folder, std::filesystem::perms{0755});
        if (::geteuid() == 0) give_password_to(kSomebody);
        users_ = site_.folder().write("users", "north:secret\n");
        const auto made = run("/usr/bin/mosquitto_passwd", {"-U", users_}, site_.folder().path());
        ASSERT_EQ(made.exit_code, 0) << made.err;
    }
    void give_password_to(const std::string& user) const {
        const auto given = run("/bin/chown", {user, password_}, site_.folder().path());
        ASSERT_EQ(given.exit_code, 0) << given.err;
    }
    void start_broker(const std::string& host, const std::string& acl) {
        const auto rules = files_.folder().write("acl", acl);
        std::string lines = files_.broker("ours", host);
        lines.replace(0, lines.find('\n'), "allow_anonymous false");
        broker_ = std::make_unique<Mosquitto>(lines + "password_file " + users_ + "\nacl_file " +
                                              rules + "\n");
        ASSERT_TRUE(broker_->start());
    }
    void write_way(const std::string& authority) const {
        site_.write_config(
            "[mqtt]\nbrokers = [\"ssl://localhost:" + std::to_string(broker_->port()) +
            "\"]\nuser = \"north\"\n" + "password_file = \"" + password_ + "\"\nca_file = \"" +
            files_.certificate(authority) + "\"\n");
    }
    [[nodiscard]] Finished go(const std::string& as) const {
        const auto lines = site_.folder().write("lines", "");
        const int code = wayfarer_.go(site_.config(), lines, as);
        std::ifstream in{lines};
        return {code, {std::istreambuf_iterator<char>{in}, {}}, ""};
    }
    [[nodiscard]] Finished doctor_with(const std::string& authority) const {
        write_way(authority);
        return go(kSomebody);
    }

    Wayfarer wayfarer_;
    Certificates files_;
    std::string password_;
    std::string users_;
    std::unique_ptr<Mosquitto> broker_;
};

TEST_F(DoctorAtABroker, GoesAllTheWayOrSaysWhyNot) {
    start_broker("localhost", "pattern write stile/v1/arena/%u/#\n");
    const auto told = doctor_with("ours");
    for (const char* check : {"broker.settings", "broker.name", "broker.connection", "broker.login",
                              "broker.publish", "broker.rights"})
        EXPECT_EQ(verdicts(told.out, check), "good") << check << told.out;
    EXPECT_EQ(verdicts(told.out, "broker.tls"), "look") << "it ends in two days";
    EXPECT_EQ(told.exit_code, 0);
    site_.folder().write("password", "guess\n");
    EXPECT_EQ(verdicts(doctor_with("ours").out, "broker.login"), "look");
    files_.make_authority("theirs");
    const auto other = doctor_with("theirs");
    EXPECT_EQ(verdicts(other.out, "broker.tls"), "look");
    EXPECT_NE(other.out.find("authority"), std::string::npos) << other.out;
}

TEST_F(DoctorAtABroker, NoticesRightsThatAreTooWideOrTooNarrow) {
    start_broker("localhost", "pattern write stile/#\n");
    EXPECT_EQ(verdicts(doctor_with("ours").out, "broker.rights"), "look");
    start_broker("localhost", "pattern write other/#\n");
    EXPECT_EQ(verdicts(doctor_with("ours").out, "broker.publish"), "look");
}

TEST_F(DoctorAtABroker, NoticesAnotherHost) {
    start_broker("other.example", "pattern write stile/#\n");
    const auto told = doctor_with("ours");
    EXPECT_EQ(verdicts(told.out, "broker.tls"), "look");
    EXPECT_NE(told.out.find("another host than localhost"), std::string::npos) << told.out;
}

TEST_F(DoctorAtABroker, IsNotMetWithAFileThatOnlyRootMayRead) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
    start_broker("localhost", "pattern write stile/#\n");
    give_password_to("root");
    for (const unsigned mode : {0600U, 0640U}) {
        std::filesystem::permissions(password_, std::filesystem::perms{mode});
        const auto told = doctor_with("ours");
        EXPECT_EQ(verdicts(told.out, "broker.settings"), "look") << told.out;
        EXPECT_EQ(verdicts(told.out, "broker.login"), "") << "it went on";
        EXPECT_NE(told.out.find("sudo chown nobody " + password_), std::string::npos) << told.out;
    }
}

TEST_F(DoctorAtABroker, IsNotMetByRoot) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
    start_broker("localhost", "pattern write stile/#\n");
    write_way("ours");
    for (const auto& [user, why] : {std::pair{"stile-nobody", "there is no user stile-nobody here"},
                                    std::pair{"root", "the user root is root"}}) {
        const auto told = go(user);
        EXPECT_EQ(told.exit_code, 0);
        EXPECT_EQ(verdicts(told.out, "broker.settings"), "good,look");
        EXPECT_EQ(verdicts(told.out, "broker.name"), "") << "it went on";
        EXPECT_NE(told.out.find(why), std::string::npos) << told.out;
    }
}

}  // namespace
}  // namespace stile::test
