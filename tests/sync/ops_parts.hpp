// SPDX-License-Identifier: Apache-2.0
// A store in memory with played gates, for the parts of the collector that need one.
#pragma once

#include <memory>

#include <gtest/gtest.h>

#include "sync/collector/imports.hpp"
#include "sync/sqlite/sqlite_store.hpp"
#include "tests/sync/ops_entries.hpp"

namespace stile::sync {

class Parts : public testing::Test {
protected:
    void SetUp() override {
        auto store = open_sqlite_store(":memory:", StoreUse::Collect);
        ASSERT_TRUE(store) << store.error().context;
        store_ = std::move(*store);
        imports_ = std::make_unique<Imports>(*store_, occupancy_);
    }
    void put(GateEntry entry) {
        entry.payload = ops::payload_of(entry);
        ASSERT_TRUE(store_->put({&entry, 1}));
        (void)occupancy_.take(entry);
    }
    void enter(ops::GateBook& gate, std::uint8_t number, int seconds) {
        const auto admission = gate.admit(number, seconds);
        put(admission);
        put(gate.passage(admission, PassageResult::Entered, seconds + 1));
    }
    std::unique_ptr<EntryStore> store_;
    Occupancy occupancy_{AreaTree{}};
    std::unique_ptr<Imports> imports_;
    ops::GateBook north_{"north-1"};
    ops::GateBook south_{"south-1"};
};

}  // namespace stile::sync
