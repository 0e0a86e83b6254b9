// SPDX-License-Identifier: Apache-2.0
// PEM by OpenSSL.
#include "sync/openssl/tls_files.hpp"

#include <cstdio>
#include <ctime>
#include <memory>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

namespace stile::sync {
namespace {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* held) const {
        Free(held);
    }
};
using File = std::unique_ptr<std::FILE, Freed<std::fclose>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

std::unexpected<Error> wrong(std::string_view key, const std::string& file, std::string_view what) {
    return fail(Errc::Config, fmt::format("{}: {} {}", key, file, what));
}

// Never asks anybody: a service has no terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
    *static_cast<bool*>(asked) = true;
    return 0;
}

Result<Certificate> read_certificate(std::string_view key, const std::string& path) {
    const File file{std::fopen(path.c_str(), "re")};
    if (!file) return wrong(key, path, "cannot be read");
    Certificate certificate{PEM_read_X509(file.get(), nullptr, nullptr, nullptr)};
    if (!certificate) return wrong(key, path, "holds no certificate in PEM form");
    return certificate;
}

Result<Key> read_key(const std::string& path) {
    constexpr std::string_view kName = "mqtt.key_file";
    const File file{std::fopen(path.c_str(), "re")};
    if (!file) return wrong(kName, path, "cannot be read");
    struct stat about{};
    if (::fstat(::fileno(file.get()), &about) != 0 || (about.st_mode & S_IRWXO) != 0)
        return wrong(kName, path, "is open to everybody on this machine: chmod 640, or less");
    bool asked = false;
    Key key{PEM_read_PrivateKey(file.get(), nullptr, no_passphrase, &asked)};
    if (key) return key;
    return wrong(kName, path,
                 asked ? "has a pass phrase: store it without one, and let systemd encrypt it "
                         "(LoadCredentialEncrypted=)"
                       : "holds no private key in PEM form");
}

std::optional<std::chrono::sys_seconds> end_of(const X509* certificate) {
    std::tm end{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return std::nullopt;
    return std::chrono::sys_seconds{std::chrono::seconds{::timegm(&end)}};
}

}  // namespace

Result<std::optional<std::chrono::sys_seconds>> check_tls_files(const Tls& tls) {
    if (!tls.ca_file.empty()) {
        if (auto ca = read_certificate("mqtt.ca_file", tls.ca_file); !ca)
            return std::unexpected{std::move(ca.error())};
    }
    if (tls.certificate_file.empty()) return std::nullopt;
    const auto certificate = read_certificate("mqtt.certificate_file", tls.certificate_file);
    if (!certificate) return std::unexpected{certificate.error()};
    const auto key = read_key(tls.key_file);
    if (!key) return std::unexpected{key.error()};
    if (X509_check_private_key(certificate->get(), key->get()) != 1) {
        return wrong("mqtt.key_file", tls.key_file,
                     fmt::format("is not the key of {}", tls.certificate_file));
    }
    return end_of(certificate->get());
}

}  // namespace stile::sync
