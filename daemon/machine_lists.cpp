// SPDX-License-Identifier: Apache-2.0
// Lists that somebody offers: to the catalog thread and back.
#include <utility>

#include <fmt/format.h>

#include "daemon/control/commands.hpp"
#include "daemon/machine.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/message_id.hpp"

namespace stile {
namespace {

using protocol::Role;

}  // namespace

// stile-sync may offer lists too; of people it takes a role.
void Machine::take(const PeerInfo& peer, const protocol::CatalogOffer& offer, UniqueFd file) {
    if (peer.role == Role::Control) {
        const bool orders = offer.content == protocol::Content::CatalogText;
        const std::string_view verb = orders ? "catalog-import" : "revocation-import";
        if (const auto may = may_use(peer.caller, verb, roles_); !may) {
            hub_.send(peer.id,
                      protocol::CatalogResult{offer.request, protocol::CatalogOutcome::Failed,
                                              may.error().context});
            return;
        }
    }
    const std::uint32_t job = next_job_++;
    const auto queued = catalog_thread_.submit(
        {.request = job,
         .text = std::move(file),
         .content = offer.content == protocol::Content::CatalogText ? ImportContent::Orders
                                                                    : ImportContent::Revocations,
         .size = offer.size,
         .at = std::chrono::floor<std::chrono::seconds>(clock_->now().time),
         .dense = dense_ranges(rules_.keys)});
    if (queued) {
        catalog_jobs_.emplace(job, std::pair{peer.id, offer.request});
    } else {
        hub_.send(peer.id, protocol::CatalogResult{offer.request, protocol::CatalogOutcome::Failed,
                                                   queued.error().context});
    }
}

void Machine::catalog_events() {
    while (auto event = catalog_events_.try_pop()) {
        std::visit([this](const auto& what) { take(what); }, *event);
    }
}

void Machine::take(const ImportProgress& progress) {
    const auto job = catalog_jobs_.find(progress.request);
    if (job == catalog_jobs_.end()) return;  // who asked is gone
    const auto [peer, request] = job->second;
    hub_.send(peer, protocol::CatalogProgress{request, progress.done, progress.total});
}

void Machine::take(const ImportOutcome& outcome) {
    using protocol::CatalogOutcome;
    if (outcome.list) {
        gate_.record({.generation = outcome.list->generation,
                      .records = outcome.list->lines,
                      .list = "revocation"});
        log::notice(fmt::format("a revocation list of {} lines is in use", outcome.list->lines),
                    {log::message_id(log::kListInUse)});
    } else {
        log::warning("a revocation list was refused, the old one stays in use: " +
                         outcome.list.error().context,
                     {log::message_id(log::kListRefused)});
    }
    if (outcome.list)
        answer(outcome.request, CatalogOutcome::Done, revocation_json(*outcome.list));
    else
        answer(outcome.request, CatalogOutcome::Failed, outcome.list.error().context);
}

// Only imports change it, so it need not be asked for again and again.
void Machine::note_orders() {
    orders_came_.clear();
    const auto name = [this](const std::vector<std::string>& lists) {
        for (const std::string& list : lists) {
            if (const auto known = config::list_name(list)) orders_came_[known->event];
        }
    };
    name(site_.platform.lists);
    for (const config::Lane& lane : site_.lanes)
        name(lane.lists);
    const auto view = orders_.view();
    if (!view) return;
    const auto loads = view->loads();
    if (!loads) return;
    for (const auto& [event, load] : *loads) {
        if (!event || load.number == 0) continue;
        const auto named = orders_came_.find(view->slug(*event).value_or(""));
        if (named != orders_came_.end()) named->second = load.loaded_at;
    }
}

void Machine::take(const OrdersOutcome& outcome) {
    using protocol::CatalogOutcome;
    take_book(outcome.book);
    note_orders();
    if (outcome.summary) {
        const UpdateSummary& done = *outcome.summary;
        log::notice(fmt::format("orders are in use: {} new or changed, {} positions, {} in doubt, "
                                "{} rows refused",
                                done.orders, done.positions, done.doubtful, done.refused),
                    {log::message_id(log::kOrdersInUse)});
        answer(outcome.request, CatalogOutcome::Done, summary_json(done));
    } else {
        log::warning(
            "orders were refused, the old ones stay in use: " + outcome.summary.error().context,
            {log::message_id(log::kOrdersRefused)});
        answer(outcome.request, CatalogOutcome::Failed, outcome.summary.error().context);
    }
}

// To who asked, unless they are gone.
void Machine::answer(std::uint32_t job, protocol::CatalogOutcome outcome, std::string text) {
    const auto found = catalog_jobs_.find(job);
    if (found == catalog_jobs_.end()) return;
    const auto [peer, request] = found->second;
    catalog_jobs_.erase(found);
    hub_.send(peer, protocol::CatalogResult{request, outcome, std::move(text)});
}

}  // namespace stile
