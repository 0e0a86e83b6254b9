// SPDX-License-Identifier: Apache-2.0
// The issue log as a file: locked, read line by line along its chain, appended durably.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "crypto/issue/log/entry.hpp"

namespace stile::crypto {

// What reading the whole file showed.
struct LogEnd {
    std::string issuer;
    std::uint64_t lines = 0;  // the next line's number
    Digest head{};            // chain value of the last whole line
    std::uint64_t size = 0;   // bytes in whole lines
    std::uint64_t torn = 0;   // bytes after them: a line that a crash cut off
};

// A reader's view of one line. A failure ends the reading and is the result, with the line's
// number.
using OnEntry = std::function<Result<void>(const IssueEntry& entry, const Digest& chain)>;

class LogFile {
public:
    // Opens for appending; makes the file (mode 0600) and its header if there is none. Waits while
    // another process has it, and says so on standard error. Errors: Io, Denied, Invalid (no file
    // to append to).
    [[nodiscard]] static Result<LogFile> open(const std::filesystem::path& path);
    // For reading only, without the lock. Errors: NotFound, Io, Denied.
    [[nodiscard]] static Result<LogFile> view(const std::filesystem::path& path);
    LogFile(LogFile&& other) noexcept;
    LogFile& operator=(LogFile&& other) noexcept;
    ~LogFile();

    // Errors: Corrupt, naming the first line that breaks the form or the chain; those of `each`;
    // Io.
    [[nodiscard]] Result<LogEnd> read(const OnEntry& each) const;
    // Appends whole lines behind the first `size` bytes and waits until they are on the disk. If
    // that fails, what was written is cut off again as far as the disk allows. Errors: Full, Io.
    [[nodiscard]] Result<void> append(std::uint64_t size, std::string_view lines) const;
    // Errors: Io.
    [[nodiscard]] Result<void> cut(std::uint64_t size) const;

private:
    LogFile(std::filesystem::path path, int descriptor);
    [[nodiscard]] std::unexpected<Error> os_error() const;

    std::filesystem::path path_;
    int descriptor_;
};

}  // namespace stile::crypto
