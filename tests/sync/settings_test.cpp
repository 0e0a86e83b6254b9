// SPDX-License-Identifier: Apache-2.0
// Broker addresses and passwords, good and bad.
#include "sync/uplink/settings.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

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
    std::string write(std::string_view content) {
        const auto file = folder_ / "mqtt";
        std::ofstream{file} << content;
        return file;
    }
    std::filesystem::path folder_;
};

TEST_F(PasswordFile, GivesItsFirstLine) {
    EXPECT_EQ(read_password(write("secret\n")).value(), "secret");
    EXPECT_EQ(read_password(write("secret")).value(), "secret");
}

TEST_F(PasswordFile, IsOptional) {
    EXPECT_EQ(read_password("").value(), "");
}

TEST_F(PasswordFile, IsACredentialWhenItsNameIsRelative) {
    (void)write("secret\n");
    ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
    EXPECT_EQ(read_password("mqtt").value(), "secret");
}

TEST_F(PasswordFile, MustExistAndHoldSomething) {
    EXPECT_FALSE(read_password((folder_ / "absent").native()));
    EXPECT_FALSE(read_password(write("")));
    EXPECT_FALSE(read_password(write("\nsecret")));
    EXPECT_FALSE(read_password(write(std::string(5000, 'x'))));
}

TEST_F(PasswordFile, SaysWhereACredentialComesFrom) {
    ::unsetenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
    const auto password = read_password("mqtt");
    ASSERT_FALSE(password);
    EXPECT_EQ(password.error().code, Errc::Config);
    EXPECT_NE(password.error().context.find("LoadCredential"), std::string::npos);
}

}  // namespace
}  // namespace stile::sync
