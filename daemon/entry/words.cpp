// SPDX-License-Identifier: Apache-2.0
// Words as tables.
#include "daemon/entry/words.hpp"

namespace stile {

std::string_view name_of(Direction direction) {
    return direction == Direction::Entry ? "entry" : "exit";
}

std::string_view name_of(Verdict verdict) {
    return verdict == Verdict::Admit ? "admit" : "refuse";
}

std::string_view name_of(PassageResult result) {
    switch (result) {
        case PassageResult::Entered:
            return "entered";
        case PassageResult::Left:
            return "left";
        case PassageResult::Released:
            return "released";
        case PassageResult::PresumedEntered:
            return "presumed-entered";
    }
    return "unknown";
}

}  // namespace stile
