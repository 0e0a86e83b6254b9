// SPDX-License-Identifier: Apache-2.0
// Opens the files of card keys, and fills one value a section.
#include "daemon/cards/card_keys.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <set>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/cards/secret_sections.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {
namespace {

using crypto::LockedBytes;

constexpr std::size_t kMostBytes = 16'384;

// Where the keys are, and whose permissions they have: of a credential systemd sees to them.
struct Place {
    std::string path;
    enum class Kind : std::uint8_t { File, Credential } kind = Kind::File;
};

Result<Place> place_of(std::string_view name, std::string_view key) {
    if (name.contains('/')) return Place{std::string{name}, Place::Kind::File};
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
    if (folder != nullptr)
        return Place{fmt::format("{}/{}", folder, name), Place::Kind::Credential};
    return fail(Errc::Config, fmt::format("{}: \"{}\" is a credential, but systemd gave none "
                                          "(LoadCredential=)",
                                          key, name));
}

Result<LockedBytes> read(const Place& place, std::string_view key) {
    const auto wrong = [&](std::string_view what) {
        return fail(Errc::Config, fmt::format("{}: {}: {}", key, place.path, what));
    };
    const UniqueFd fd{::open(place.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!fd) return wrong("cannot be read: " + std::system_category().message(errno));
    struct stat about{};
    if (::fstat(fd.get(), &about) != 0 || !S_ISREG(about.st_mode)) return wrong("is no file");
    if (place.kind == Place::Kind::File && (about.st_mode & 0077U) != 0)
        return wrong(fmt::format("others may read these keys; run: chmod 600 {}", place.path));
    LockedBytes text{kMostBytes};
    std::size_t size = 0;
    while (size < kMostBytes) {
        const auto got = ::read(fd.get(), text.span().data() + size, kMostBytes - size);
        if (got < 0) return wrong("cannot be read: " + std::system_category().message(errno));
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size == kMostBytes) return wrong("is too long for a file of keys");
    text.shrink(size);
    return text;
}

// What one section says, by its kind.
template <class Keys>
using Fill = std::expected<Keys, SectionMistake> (*)(const SecretSection&);

// The first mistake of several checks.
template <class... Checks>
SecretSection::Checked all_of(const Checks&... checks) {
    SecretSection::Checked result;
    (void)((result = checks, result.has_value()) && ...);
    return result;
}

std::expected<crypto::Ev2Keys, SectionMistake> ev2_keys(const SecretSection& section) {
    static constexpr std::array<std::string_view, 5> kKeys{"application", "key", "file", "master",
                                                           "context"};
    crypto::Ev2Keys keys;
    const auto filled = all_of(
        section.only(kKeys), section.hex("application", 3, 16, keys.application),
        section.number("key", 13, keys.key), section.number("file", 31, keys.file),
        section.hex("master", keys.master.span()), section.hex("context", 9, 24, keys.context));
    if (!filled) return std::unexpected{filled.error()};
    if (const auto fault = fault_of(keys); !fault.empty())
        return std::unexpected{SectionMistake{section.line(), std::string{fault}}};
    return keys;
}

std::expected<crypto::Mf0aesKeys, SectionMistake> mf0aes_keys(const SecretSection& section) {
    static constexpr std::array<std::string_view, 3> kKeys{"id", "uid_key", "diversification_key"};
    crypto::Mf0aesKeys keys;
    std::array<std::uint8_t, 4> id{};
    const auto filled = all_of(section.only(kKeys), section.hex("id", id),
                               section.hex("uid_key", keys.uid_key.span()),
                               section.hex("diversification_key", keys.diversification_key.span()));
    if (!filled) return std::unexpected{filled.error()};
    keys.id = ByteReader{id}.number<std::uint32_t>();
    if (const auto fault = fault_of(keys); !fault.empty())
        return std::unexpected{SectionMistake{section.line(), std::string{fault}}};
    return keys;
}

template <class Keys>
Result<std::vector<Keys>> load(std::string_view name, std::string_view key, std::string_view kind,
                               Fill<Keys> fill) {
    if (name.empty()) return std::vector<Keys>{};
    const auto place = place_of(name, key);
    if (!place) return std::unexpected{place.error()};
    const auto text = read(*place, key);
    if (!text) return std::unexpected{text.error()};
    const auto wrong = [&](const SectionMistake& mistake) {
        return fail(Errc::Config,
                    fmt::format("{}: {}:{}: {}", key, place->path, mistake.line, mistake.what));
    };
    const auto sections = secret_sections(as_text(text->bytes()));
    if (!sections) return wrong(sections.error());
    std::vector<Keys> all;
    for (const SecretSection& section : *sections) {
        if (section.name() != kind)
            return wrong({section.line(), fmt::format("only sections [{}] stand here", kind)});
        auto keys = fill(section);
        if (!keys) return wrong(keys.error());
        all.push_back(std::move(*keys));
    }
    if (all.empty()) return wrong({1, fmt::format("no section [{}]", kind)});
    return all;
}

}  // namespace

Result<std::vector<crypto::Ev2Keys>> load_ev2_keys(std::string_view name, std::string_view key) {
    return load<crypto::Ev2Keys>(name, key, "ev2", ev2_keys);
}

// Two sets with one id: which of them a chip means could not be told.
Result<std::vector<crypto::Mf0aesKeys>> load_mf0aes_keys(std::string_view name,
                                                         std::string_view key) {
    auto sets = load<crypto::Mf0aesKeys>(name, key, "mf0aes", mf0aes_keys);
    if (!sets) return sets;
    std::set<std::uint32_t> seen;
    for (const crypto::Mf0aesKeys& set : *sets) {
        if (!seen.insert(set.id).second)
            return fail(Errc::Config,
                        fmt::format("{}: {}: two sets have the id {:08x}", key, name, set.id));
    }
    return sets;
}

}  // namespace stile
