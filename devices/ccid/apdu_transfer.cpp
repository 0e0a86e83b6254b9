// SPDX-License-Identifier: Apache-2.0
// Chains of blocks, in both directions.
#include "devices/ccid/apdu_transfer.hpp"

#include <algorithm>

namespace stile::devices {
namespace {

constexpr std::size_t kLongestShortApdu = 261;

// A length of 0 with something behind it says that two bytes of length follow.
bool extended(Bytes apdu) {
    return apdu.size() > 5 && apdu[4] == 0;
}

}  // namespace

bool fits(Bytes apdu, const CcidDescriptor& reader) {
    if (apdu.size() < 4) return false;
    switch (reader.level) {
        case CcidLevel::ShortApdu:
            return apdu.size() <= kLongestShortApdu && !extended(apdu);
        case CcidLevel::ExtendedApdu:
            return apdu.size() <= kLongestApdu;
    }
    return false;
}

ApduTransfer::ApduTransfer(Bytes apdu, CcidLevel level, std::size_t block)
    : command_{apdu.begin(), apdu.end()}, level_{level}, block_{block} {}

ApduTransfer::Block ApduTransfer::next() const {
    if (blocks_ > 0) return {CcidChain::Next, {}};
    const Bytes rest = Bytes{command_}.subspan(sent_);
    const Bytes data = rest.first(std::min(rest.size(), block_));
    if (sent_ == 0) return {last_block() ? CcidChain::Whole : CcidChain::First, data};
    return {last_block() ? CcidChain::Last : CcidChain::Middle, data};
}

ApduTransfer::Step ApduTransfer::take(const CcidAnswer& answer) {
    // At the level of short APDUs nothing is chained and the byte has no meaning.
    const auto place = level_ == CcidLevel::ShortApdu ? CcidChain::Whole : chain_of(answer);
    if (!place) return Step::Broken;
    if (blocks_ > 0 || last_block()) return append(answer, *place);
    sent_ += block_;
    return answer.data.empty() ? Step::More : Step::Broken;
}

ApduTransfer::Step ApduTransfer::append(const CcidAnswer& answer, CcidChain place) {
    const bool begins = place == CcidChain::Whole || place == CcidChain::First;
    const bool ends = place == CcidChain::Whole || place == CcidChain::Last;
    if (place == CcidChain::Next || begins != (blocks_ == 0)) return Step::Broken;
    if (++blocks_ > kMostBlocks || answer_.size() + answer.data.size() > kLongestApdu)
        return Step::Broken;
    answer_.insert(answer_.end(), answer.data.begin(), answer.data.end());
    if (!ends) return Step::More;
    return answer_.size() < 2 ? Step::Broken : Step::Done;
}

}  // namespace stile::devices
