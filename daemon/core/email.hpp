// SPDX-License-Identifier: Apache-2.0
// Whether a text can be an e-mail address.
#pragma once

#include <string_view>

namespace stile {

// At most 320 characters: a local part, @, and a host name.
// - The local part is words of letters, digits and !#$%&'*+-/=?^_`{|}~ with single dots between,
//   or anything of ASCII but line ends in quotes, with " \ space and tab behind a backslash.
// - The host name has two labels or more of 1 to 63 characters: letters, digits, and hyphens
// inside.
//   The last has two characters or more. Letters of other scripts are letters (a label of them is
//   counted in bytes of UTF-8). Or it is localhost, or the number of a machine in brackets:
//   [127.0.0.1], [::1].
// The host may be unknown to the world: no list of top-level domains is asked.
[[nodiscard]] bool is_email(std::string_view text);

}  // namespace stile
