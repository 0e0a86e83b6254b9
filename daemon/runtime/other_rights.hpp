// SPDX-License-Identifier: Apache-2.0
// Root works in the daemon's folders with the rights of the daemon's user: what it makes there the
// daemon can open, and it follows nobody else's links.
#pragma once

#include <filesystem>
#include <optional>

#include <sys/types.h>

namespace stile {

struct Owner {
    uid_t user = 0;
    gid_t group = 0;
};

// To whom a folder belongs. Nothing, where one's own rights are the right ones: this is not root,
// the folder is root's, there is none, or its owner cannot work there.
[[nodiscard]] std::optional<Owner> owner_of(const std::filesystem::path& folder);

// As long as it lives, this thread reaches files with the rights of the owner, where it was root.
// Nothing: with its own.
class OtherRights {
public:
    explicit OtherRights(const std::optional<Owner>& owner);
    OtherRights(const OtherRights&) = delete;
    OtherRights& operator=(const OtherRights&) = delete;
    ~OtherRights();  // ends the process rather than going on with half of the rights
    [[nodiscard]] bool good() const { return good_; }

private:
    std::optional<Owner> before_;
    bool good_ = true;
};

}  // namespace stile
