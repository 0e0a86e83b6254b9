// SPDX-License-Identifier: Apache-2.0
// Broker addresses and passwords, good and bad.
#include "sync/uplink/settings.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "sync/uplink/credentials.hpp"

namespace stile::sync {
namespace {

config::Site site_with(std::string broker) {
    config::Site site;
    site.site = {.venue = "arena", .gate = "north-1"};
    site.mqtt.brokers = {std::move(broker)};
    return site;
}

TEST(Settings, NameTheClientAfterTheGate) {
    const auto settings = settings_from(site_with("tcp://127.0.0.1:1883"));
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->client_id, "stile-arena-north-1");
    EXPECT_EQ(settings->daemon_socket, "/run/stile/sync.sock");
}

TEST(Settings, AcceptNamesAddressesAndTls) {
    for (const char* broker :
         {"tcp://broker.venue.example:1883", "ssl://10.0.0.1:8883", "tcp://[::1]:1883"})
        EXPECT_TRUE(settings_from(site_with(broker))) << broker;
}

TEST(Settings, RefuseWhatIsNoBrokerAddress) {
    for (const char* broker :
         {"", "127.0.0.1:1883", "http://a:1", "tcp://", "tcp://a", "tcp://a:", "tcp://:1883",
          "tcp://a:0", "tcp://a:65536", "tcp://a:1x", "tcp://a b:1", "tcp://user@a:1",
          "tcp://a:1/path", "tcp://::1:1883", "tcp://[]:1883", "TCP://a:1"}) {
        const auto settings = settings_from(site_with(broker));
        ASSERT_FALSE(settings) << broker;
        EXPECT_EQ(settings.error().code, Errc::Config);
        EXPECT_NE(settings.error().context.find("mqtt.brokers"), std::string::npos);
    }
}

TEST(Settings, RefuseAPasswordWithoutAUser) {
    auto site = site_with("tcp://a:1");
    site.mqtt.password_file = "mqtt";
    EXPECT_FALSE(settings_from(site));
    site.mqtt.user_file = "user";
    EXPECT_TRUE(settings_from(site));
}

TEST(Settings, RefuseTwoUsers) {
    auto site = site_with("tcp://a:1");
    site.mqtt.user = "gate";
    site.mqtt.user_file = "user";
    EXPECT_FALSE(settings_from(site));
}

TEST(Settings, RefuseACertificateWithoutItsKeyAndTheOtherWayRound) {
    auto site = site_with("ssl://a:1");
    site.mqtt.certificate_file = "/c";
    EXPECT_FALSE(settings_from(site));
    site.mqtt.key_file = "/k";
    EXPECT_TRUE(settings_from(site));
    site.mqtt.certificate_file.clear();
    EXPECT_FALSE(settings_from(site));
}

TEST(Settings, RefuseFilesForTlsWhereNoBrokerSpeaksIt) {
    auto site = site_with("tcp://a:1");
    site.mqtt.ca_file = "/ca";
    const auto settings = settings_from(site);
    ASSERT_FALSE(settings);
    EXPECT_NE(settings.error().context.find("ssl://"), std::string::npos);
}

TEST(Settings, KnowAPasswordThatEverybodyCanHear) {
    const auto exposed = [](const std::string& broker) {
        auto site = site_with(broker);
        site.mqtt.user = "gate";
        site.mqtt.password_file = "/p";
        return password_in_the_clear(settings_from(site).value());
    };
    EXPECT_TRUE(exposed("tcp://broker.example:1883"));
    EXPECT_FALSE(exposed("ssl://broker.example:8883"));
    for (const char* here : {"tcp://127.0.0.1:1883", "tcp://localhost:1883", "tcp://[::1]:1883"})
        EXPECT_FALSE(exposed(here)) << here;
}

class PasswordFile : public testing::Test {
protected:
    PasswordFile() {
        char pattern[] = "/tmp/stile-password-XXXXXX";
        folder_ = ::mkdtemp(pattern);
    }
    ~PasswordFile() override {
        ::unsetenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
        std::filesystem::remove_all(folder_);
    }
    static Result<std::string> read(const std::string& name) {
        return credential_line("mqtt.password_file", name);
    }
    std::string write(std::string_view content) {
        const auto file = folder_ / "mqtt";
        std::ofstream{file} << content;
        return file;
    }
    std::filesystem::path folder_;
};

TEST_F(PasswordFile, GivesItsFirstLine) {
    EXPECT_EQ(read(write("secret\n")).value(), "secret");
    EXPECT_EQ(read(write("secret")).value(), "secret");
}

TEST_F(PasswordFile, IsOptional) {
    EXPECT_EQ(read("").value(), "");
}

TEST_F(PasswordFile, IsACredentialWhenItsNameHasNoSlash) {
    (void)write("secret\n");
    ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
    EXPECT_EQ(read("mqtt").value(), "secret");
}

TEST_F(PasswordFile, MustExistAndHoldSomething) {
    EXPECT_FALSE(read((folder_ / "absent").native()));
    EXPECT_FALSE(read(write("")));
    EXPECT_FALSE(read(write("\nsecret")));
    EXPECT_FALSE(read(write(std::string(5000, 'x'))));
}

TEST_F(PasswordFile, SaysWhereACredentialComesFrom) {
    ::unsetenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
    const auto password = read("mqtt");
    ASSERT_FALSE(password);
    EXPECT_EQ(password.error().code, Errc::Config);
    EXPECT_NE(password.error().context.find("LoadCredential"), std::string::npos);
}

TEST_F(PasswordFile, IsReadWithTheUserAndFindsTheOtherCredentials) {
    (void)write("secret\n");
    ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
    std::ofstream{folder_ / "user"} << "gate\n";
    auto site = site_with("ssl://a:1");
    site.mqtt.user_file = "user";
    site.mqtt.password_file = "mqtt";
    site.mqtt.ca_file = "/etc/ca.pem";
    site.mqtt.certificate_file = "cert";
    site.mqtt.key_file = "key";
    auto settings = settings_from(site).value();
    ASSERT_TRUE(read_credentials(settings));
    EXPECT_EQ(settings.user, "gate");
    EXPECT_EQ(settings.password, "secret");
    EXPECT_EQ(settings.tls.ca_file, "/etc/ca.pem");
    EXPECT_EQ(settings.tls.certificate_file, folder_ / "cert");
    EXPECT_EQ(settings.tls.key_file, folder_ / "key");
}

}  // namespace
}  // namespace stile::sync
