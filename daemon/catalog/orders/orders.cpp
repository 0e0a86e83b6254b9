// SPDX-License-Identifier: Apache-2.0
// From a number in the index to a record, and the comparison in full that makes it a match.
#include "daemon/catalog/orders/orders.hpp"

#include <algorithm>
#include <utility>

#include "daemon/catalog/orders/documents.hpp"
#include "daemon/catalog/pretix/json.hpp"

namespace stile {
namespace {

bool has_secret_text(const OrderRecord::Head& head, const void* secret) {
    return head.secret == *static_cast<const std::string_view*>(secret);
}

bool has_id(const OrderRecord::Head& head, const void* id) {
    return head.id == *static_cast<const std::uint64_t*>(id);
}

bool entered(const KnownPosition& position, std::uint64_t list) {
    return std::ranges::any_of(position.visits, [list](const PlatformVisit& v) {
        return v.list == list && v.visit.direction == Direction::Entry;
    });
}

bool concerns(const AccessList& list, const KnownPosition& position) {
    const bool sold = position.status == OrderStatus::Paid ||
                      (position.status == OrderStatus::Pending &&
                       (list.include_pending || position.valid_if_pending));
    const bool product = list.all_products ||
                         std::ranges::find(list.products, position.product) != list.products.end();
    return sold && product && list.subevent.value_or(position.subevent) == position.subevent;
}

}  // namespace

OrderView::~OrderView() {
    if (session_ != nullptr) session_->reader.pause();
}

template <class Use>
Result<void> OrderView::each(std::uint32_t load, IndexKind kind, std::uint64_t number,
                             const Use& use) const {
    const auto stored =
        session_->reader.get(table(CatalogTable::Index), index_key(load, kind, number));
    if (!stored) return std::unexpected{stored.error()};
    const std::optional<Bytes>& list = *stored;
    if (!list) return {};
    if (list->empty() || list->size() % 8 != 0)
        return fail(Errc::Corrupt, "an entry of the index of orders is damaged");
    for (ByteReader in{*list}; in.left() > 0;)
        if (auto used = use(in.number<std::uint64_t>()); !used) return used;
    return {};
}

Result<OrderRecord> OrderView::record(std::uint32_t event, std::uint32_t load,
                                      std::uint32_t ordinal) const {
    const auto stored = session_->reader.get(table(CatalogTable::Orders), order_key(load, ordinal));
    if (!stored) return std::unexpected{stored.error()};
    const std::optional<Bytes>& bytes = *stored;
    if (!bytes) return fail(Errc::Corrupt, "an order of the index is missing");
    return OrderRecord::open(*bytes, event);
}

Result<void> OrderView::read_place(std::uint32_t event, std::uint32_t load, Place place,
                                   Wanted wanted, const void* what, FoundPositions& into) {
    const auto found = record(event, load, place.ordinal);
    if (!found) return std::unexpected{found.error()};
    const auto head = found->head(place.index);
    if (!head) return fail(Errc::Corrupt, "a position of the index is missing");
    if (!wanted(*head, what)) return {};
    auto read = found->read(place.index, into.add());
    if (!read) into.drop_last();
    return read;
}

Result<void> OrderView::find(std::uint32_t event, IndexKind kind, std::uint64_t number,
                             Wanted wanted, const void* what, FoundPositions& into) {
    const auto load = read_load(*session_->catalog, session_->reader, event);
    if (!load) return std::unexpected{load.error()};
    return each(load->number, kind, number, [&](std::uint64_t value) {
        return read_place(event, load->number, place_of(value), wanted, what, into);
    });
}

Result<void> OrderView::find_by_secret(std::span<const std::uint32_t> events,
                                       std::string_view secret, FoundPositions& into) {
    if (secret.empty()) return {};
    const std::uint64_t number = hash_number(secret);
    for (const std::uint32_t event : events) {
        auto found = find(event, IndexKind::Secret, number, &has_secret_text, &secret, into);
        if (!found) return found;
    }
    return {};
}

Result<void> OrderView::positions_by_id(std::span<const std::uint32_t> events,
                                        std::span<const std::uint64_t> ids, FoundPositions& into) {
    for (const std::uint64_t id : ids)
        for (const std::uint32_t event : events)
            if (auto found = find(event, IndexKind::Position, id, &has_id, &id, into); !found)
                return found;
    return {};
}

Result<std::optional<OrderRecord>> OrderView::find_order(std::uint32_t event,
                                                         std::string_view code) const {
    const auto load = read_load(*session_->catalog, session_->reader, event);
    if (!load) return std::unexpected{load.error()};
    std::optional<OrderRecord> out;
    const auto compare = [&](std::uint64_t number) -> Result<void> {
        auto found = record(event, load->number, place_of(number).ordinal);
        if (!found) return std::unexpected{std::move(found.error())};
        if (found->code() == code) out = *found;
        return {};
    };
    auto walked = each(load->number, IndexKind::Code, hash_number(code), compare);
    if (!walked) return std::unexpected{std::move(walked.error())};
    return out;
}

Result<void> OrderView::order(std::uint32_t event, std::string_view code, FoundPositions& into) {
    const auto found = find_order(event, code);
    if (!found) return std::unexpected{found.error()};
    const std::optional<OrderRecord>& order = *found;
    for (std::size_t i = 0; order && i < order->positions(); ++i)
        if (auto read = order->read(i, into.add()); !read) return read;
    return {};
}

Result<void> OrderView::addons_of(const KnownPosition& position, FoundPositions& into) {
    const std::uint64_t base = position.id;  // `position` may be one of `into`, which grows
    const auto found = find_order(position.event, position.order_code);
    if (!found) return std::unexpected{found.error()};
    const std::optional<OrderRecord>& order = *found;
    for (std::size_t i = 0; order && base != 0 && i < order->positions(); ++i) {
        const auto head = order->head(i);
        if (!head) return std::unexpected{head.error()};
        if (head->addon_to != base) continue;
        if (auto read = order->read(i, into.add()); !read) return read;
    }
    return {};
}

Result<void> OrderView::find_medium(std::string_view type, std::string_view identifier,
                                    FoundMedia& into) {
    const auto load = read_load(*session_->catalog, session_->reader, {});
    if (!load) return std::unexpected{load.error()};
    const auto read = [&](std::uint64_t id) -> Result<void> {
        const auto stored =
            session_->reader.get(table(CatalogTable::Media), medium_key(load->number, id));
        if (!stored) return std::unexpected{stored.error()};
        const std::optional<Bytes>& bytes = *stored;
        if (!bytes) return fail(Errc::Corrupt, "a medium of the index is missing");
        KnownMedium& medium = into.add();
        auto decoded = decode_medium(*bytes, medium);
        if (!decoded || medium.type != type || medium.identifier != identifier) into.drop_last();
        return decoded;
    };
    return each(load->number, IndexKind::Medium, medium_number(type, identifier), read);
}

Result<bool> OrderView::has_medium(std::uint64_t position) {
    const auto load = read_load(*session_->catalog, session_->reader, {});
    if (!load) return std::unexpected{load.error()};
    bool found = false;
    const auto mark = [&found](std::uint64_t) -> Result<void> {
        found = true;
        return {};
    };
    if (auto asked = each(load->number, IndexKind::LinkedTo, position, mark); !asked)
        return std::unexpected{std::move(asked.error())};
    return found;
}

Result<bool> OrderView::is_listed(SecretList list, std::uint32_t event,
                                  std::span<const crypto::Identity> identities) {
    if (auto renewed = session_->secrets.renew(session_->reader); !renewed)
        return std::unexpected{std::move(renewed.error())};
    for (const crypto::Identity& identity : identities) {
        const auto found = has_secret(session_->secrets, list, event, identity);
        if (!found || *found) return found;
    }
    return false;
}

Result<Load> OrderView::load(LoadOf of) const {
    return read_load(*session_->catalog, session_->reader, of);
}

Result<std::vector<std::pair<LoadOf, Load>>> OrderView::loads() const {
    return all_loads(*session_->catalog, session_->reader);
}

Result<std::string> OrderView::slug(std::uint32_t event) const {
    const auto stored = session_->reader.get(table(CatalogTable::Documents),
                                             document_key({event, DocumentKind::Event, 0}));
    if (!stored) return std::unexpected{stored.error()};
    const std::optional<Bytes>& text = *stored;
    if (!text) return std::string{};
    const auto json = pretix::JsonDocument::parse(as_text(*text));
    if (!json) return fail(Errc::Corrupt, "a document of the catalog is damaged");
    return std::string{json->root().at("slug").text().value_or("")};
}

Result<std::uint64_t> OrderView::book_version() const {
    return read_book_version(*session_->catalog, session_->reader);
}

Result<void> OrderView::each_position(std::uint32_t event, const Visitor& visit) {
    const auto load = read_load(*session_->catalog, session_->reader, event);
    if (!load) return std::unexpected{load.error()};
    auto cursor = lmdb::Cursor::open(session_->reader, table(CatalogTable::Orders));
    if (!cursor) return std::unexpected{std::move(cursor.error())};
    KnownPosition position;
    auto pair = cursor->seek(order_key(load->number, 0));
    for (;; pair = cursor->next()) {
        if (!pair) return std::unexpected{std::move(pair.error())};
        const std::optional<lmdb::Pair>& found = *pair;
        if (!found || ByteReader{found->first}.number<std::uint32_t>() != load->number) return {};
        const auto order = OrderRecord::open(found->second, event);
        if (!order) return std::unexpected{order.error()};
        for (std::size_t i = 0; i < order->positions(); ++i) {
            if (auto read = order->read(i, position); !read) return read;
            visit(position);
        }
    }
}

Result<ListCount> OrderView::count(const AccessList& list) {
    ListCount out;
    const auto add = [&](const KnownPosition& position) {
        if (!concerns(list, position)) return;
        const std::uint64_t in = entered(position, list.key.list) ? 1 : 0;
        for (Tally* tally : {static_cast<Tally*>(&out), &out.products[position.product]}) {
            ++tally->total;
            tally->checked_in += in;
        }
    };
    if (auto walked = each_position(list.key.event, add); !walked)
        return std::unexpected{std::move(walked.error())};
    return out;
}

Result<OrderView> Orders::view() {
    if (session_) {
        if (auto resumed = session_->reader.resume(); !resumed) {
            session_.reset();
            return std::unexpected{std::move(resumed.error())};
        }
        return OrderView{*session_};
    }
    auto reader = catalog_.read();
    if (!reader) return std::unexpected{std::move(reader.error())};
    auto cursor = lmdb::Cursor::open(*reader, table_of(catalog_, CatalogTable::Secrets));
    if (!cursor) return std::unexpected{std::move(cursor.error())};
    session_ = std::make_unique<OrderView::Session>(
        OrderView::Session{&catalog_, std::move(*reader), std::move(*cursor)});
    return OrderView{*session_};
}

}  // namespace stile
