// SPDX-License-Identifier: Apache-2.0
// One import: the platform's objects in, one at a time; a new state of the catalog at its end.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/catalog/orders/documents.hpp"
#include "daemon/catalog/orders/loads.hpp"
#include "daemon/catalog/orders/secret_list.hpp"
#include "daemon/catalog/pretix/json.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

// What the platform answers with, named as in its addresses.
enum class Resource : std::uint8_t {
    Event = 1,
    Settings,
    Items,
    Lists,
    Questions,
    Subevents,
    Orders,
    Media,
    Revoked,
    Blocked,
    Last = Blocked,
};
// "events", "items", "checkinlists", ... Nothing for another word.
[[nodiscard]] std::optional<Resource> resource_from(std::string_view name);

// The number that stands for an event in tickets, keys and identities, where the policy gives it
// none: the same at every gate, and far from those that people choose.
[[nodiscard]] std::uint32_t event_number(std::string_view slug);

// Full: each resource that is opened is replaced as a whole, all of them in one transaction at the
// end; until then the old state is in use. Difference: rows are added to the state in use, in
// batches; nothing is deleted.
enum class UpdateKind : std::uint8_t { Full = 1, Difference, Last = Difference };

struct UpdateOptions {
    UpdateKind kind = UpdateKind::Full;
    std::chrono::sys_seconds at;                                // now
    std::map<std::string, std::uint32_t, std::less<>> numbers;  // of events, by slug
    std::size_t batch_bytes = 8U << 20U;                        // written in one transaction
    std::size_t removed_keys = 16'384;                          // removed in one transaction
};

struct UpdateSummary {
    std::uint64_t orders = 0;  // new or replaced
    std::uint64_t positions = 0;
    std::uint64_t older = 0;  // orders of which a newer version was there
    std::uint64_t media = 0;
    std::uint64_t secrets = 0;
    std::uint64_t documents = 0;        // everything else
    std::uint64_t doubtful = 0;         // positions that were not understood and count as cancelled
    std::uint64_t refused = 0;          // rows that were left out
    std::vector<std::string> warnings;  // the first hundred
};

// Thread-bound: catalog thread. After an error only destroy it: what was not put in use is removed
// by the next import, or at the next start.
class CatalogUpdate {
public:
    CatalogUpdate(lmdb::Environment& catalog, UpdateOptions options);
    ~CatalogUpdate();
    CatalogUpdate(const CatalogUpdate&) = delete;
    CatalogUpdate& operator=(const CatalogUpdate&) = delete;

    // What the following rows are. `slug` names the event; media have none. Errors: Invalid (two
    // events with one number), Full, Corrupt, Io.
    [[nodiscard]] Result<void> open(Resource resource, std::string_view slug);
    // One object, as JSON. A row that is not understood is counted, and where leaving it out would
    // let somebody in, it ends the import. Errors: Invalid, Full, Corrupt, Io.
    [[nodiscard]] Result<void> add(std::string_view json);
    // Puts everything in use and removes what it replaced. Errors: Closed (stopped: before the
    // new state was in use), Full, Corrupt, Io.
    [[nodiscard]] Result<UpdateSummary> finish(const std::stop_token& stop);

private:
    struct Building;
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace stile
