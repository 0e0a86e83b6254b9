// SPDX-License-Identifier: Apache-2.0
// A small file of mode 0600.
#include "daemon/ledger/own_secret.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "crypto/base/bytes.hpp"
#include "daemon/runtime/secret_file.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {
namespace {

std::unexpected<Error> wrong(const std::filesystem::path& file, std::string_view what) {
    return fail(Errc::Config, fmt::format("{}: {}", file.native(), what));
}

std::string system_text() {
    return std::system_category().message(errno);
}

bool is_there(const std::filesystem::path& file) {
    std::error_code ignored;
    return std::filesystem::exists(file, ignored);
}

bool write_random(int fd) {
    crypto::EventSecret secret{};
    crypto::fill_random(secret);
    std::string text = to_hex(secret) + "\n";
    const auto written = ::write(fd, text.data(), text.size());
    const bool safe = written == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
    crypto::wipe(secret);
    crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    return safe;
}

// Whole and on the disk, or not there at all: a gate does not start with half a secret. Of two
// makers at once the second one finds the file of the first. What one that was killed has left is
// no secret of anybody's, and is written anew.
Result<void> make_missing(const std::filesystem::path& file) {
    if (is_there(file)) return {};
    const std::string young = file.native() + ".new";
    const UniqueFd fd{::open(young.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!fd || ::flock(fd.get(), LOCK_EX) != 0)
        return wrong(file, "cannot be made: " + system_text());
    if (is_there(file)) return {};
    if (::ftruncate(fd.get(), 0) != 0 || !write_random(fd.get()) ||
        ::rename(young.c_str(), file.c_str()) != 0) {
        return wrong(file, "cannot be written: " + system_text());
    }
    const UniqueFd folder{::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (folder) (void)::fsync(folder.get());  // the file itself is safe
    return {};
}

}  // namespace

Result<crypto::EventSecret> read_event_secret(const std::filesystem::path& file) {
    return read_secret_file(file, "event secret");
}

Result<crypto::EventSecret> own_event_secret(const std::filesystem::path& file) {
    if (auto made = make_missing(file); !made) return std::unexpected{std::move(made.error())};
    return read_event_secret(file);
}

Result<crypto::BoxKey> own_device_key(const std::filesystem::path& file) {
    if (auto made = make_missing(file); !made) return std::unexpected{std::move(made.error())};
    auto secret = read_secret_file(file, "device key");
    if (!secret) return std::unexpected{std::move(secret.error())};
    crypto::BoxKey key{*secret};
    crypto::wipe(*secret);
    return key;
}

Result<crypto::SigningKey> own_signing_key(const std::filesystem::path& file) {
    if (auto made = make_missing(file); !made) return std::unexpected{std::move(made.error())};
    auto seed = read_secret_file(file, "signing key");
    if (!seed) return std::unexpected{std::move(seed.error())};
    auto key = crypto::SigningKey::from_seed(*seed);
    crypto::wipe(*seed);
    return key;
}

}  // namespace stile
