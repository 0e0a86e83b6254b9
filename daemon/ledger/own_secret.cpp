// SPDX-License-Identifier: Apache-2.0
// A small file of mode 0600.
#include "daemon/ledger/own_secret.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "crypto/base/bytes.hpp"
#include "daemon/runtime/secret_file.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {
namespace {

std::unexpected<Error> wrong(const std::filesystem::path& file, std::string_view what) {
    return fail(Errc::Config, fmt::format("{}: {}", file.native(), what));
}

Result<void> make(const std::filesystem::path& file) {
    crypto::EventSecret secret{};
    crypto::fill_random(secret);
    const std::string text = to_hex(secret) + "\n";
    const UniqueFd fd{::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!fd) return wrong(file, "cannot be made: " + std::system_category().message(errno));
    const auto written = ::write(fd.get(), text.data(), text.size());
    if (written != static_cast<ssize_t>(text.size()) || ::fsync(fd.get()) != 0) {
        ::unlink(file.c_str());
        return wrong(file, "cannot be written: " + std::system_category().message(errno));
    }
    return {};
}

Result<void> make_missing(const std::filesystem::path& file) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) return {};
    return make(file);
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

}  // namespace stile
