// SPDX-License-Identifier: Apache-2.0
// TLS to a real broker: who is believed, and what the files have to be.
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "sync/openssl/tls_files.hpp"
#include "tests/sync/session.hpp"
#include "tests/sync/testbed/certificates.hpp"

// A thread of the MQTT client that ends beside the process leaves what libcrypto gave it.
extern "C" const char* __lsan_default_suppressions();
// NOLINTNEXTLINE(bugprone-reserved-identifier): LeakSanitizer's own name
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libcrypto.so\n";
}

namespace stile::sync {
namespace {

using testbed::Certificates;
using testbed::Mosquitto;

class Tls : public SessionWithMosquitto {
protected:
    void SetUp() override {
        if (!testbed::have_program("openssl")) GTEST_SKIP() << "openssl is not installed";
        SessionWithMosquitto::SetUp();
        files_.make_authority("ours");
        files_.make_authority("theirs");
    }
    void TearDown() override { ::unsetenv("SSL_CERT_FILE"); }  // NOLINT(concurrency-mt-unsafe)

    // Starts a broker with a certificate of that authority for that host.
    void start_broker(const std::string& authority, const std::string& host,
                      const std::string& more = "") {
        files_.issue(authority, host);
        broker_ = std::make_unique<Mosquitto>(files_.broker(authority, host) + more);
        ASSERT_TRUE(broker_->start());
    }
    // Whether the session connects, trusting `authority`; the system's when it is empty.
    bool connects(const std::string& authority, const std::string& client = "") {
        auto wanted = options("ssl://localhost:" + std::to_string(broker_->port()));
        if (!authority.empty()) wanted.tls.ca_file = files_.certificate(authority);
        if (!client.empty()) {
            wanted.tls.certificate_file = files_.certificate(client);
            wanted.tls.key_file = files_.key(client);
        }
        EXPECT_TRUE(session_->connect(wanted));
        const auto deadline = std::chrono::steady_clock::now() + testbed::kPatience;
        while (std::chrono::steady_clock::now() < deadline) {
            for (const SessionEvent& event : session_->wait_events(std::chrono::milliseconds{50})) {
                if (std::holds_alternative<Connected>(event)) return true;
                if (std::holds_alternative<NotConnected>(event)) return false;
            }
        }
        ADD_FAILURE() << "no word from the session";
        return false;
    }
    // As if this authority were one of the system's.
    void make_system_authority(const std::string& name) const {
        ::setenv("SSL_CERT_FILE",
                 files_.certificate(name).c_str(),  // NOLINT(concurrency-mt-unsafe)
                 1);
    }

    Certificates files_;
    std::unique_ptr<Mosquitto> broker_;
};

TEST_F(Tls, ConnectsToACertificateOfOurAuthorityForThisHost) {
    start_broker("ours", "localhost");
    EXPECT_TRUE(connects("ours"));
}

TEST_F(Tls, RefusesACertificateForAnotherHost) {
    start_broker("ours", "other.example");
    EXPECT_FALSE(connects("ours"));
}

TEST_F(Tls, RefusesACertificateOfAnUnknownAuthority) {
    start_broker("ours", "localhost");
    EXPECT_FALSE(connects(""));
}

TEST_F(Tls, BelievesTheSystemsAuthoritiesWhereNoneIsNamed) {
    make_system_authority("theirs");
    start_broker("theirs", "localhost");
    EXPECT_TRUE(connects(""));
}

TEST_F(Tls, BelievesNoneButTheAuthorityThatIsNamed) {
    make_system_authority("theirs");
    start_broker("theirs", "localhost");
    EXPECT_FALSE(connects("ours"));
}

TEST_F(Tls, ShowsItsOwnCertificateToABrokerThatAsks) {
    start_broker("ours", "localhost", "require_certificate true\n");
    files_.issue("ours", "gate");
    EXPECT_TRUE(connects("ours", "gate"));
}

TEST_F(Tls, IsTurnedAwayWithoutACertificateByABrokerThatAsks) {
    start_broker("ours", "localhost", "require_certificate true\n");
    EXPECT_FALSE(connects("ours"));
}

TEST_F(Tls, IsTurnedAwayWithACertificateOfAnotherAuthority) {
    start_broker("ours", "localhost", "require_certificate true\n");
    files_.issue("theirs", "gate");
    EXPECT_FALSE(connects("ours", "gate"));
}

TEST_F(Tls, SaysThatTheBrokerSpeaksNoTls) {
    broker_ = std::make_unique<Mosquitto>();
    ASSERT_TRUE(broker_->start());
    EXPECT_FALSE(connects("ours"));
}

class TlsFiles : public testing::Test {
protected:
    void SetUp() override {
        if (!testbed::have_program("openssl")) GTEST_SKIP() << "openssl is not installed";
        files_.make_authority("ours");
        files_.issue("ours", "gate");
        tls_ = {files_.certificate("ours"), files_.certificate("gate"), files_.key("gate")};
    }
    [[nodiscard]] std::string trouble() const {
        const auto checked = check_tls_files(tls_);
        return checked ? "" : checked.error().context;
    }

    Certificates files_;
    struct stile::sync::Tls tls_;
};

TEST_F(TlsFiles, AreGoodAndTellTheirEnd) {
    const auto end = check_tls_files(tls_);
    ASSERT_TRUE(end) << end.error().context;
    ASSERT_TRUE(*end);
    EXPECT_GT(**end, std::chrono::system_clock::now() + std::chrono::hours{40});
    EXPECT_LT(**end, std::chrono::system_clock::now() + std::chrono::hours{50});
}

TEST_F(TlsFiles, AreNotNeeded) {
    const auto end = check_tls_files({});
    ASSERT_TRUE(end);
    EXPECT_FALSE(*end);
}

TEST_F(TlsFiles, MustBeThere) {
    tls_.ca_file = "/nowhere/ca.pem";
    EXPECT_EQ(trouble(), "mqtt.ca_file: /nowhere/ca.pem cannot be read");
}

TEST_F(TlsFiles, MustBePem) {
    tls_.certificate_file = files_.folder().write("rubbish", "no certificate\n");
    EXPECT_NE(trouble().find("holds no certificate"), std::string::npos);
}

TEST_F(TlsFiles, MustHoldAKeyWhereOneIsExpected) {
    tls_.key_file = files_.folder().write("rubbish", "no key\n");
    std::filesystem::permissions(tls_.key_file, std::filesystem::perms::owner_read);
    EXPECT_NE(trouble().find("holds no private key"), std::string::npos);
}

TEST_F(TlsFiles, MustBelongTogether) {
    files_.issue("ours", "other");
    tls_.key_file = files_.key("other");
    EXPECT_NE(trouble().find("is not the key of"), std::string::npos);
}

TEST_F(TlsFiles, MustNotBeOpenToEverybody) {
    std::filesystem::permissions(tls_.key_file, std::filesystem::perms::others_read,
                                 std::filesystem::perm_options::add);
    EXPECT_NE(trouble().find("open to everybody"), std::string::npos);
}

TEST_F(TlsFiles, MustHaveNoPassPhrase) {
    const std::string locked = files_.folder().path() / "locked.key";
    Certificates::openssl(
        {"ec", "-in", tls_.key_file, "-aes256", "-passout", "pass:secret", "-out", locked});
    tls_.key_file = locked;
    EXPECT_NE(trouble().find("has a pass phrase"), std::string::npos) << trouble();
}

}  // namespace
}  // namespace stile::sync
