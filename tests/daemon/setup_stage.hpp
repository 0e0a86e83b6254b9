// SPDX-License-Identifier: Apache-2.0
// The root of an image in a folder, and answers for stilectl setup.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <sys/stat.h>

#include "crypto/issue/key_record_text.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::test {

inline constexpr std::string_view kSecret =
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";

class SetupStage {
public:
    SetupStage() {
        temp_.write("issuer.toml", issuer(1));
        write_secret("event.secret", kSecret);
        write_secret("password.txt", "open sesame\r\nnot this\r\n");
        temp_.write("ca.pem", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n");
    }
    [[nodiscard]] static std::string issuer(std::uint8_t seed) {
        return crypto::key_record_toml(tests::test_record(tests::test_key(seed)));
    }
    // Paths are relative, so the files are good below any root, and for stiled itself.
    [[nodiscard]] static std::string answers(const std::string& gate,
                                             const std::string& more = {}) {
        return "[setup]\nissuer_keys = [\"issuer.toml\"]\nevent_secret = \"./event.secret\"\n" +
               more + "[site]\nvenue = \"arena\"\ngate = \"" + gate +
               "\"\n[paths]\nstate = \"../../var/lib/stile\"\nruntime = \"../../run/stile\"\n"
               "keys = \"keys.toml\"\nsecret = \"./event.secret\"\n"
               "[ledger]\nmap_mib = 64\nreserve_mib = 1\n"
               "[metrics]\nlisten = \"\"\n[[lane]]\nname = \"lane-1\"\n";
    }
    void write_secret(const char* name, std::string_view text) const {
        std::filesystem::permissions(temp_.write(name, text), std::filesystem::perms{0600});
    }
    void write_answers(const std::string& gate, const std::string& more = {}) const {
        temp_.write("answers.toml", answers(gate, more));
    }
    [[nodiscard]] Finished setup(std::vector<std::string> words, const char* root = "root") const {
        words.insert(words.begin(), {"setup", "--root", (temp_.path() / root).native()});
        return run("stilectl", std::move(words), temp_.path());
    }
    [[nodiscard]] Finished setup_by_file(const char* root = "root") const {
        return setup({"--answers", (temp_.path() / "answers.toml").native(), "--force"}, root);
    }
    [[nodiscard]] std::filesystem::path etc(std::string_view name = {},
                                            const char* root = "root") const {
        return temp_.path() / root / "etc/stile" / name;
    }
    [[nodiscard]] const std::filesystem::path& path() const { return temp_.path(); }
    [[nodiscard]] const TempDir& folder() const { return temp_; }

private:
    TempDir temp_;
};

inline std::string text_in(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

inline mode_t mode_of(const std::filesystem::path& file) {
    struct stat about{};
    return ::lstat(file.c_str(), &about) == 0 ? about.st_mode & 07777U : 0;
}

// What setup has put aside of a file.
inline std::vector<std::filesystem::path> kept_of(const std::filesystem::path& file) {
    std::vector<std::filesystem::path> kept;
    const std::string stem = file.filename().native() + ".before-";
    for (const auto& other : std::filesystem::directory_iterator{file.parent_path()})
        if (other.path().filename().native().starts_with(stem)) kept.push_back(other.path());
    return kept;
}

// The names in a folder that a setup is still writing, or has left.
inline std::vector<std::string> leftovers_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::recursive_directory_iterator{folder}) {
        const std::string name = file.path().filename();
        if (name.ends_with(".setup") || name.ends_with(".new")) names.push_back(name);
    }
    return names;
}

}  // namespace stile::test
