// SPDX-License-Identifier: Apache-2.0
// Makes an issuer key: the private half for the organiser, the public record for the gates.
#include "crypto/issue/keygen.hpp"

#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "crypto/issue/files.hpp"
#include "crypto/issue/json_text.hpp"
#include "crypto/issue/key_record_text.hpp"
#include "crypto/issue/private_key.hpp"

namespace stile::crypto {
namespace {

struct Paths {
    std::filesystem::path secret;
    std::filesystem::path record;
};

Result<void> require_absent(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path, error))) return {};
    return fail(
        Errc::Invalid,
        fmt::format("{} exists already, and a key is never overwritten: choose another --out",
                    path.string()));
}

Result<std::string> secret_text(const IssuerKey& key, const KeygenOptions& options) {
    if (options.protection == Protection::None) return private_key_text(key, nullptr);
    const auto passphrase = choose_passphrase(options.passphrase);
    if (!passphrase) return std::unexpected{passphrase.error()};
    return private_key_text(key, &*passphrase);
}

Result<void> write_files(const Paths& paths, std::string secret, const KeyRecord& record) {
    auto written = write_new_file(paths.secret, as_bytes(secret), Access::OwnerOnly);
    wipe({reinterpret_cast<std::uint8_t*>(secret.data()), secret.size()});
    if (!written) return written;
    written = write_new_file(paths.record, as_bytes(key_record_toml(record)), Access::Everyone);
    if (!written) {
        std::error_code ignored;  // the failure that is reported is the one before
        std::filesystem::remove(paths.secret, ignored);
    }
    return written;
}

void print(const KeyRecord& record, const Paths& paths, Print how) {
    const std::string id = to_hex(key_id(record.algorithm, record.public_key));
    if (how == Print::Json) {
        fmt::print(
            "{{\"key_id\":\"{}\",\"issuer\":\"{}\",\"public_key\":\"{}\",\"private_file\":{},"
            "\"public_file\":{}}}\n",
            id, record.issuer, to_hex(record.public_key), json_text(paths.secret.string()),
            json_text(paths.record.string()));
        return;
    }
    fmt::print(
        "key {} of issuer {}\n"
        "private key    {}  (signs tickets: keep it with the organiser, never on a gate)\n"
        "public record  {}  (append it to the key file of every gate)\n",
        id, record.issuer, paths.secret.string(), paths.record.string());
}

}  // namespace

Result<void> run_keygen(const KeygenOptions& options) {
    const Paths paths{options.out.string() + ".key", options.out.string() + ".toml"};
    for (const auto& path : {paths.secret, paths.record})
        if (auto absent = require_absent(path); !absent) return absent;

    IssuerKey key{options.record, SigningKey::generate()};
    key.record.public_key = key.key.public_key();
    if (auto good = KeyRing{}.add(key.record); !good) return good;
    auto secret = secret_text(key, options);
    if (!secret) return std::unexpected{secret.error()};
    if (auto written = write_files(paths, std::move(*secret), key.record); !written) return written;
    print(key.record, paths, options.print);
    return {};
}

}  // namespace stile::crypto
