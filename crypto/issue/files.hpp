// SPDX-License-Identifier: Apache-2.0
// Files of the organiser's side: keys that must not be lost or read by others, and pictures.
#pragma once

#include <filesystem>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "crypto/locked_bytes.hpp"

namespace stile::crypto {

enum class Access { OwnerOnly, Everyone };  // mode 0600 or 0644

// Writes a file that must not exist yet and waits until it is on the disk. On failure there is no
// file. Errors: Invalid (it exists), Io.
[[nodiscard]] Result<void> write_new_file(const std::filesystem::path& path, Bytes content,
                                          Access access);

enum class Durability { Now, Later };  // Later: whoever writes many files waits for all at once

// Writes a file, over an older one if there is one. Errors: Io.
[[nodiscard]] Result<void> write_file(const std::filesystem::path& path, Bytes content,
                                      Durability durability = Durability::Now);

// Writes a file, or leaves the older one as it is; waits until it has its place on the disk.
// Errors: Io.
[[nodiscard]] Result<void> replace_file(const std::filesystem::path& path, Bytes content,
                                        Access access = Access::OwnerOnly);

// One program at a time reads and replaces what lies in a folder; released with the object.
class FolderLock {
public:
    // Waits for whoever has it. Errors: NotFound, Denied, Io.
    [[nodiscard]] static Result<FolderLock> take(const std::filesystem::path& folder);
    FolderLock(FolderLock&& other) noexcept;
    FolderLock& operator=(FolderLock&&) = delete;
    ~FolderLock();

private:
    explicit FolderLock(int descriptor) : descriptor_{descriptor} {}
    int descriptor_;
};
// The folder of a file that may be named without one.
[[nodiscard]] std::filesystem::path folder_of(const std::filesystem::path& file);

// Appends whole lines; the file may be new. Errors: Io.
[[nodiscard]] Result<void> append_to_file(const std::filesystem::path& path, Bytes content);

// Waits until all files of the folder's file system are on the disk. Errors: Io.
[[nodiscard]] Result<void> sync_files(const std::filesystem::path& folder);

// Reads a whole file into locked memory. Errors: NotFound, Denied, Io; Invalid if it is longer than
// `limit_bytes`.
[[nodiscard]] Result<LockedBytes> read_secret_file(const std::filesystem::path& path,
                                                   std::size_t limit_bytes);

// Errors: Denied if anyone but the owner may read or write the file; NotFound, Io.
[[nodiscard]] Result<void> require_owner_only(const std::filesystem::path& path);

}  // namespace stile::crypto
