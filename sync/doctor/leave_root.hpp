// SPDX-License-Identifier: Apache-2.0
// What a broker says is never read by root.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "sync/mqtt/session.hpp"

namespace stile::sync {

// As root: the first of the files that `user` may not read. Nothing: it may read all, or it is not
// known, or this is not root. From then on this process has the further groups of `user`, not
// root's. Call it before any thread is started.
[[nodiscard]] std::optional<std::string> closed_to(const std::string& user,
                                                   const std::vector<std::string>& files);

// As root: becomes `user` for good. Before, it copies `files` into memory, since only root may read
// them, and names the copies in `files`; they are there as long as what is returned. For everybody
// else nothing is to be done. Call it before any thread is started. Errors: NotFound (there is no
// such user), Denied, Io.
[[nodiscard]] Result<std::vector<UniqueFd>> leave_root(const std::string& user, Tls& files);

}  // namespace stile::sync
