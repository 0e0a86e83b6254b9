// SPDX-License-Identifier: Apache-2.0
// Stores of every kind for the tests of one contract, and entries to put into them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sync/collector/store.hpp"

namespace stile::sync::testbed {

// A decision of gate north-1 in epoch 7, unless told otherwise; what `more` says comes at the end
// of the payload: ",\"key\":value".
struct EntrySpec {
    std::string gate = "north-1";
    std::uint64_t epoch = 7;
    std::string kind = "decision";
    std::string more;
    int second = 0;  // behind 18:00
};
[[nodiscard]] std::string entry_text(std::uint64_t seq, const EntrySpec& spec = {});
[[nodiscard]] GateEntry entry(std::uint64_t seq, const EntrySpec& spec = {});
[[nodiscard]] std::vector<GateEntry> entries(std::uint64_t from, std::uint64_t to,
                                             const EntrySpec& spec = {});
// An id whose first byte is `head`; all others are 0xAB.
[[nodiscard]] crypto::TicketId ticket(std::uint8_t head);
[[nodiscard]] std::string ticket_field(std::uint8_t head);  // ",\"ticket\":\"..\""
[[nodiscard]] WallTime at(int second);

// A place where a store can be opened again and again.
class StorePlace {
public:
    virtual ~StorePlace() = default;
    [[nodiscard]] virtual Result<std::unique_ptr<EntryStore>> open(StoreUse use) = 0;
};

struct StoreType {
    std::string name;
    // Why it cannot be tested here; empty: it can.
    std::function<std::string()> missing;
    std::function<std::unique_ptr<StorePlace>()> make;
};
[[nodiscard]] std::vector<StoreType> store_types();

}  // namespace stile::sync::testbed
