// SPDX-License-Identifier: Apache-2.0
// stilectl setup as a person meets it: questions on a terminal, wrong answers, and leaving.
#include <array>
#include <csignal>

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "daemon/config/site.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "setup_stage.hpp"

namespace stile::test {
namespace {

// A person who reads before he types.
class Person {
public:
    explicit Person(const SetupStage& stage) {
        const std::string program = std::string{STILE_BIN_DIR} + "/stilectl";
        const std::string root = (stage.path() / "root").native();
        int terminal = -1;
        child_ = ::forkpty(&terminal, nullptr, nullptr, nullptr);
        if (child_ == 0) {
            ::execl(program.c_str(), program.c_str(), "setup", "--root", root.c_str(), nullptr);
            ::_exit(127);
        }
        terminal_.reset(terminal);
    }
    Person(const Person&) = delete;
    Person& operator=(const Person&) = delete;
    ~Person() {
        if (child_ <= 0) return;
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }

    // Waits for the question, then types the line.
    void answer(std::string_view question, std::string_view line) {
        wait_for(question);
        const std::string typed = std::string{line} + "\n";
        EXPECT_EQ(::write(terminal_.get(), typed.data(), typed.size()), std::ssize(typed));
    }
    void press(char key) { EXPECT_EQ(::write(terminal_.get(), &key, 1), 1); }
    void wait_for(std::string_view text) {
        std::size_t found = heard_.find(text, passed_);
        while (found == std::string::npos) {
            if (!hear()) {
                FAIL() << "no \"" << text << "\" in:\n" << heard_.substr(passed_);
            }
            found = heard_.find(text, passed_);
        }
        passed_ = found + text.size();
    }
    // The exit code, or 128 + n after a signal.
    [[nodiscard]] int leave() {
        while (hear()) {
        }
        int status = 0;
        ::waitpid(child_, &status, 0);
        child_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    [[nodiscard]] bool echoes() const {
        termios now{};
        return ::tcgetattr(terminal_.get(), &now) == 0 && (now.c_lflag & ECHO) != 0;
    }
    [[nodiscard]] const std::string& heard() const { return heard_; }

private:
    bool hear() {
        pollfd wait{terminal_.get(), POLLIN, 0};
        if (::poll(&wait, 1, 40'000) != 1) return false;
        std::array<char, 4096> some{};
        const ssize_t count = ::read(terminal_.get(), some.data(), some.size());
        if (count <= 0) return false;
        heard_.append(some.data(), static_cast<std::size_t>(count));
        decline_devices();
        return true;
    }
    // This machine may have cameras, which are no part of the test.
    void decline_devices() {
        const auto asked = heard_.find("Use it as a reader?", declined_);
        const auto end = heard_.find("]: ", asked);
        if (asked == std::string::npos || end == std::string::npos) return;
        declined_ = end;
        EXPECT_EQ(::write(terminal_.get(), "n\n", 2), 2);
    }

    UniqueFd terminal_;
    pid_t child_ = -1;
    std::string heard_;
    std::size_t passed_ = 0;
    std::size_t declined_ = 0;
};

void answer_up_to_keys(Person& person, std::string_view password) {
    person.answer("venue []: ", "Big Arena");
    person.answer("is not a name", "arena");
    person.answer("gate []: ", "north");
    person.answer("time_zone [", "Mars/Olympus");
    person.answer("  no: ", "Europe/Berlin");
    person.answer("lanes [1]: ", "0");
    person.answer("is not between", "");
    person.answer("name [lane-1]: ", "");
    person.answer("direction [entry]: ", "both");
    person.answer("turnstile [simulated]: ", "");
    person.answer("entrance []: ", "North, Block A");
    person.answer("language [en]: ", "de");
    person.answer("greeting [none]: ", "");
    person.answer("Another reader, that you name? [Y/n]: ", "y");
    person.answer("kind [camera]: ", "");
    person.answer("source [/dev/video0]: ", "");
    person.answer("name [camera-1]: ", "");
    person.answer("direction [entry]: ", "exit");
    person.answer("Another reader, that you name? [y/N]: ", "");
    person.answer("brokers [tcp://127.0.0.1:1883]: ", "mqtt.arena.example");
    person.answer("is not of the form", "tcp://mqtt.arena.example:1883");
    person.answer("user []: ", "north");
    person.answer("password (not shown): ", password);
}

TEST(SetupTerminal, LeadsThroughAllQuestions) {
    const SetupStage stage;
    std::filesystem::create_directories(stage.path() / "root/usr");
    Person person{stage};
    answer_up_to_keys(person, "open sesame");
    person.answer("issuer_keys []: ", "");
    person.answer("without an issuer's key", (stage.path() / "issuer.toml").native());
    person.answer("issuer_keys []: ", "");
    person.answer("event_secret []: ", (stage.path() / "issuer.toml").native());
    person.answer("  no: ", (stage.path() / "event.secret").native());
    person.answer("events []: ", "2026, 2027");
    person.answer("policy []: ", "");
    person.answer("lists []: ", "summer");
    person.answer("is not an event", "summer:3");
    person.answer("Write this? [Y/n]: ", "");
    EXPECT_EQ(person.leave(), 0) << person.heard();
    EXPECT_EQ(person.heard().find("sesame"), std::string::npos) << "the password is shown";

    const auto site = config::load_site(stage.etc("stile.toml"));
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(site->site.venue, "arena");
    EXPECT_EQ(site->site.time_zone, "Europe/Berlin");
    EXPECT_EQ(site->lanes.at(0).direction, "both");
    EXPECT_EQ(site->lanes.at(0).language, "de");
    EXPECT_EQ(site->lanes.at(0).entrance, "North, Block A");
    EXPECT_EQ(site->readers.at(0).direction, "exit");
    EXPECT_EQ(site->policy.events, (std::vector<std::int64_t>{2026, 2027}));
    EXPECT_EQ(site->platform.lists, std::vector<std::string>{"summer:3"});
    EXPECT_EQ(text_in(stage.path() / "root/etc/credstore/stile.mqtt.password"), "open sesame");
}

TEST(LongSetupTerminal, OffersWhatIsThereAsTheDefault) {
    const SetupStage stage;
    stage.write_answers("north",
                        "broker_password = \"password.txt\"\n"
                        "[mqtt]\nuser = \"gate-user\"\n"
                        "[[schedule]]\nfrom = \"07:30\"\nmode = \"free\"\n");
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    Person person{stage};
    for (const char* question :
         {"venue [arena]: ", "gate [north]: ", "time_zone [",
          "lanes [1]: ", "name [lane-1]: ", "direction [entry]: ", "turnstile [simulated]: ",
          "entrance []: ", "language [en]: ", "greeting [none]: "})
        person.answer(question, "");
    person.answer("Another reader, that you name? [Y/n]: ", "n");
    for (const char* question :
         {"brokers [tcp://127.0.0.1:1883]: ", "user [gate-user]: ", "password (not shown): ",
          "issuer_keys []: ", "event_secret []: ", "events []: ", "policy []: ", "lists []: "})
        person.answer(question, "");
    person.answer("under another name? [Y/n]: ", "");
    EXPECT_EQ(person.leave(), 0) << person.heard();
    const auto site = config::load_site(stage.etc("stile.toml"));
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(site->site.gate, "north");
    EXPECT_EQ(site->ledger.map_mib, 64) << "what setup does not ask stays";
    EXPECT_EQ(site->schedules.size(), 1U);
    EXPECT_EQ(site->mqtt.password_file, "stile.mqtt.password");
    EXPECT_EQ(text_in(stage.path() / "root/etc/credstore/stile.mqtt.password"), "open sesame");
    EXPECT_EQ(text_in(stage.etc("event.secret")), kSecret);
}

TEST(LongSetupTerminal, WritesNothingWhenThePersonSaysNo) {
    const SetupStage stage;
    std::filesystem::create_directories(stage.path() / "root");
    Person person{stage};
    answer_up_to_keys(person, "");
    person.answer("issuer_keys []: ", (stage.path() / "issuer.toml").native());
    for (const char* question :
         {"issuer_keys []: ", "event_secret []: ", "events []: ", "policy []: ", "lists []: "})
        person.answer(question, "");
    person.answer("Write this? [Y/n]: ", "n");
    EXPECT_EQ(person.leave(), 1);
    EXPECT_TRUE(std::filesystem::is_empty(stage.path() / "root"));
}

TEST(SetupTerminal, LeavesNothingAfterCtrlC) {
    const SetupStage stage;
    std::filesystem::create_directories(stage.path() / "root");
    Person person{stage};
    person.answer("venue []: ", "arena");
    person.wait_for("gate []: ");
    person.press('\x03');
    EXPECT_EQ(person.leave(), 128 + SIGINT);
    EXPECT_TRUE(std::filesystem::is_empty(stage.path() / "root"));
}

TEST(LongSetupTerminal, GivesTheEchoBackAfterCtrlCAtThePassword) {
    const SetupStage stage;
    std::filesystem::create_directories(stage.path() / "root");
    Person person{stage};
    person.answer("venue []: ", "arena");
    person.answer("gate []: ", "north");
    person.answer("time_zone [", "");
    for (const char* question :
         {"lanes [1]: ", "name [lane-1]: ", "direction [entry]: ", "turnstile [simulated]: ",
          "entrance []: ", "language [en]: ", "greeting [none]: "})
        person.answer(question, "");
    person.answer("Another reader, that you name? [Y/n]: ", "n");
    person.answer("brokers [", "");
    person.answer("user []: ", "north");
    person.wait_for("password (not shown): ");
    person.press('\x03');
    EXPECT_EQ(person.leave(), 128 + SIGINT) << person.heard();
    EXPECT_TRUE(person.echoes());
    EXPECT_TRUE(std::filesystem::is_empty(stage.path() / "root"));
}

TEST(SetupTerminal, AsksNothingWhereItCannotSetUp) {
    const SetupStage stage;
    std::filesystem::create_directories(stage.etc());
    stage.folder().write("root/etc/stile/stile.toml", "[site]\nvenue = \"arena\"\n");
    Person person{stage};
    person.wait_for("mend it, or move it away");
    person.wait_for("stile.toml:1: site.gate: missing");
    EXPECT_NE(person.leave(), 0);
    EXPECT_EQ(person.heard().find("venue []"), std::string::npos) << person.heard();
}

TEST(LongSetupTerminal, EndsWithItsInput) {
    const SetupStage stage;
    std::filesystem::create_directories(stage.path() / "root");
    Person person{stage};
    person.wait_for("venue []: ");
    person.press('\x04');
    EXPECT_EQ(person.leave(), 1);
    EXPECT_NE(person.heard().find("Nothing was written"), std::string::npos) << person.heard();
}

}  // namespace
}  // namespace stile::test
