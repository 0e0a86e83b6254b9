// SPDX-License-Identifier: Apache-2.0
// One command to the card and its answer, cut into the blocks that the reader takes. Pure.
#pragma once

#include <cstddef>
#include <cstdint>

#include "crypto/base/bytes.hpp"
#include "devices/ccid/descriptor.hpp"
#include "devices/ccid/frame.hpp"

namespace stile::devices {

inline constexpr std::size_t kLongestApdu = 4096;  // command or answer; PROTOCOL.md has the same

// Whether a reader of this kind can send `apdu` at all.
[[nodiscard]] bool fits(Bytes apdu, const CcidDescriptor& reader);

class ApduTransfer {
public:
    static constexpr int kMostBlocks = 64;  // of an answer

    // `apdu` fits the reader; `block` is the most data that one message to it has.
    ApduTransfer(Bytes apdu, CcidLevel level, std::size_t block);

    struct Block {
        CcidChain place;
        Bytes data;  // of the command; empty while an answer is fetched
    };
    // What to send now.
    [[nodiscard]] Block next() const;

    enum class Step : std::uint8_t { More, Done, Broken };
    // The answer to next(). After Done or Broken neither is called again.
    [[nodiscard]] Step take(const CcidAnswer& answer);

    // With Done: at least the two bytes of the status word.
    [[nodiscard]] const Buffer& answer() const { return answer_; }

private:
    [[nodiscard]] bool last_block() const { return command_.size() - sent_ <= block_; }
    [[nodiscard]] Step append(const CcidAnswer& answer, CcidChain place);

    Buffer command_;
    CcidLevel level_;
    std::size_t block_;
    std::size_t sent_ = 0;
    Buffer answer_;
    int blocks_ = 0;  // of the answer so far; above 0 the command is out
};

}  // namespace stile::devices
