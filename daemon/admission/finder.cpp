// SPDX-License-Identifier: Apache-2.0
// Secret, medium, signature: in this order, and the first that is known counts.
#include "daemon/admission/finder.hpp"

#include <algorithm>

#include "daemon/core/scan_text.hpp"

namespace stile {
namespace {

// Fills a used case as if it were new, without giving its memory back.
void begin(const Inquiry& inquiry, Case& into) {
    into.text.clear();
    clean_scan(inquiry.text, inquiry.source, into.text);
    into.source = inquiry.source;
    into.list = inquiry.lists.empty() ? ListKey{} : inquiry.lists.front();
    into.direction = inquiry.direction;
    into.time = inquiry.time;
    into.unpaid = inquiry.unpaid;
    into.asking = inquiry.asking;
    into.answers.assign(inquiry.answers.begin(), inquiry.answers.end());
    into.refusal.reset();
    into.fault.reset();
    into.ticket.reset();
    into.elsewhere.reset();
    into.position = nullptr;
    into.by_medium = false;
    into.assurance = inquiry.assurance;
    into.found.clear();
    into.addons.clear();
    into.media.clear();
    into.candidates.clear();
    into.door = {};
    into.product = nullptr;
    into.variation = nullptr;
    into.revocation = {};
    into.block = ListFacts::Block::Clear;
    into.linked = ListFacts::Media::None;
    into.entry = {};
    into.visits.clear();
    into.venue.reset();
}

const ListKey* list_of(std::uint32_t event, std::span<const ListKey> lists) {
    const auto found = std::ranges::find(lists, event, &ListKey::event);
    return found == lists.end() ? nullptr : &*found;
}

void enter(const ListKey& list, std::uint64_t product, std::uint64_t variation, Case& into) {
    into.list = list;
    into.door = into.book->find(list);
    if (into.door.book == nullptr) return;
    into.product = into.door.book->product(product);
    if (into.product != nullptr) into.variation = find_variation(*into.product, variation);
}

bool is_good(const KnownMedium& medium, WallTime now) {
    return medium.active && (!medium.expires || *medium.expires >= now);
}

}  // namespace

void Finder::find(const Inquiry& inquiry, Case& into) {
    begin(inquiry, into);
    if (!parts_.book) {
        into.refusal = Reason::ListsUnreadable;
        return;
    }
    into.book = parts_.book;
    into.door = into.book->find(into.list);
    into.gate = parts_.gate;
    events_.clear();
    lists_.assign(inquiry.lists.begin(), inquiry.lists.end());
    for (const ListKey& list : lists_)
        events_.push_back(list.event);
    if (look_up(inquiry, into)) return;
    into.revocation.list = RevocationFacts::List::Unreadable;
    if (!into.has_claimant()) into.refusal = Reason::ListsUnreadable;
}

Result<void> Finder::look_up(const Inquiry& inquiry, Case& into) {
    auto view = parts_.orders.view();
    if (!view) return std::unexpected{std::move(view.error())};
    if (auto found = view->find_by_secret(events_, into.text, into.found); !found) return found;
    if (into.found.size() > 0) {
        if (auto chosen = choose_position(*view, FoundBy::Secret, into); !chosen) return chosen;
    } else {
        const auto medium = find_medium(*view, into);
        if (!medium) return std::unexpected{medium.error()};
        if (!*medium) prove(inquiry, into);
    }
    if (!into.has_claimant()) return {};
    return look_up_standing(*view, into);
}

// True: the code is a medium of these events, whatever becomes of it.
Result<bool> Finder::find_medium(OrderView& view, Case& into) {
    if (auto found = view.find_medium(into.source, into.text, into.media); !found)
        return std::unexpected{std::move(found.error())};
    if (into.media.size() == 0) return false;
    const KnownMedium& medium = into.media.all()[0];
    if (auto found = view.positions_by_id(events_, medium.positions, into.found); !found)
        return std::unexpected{std::move(found.error())};
    if (into.found.size() == 0) return false;
    into.by_medium = true;
    if (is_good(medium, into.time)) {
        if (auto chosen = choose_position(view, FoundBy::Medium, into); !chosen)
            return std::unexpected{std::move(chosen.error())};
    } else {
        into.refusal = Reason::Invalid;
    }
    return true;
}

Result<void> Finder::choose_position(OrderView& view, FoundBy found_by, Case& into) {
    if (auto listed = list_candidates(view, into); !listed) return listed;
    const Choice choice = choose(into.candidates, found_by, into.time, into.direction);
    const KnownPosition& position = *into.candidates[choice.candidate].position;
    into.refusal = choice.refusal;
    into.position = &position;
    enter(*list_of(position.event, lists_), position.product, position.variation, into);
    return {};
}

// In two rounds, because finding more add-ons moves the ones that were found.
Result<void> Finder::list_candidates(OrderView& view, Case& into) {
    addons_until_.clear();
    for (const KnownPosition& position : into.found.all()) {
        const AccessList* list = parts_.book->find(*list_of(position.event, lists_)).list;
        if (list != nullptr && list->addon_match) {
            if (auto found = view.addons_of(position, into.addons); !found) return found;
        }
        addons_until_.push_back(into.addons.size());
    }
    std::size_t addon = 0;
    for (std::size_t i = 0; i < into.found.size(); ++i) {
        const KnownPosition& position = into.found.all()[i];
        const AccessList* list = parts_.book->find(*list_of(position.event, lists_)).list;
        const std::size_t base = into.candidates.size();
        into.candidates.push_back({&position, list, base});
        for (; addon < addons_until_[i]; ++addon)
            into.candidates.push_back({&into.addons.all()[addon], list, base});
    }
    return {};
}

// The signature says which event it is for; one that was not asked about is none of ours. Formats
// that are not text are proved as they were scanned.
void Finder::prove(const Inquiry& inquiry, Case& into) {
    auto proof =
        inquiry.proof != nullptr ? *inquiry.proof : parts_.verifier.prove(as_bytes(into.text));
    if (!proof && inquiry.proof == nullptr && inquiry.text != into.text)
        proof = parts_.verifier.prove(as_bytes(inquiry.text));
    if (!proof) {
        into.fault = proof.error();
        into.refusal = decide(proof.error()).reason;
        return;
    }
    const crypto::Ticket& ticket = proof->ticket();
    const ListKey* list = list_of(ticket.event, lists_);
    if (list == nullptr) {
        into.refusal = Reason::Invalid;
        into.elsewhere = *proof;
        return;
    }
    into.ticket = *proof;
    enter(*list, ticket.product, ticket.variation, into);
}

// What other lists say about the claimant, under each of its names.
Result<void> Finder::look_up_standing(OrderView& view, Case& into) {
    const std::uint32_t event = into.list.event;
    const auto signed_list = signed_revocation(into);
    if (!signed_list) return std::unexpected{signed_list.error()};
    into.revocation = *signed_list;
    const auto revoked = view.is_listed(SecretList::Revoked, event, into.identities());
    if (!revoked) return std::unexpected{revoked.error()};
    if (*revoked) into.revocation.list = RevocationFacts::List::Revoked;
    const auto blocked = view.is_listed(SecretList::Blocked, event, into.identities());
    if (!blocked) return std::unexpected{blocked.error()};
    if (*blocked) into.block = ListFacts::Block::Blocked;
    const bool wants_medium = into.product != nullptr && into.product->media == MediaPolicy::Wanted;
    if (into.position == nullptr || into.by_medium || !wants_medium) return {};
    const auto linked = view.has_medium(into.position->id);
    if (!linked) return std::unexpected{linked.error()};
    if (*linked) into.linked = ListFacts::Media::Linked;
    return {};
}

Result<RevocationFacts> Finder::signed_revocation(const Case& scan) const {
    if (!parts_.revocations) return RevocationFacts{};
    if (scan.ticket) return parts_.revocations(scan.ticket->ticket());
    for (const crypto::Identity& identity : scan.identities()) {
        crypto::Ticket named;
        named.identity = identity;
        named.event = scan.list.event;
        const auto facts = parts_.revocations(named);
        if (!facts || facts->list != RevocationFacts::List::Clear) return facts;
    }
    return RevocationFacts{};
}

}  // namespace stile
