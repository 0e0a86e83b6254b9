// SPDX-License-Identifier: Apache-2.0
// Reads what a gate made for itself and what installers copy.
#include "daemon/runtime/secret_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/base/bytes.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {
namespace {

// Whoever may read a credential, systemd has seen to it.
enum class Kind : std::uint8_t { File, Credential };

}  // namespace

std::string leave_out_credentials(std::initializer_list<std::string*> files) {
    std::string out;
    const char* given = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
    if (given != nullptr) return out;
    for (std::string* file : files) {
        if (!is_credential(*file)) continue;
        out += *file + ": not checked here: systemd gives this credential to the service only\n";
        file->clear();
    }
    return out;
}

Result<SecretBytes> read_secret_file(const std::filesystem::path& file, std::string_view name) {
    const auto wrong = [&file](std::string_view what) {
        return fail(Errc::Config, fmt::format("{}: {}", file.native(), what));
    };
    const Kind kind = is_credential(file.native()) ? Kind::Credential : Kind::File;
    const char* given = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
    if (kind == Kind::Credential && given == nullptr)
        return wrong("is a credential, but systemd gave none (LoadCredential=)");
    const auto path = kind == Kind::Credential ? given / file : file;
    const UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd)
        return wrong(
            fmt::format("the {} cannot be read: {}", name, std::system_category().message(errno)));
    struct stat about{};
    const bool told = ::fstat(fd.get(), &about) == 0;
    if (!told || (kind == Kind::File && (about.st_mode & 0077U) != 0)) {
        return wrong(fmt::format("others may read the {}; run: chmod 600 {}", name, file.native()));
    }
    std::array<char, 80> text{};
    const auto size = ::read(fd.get(), text.data(), text.size());
    std::string_view digits{text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
    if (digits.ends_with('\n')) digits.remove_suffix(1);
    const auto bytes = from_hex(digits);
    SecretBytes secret{};
    if (!bytes || bytes->size() != secret.size())
        return wrong(fmt::format("the {} has to be 64 hexadecimal digits, and nothing else", name));
    std::ranges::copy(*bytes, secret.begin());
    return secret;
}

}  // namespace stile
