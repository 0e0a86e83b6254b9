// SPDX-License-Identifier: Apache-2.0
// A batch is one durable write, and as long as it takes, the next one grows.
#include "sync/collector/intake.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace stile::sync {

Intake::Intake(EntryStore& store, Handlers handlers)
    : store_{store}, handlers_{std::move(handlers)} {}

Result<void> Intake::take(std::string_view gate, std::string_view payload) {
    if (waiting_.size() >= kMostWaiting || bytes_ + payload.size() > kMostWaitingBytes) {
        ++counters_.dropped;
        return {};
    }
    auto entry = parse_entry(gate, payload);
    if (!entry) return std::unexpected{std::move(entry.error())};
    bytes_ += payload.size();
    waiting_.push_back(std::move(*entry));
    return {};
}

void Intake::tell(const GateEntry& entry, Fate fate, Tried tried) {
    switch (fate) {
        case Fate::Stored:
            ++counters_.stored;
            return handlers_.on_stored(entry);
        case Fate::Known:
            ++counters_.known;
            if (tried == Tried::Yes) handlers_.on_found(entry);
            return;
        case Fate::Differs:
            ++counters_.differing;
            return handlers_.on_differing(entry);
    }
}

Result<void> Intake::store() {
    std::size_t done = 0;
    Result<void> result;
    while (result && done < waiting_.size()) {
        const auto batch =
            std::span{waiting_}.subspan(done, std::min(kBatch, waiting_.size() - done));
        const auto fates = store_.put(batch);
        if (!fates) {
            result = std::unexpected{fates.error()};
            tried_ = std::max(tried_, done + batch.size());
            break;
        }
        for (std::size_t i = 0; i < batch.size(); ++i)
            tell(batch[i], (*fates)[i], done + i < tried_ ? Tried::Yes : Tried::No);
        for (const GateEntry& entry : batch)
            bytes_ -= entry.payload.size();
        done += batch.size();
    }
    tried_ -= std::min(tried_, done);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(done));
    return result;
}

}  // namespace stile::sync
