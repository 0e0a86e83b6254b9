// SPDX-License-Identifier: Apache-2.0
// open, read, write and fsync, with errno as our errors.
#include "daemon/ledger/files.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "daemon/runtime/unique_fd.hpp"

namespace stile::files {
namespace {

constexpr std::size_t kMostText = 64U << 10U;
constexpr std::size_t kPart = 256U << 10U;

Errc code_of(int number) {
    switch (number) {
        case ENOSPC:
        case EDQUOT:
            return Errc::Full;
        case EACCES:
        case EPERM:
        case EROFS:
            return Errc::Denied;
        case ENOENT:
            return Errc::NotFound;
        default:
            return Errc::Io;
    }
}

}  // namespace

std::unexpected<Error> error_of(const std::filesystem::path& path) {
    const int number = errno;
    return fail(code_of(number), path.native() + ": " + std::system_category().message(number));
}

Result<void> write(const std::filesystem::path& file, std::string_view text) {
    const UniqueFd fd{::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (!fd) return error_of(file);
    if (::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        return error_of(file);
    if (::fsync(fd.get()) != 0) return error_of(file);
    return sync(file.parent_path());
}

Result<std::string> read(const std::filesystem::path& file) {
    const UniqueFd fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd) return error_of(file);
    std::string text(kMostText, '\0');
    const ssize_t size = ::read(fd.get(), text.data(), text.size());
    if (size < 0) return error_of(file);
    text.resize(static_cast<std::size_t>(size));
    return text;
}

Result<void> sync(const std::filesystem::path& path) {
    const UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd || ::fsync(fd.get()) != 0) return error_of(path);
    return {};
}

Result<void> copy(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::error_code failed;
    std::filesystem::copy_file(from, to, failed);
    if (failed) {
        errno = failed.value();
        return error_of(to);
    }
    return sync(to);
}

Result<FileDigest> sha256_of(const std::filesystem::path& file) {
    const UniqueFd fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd) return error_of(file);
    crypto::Sha256 sum;
    FileDigest digest;
    std::vector<std::uint8_t> part(kPart);
    for (;;) {
        const ssize_t size = ::read(fd.get(), part.data(), part.size());
        if (size < 0) return error_of(file);
        if (size == 0) break;
        sum.add(Bytes{part}.first(static_cast<std::size_t>(size)));
        digest.bytes += static_cast<std::uint64_t>(size);
    }
    digest.sha256 = sum.finish();
    return digest;
}

}  // namespace stile::files
