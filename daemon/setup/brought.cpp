// SPDX-License-Identifier: Apache-2.0
// Keys, certificates and a password, as files.
#include "daemon/setup/brought.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/config/document.hpp"
#include "daemon/config/key_file.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {
namespace {

constexpr std::size_t kLongestPassword = 1024;

bool has(const crypto::KeyRing& ring, const crypto::KeyRecord& key) {
    return ring.find(crypto::key_id(key.algorithm, key.public_key)) != nullptr;
}

}  // namespace

Result<void> check_keys(const std::filesystem::path& file) {
    if (const auto ring = config::load_keys(file); !ring) return std::unexpected{ring.error()};
    return {};
}

Result<void> check_ca(const std::filesystem::path& file) {
    const auto text = config::read_text(file);
    if (!text) return std::unexpected{text.error()};
    if (text->contains("PRIVATE KEY"))
        return fail(Errc::Invalid, file.native() + ": a private key is in it");
    if (text->contains("-----BEGIN CERTIFICATE-----")) return {};
    return fail(Errc::Invalid, file.native() + ": there is no certificate in it (PEM)");
}

Result<crypto::LockedBytes> read_password(const std::filesystem::path& file) {
    const UniqueFd fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd) {
        return fail(errno == ENOENT ? Errc::NotFound : Errc::Denied,
                    file.native() + ": " + std::system_category().message(errno));
    }
    struct stat about{};
    if (::fstat(fd.get(), &about) != 0 || (about.st_mode & 0077U) != 0) {
        return fail(Errc::Denied,
                    fmt::format("others may read the password; run: chmod 600 {}", file.native()));
    }
    crypto::LockedBytes line{kLongestPassword + 1};
    const ssize_t size = ::read(fd.get(), line.span().data(), line.span().size());
    line.shrink(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    const auto end = std::ranges::find(line.bytes(), std::uint8_t{'\n'});
    line.shrink(static_cast<std::size_t>(end - line.bytes().begin()));
    if (!line.bytes().empty() && line.bytes().back() == '\r')  // written on Windows
        line.shrink(line.bytes().size() - 1);
    if (line.bytes().empty() || line.bytes().size() > kLongestPassword)
        return fail(Errc::Invalid, file.native() + ": its first line is no password");
    return line;
}

Result<std::string> with_keys(const std::filesystem::path& file, std::string text,
                              const std::filesystem::path& young) {
    const auto added = config::load_keys(young);
    if (!added) return std::unexpected{added.error()};
    crypto::KeyRing known;
    if (std::error_code error; std::filesystem::exists(file, error)) {
        auto ring = config::load_keys(file);
        if (!ring) return std::unexpected{std::move(ring.error())};
        known = std::move(*ring);
    }
    const auto there = std::ranges::count_if(added->records(),
                                             [&known](const auto& key) { return has(known, key); });
    if (there == std::ssize(added->records())) return text;
    if (there != 0) {
        return fail(Errc::Invalid, fmt::format("{}: {} of its keys are in {} already; take them "
                                               "out of it",
                                               young.native(), there, file.native()));
    }
    const auto more = config::read_text(young);
    if (!more) return std::unexpected{more.error()};
    if (more->empty() || text.contains(*more)) return text;
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    return text + (text.empty() ? "" : "\n") + *more;
}

}  // namespace stile
