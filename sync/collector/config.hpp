// SPDX-License-Identifier: Apache-2.0
// The configuration of the collector (sync/OPS.md), checked.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "sync/uplink/settings.hpp"

namespace stile::sync {

enum class StoreKind : std::uint8_t { Sqlite, Postgresql };
// Speaks: under _ops, for the whole venue. Silent: stores and acknowledges only.
enum class Voice : std::uint8_t { Speaks, Silent };

struct StoreConfig {
    StoreKind kind = StoreKind::Sqlite;
    std::string path = "/var/lib/stile-collector/entries.sqlite";
    std::string connection_file;  // postgresql: one line, host=... dbname=...
    std::string secret;           // the event secret's file; empty: tickets are found by id only
    std::string keys;             // the issuers' public keys; empty: no codes of tickets
    std::string receipt_key = "/var/lib/stile-collector/receipt.key";
};

struct EventConfig {
    std::int64_t number = 0;
    std::string name;
    std::chrono::sys_seconds starts;
    // People inside are counted from the newest of these that is past; none: for ever.
    std::optional<std::chrono::sys_seconds> counts_from;
    std::int64_t sold = -1;  // people; -1: those of the tickets that were imported
};

struct AreaConfig {
    std::int64_t number = 0;  // 0: the whole venue
    std::string name;
    std::int64_t capacity = 0;  // 0: not known
    std::int64_t parent = 0;    // the area that it lies in
};

struct ProductConfig {
    std::int64_t number = 0;
    std::string name;
};

struct CollectorConfig {
    std::string venue;
    std::string name;
    std::string zone;  // of the clocks on the venue's walls, like Europe/Berlin; empty: UTC
    Voice voice = Voice::Speaks;
    Settings broker;  // venue and client id set; no gate, no daemon, no password yet
    StoreConfig store;
    std::vector<EventConfig> events;  // at least none; numbers are unique, as below
    std::vector<AreaConfig> areas;
    std::vector<ProductConfig> products;
    std::string metrics_listen;  // empty: no HTTP
};

// Paths are absolute afterwards. Errors: Config, with line and key; NotFound, Denied.
[[nodiscard]] Result<CollectorConfig> load_collector(const std::filesystem::path& file);

}  // namespace stile::sync
