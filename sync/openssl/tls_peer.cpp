// SPDX-License-Identifier: Apache-2.0
// One handshake by OpenSSL.
#include "sync/openssl/tls_peer.hpp"

#include <ctime>
#include <memory>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace stile::sync {
namespace {

struct FreePeer {
    void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
    void operator()(SSL* link) const { ::SSL_free(link); }
    void operator()(X509* certificate) const { ::X509_free(certificate); }
};
using Context = std::unique_ptr<SSL_CTX, FreePeer>;
using Link = std::unique_ptr<SSL, FreePeer>;

bool is_address(const std::string& host) {
    in6_addr room{};
    return ::inet_pton(AF_INET, host.c_str(), &room) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), &room) == 1;
}

bool expect_host(SSL* link, const std::string& host) {
    if (is_address(host))
        return ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(link), host.c_str()) == 1;
    std::string name = host;
    // What the macro SSL_set_tlsext_host_name does, without its cast.
    return ::SSL_ctrl(link, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) ==
               1 &&
           ::SSL_set1_host(link, host.c_str()) == 1;
}

Context context_with(const Tls& files) {
    Context context{::SSL_CTX_new(::TLS_client_method())};
    if (!context) return context;
    ::SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    bool read = files.ca_file.empty()
                    ? ::SSL_CTX_set_default_verify_paths(context.get()) == 1
                    : ::SSL_CTX_load_verify_file(context.get(), files.ca_file.c_str()) == 1;
    if (!files.certificate_file.empty()) {
        read = read &&
               ::SSL_CTX_use_certificate_chain_file(context.get(),
                                                    files.certificate_file.c_str()) == 1 &&
               ::SSL_CTX_use_PrivateKey_file(context.get(), files.key_file.c_str(),
                                             SSL_FILETYPE_PEM) == 1;
    }
    if (!read) context.reset();
    return context;
}

std::string words_for(long verdict, const std::string& host) {
    switch (verdict) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "its certificate has ended";
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return "its certificate begins later, or the clock here is wrong";
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return fmt::format("its certificate is of another host than {}", host);
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return "its certificate is of an authority that is not trusted here";
        default:
            return ::X509_verify_cert_error_string(verdict);
    }
}

std::optional<std::chrono::sys_seconds> end_of_peer(const SSL* link) {
    const std::unique_ptr<X509, FreePeer> certificate{::SSL_get1_peer_certificate(link)};
    std::tm end{};
    if (!certificate || ::ASN1_TIME_to_tm(::X509_get0_notAfter(certificate.get()), &end) != 1)
        return std::nullopt;
    return std::chrono::sys_seconds{std::chrono::seconds{::timegm(&end)}};
}

}  // namespace

TlsPeer shake_hands(int socket, const std::string& host, const Tls& files) {
    const Context context = context_with(files);
    if (!context) return {"the files for TLS cannot be used", std::nullopt};
    const Link link{::SSL_new(context.get())};
    if (!link || !expect_host(link.get(), host) || ::SSL_set_fd(link.get(), socket) != 1)
        return {"TLS cannot begin", std::nullopt};
    const bool shaken = ::SSL_connect(link.get()) == 1;
    ::ERR_clear_error();
    const long verdict = ::SSL_get_verify_result(link.get());
    if (verdict != X509_V_OK) return {words_for(verdict, host), end_of_peer(link.get())};
    if (!shaken) return {"it does not speak TLS, or does not accept this gate", std::nullopt};
    return {"", end_of_peer(link.get())};
}

}  // namespace stile::sync
