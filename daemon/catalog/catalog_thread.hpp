// SPDX-License-Identifier: Apache-2.0
// The thread that changes the catalog, so that the gate thread never waits for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <variant>
#include <vector>

#include "daemon/admission/access_book.hpp"
#include "daemon/catalog/orders/import.hpp"
#include "daemon/catalog/revocation_import.hpp"
#include "daemon/runtime/bounded_queue.hpp"
#include "daemon/runtime/mailbox.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {

enum class ImportContent : std::uint8_t { Revocations, Orders };

struct ImportJob {
    std::uint32_t request = 0;  // names the job in the events
    UniqueFd text;              // a regular file or a memfd
    ImportContent content = ImportContent::Revocations;
    std::uint64_t size = 0;         // of the text
    std::chrono::sys_seconds at;    // now
    std::vector<DenseRange> dense;  // dense_ranges of the keys in use
};

struct ImportProgress {
    std::uint32_t request = 0;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
};

struct ImportOutcome {
    std::uint32_t request = 0;
    Result<RevocationList> list;
};

struct OrdersOutcome {
    std::uint32_t request = 0;
    Result<UpdateSummary> summary;
    // As it is now, compiled here so that the gate need not wait; an import that failed may have
    // changed it, too. Shared: the gate and the scans on their way keep it.
    Result<std::shared_ptr<const AccessBook>> book;
};

using CatalogEvent = std::variant<ImportProgress, ImportOutcome, OrdersOutcome>;

class CatalogThread {
public:
    // Called on the catalog thread: it has to be thread-safe and quick. One outcome for each job
    // that was taken, unless the thread is stopped before the job's turn; ImportProgress about
    // once a second.
    using Callback = std::function<void(CatalogEvent)>;

    // Borrows the environment; `folder` is its folder. Starts at once, by removing what an
    // interrupted import left.
    CatalogThread(lmdb::Environment& catalog, std::filesystem::path folder, Callback callback);
    // Stops a running import within a fraction of a second and waits for the thread; the callback
    // may still be called meanwhile.
    ~CatalogThread() = default;
    CatalogThread(const CatalogThread&) = delete;
    CatalogThread& operator=(const CatalogThread&) = delete;

    // Thread-safe; never blocks. Errors: Full (four jobs wait already).
    [[nodiscard]] Result<void> submit(ImportJob job);

private:
    void work(const std::stop_token& stop);
    void serve(const std::stop_token& stop);
    void run(const ImportJob& job, const std::stop_token& stop);

    lmdb::Environment& catalog_;
    RevocationImport import_;
    Callback callback_;
    BoundedQueue<ImportJob> jobs_{4};  // refused when full: somebody sends list after list
    Mailbox<std::monostate> bell_;     // rung when a job was put
    std::jthread thread_;              // last: it uses all the others
};

}  // namespace stile
