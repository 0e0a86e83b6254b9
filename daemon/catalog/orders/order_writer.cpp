// SPDX-License-Identifier: Apache-2.0
// One order in, its old version out, and the index kept in step.
#include "daemon/catalog/orders/order_writer.hpp"

#include <algorithm>

namespace stile {
namespace {

constexpr std::size_t kPairOverhead = 16;     // about what LMDB adds to a key and a value
constexpr std::size_t kMostUnderOne = 1'000;  // entries of one index key

// What the newer version of a position was called before stays its name in entry memory.
void keep_identities(const Order& old, Order& order) {
    for (KnownPosition& position : order.positions) {
        const auto same = std::ranges::find(old.positions, position.id, &KnownPosition::id);
        if (same == old.positions.end() || position.id == 0) continue;
        auto& names = position.identities;
        for (const crypto::Identity& identity : same->identities) {
            if (names.size() < kMaxIdentities && std::ranges::find(names, identity) == names.end())
                names.push_back(identity);
        }
    }
}

bool is_older(const Order& order, const Order& than) {
    return order.last_modified && than.last_modified && *order.last_modified < *than.last_modified;
}

std::uint64_t doubtful(const Order& order) {
    return static_cast<std::uint64_t>(
        std::ranges::count(order.positions, false, &KnownPosition::understood));
}

std::vector<std::uint64_t> numbers(Bytes stored) {
    std::vector<std::uint64_t> out;
    for (ByteReader in{stored}; in.left() >= 8;)
        out.push_back(in.number<std::uint64_t>());
    return out;
}

Buffer bytes_of(const std::vector<std::uint64_t>& list) {
    Buffer out;
    ByteWriter writer{out};
    for (const std::uint64_t number : list)
        writer.number(number);
    return out;
}

}  // namespace

Result<std::optional<OrderWriter::Found>> OrderWriter::find(std::uint32_t load, std::uint32_t event,
                                                            std::string_view code) const {
    if (load == 0) return std::optional<Found>{};
    const auto listed = writer_.get(table(CatalogTable::Index),
                                    index_key(load, IndexKind::Code, hash_number(code)));
    if (!listed) return std::unexpected{listed.error()};
    if (!*listed) return std::optional<Found>{};
    for (const std::uint64_t number : numbers(**listed)) {
        const std::uint32_t ordinal = place_of(number).ordinal;
        const auto stored = writer_.get(table(CatalogTable::Orders), order_key(load, ordinal));
        if (!stored) return std::unexpected{stored.error()};
        if (!*stored) return fail(Errc::Corrupt, "an order of the index is missing");
        auto order = decode_order(**stored, event);
        if (!order) return std::unexpected{std::move(order.error())};
        if (order->code == code) return std::optional{Found{ordinal, std::move(*order)}};
    }
    return std::optional<Found>{};
}

Result<Stored> OrderWriter::put(std::uint32_t event, Order order) {
    const auto ours = find(load_.number, event, order.code);
    if (!ours) return std::unexpected{ours.error()};
    const auto found = *ours ? ours : find(previous_, event, order.code);
    if (!found) return std::unexpected{found.error()};
    const std::optional<Found>& old = *found;
    const bool stale = old && is_older(order, old->order);
    if (stale && *ours) return Stored::Older;
    if (stale) order = old->order;
    if (old && !stale) keep_identities(old->order, order);
    const auto ordinal = room_for(*ours, order.code);
    if (!ordinal) return std::unexpected{ordinal.error()};
    if (auto written = write(*ordinal, order); !written)
        return std::unexpected{std::move(written.error())};
    if (stale) return Stored::Older;
    return old ? Stored::Replaced : Stored::New;
}

Result<std::uint32_t> OrderWriter::room_for(const std::optional<Found>& ours,
                                            std::string_view code) {
    if (ours) {
        if (auto gone = forget(ours->ordinal, ours->order); !gone)
            return std::unexpected{std::move(gone.error())};
        return ours->ordinal;
    }
    const std::uint32_t ordinal = load_.ordinal++;
    ++load_.rows;
    auto added = add(IndexKind::Code, hash_number(code), number_of({ordinal, 0}));
    if (!added) return std::unexpected{std::move(added.error())};
    return ordinal;
}

Result<void> OrderWriter::write(std::uint32_t ordinal, const Order& order) {
    const auto record = encode(order);
    if (!record) return std::unexpected{record.error()};
    const auto key = order_key(load_.number, ordinal);
    if (auto put = writer_.put(table(CatalogTable::Orders), key, *record); !put) return put;
    bytes_ += key.size() + record->size() + kPairOverhead;
    load_.positions += order.positions.size();
    load_.doubtful += doubtful(order);
    if (order.last_modified &&
        (!load_.newest_change || *load_.newest_change < *order.last_modified))
        load_.newest_change = order.last_modified;
    return index(ordinal, order);
}

Result<void> OrderWriter::index(std::uint32_t ordinal, const Order& order) {
    for (std::uint32_t i = 0; i < order.positions.size(); ++i) {
        const KnownPosition& position = order.positions[i];
        const std::uint64_t place = number_of({ordinal, i});
        if (auto added = add(IndexKind::Position, position.id, place); !added) return added;
        if (position.secret.empty()) continue;
        if (auto added = add(IndexKind::Secret, hash_number(position.secret), place); !added)
            return added;
    }
    return {};
}

Result<void> OrderWriter::forget(std::uint32_t ordinal, const Order& order) {
    for (std::uint32_t i = 0; i < order.positions.size(); ++i) {
        const KnownPosition& position = order.positions[i];
        const std::uint64_t place = number_of({ordinal, i});
        if (auto taken = take(IndexKind::Position, position.id, place); !taken) return taken;
        if (auto taken = take(IndexKind::Secret, hash_number(position.secret), place); !taken)
            return taken;
    }
    load_.positions -= order.positions.size();
    load_.doubtful -= doubtful(order);
    return {};
}

Result<Stored> OrderWriter::put(const KnownMedium& medium) {
    const auto key = medium_key(load_.number, medium.id);
    const auto old = writer_.get(table(CatalogTable::Media), key);
    if (!old) return std::unexpected{old.error()};
    const bool known = old->has_value();
    if (auto removed = remove_medium(medium.id); !removed)
        return std::unexpected{std::move(removed.error())};
    const Buffer record = encode(medium);
    if (auto put = writer_.put(table(CatalogTable::Media), key, record); !put)
        return std::unexpected{std::move(put.error())};
    bytes_ += key.size() + record.size() + kPairOverhead;
    ++load_.rows;
    auto done = add(IndexKind::Medium, medium_number(medium.type, medium.identifier), medium.id);
    for (std::size_t i = 0; done && i < medium.positions.size(); ++i)
        done = add(IndexKind::LinkedTo, medium.positions[i], medium.id);
    if (!done) return std::unexpected{std::move(done.error())};
    return known ? Stored::Replaced : Stored::New;
}

Result<void> OrderWriter::remove_medium(std::uint64_t id) {
    const auto key = medium_key(load_.number, id);
    const auto stored = writer_.get(table(CatalogTable::Media), key);
    if (!stored) return std::unexpected{stored.error()};
    if (!*stored) return {};
    KnownMedium medium;
    if (auto read = decode_medium(**stored, medium); !read) return read;
    auto done = take(IndexKind::Medium, medium_number(medium.type, medium.identifier), id);
    for (std::size_t i = 0; done && i < medium.positions.size(); ++i)
        done = take(IndexKind::LinkedTo, medium.positions[i], id);
    if (!done) return done;
    --load_.rows;
    return writer_.remove(table(CatalogTable::Media), key);
}

Result<void> OrderWriter::add(IndexKind kind, std::uint64_t number, std::uint64_t value) {
    const auto key = index_key(load_.number, kind, number);
    const auto stored = writer_.get(table(CatalogTable::Index), key);
    if (!stored) return std::unexpected{stored.error()};
    bytes_ += key.size() + 8 + kPairOverhead;
    if (!*stored) return writer_.put(table(CatalogTable::Index), key, big_endian(value));
    auto list = numbers(**stored);
    if (list.size() >= kMostUnderOne || std::ranges::find(list, value) != list.end()) return {};
    list.push_back(value);
    return writer_.put(table(CatalogTable::Index), key, bytes_of(list));
}

Result<void> OrderWriter::take(IndexKind kind, std::uint64_t number, std::uint64_t value) {
    const auto key = index_key(load_.number, kind, number);
    const auto stored = writer_.get(table(CatalogTable::Index), key);
    if (!stored) return std::unexpected{stored.error()};
    if (!*stored) return {};
    auto list = numbers(**stored);
    if (std::erase(list, value) == 0) return {};
    if (list.empty()) return writer_.remove(table(CatalogTable::Index), key);
    return writer_.put(table(CatalogTable::Index), key, bytes_of(list));
}

}  // namespace stile
