// SPDX-License-Identifier: Apache-2.0
// Documents to values, and look-ups in sorted lists.
#include "daemon/catalog/orders/book.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "daemon/catalog/catalog.hpp"
#include "daemon/catalog/orders/documents.hpp"
#include "daemon/catalog/orders/loads.hpp"
#include "daemon/catalog/pretix/event_rows.hpp"

namespace stile {
namespace {

template <class Row, class Projection>
const Row* find_by(const std::vector<Row>& rows, std::uint64_t id, Projection projection) {
    const auto found = std::ranges::lower_bound(rows, id, {}, projection);
    return found != rows.end() && std::invoke(projection, *found) == id ? &*found : nullptr;
}

std::uint64_t list_id(const BookList& row) {
    return row.list.key.list;
}

// A row that an import understood and this does not is damage, or was written by a newer version.
template <class Row>
Result<void> add(std::vector<Row>& rows, Result<Row> row) {
    if (!row) return fail(Errc::Corrupt, std::move(row.error().context));
    rows.push_back(std::move(*row));
    return {};
}

Result<BookList> book_list(pretix::JsonView json, std::uint32_t event) {
    auto row = pretix::list_row(json, event);
    if (!row) return std::unexpected{std::move(row.error())};
    return BookList{std::move(row->list), std::move(row->rules)};
}

Result<void> add_event(EventBook& book, pretix::JsonView json) {
    auto row = pretix::event_row(json, book.event.number);
    if (!row) return fail(Errc::Corrupt, std::move(row.error().context));
    row->event.subevents = std::move(book.event.subevents);
    row->event.media_enforced = book.event.media_enforced;
    book.event = std::move(row->event);
    book.keys = std::move(row->keys);
    return {};
}

Result<void> add_document(EventBook& book, DocumentKind kind, pretix::JsonView json) {
    switch (kind) {
        case DocumentKind::Event:
            return add_event(book, json);
        case DocumentKind::Settings:
            book.event.media_enforced = pretix::media_enforced(json);
            return {};
        case DocumentKind::Item:
            return add(book.products, pretix::product_row(json));
        case DocumentKind::List:
            return add(book.lists, book_list(json, book.event.number));
        case DocumentKind::Question:
            return add(book.questions, pretix::question_row(json, book.event.number));
        case DocumentKind::Subevent:
            return add(book.event.subevents, pretix::subevent_row(json));
    }
    std::unreachable();
}

Result<void> read_documents(const lmdb::Environment& catalog, const lmdb::Reader& reader,
                            std::map<std::uint32_t, EventBook>& books) {
    auto cursor = lmdb::Cursor::open(reader, table_of(catalog, CatalogTable::Documents));
    if (!cursor) return std::unexpected{std::move(cursor.error())};
    for (auto pair = cursor->first();; pair = cursor->next()) {
        if (!pair) return std::unexpected{std::move(pair.error())};
        const std::optional<lmdb::Pair>& found = *pair;
        if (!found) return {};
        const auto name = document_name(found->first);
        if (!name) return std::unexpected{name.error()};
        const auto json = pretix::JsonDocument::parse(as_text(found->second));
        if (!json) return fail(Errc::Corrupt, "a document of the catalog is damaged");
        EventBook& book = books[name->event];
        book.event.number = name->event;
        if (auto added = add_document(book, name->kind, json->root()); !added) return added;
    }
}

}  // namespace

const Product* EventBook::product(std::uint64_t id) const {
    return find_by(products, id, &Product::id);
}

const BookList* EventBook::list(std::uint64_t id) const {
    return find_by(lists, id, &list_id);
}

const Question* EventBook::question(std::uint64_t id) const {
    return find_by(questions, id, &Question::id);
}

const Subevent* EventBook::subevent(std::uint64_t id) const {
    return find_by(event.subevents, id, &Subevent::id);
}

const Variation* find_variation(const Product& product, std::uint64_t id) {
    const auto found = std::ranges::find(product.variations, id, &Variation::id);
    return found == product.variations.end() ? nullptr : &*found;
}

Book::Book(std::uint64_t version, std::vector<EventBook> events)
    : version_{version}, events_{std::move(events)} {}

const EventBook* Book::find(std::uint32_t event) const {
    const auto found =
        std::ranges::find(events_, event, [](const EventBook& book) { return book.event.number; });
    return found == events_.end() ? nullptr : &*found;
}

const EventBook* Book::find(std::string_view slug) const {
    const auto found = std::ranges::find(
        events_, slug, [](const EventBook& book) { return std::string_view{book.event.slug}; });
    return found == events_.end() ? nullptr : &*found;
}

Result<std::shared_ptr<const Book>> load_book(const lmdb::Environment& catalog) {
    const auto reader = catalog.read();
    if (!reader) return std::unexpected{reader.error()};
    const auto version = read_book_version(catalog, *reader);
    if (!version) return std::unexpected{version.error()};
    std::map<std::uint32_t, EventBook> books;
    if (auto read = read_documents(catalog, *reader, books); !read)
        return std::unexpected{std::move(read.error())};
    std::vector<EventBook> events;
    for (auto& [number, book] : books)
        if (!book.event.slug.empty()) events.push_back(std::move(book));
    return std::make_shared<const Book>(*version, std::move(events));
}

}  // namespace stile
