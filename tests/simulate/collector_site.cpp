// SPDX-License-Identifier: Apache-2.0
// Its TOML, its process, and its SQLite file.
#include "tests/simulate/collector_site.hpp"

#include <csignal>

#include <fmt/format.h>

#include "crypto/base/time_text.hpp"
#include "sync/sqlite/sqlite_store.hpp"

namespace stile::simulate {
namespace {

namespace fs = std::filesystem;
using sync::StoreUse;

constexpr std::size_t kAtOnce = 1'000;

std::string configuration(const CollectorSite::Setup& setup) {
    const auto starts = kDoors + std::chrono::round<std::chrono::milliseconds>(kShow);
    return fmt::format(
        "[collector]\nvenue = \"{}\"\nname = \"{}\"\n"
        "[mqtt]\nbrokers = [\"tcp://127.0.0.1:{}\"]\nretry_first_ms = 100\n"
        "[store]\npath = \"entries.sqlite\"\nsecret = \"event.secret\"\nkeys = \"keys.toml\"\n"
        "[metrics]\nlisten = \"\"\n"
        "[[event]]\nnumber = {}\nname = \"Summer\"\nstarts = {}\nsold = {}\n"
        "[[area]]\nnumber = 0\nname = \"Arena\"\ncapacity = {}\n"
        "[[product]]\nnumber = 1\nname = \"Standing\"\n"
        "[[product]]\nnumber = 2\nname = \"Group\"\n",
        kVenue, kCollector, setup.broker, kEvent,
        to_rfc3339(std::chrono::floor<std::chrono::seconds>(starts)), setup.people,
        setup.people + setup.people / 4);
}

}  // namespace

CollectorSite::CollectorSite(const Setup& setup, const BoxOffice& office, const EveningClock& clock)
    : folder_{setup.folder}, office_{office}, clock_{clock} {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write_private(folder_ / "keys.toml", office.keys_toml());
    write_private(folder_ / "event.secret", office.secret_text());
    write_private(folder_ / "collector.toml", configuration(setup));
}

void CollectorSite::start() {
    program_ = std::make_unique<test::Process>(
        "stile-simulated",
        std::vector<std::string>{"collector", clock_.text(), folder_ / "collector.toml"},
        folder_ / "collector");
}

bool CollectorSite::stop() {
    program_->signal(SIGTERM);
    return program_->wait(std::chrono::seconds{30}).has_value();
}

Result<void> CollectorSite::import_sold(const Plan& plan) {
    const auto store = sync::open_sqlite_store(folder_ / "entries.sqlite", StoreUse::Look);
    if (!store) return std::unexpected{store.error()};
    std::vector<sync::SoldTicket> tickets;
    for (const TicketOrder& order : plan.tickets) {
        if (order.kind != Kind::Sold) continue;
        tickets.push_back({.ticket = office_.id(order.serial),
                           .event = kEvent,
                           .product = order.people > 1 ? 2U : 1U,
                           .people = order.people});
    }
    return (*store)->put_sold(tickets);
}

Result<void> CollectorSite::import_refunds(const Plan& plan) {
    const auto store = sync::open_sqlite_store(folder_ / "entries.sqlite", StoreUse::Look);
    if (!store) return std::unexpected{store.error()};
    std::vector<crypto::TicketId> tickets;
    for (const std::size_t ticket : plan.refunds)
        tickets.push_back(office_.id(plan.tickets[ticket].serial));
    if (auto begun = (*store)->begin_revoked(); !begun) return begun;
    if (auto put = (*store)->put_revoked(tickets); !put) return put;
    return (*store)->use_revoked();
}

Result<std::map<std::string, Payloads>> CollectorSite::entries() const {
    const auto store = sync::open_sqlite_store(folder_ / "entries.sqlite", StoreUse::Look);
    if (!store) return std::unexpected{store.error()};
    std::map<std::string, Payloads> out;
    sync::EntryName last;
    for (;;) {
        auto some = (*store)->in_order({}, last, kAtOnce);
        if (!some) return std::unexpected{some.error()};
        if (some->empty()) return out;
        for (sync::GateEntry& entry : *some)
            out[entry.name.ledger.gate].emplace(entry.name.seq, std::move(entry.payload));
        last = some->back().name;
    }
}

}  // namespace stile::simulate
