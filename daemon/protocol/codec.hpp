// SPDX-License-Identifier: Apache-2.0
// Messages to bytes and back, strictly: what the encoder would not write, the decoder does not
// read.
#pragma once

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "daemon/protocol/messages.hpp"

namespace stile::protocol {

// The whole datagram. A text that is too long is cut at a character, and what is no UTF-8 in it
// becomes "?"; anything else beyond a limit of messages.hpp is a bug of the caller (assert).
// Reentrant.
[[nodiscard]] Buffer encode(const Message& message);

// Errors: Invalid with what is wrong, Unsupported (another version of the protocol). Reentrant.
[[nodiscard]] Result<Message> decode(Bytes datagram);

// Whether PROTOCOL.md lets a peer of that role send this kind of message.
[[nodiscard]] bool may_send(Role role, const Message& message);

}  // namespace stile::protocol
