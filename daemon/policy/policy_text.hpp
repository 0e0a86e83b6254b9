// SPDX-License-Identifier: Apache-2.0
// What a policy says, for the person who wrote it, and for machines.
#pragma once

#include <string>
#include <string_view>

#include "daemon/policy/policy_document.hpp"

namespace stile {

// The areas as a tree, then lanes, classes, products, lists and doubts; each line ends in a line
// feed.
[[nodiscard]] std::string policy_summary(const AccessPolicy& policy);

// One object: {"file","good","mistakes":[{"line","key","what"}],"warnings":[...],"policy"}; the
// policy only when it is good.
[[nodiscard]] std::string policy_json(const PolicyReading& reading, std::string_view file);

}  // namespace stile
