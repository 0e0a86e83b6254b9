// SPDX-License-Identifier: Apache-2.0
// The words for a fault.
#include "crypto/ticket.hpp"

namespace stile::crypto {

std::string_view fault_text(Fault fault) {
    switch (fault) {
        case Fault::UnknownFormat:
            return "not a ticket that we know";
        case Fault::BadEncoding:
            return "the text does not decode";
        case Fault::Truncated:
            return "too short";
        case Fault::TrailingData:
            return "something follows the ticket";
        case Fault::Version:
            return "unknown version";
        case Fault::ReservedFlag:
            return "unknown flag";
        case Fault::BadField:
            return "a field holds a forbidden value";
        case Fault::CriticalExtension:
            return "an unknown extension must be understood";
        case Fault::UnknownKey:
            return "unknown key";
        case Fault::KeyNotUsable:
            return "the key may not sign this ticket";
        case Fault::BadSignature:
            return "wrong signature";
        case Fault::BadHolderKey:
            return "bad holder key";
        case Fault::ProofMissing:
            return "proof of possession is missing";
        case Fault::BadProof:
            return "wrong proof of possession";
        case Fault::ProofUnsupported:
            return "this kind of proof cannot be checked here";
        case Fault::KeyRevoked:
            return "the key was revoked";
    }
    return "unknown fault";
}

}  // namespace stile::crypto
