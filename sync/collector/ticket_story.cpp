// SPDX-License-Identifier: Apache-2.0
// The same joining and counting as for the whole venue, for one ticket.
#include "sync/collector/ticket_story.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "sync/collector/occupancy.hpp"

namespace stile::sync {
namespace {

constexpr std::size_t kMostRead = 10'000;

// An annulment may name its admission only.
bool is_of(const GateEntry& entry, const TicketStory& story) {
    if (entry.ticket) return *entry.ticket == story.ticket;
    return std::ranges::any_of(story.entries, [&entry](const GateEntry& other) {
        return other.name.ledger == entry.name.ledger && other.name.seq == entry.admission;
    });
}

void add(std::vector<TicketStory>& stories, GateEntry entry) {
    auto story = std::ranges::find_if(
        stories, [&entry](const TicketStory& known) { return is_of(entry, known); });
    if (story == stories.end()) {
        if (!entry.ticket) return;
        stories.push_back({.ticket = *entry.ticket});
        story = std::prev(stories.end());
    }
    story->entries.push_back(std::move(entry));
}

bool admits(const GateEntry& entry) {
    return entry.kind == EntryKind::Decision && entry.verdict == Verdict::Admit &&
           entry.direction != Direction::Exit && !entry.has(EntryFlag::Test);
}

std::vector<GateEntry> open_admissions(const std::vector<GateEntry>& entries) {
    std::set<EntryName> closed;
    for (const GateEntry& entry : entries) {
        const bool closes = entry.kind == EntryKind::Passage || entry.kind == EntryKind::Annulled;
        if (closes && entry.admission) closed.insert({entry.name.ledger, *entry.admission});
    }
    std::vector<GateEntry> open;
    for (const GateEntry& entry : entries)
        if (admits(entry) && !closed.contains(entry.name)) open.push_back(entry);
    return open;
}

// An annulment of a later epoch takes back the newest entrance before it.
std::vector<Movement> entrances(const std::vector<Movement>& movements) {
    std::vector<Movement> entered;
    for (const Movement& movement : movements) {
        if (movement.kind == Movement::Kind::Undoes) {
            if (!entered.empty()) entered.pop_back();
        } else if (movement.direction == Direction::Entry) {
            entered.push_back(movement);
        }
    }
    return entered;
}

void tell(TicketStory& story) {
    Occupancy alone{{}};
    if (story.sold) alone.set_people(story.ticket, story.sold->people);
    std::map<EntryName, Movement> movements;
    for (const GateEntry& entry : story.entries) {
        const Admissions::Change change = alone.take(entry);
        if (change.before) movements.erase(change.before->entry);
        if (change.after) movements.emplace(change.after->entry, *change.after);
        if (entry.event) story.event = entry.event;
        if (entry.product) story.product = entry.product;
    }
    std::vector<Movement> sorted;
    for (auto& [name, movement] : movements)
        sorted.push_back(std::move(movement));
    std::ranges::sort(sorted);
    story.entered = entrances(sorted);
    story.inside = alone.is_inside(story.ticket);
    story.open = open_admissions(story.entries);
}

Result<void> complete(EntryStore& store, TicketStory& story) {
    const auto revoked = store.is_revoked(story.ticket);
    if (!revoked) return std::unexpected{revoked.error()};
    auto sold = store.find_sold(story.ticket);
    if (!sold) return std::unexpected{std::move(sold.error())};
    story.revoked = *revoked;
    story.sold = std::move(*sold);
    if (story.sold) {
        story.event = story.sold->event;
        story.product = story.sold->product;
    }
    tell(story);
    return {};
}

// The id just before: what lies behind it begins with `id`.
std::optional<crypto::TicketId> before(crypto::TicketId id) {
    for (auto byte = id.rbegin(); byte != id.rend(); ++byte) {
        if ((*byte)-- != 0) return id;
    }
    return std::nullopt;
}

Result<void> add_unseen(EntryStore& store, const TicketPrefix& prefix, std::size_t limit,
                        std::vector<TicketStory>& stories) {
    const auto sold = store.sold(before(prefix.first()), limit);
    if (!sold) return std::unexpected{sold.error()};
    for (const SoldTicket& ticket : *sold) {
        const bool seen =
            std::ranges::find(stories, ticket.ticket, &TicketStory::ticket) != stories.end();
        if (ticket.ticket <= prefix.last() && !seen) stories.push_back({.ticket = ticket.ticket});
    }
    return {};
}

}  // namespace

Result<std::vector<TicketStory>> ticket_stories(EntryStore& store, const TicketPrefix& prefix,
                                                std::size_t limit) {
    auto entries = store.by_ticket(prefix, kMostRead + 1);
    if (!entries) return std::unexpected{std::move(entries.error())};
    if (entries->size() > kMostRead)
        return fail(Errc::Full, "there are more than 10,000 entries of it");
    std::vector<TicketStory> stories;
    for (StoredEntry& row : *entries)
        add(stories, std::move(row.entry));
    if (auto added = add_unseen(store, prefix, limit, stories); !added)
        return std::unexpected{std::move(added.error())};
    if (stories.size() > limit) stories.resize(limit);
    if (stories.empty() && prefix.is_whole()) stories.push_back({.ticket = prefix.first()});
    for (TicketStory& story : stories) {
        if (auto done = complete(store, story); !done)
            return std::unexpected{std::move(done.error())};
    }
    std::erase_if(stories, [](const TicketStory& story) { return !story.is_known(); });
    return stories;
}

Result<TicketStory> ticket_story(EntryStore& store, const crypto::TicketId& ticket) {
    auto stories = ticket_stories(store, TicketPrefix::of(ticket), 1);
    if (!stories) return std::unexpected{std::move(stories.error())};
    if (!stories->empty()) return std::move(stories->front());
    TicketStory story{.ticket = ticket};
    if (auto done = complete(store, story); !done) return std::unexpected{std::move(done.error())};
    return story;
}

}  // namespace stile::sync
