// SPDX-License-Identifier: Apache-2.0
// Open the store, ask it, print.
#include "sync/collector/store_commands.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "daemon/config/document.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/secret_file.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "sync/collector/doubts.hpp"
#include "sync/collector/import.hpp"
#include "sync/collector/occupancy.hpp"
#include "sync/collector/open_store.hpp"
#include "sync/collector/receipt.hpp"
#include "sync/collector/ticket_finder.hpp"
#include "sync/collector/ticket_text.hpp"
#include "sync/uplink/wall_clock.hpp"

namespace stile::sync {
namespace {

constexpr std::size_t kMostTickets = 20;
constexpr std::size_t kScanStep = 5'000;
constexpr std::string_view kPublic = ".pub";

void print(const std::string& text) {
    fmt::print("{}{}", text, text.ends_with('\n') ? "" : "\n");
}

Result<void> write_new(const std::string& file, std::string_view text, mode_t mode) {
    const auto wrong = [&file](Errc code, const std::string& what) {
        return fail(code, file + ": " + what);
    };
    const UniqueFd fd{::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)};
    if (!fd && errno == EEXIST) return wrong(Errc::Invalid, "is there already; it is kept");
    if (!fd) return wrong(Errc::Io, std::system_category().message(errno));
    if (::write(fd.get(), text.data(), text.size()) == std::ssize(text) && ::fsync(fd.get()) == 0)
        return {};
    auto error = wrong(Errc::Io, std::system_category().message(errno));
    ::unlink(file.c_str());
    return error;
}

// A store, and the ticket that somebody typed.
struct Search {
    std::unique_ptr<EntryStore> store;
    TicketPrefix prefix;
};

Result<Search> search(const CollectorConfig& config, const std::string& typed) {
    TicketFinder finder{config.store};
    const auto prefix = finder.find(typed);
    if (!prefix) return std::unexpected{prefix.error()};
    auto store = open_store(config.store, StoreUse::Look);
    if (!store) return std::unexpected{std::move(store.error())};
    return Search{std::move(*store), *prefix};
}

Result<void> find_doubles(EntryStore& store, StoreFaults& faults) {
    Occupancy all{{}};
    std::uint64_t position = 0;
    while (true) {
        const auto rows = store.scan(position, kScanStep);
        if (!rows) return std::unexpected{rows.error()};
        if (rows->empty()) break;
        for (const auto& [at, entry] : *rows) {
            (void)all.take(entry);
            position = at;
        }
        faults.entries += rows->size();
    }
    const auto suspects = all.conflicts();  // a copy: what follows takes some of them back
    for (const auto& [ticket, conflicts] : suspects) {
        const auto sold = store.find_sold(ticket);
        if (!sold) return std::unexpected{sold.error()};
        if (*sold) all.set_people(ticket, (*sold)->people);
    }
    for (const auto& [ticket, conflicts] : all.conflicts())
        if (!conflicts.empty()) faults.doubles.push_back(ticket);
    return {};
}

}  // namespace

Result<crypto::SigningKey> read_receipt_key(const CollectorConfig& config) {
    auto seed = read_secret_file(config.store.receipt_key, "receipt key");
    if (!seed) return fail("no receipt (make a key with stile-collector keygen)", seed.error());
    crypto::SigningKey key = crypto::SigningKey::from_seed(*seed);
    crypto::wipe(*seed);
    return key;
}

Result<std::string> make_receipt(EntryStore& store, const CollectorConfig& config,
                                 const crypto::SigningKey& key, const crypto::TicketId& ticket,
                                 WallTime now) {
    const auto story = ticket_story(store, ticket);
    if (!story) return std::unexpected{story.error()};
    auto doubts = read_doubts(store, now);
    if (!doubts) return std::unexpected{std::move(doubts.error())};
    const auto runs = store.is_collecting();
    if (!runs) return std::unexpected{runs.error()};
    using Collecting = Receipt::Collecting;
    const bool hears = *runs && doubts->hears == Doubts::Hears::Yes;
    return sign_receipt(receipt_of({.venue = config.venue,
                                    .collector = config.name,
                                    .now = now,
                                    .story = *story,
                                    .coverage = store.coverage(),
                                    .collecting = hears ? Collecting::Runs : Collecting::Stopped,
                                    .silent = std::move(doubts->silent),
                                    .ends = std::move(doubts->ends)}),
                        key);
}

Command run_keygen(const CollectorConfig& config) {
    const std::string& file = config.store.receipt_key;
    const crypto::SigningKey key = crypto::SigningKey::generate();
    const std::string public_key = to_hex(key.public_key()) + "\n";
    std::string seed = to_hex(key.seed()) + "\n";
    auto kept = write_new(file, seed, 0600);
    crypto::wipe({reinterpret_cast<std::uint8_t*>(seed.data()), seed.size()});
    if (!kept) return std::unexpected{std::move(kept.error())};
    if (auto shown = write_new(file + std::string{kPublic}, public_key, 0644); !shown)
        return std::unexpected{std::move(shown.error())};
    print(public_key);
    return kExitDone;
}

Command run_ticket(const CollectorConfig& config, const std::string& typed, Print form) {
    const auto found = search(config, typed);
    if (!found) return std::unexpected{found.error()};
    const auto stories = ticket_stories(*found->store, found->prefix, kMostTickets);
    if (!stories) return std::unexpected{stories.error()};
    if (form == Print::Json) {
        print(stories_json(*stories));
    } else {
        for (const TicketStory& story : *stories)
            print(story_text(story));
        if (stories->empty()) print("no gate has seen such a ticket, and no list names it");
    }
    return stories->empty() ? kExitFailed : kExitDone;
}

Command run_receipt(const CollectorConfig& config, const std::string& typed) {
    const auto key = read_receipt_key(config);
    if (!key) return std::unexpected{key.error()};
    const auto found = search(config, typed);
    if (!found) return std::unexpected{found.error()};
    crypto::TicketId ticket = found->prefix.first();
    if (!found->prefix.is_whole()) {
        const auto stories = ticket_stories(*found->store, found->prefix, 2);
        if (!stories) return std::unexpected{stories.error()};
        if (stories->size() != 1)
            return fail(Errc::Invalid, fmt::format("\"{}\" is the beginning of {}; a receipt needs "
                                                   "one ticket",
                                                   typed, stories->empty() ? "none" : "several"));
        ticket = stories->front().ticket;
    }
    const auto receipt = make_receipt(*found->store, config, *key, ticket, wall_clock().time);
    if (!receipt) return std::unexpected{receipt.error()};
    print(*receipt);
    return kExitDone;
}

Command run_verify(const std::string& key_file, const std::filesystem::path& file, Print form) {
    const auto key_text = config::read_text(key_file);
    if (!key_text) return std::unexpected{key_text.error()};
    const auto key =
        crypto::parse_public_key(std::string_view{*key_text}.substr(0, key_text->find('\n')));
    if (!key) return fail(Errc::Invalid, key_file + ": it is no public key");
    const auto text = config::read_text(file);
    if (!text) return std::unexpected{text.error()};
    const auto receipt = verify_receipt(*text, *key);
    if (!receipt) return fail(file.native(), receipt.error());
    print(form == Print::Json ? receipt_json(*receipt) : receipt_text(*receipt));
    return kExitDone;
}

Command run_import(const CollectorConfig& config, ListOf list, const std::filesystem::path& file) {
    auto store = open_store(config.store, StoreUse::Look);
    if (!store) return std::unexpected{std::move(store.error())};
    TicketFinder finder{config.store};
    const bool watched = ::isatty(STDERR_FILENO) == 1;
    const auto progress = [watched](std::uint64_t lines) {
        if (watched) fmt::print(stderr, "\r{} lines", lines);
    };
    const auto totals = list == ListOf::Sold ? import_sold(**store, finder, file, progress)
                                             : import_revoked(**store, finder, file, progress);
    if (watched) fmt::print(stderr, "\r\033[K");
    if (!totals) return fail(file.native(), totals.error());
    print(fmt::format("{} tickets {}, {} lines passed over", totals->tickets,
                      list == ListOf::Sold ? "sold" : "revoked", totals->passed_over));
    return kExitDone;
}

Command run_check(const CollectorConfig& config, Print form) {
    auto store = open_store(config.store, StoreUse::Look);
    if (!store) return std::unexpected{std::move(store.error())};
    StoreFaults faults;
    for (const Watermark& mark : (*store)->coverage().watermarks()) {
        for (const SeqRange& gap : (*store)->coverage().gaps(mark.ledger))
            faults.gaps.push_back({mark.ledger, gap});
    }
    if (const auto searched = find_doubles(**store, faults); !searched)
        return std::unexpected{searched.error()};
    print(form == Print::Json ? faults_json(faults) : faults_text(faults));
    return faults.none() ? kExitDone : kExitFailed;
}

}  // namespace stile::sync
