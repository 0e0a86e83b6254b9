// SPDX-License-Identifier: Apache-2.0
// stile-sync with brokers, passwords, daemons and site files that are wrong.
#include <csignal>
#include <cstdlib>

#include "tests/sync/program.hpp"
#include "tests/sync/testbed/certificates.hpp"
#include "tests/sync/testbed/fake_broker.hpp"

namespace stile::sync {
namespace {

using namespace std::chrono_literals;
using testbed::FakeBroker;
using testbed::Subscriber;

TEST_F(Program, StartsWithoutABrokerAndFindsItLater) {
    ASSERT_TRUE(daemon_.start());
    daemon_.add_decisions(100);
    run(site(quoted(broker_.address())));
    ASSERT_TRUE(says("is it running, and is mqtt.brokers right?"));
    ASSERT_TRUE(daemon_.wait_for_follows(1));
    EXPECT_EQ(daemon_.cursor(), 0U);
    ASSERT_TRUE(broker_.start());
    EXPECT_TRUE(daemon_.wait_for_cursor(100));
}

TEST_F(Program, StopsWithoutABroker) {
    run(site(quoted(broker_.address())));
    ASSERT_TRUE(says("is it running"));
    program_->signal(SIGTERM);
    EXPECT_EQ(program_->wait(10s), 0);
}

TEST_F(Program, StartsWithoutADaemonAndSaysSo) {
    ASSERT_TRUE(broker_.start());
    Subscriber subscriber{broker_};
    run(site(quoted(broker_.address())));
    EXPECT_TRUE(subscriber.hears("/status", R"("state":"starting")"));
    EXPECT_TRUE(subscriber.hears("/status", R"("state":"degraded")")) << "after ten seconds";
    ASSERT_TRUE(daemon_.start());
    EXPECT_TRUE(subscriber.hears("/status", R"("state":"online")"));
}

TEST_F(Program, SaysWhatToDoWhenTheBrokerRefusesThePasswordAndTriesOn) {
    const auto users = folder_.write("users", "");
    testbed::Child tool{{"mosquitto_passwd", "-b", users, "gate", "right"},
                        testbed::Child::Stream::Errors};
    ASSERT_EQ(tool.wait(), 0);
    broker_.configure("allow_anonymous false\npassword_file " + users + "\n");
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    daemon_.add_decisions(10);
    const auto password = folder_.write("password", "wrong\n");
    const auto file =
        site(quoted(broker_.address()), "user = \"gate\"\npassword_file = \"" + password + "\"\n");
    run(file);
    ASSERT_TRUE(says("set mqtt.user (now \"gate\") and mqtt.password_file"));
    EXPECT_TRUE(daemon_.wait_for_link(protocol::Link::Refused));

    broker_.kill();
    broker_.configure("allow_anonymous true\n");
    ASSERT_TRUE(broker_.start());
    EXPECT_TRUE(daemon_.wait_for_cursor(10)) << "the broker was mended, nothing else";
}

TEST_F(Program, LogsInWithThePasswordOfTheFile) {
    const auto users = folder_.write("users", "");
    testbed::Child tool{{"mosquitto_passwd", "-b", users, "gate", "right"},
                        testbed::Child::Stream::Errors};
    ASSERT_EQ(tool.wait(), 0);
    broker_.configure("allow_anonymous false\npassword_file " + users + "\n");
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    daemon_.add_decisions(10);
    const auto password = folder_.write("password", "right\n");
    run(site(quoted(broker_.address()), "user = \"gate\"\npassword_file = \"" + password + "\"\n"));
    EXPECT_TRUE(daemon_.wait_for_cursor(10));
}

TEST_F(Program, SpeaksTlsWithItsOwnCertificateAndTheCredentialsOfSystemd) {
    const testbed::Certificates files;
    files.make_authority("ca");
    files.issue("ca", "localhost");
    files.issue("ca", "gate");
    const auto users = folder_.write("users", "");
    testbed::Child tool{{"mosquitto_passwd", "-b", users, "gate", "right"},
                        testbed::Child::Stream::Errors};
    ASSERT_EQ(tool.wait(), 0);
    broker_.configure(files.broker("ca", "localhost") + "require_certificate true\n" +
                      "password_file " + users + "\nallow_anonymous false\n");
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    daemon_.add_decisions(10);
    (void)folder_.write("stile.mqtt.user", "gate\n");
    (void)folder_.write("stile.mqtt.password", "right\r\n");       // written on Windows
    ::setenv("CREDENTIALS_DIRECTORY", folder_.path().c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
    run(site(
        quoted("ssl://localhost:" + std::to_string(broker_.port())),
        "user_file = \"stile.mqtt.user\"\npassword_file = \"stile.mqtt.password\"\nca_file = \"" +
            files.certificate("ca") + "\"\ncertificate_file = \"" + files.certificate("gate") +
            "\"\nkey_file = \"" + files.key("gate") + "\"\n"));
    ::unsetenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
    EXPECT_TRUE(daemon_.wait_for_cursor(10));
}

TEST_F(Program, DoesNotMoveTheCursorOverEntriesThatTheBrokerRefuses) {
    const auto rules = folder_.write("acl", "topic write stile/v1/arena/north-1/status\n");
    broker_.configure("allow_anonymous true\nacl_file " + rules + "\n");
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    daemon_.add_decisions(10);
    run(site(quoted(broker_.address())));
    ASSERT_TRUE(says("let that user write stile/v1/arena/north-1/#"));
    EXPECT_EQ(daemon_.cursor(), 0U);

    broker_.kill();
    broker_.configure("allow_anonymous true\n");
    ASSERT_TRUE(broker_.start());
    EXPECT_TRUE(daemon_.wait_for_cursor(10));
}

TEST_F(Program, GoesOnToTheNextBrokerWhenOneSaysNothing) {
    FakeBroker silent{FakeBroker::Manner::Silent};
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(daemon_.start());
    daemon_.add_decisions(10);
    run(site(quoted(silent.address()) + ", " + quoted(broker_.address())));
    EXPECT_TRUE(daemon_.wait_for_cursor(10));
}

TEST_F(Program, GoesOnToTheNextBrokerWhenOneAcknowledgesNothing) {
    FakeBroker useless{FakeBroker::Manner::NeverAcknowledge};
    ASSERT_TRUE(broker_.start());
    run(site(quoted(useless.address()) + ", " + quoted(broker_.address())));
    // While the daemon is away, health goes out: it needs no acknowledgement and is none.
    ASSERT_FALSE(useless.wait_for_packet(3, 5).empty());
    EXPECT_TRUE(says("it acknowledges nothing")) << "after twenty seconds";
    ASSERT_TRUE(daemon_.start());
    daemon_.add_decisions(10);
    EXPECT_TRUE(daemon_.wait_for_cursor(10));
}

TEST_F(Program, SpeaksMqtt311ToAnOldBroker) {
    FakeBroker old{FakeBroker::Manner::Mqtt311Only};
    ASSERT_TRUE(daemon_.start());
    daemon_.add_decisions(10);
    run(site(quoted(old.address())));
    EXPECT_TRUE(daemon_.wait_for_cursor(10));
}

TEST_F(Program, PublishesNothingForTheDaemonOfAnotherGate) {
    testbed::FakeDaemon other{socket(), "south-9"};
    ASSERT_TRUE(broker_.start());
    ASSERT_TRUE(other.start());
    other.add_decisions(5);
    Subscriber subscriber{broker_};
    run(site(quoted(broker_.address())));
    ASSERT_TRUE(says("does not run for arena/north-1"));
    EXPECT_TRUE(subscriber.hears("/status", "another gate"));
    EXPECT_FALSE(subscriber.hears("/entry", "", 0, 0ms));
    EXPECT_EQ(other.cursor(), 0U);
}

class Configuration : public Program {
protected:
    std::optional<int> exit_code(const std::vector<std::string>& arguments) {
        std::vector<std::string> command{STILE_BIN_DIR "/stile-sync"};
        command.insert(command.end(), arguments.begin(), arguments.end());
        program_ = std::make_unique<testbed::Child>(command, testbed::Child::Stream::Errors);
        return program_->wait();
    }
};

TEST_F(Configuration, IsCheckedWithoutConnectingAnywhere) {
    EXPECT_EQ(exit_code({"--check-config", "--config", site("\"tcp://127.0.0.1:1\"")}), 0);
}

TEST_F(Configuration, WithABadBrokerAddressEndsWith78) {
    EXPECT_EQ(exit_code({"--config", site("\"127.0.0.1:1883\"")}), 78);
    EXPECT_TRUE(says("mqtt.brokers"));
}

TEST_F(Configuration, WithAnUnknownKeyEndsWith78) {
    EXPECT_EQ(
        exit_code({"--check-config", "--config", site("\"tcp://127.0.0.1:1\"", "windw = 3\n")}),
        78);
    EXPECT_TRUE(says("windw"));
}

TEST_F(Configuration, WithAPasswordFileThatIsNotThereEndsWith78) {
    const auto file =
        site("\"tcp://127.0.0.1:1\"", "user = \"g\"\npassword_file = \"/nowhere/at/all\"\n");
    EXPECT_EQ(exit_code({"--config", file}), 78);
    EXPECT_TRUE(says("/nowhere/at/all"));
    EXPECT_EQ(exit_code({"--check-config", "--config", file}), 78);
    EXPECT_TRUE(says("/nowhere/at/all"));
}

TEST_F(Configuration, IsCheckedWithoutWhatSystemdGivesTheServiceOnly) {
    EXPECT_EQ(exit_code({"--check-config", "--config",
                         site("\"ssl://localhost:1\"",
                              "certificate_file = \"stile.mqtt.certificate\"\n"
                              "key_file = \"stile.mqtt.key\"\n")}),
              0);
}

TEST_F(Configuration, ThatIsNotThereEndsWith78) {
    EXPECT_EQ(exit_code({"--config", "/nowhere/at/all.toml"}), 78);
}

TEST_F(Configuration, ByAnUnknownOptionEndsWith2) {
    EXPECT_EQ(exit_code({"--confg", "x"}), 2);
}

}  // namespace
}  // namespace stile::sync
