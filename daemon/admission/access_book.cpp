// SPDX-License-Identifier: Apache-2.0
// Rules, zones and keys of every event.
#include "daemon/admission/access_book.hpp"

#include <fmt/format.h>

#include "crypto/formats/pretix_sig1.hpp"
#include "crypto/zone/zone.hpp"
#include "daemon/rules/rule_text.hpp"

namespace stile {
namespace {

// Whatever the platform is called, its keys are told from those of the gate's key file.
constexpr std::string_view kPlatformIssuer = "platform";

}  // namespace

AccessBook::AccessBook(std::shared_ptr<const Book> book) : book_{std::move(book)} {
    for (const EventBook& event : book_->events())
        parts_.push_back(compile(event));
}

AccessBook::Part AccessBook::compile(const EventBook& event) {
    Part part;
    if (auto table = crypto::zone_table(event.event.zone)) {
        part.zone = std::make_unique<Zone>(std::move(*table));
    } else {
        warnings_.push_back(fmt::format("event {}: {}", event.event.slug, table.error().context));
    }
    for (const BookList& list : event.lists) {
        auto rule = rules::compile_rule(list.rules);
        if (!rule) {
            warnings_.push_back(fmt::format("event {}, list {}: its rule refuses everybody: {}",
                                            event.event.slug, list.list.key.list,
                                            rule.error().context));
        }
        part.rules.push_back(rule ? std::make_unique<rules::Program>(std::move(*rule)) : nullptr);
    }
    return part;
}

Door AccessBook::find(const ListKey& list) const {
    const EventBook* event = book_->find(list.event);
    if (event == nullptr) return {};
    const Part& part = parts_[static_cast<std::size_t>(event - book_->events().data())];
    const BookList* found = event->list(list.list);
    if (found == nullptr) return {.book = event, .zone = part.zone.get()};
    const auto at = static_cast<std::size_t>(found - event->lists.data());
    return {event, &found->list, part.rules[at].get(), part.zone.get()};
}

Result<std::shared_ptr<const AccessBook>> load_access_book(const lmdb::Environment& catalog) {
    auto book = load_book(catalog);
    if (!book) return std::unexpected{std::move(book.error())};
    return std::make_shared<const AccessBook>(std::move(*book));
}

crypto::KeyRing platform_keys(const Book& book) {
    crypto::KeyRing ring;
    for (const EventBook& event : book.events()) {
        for (const crypto::PublicKey& key : event.keys) {
            crypto::KeyRecord record{.public_key = key,
                                     .issuer = std::string{kPlatformIssuer},
                                     .formats = {std::string{crypto::kPretixSig1}},
                                     .events = {event.event.number}};
            record.not_before = std::chrono::sys_seconds::min();
            // One that is unsound or belongs to another event already proves nothing here.
            (void)ring.add(std::move(record));
        }
    }
    return ring;
}

}  // namespace stile
