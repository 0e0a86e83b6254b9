// SPDX-License-Identifier: Apache-2.0
// Links in stile.target.wants, and drop-ins for encrypted secrets.
#include "systemd/generator/generate.hpp"

#include <fstream>
#include <string>
#include <system_error>

#include "daemon/config/reader_unit.hpp"
#include "daemon/config/site.hpp"

namespace stile {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReaderUnit = "/lib/systemd/system/stile-reader@.service";

constexpr std::string_view kGate[]{"stile.cards.ev2", "stile.cards.mf0aes", "stile.event.secret"};
constexpr std::string_view kSync[]{"stile.mqtt.user", "stile.mqtt.password",
                                   "stile.mqtt.certificate", "stile.mqtt.key"};
constexpr std::string_view kCollector[]{"stile.mqtt.user", "stile.mqtt.password",
                                        "stile.mqtt.certificate", "stile.mqtt.key",
                                        "stile.collector.postgresql"};
constexpr UnitSecrets kSecrets[]{{"stiled.service", kGate},
                                 {"stile-sync.service", kSync},
                                 {"stile-collector.service", kCollector}};

Error cannot(const fs::path& file, const std::error_code& error) {
    return {Errc::Io, file.native() + ": " + error.message()};
}

void want_reader(const fs::path& wants, const std::string& unit, std::vector<Error>& mistakes) {
    std::error_code error;
    fs::create_directories(wants, error);
    if (!error) fs::create_symlink(kReaderUnit, wants / unit, error);
    if (error && error != std::errc::file_exists) mistakes.push_back(cannot(wants / unit, error));
}

void want_readers(const Generation& wish, std::vector<Error>& mistakes) {
    const auto site = config::load_site(wish.site);
    if (!site) {
        if (site.error().code != Errc::NotFound) mistakes.push_back(site.error());
        return;
    }
    for (const config::Reader& reader : site->readers)
        want_reader(wish.out / "stile.target.wants", config::unit_of(reader), mistakes);
}

// LoadCredential= finds plain secrets only.
std::string decryption_of(const UnitSecrets& secrets, const fs::path& encrypted) {
    std::string lines;
    for (const std::string_view name : secrets.names) {
        std::error_code unreadable;
        if (!fs::exists(encrypted / name, unreadable)) continue;
        lines.append("LoadCredentialEncrypted=").append(name).append("\n");
    }
    return lines;
}

void decrypt_secrets(const Generation& wish, const UnitSecrets& secrets,
                     std::vector<Error>& mistakes) {
    const std::string lines = decryption_of(secrets, wish.encrypted);
    if (lines.empty()) return;
    const fs::path folder = wish.out / (std::string{secrets.unit} + ".d");
    std::error_code error;
    fs::create_directories(folder, error);
    std::ofstream file{folder / "50-encrypted.conf"};
    file << "# SPDX-License-Identifier: Apache-2.0\n# By stile-generator.\n[Service]\n" << lines;
    file.close();
    if (file.fail()) mistakes.push_back({Errc::Io, folder.native() + ": cannot be written"});
}

}  // namespace

std::span<const UnitSecrets> unit_secrets() {
    return kSecrets;
}

std::vector<Error> generate(const Generation& wish) {
    std::vector<Error> mistakes;
    want_readers(wish, mistakes);
    for (const UnitSecrets& secrets : kSecrets)
        decrypt_secrets(wish, secrets, mistakes);
    return mistakes;
}

}  // namespace stile
