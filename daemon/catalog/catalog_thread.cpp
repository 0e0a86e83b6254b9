// SPDX-License-Identifier: Apache-2.0
// Takes one job after the other until it is stopped.
#include "daemon/catalog/catalog_thread.hpp"

#include <cstdlib>
#include <exception>
#include <string>
#include <utility>

#include <pthread.h>

#include "daemon/runtime/log.hpp"

namespace stile {
namespace {

constexpr std::size_t kRemovedKeys = 16'384;  // in one transaction

}  // namespace

CatalogThread::CatalogThread(lmdb::Environment& catalog, std::filesystem::path folder,
                             Callback callback)
    : catalog_{catalog},
      import_{catalog, std::move(folder)},
      callback_{std::move(callback)},
      thread_{[this](const std::stop_token& stop) { work(stop); }} {}

Result<void> CatalogThread::submit(ImportJob job) {
    if (!jobs_.push(std::move(job)))
        return fail(Errc::Full, "four imports are waiting already: try again later");
    bell_.put({});
    return {};
}

void CatalogThread::work(const std::stop_token& stop) {
    (void)::pthread_setname_np(::pthread_self(), "stile-catalog");  // a name is for people only
    try {
        serve(stop);
    } catch (const std::exception& foreign) {
        log::error(std::string{"catalog thread: "} + foreign.what());
        std::_Exit(EXIT_FAILURE);
    }
}

void CatalogThread::serve(const std::stop_token& stop) {
    // What cannot be removed now is tried again by the next import, which reports it.
    (void)import_.remove_leftovers(stop);
    (void)remove_old_loads(catalog_, kRemovedKeys, stop);
    while (bell_.take(stop)) {
        while (!stop.stop_requested()) {
            const auto job = jobs_.try_pop();
            if (!job) break;
            run(*job, stop);
        }
    }
}

void CatalogThread::run(const ImportJob& job, const std::stop_token& stop) {
    using Clock = std::chrono::steady_clock;
    auto last = Clock::now();
    const auto report = [&](std::uint64_t done, std::uint64_t total) {
        const auto now = Clock::now();
        if (now - last < std::chrono::seconds{1}) return;
        last = now;
        callback_(ImportProgress{.request = job.request, .done = done, .total = total});
    };
    if (job.content == ImportContent::Orders) {
        const CatalogText text{.fd = job.text.get(), .size = job.size, .at = job.at};
        auto summary = import_catalog(catalog_, text, report, stop);
        callback_(OrdersOutcome{.request = job.request,
                                .summary = std::move(summary),
                                .book = load_access_book(catalog_)});
        return;
    }
    const ImportRequest request{
        .fd = job.text.get(), .size = job.size, .at = job.at, .dense = job.dense};
    callback_(ImportOutcome{.request = job.request, .list = import_.run(request, report, stop)});
}

}  // namespace stile
