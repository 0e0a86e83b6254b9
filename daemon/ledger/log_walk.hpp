// SPDX-License-Identifier: Apache-2.0
// Follows the log record by record and checks that each fits its chain.
#pragma once

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "daemon/ledger/head.hpp"

namespace stile {

// Corrupt: the entry does not fit the chain.
[[nodiscard]] std::unexpected<Error> broken_at(const Watermark& entry);

// Begin with the first record of an epoch, and give it all that follow, in order.
class LogWalk {
public:
    // Errors: Corrupt, naming the record.
    [[nodiscard]] Result<void> take(Bytes key, Bytes stored);
    // Believes a record that does not fit, so that those after it can be checked.
    void go_on_after(Bytes key, Bytes stored);
    // The last record that was taken.
    [[nodiscard]] const Watermark& end() const { return end_; }
    [[nodiscard]] const crypto::Digest& chain() const { return chain_; }

private:
    Watermark end_;
    crypto::Digest chain_{};
};

}  // namespace stile
