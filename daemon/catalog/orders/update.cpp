// SPDX-License-Identifier: Apache-2.0
// Rows into batches, and the one transaction that puts them in use.
#include "daemon/catalog/orders/update.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "crypto/hash.hpp"
#include "daemon/catalog/orders/order_writer.hpp"
#include "daemon/catalog/pretix/event_rows.hpp"
#include "daemon/catalog/pretix/order_rows.hpp"

namespace stile {
namespace {

using namespace std::string_view_literals;
constexpr std::size_t kMostWarnings = 100;
constexpr std::size_t kMaxDocument = 1U << 20U;                // bytes of one
constexpr std::size_t kMaxDocuments = std::size_t{64} << 20U;  // of all in one import

DocumentKind document_of(Resource resource) {
    switch (resource) {
        case Resource::Settings:
            return DocumentKind::Settings;
        case Resource::Items:
            return DocumentKind::Item;
        case Resource::Lists:
            return DocumentKind::List;
        case Resource::Questions:
            return DocumentKind::Question;
        case Resource::Subevents:
            return DocumentKind::Subevent;
        case Resource::Event:
        case Resource::Orders:
        case Resource::Media:
        case Resource::Revoked:
        case Resource::Blocked:
            return DocumentKind::Event;
    }
    std::unreachable();
}

bool is_document(Resource resource) {
    return resource <= Resource::Subevents;
}

// Whether the row can be read later on. Errors: Invalid.
Result<void> check_document(DocumentKind kind, pretix::JsonView row, std::uint32_t event) {
    const auto outcome = [](const auto& result) -> Result<void> {
        if (!result) return std::unexpected{result.error()};
        return {};
    };
    switch (kind) {
        case DocumentKind::Event:
            return outcome(pretix::event_row(row, event));
        case DocumentKind::Settings:
            if (!row.is_object()) return fail(Errc::Invalid, "the settings are no object");
            return {};
        case DocumentKind::Item:
            return outcome(pretix::product_row(row));
        case DocumentKind::List:
            return outcome(pretix::list_row(row, event));
        case DocumentKind::Question:
            return outcome(pretix::question_row(row, event));
        case DocumentKind::Subevent:
            return outcome(pretix::subevent_row(row));
    }
    std::unreachable();
}

}  // namespace

std::optional<Resource> resource_from(std::string_view name) {
    constexpr std::array kNames{
        std::pair{"event"sv, Resource::Event},
        std::pair{"events"sv, Resource::Event},
        std::pair{"settings"sv, Resource::Settings},
        std::pair{"items"sv, Resource::Items},
        std::pair{"checkinlists"sv, Resource::Lists},
        std::pair{"questions"sv, Resource::Questions},
        std::pair{"subevents"sv, Resource::Subevents},
        std::pair{"orders"sv, Resource::Orders},
        std::pair{"reusablemedia"sv, Resource::Media},
        std::pair{"revokedsecrets"sv, Resource::Revoked},
        std::pair{"blockedsecrets"sv, Resource::Blocked},
    };
    const auto* row = std::ranges::find(kNames, name, [](const auto& pair) { return pair.first; });
    return row == kNames.end() ? std::nullopt : std::optional{row->second};
}

std::uint32_t event_number(std::string_view slug) {
    const auto hash = crypto::blake2b_128({as_bytes("stile-event\0"sv), as_bytes(slug)});
    return 0x8000'0000U | ByteReader{hash}.number<std::uint32_t>();
}

// A load that grows, and the one in use beside it.
struct CatalogUpdate::Building {
    Load load;
    std::uint32_t previous = 0;
};

struct CatalogUpdate::State {
    lmdb::Environment& catalog;
    UpdateOptions options;
    UpdateSummary summary{};
    Resource resource = Resource::Event;
    LoadOf of{};  // event
    std::map<std::uint32_t, std::string> slugs{};
    std::map<LoadOf, Building> loads{};
    std::uint32_t next_number = 0;
    std::map<DocumentName, std::optional<std::string>> documents{};  // nothing: removed
    std::set<std::pair<std::uint32_t, DocumentKind>> whole{};        // replaced as a whole
    std::size_t document_bytes = 0;
    std::size_t batched = 0;
    std::optional<lmdb::Writer> writer{};

    [[nodiscard]] bool full() const { return options.kind == UpdateKind::Full; }
    void refuse(std::string why);
    Result<void> begin();
    Result<void> end_batch();
    Result<void> enter(std::string_view slug);
    Result<Building*> building(LoadOf which);
    Result<void> add_order(pretix::JsonView row);
    Result<void> add_medium(pretix::JsonView row);
    Result<void> add_secret(pretix::JsonView row);
    Result<void> add_document(pretix::JsonView row);
    Result<void> add_unparsed(const Error& why);
    Result<void> keep(const DocumentName& name, pretix::JsonView row);
    Result<void> write_loads();
    Result<void> remove_missing();
    Result<void> write_documents();
};

void CatalogUpdate::State::refuse(std::string why) {
    if (summary.warnings.size() < kMostWarnings) summary.warnings.push_back(std::move(why));
}

Result<void> CatalogUpdate::State::begin() {
    if (writer) return {};
    auto begun = catalog.write();
    if (!begun) return std::unexpected{std::move(begun.error())};
    writer.emplace(std::move(*begun));
    return {};
}

Result<void> CatalogUpdate::State::end_batch() {
    if (!writer) return {};
    if (!full())
        if (auto written = write_loads(); !written) return written;
    auto committed = std::move(*writer).commit();
    writer.reset();
    batched = 0;
    return committed;
}

// Finds the event's number, and refuses one that is another's.
Result<void> CatalogUpdate::State::enter(std::string_view slug) {
    const auto given = options.numbers.find(slug);
    const std::uint32_t number =
        given == options.numbers.end() ? event_number(slug) : given->second;
    of = number;
    const auto stored = writer->get(table_of(catalog, CatalogTable::Documents),
                                    document_key({number, DocumentKind::Event, 0}));
    if (!stored) return std::unexpected{stored.error()};
    std::string holder = slugs.try_emplace(number, slug).first->second;
    if (*stored) {
        const auto json = pretix::JsonDocument::parse(as_text(**stored));
        if (json) holder = json->root().at("slug").text().value_or(holder);
    }
    if (holder == slug) return {};
    return fail(Errc::Invalid, fmt::format("events {} and {} have the same number {}: give one of "
                                           "them another",
                                           holder, slug, number));
}

Result<CatalogUpdate::Building*> CatalogUpdate::State::building(LoadOf which) {
    const auto found = loads.find(which);
    if (found != loads.end()) return &found->second;
    const auto in_use = read_load(catalog, *writer, which);
    if (!in_use) return std::unexpected{in_use.error()};
    Building out;
    if (!full() && in_use->number != 0) {
        out.load = *in_use;
    } else {
        const auto number = next_load(catalog, *writer);
        if (!number) return std::unexpected{number.error()};
        next_number = std::max(next_number + 1, *number);
        out.load.number = next_number;
        out.previous = in_use->number;
    }
    out.load.loaded_at = options.at;
    return &loads.emplace(which, out).first->second;
}

Result<void> CatalogUpdate::State::add_order(pretix::JsonView json) {
    auto row = pretix::order_row(json, of.value_or(0));
    if (!row) return std::unexpected{std::move(row.error())};
    auto building = this->building(of);
    if (!building) return std::unexpected{std::move(building.error())};
    Building& target = **building;
    OrderWriter out{catalog, *writer, target.load, target.previous};
    const std::uint64_t positions = row->order.positions.size();
    const auto stored = out.put(of.value_or(0), std::move(row->order));
    if (!stored) return std::unexpected{stored.error()};
    batched += out.bytes();
    if (*stored == Stored::Older) {
        ++summary.older;
        return {};
    }
    ++summary.orders;
    summary.positions += positions;
    summary.doubtful += row->doubts.size();
    for (std::string& doubt : row->doubts)
        refuse(std::move(doubt));
    return {};
}

Result<void> CatalogUpdate::State::add_medium(pretix::JsonView json) {
    auto building = this->building(LoadOf{});
    if (!building) return std::unexpected{std::move(building.error())};
    OrderWriter out{catalog, *writer, (*building)->load, 0};
    const auto row = pretix::medium_row(json);
    if (!row) {  // an unknown medium opens nothing
        ++summary.refused;
        refuse(row.error().context);
        return out.remove_medium(json.at("id").number().value_or(0));
    }
    const auto stored = out.put(*row);
    if (!stored) return std::unexpected{stored.error()};
    batched += out.bytes();
    ++summary.media;
    return {};
}

Result<void> CatalogUpdate::State::add_secret(pretix::JsonView json) {
    const auto row = pretix::secret_row(json, of.value_or(0));
    if (!row && row.error().code == Errc::Unsupported) {  // too long to be scanned anyway
        ++summary.refused;
        refuse(row.error().context);
        return {};
    }
    if (!row) return std::unexpected{row.error()};
    const auto list = resource == Resource::Revoked ? SecretList::Revoked : SecretList::Blocked;
    ++summary.secrets;
    batched += 64;
    return put_secret(catalog, *writer, list, of.value_or(0), *row);
}

Result<void> CatalogUpdate::State::keep(const DocumentName& name, pretix::JsonView row) {
    std::string text = row.dump();
    document_bytes += text.size();
    if (text.size() > kMaxDocument || document_bytes > kMaxDocuments)
        return fail(Errc::Invalid, "the object is too large");
    documents[name] = std::move(text);
    ++summary.documents;
    return {};
}

Result<void> CatalogUpdate::State::add_document(pretix::JsonView row) {
    const DocumentKind kind = document_of(resource);
    const bool single = kind == DocumentKind::Event || kind == DocumentKind::Settings;
    const DocumentName name{.event = of.value_or(0),
                            .kind = kind,
                            .id = single ? 0 : row.at("id").number().value_or(0)};
    const auto good = check_document(kind, row, name.event);
    if (good) {
        if (kind == DocumentKind::Event && row.at("slug").text() != slugs[name.event])
            return fail(Errc::Invalid, "the event has another name than its folder");
        return keep(name, row);
    }
    // A question that is left out is not asked, and settings demand what nothing else does.
    if (kind == DocumentKind::Question || kind == DocumentKind::Settings) return good;
    ++summary.refused;
    refuse(good.error().context);
    documents[name] = std::nullopt;
    return {};
}

// A rule can be nested deeper than anything that is read. Where the row's old version goes with the
// import, leaving it out is enough.
Result<void> CatalogUpdate::State::add_unparsed(const Error& why) {
    const bool replaced = full() && (resource == Resource::Items || resource == Resource::Lists ||
                                     resource == Resource::Subevents);
    if (why.code != Errc::Unsupported || !replaced) return std::unexpected{why};
    ++summary.refused;
    refuse(fmt::format("event {}: {}", slugs[of.value_or(0)], why.context));
    return {};
}

Result<void> CatalogUpdate::State::write_loads() {
    for (const auto& [which, building] : loads)
        if (auto written = write_load(catalog, *writer, which, building.load); !written)
            return written;
    return {};
}

// Of the documents that are replaced as a whole, those that did not come again.
Result<void> CatalogUpdate::State::remove_missing() {
    auto cursor = lmdb::Cursor::open(*writer, table_of(catalog, CatalogTable::Documents));
    if (!cursor) return std::unexpected{std::move(cursor.error())};
    for (auto pair = cursor->first();; pair = cursor->next()) {
        if (!pair) return std::unexpected{std::move(pair.error())};
        const std::optional<lmdb::Pair>& found = *pair;
        if (!found) return {};
        const auto name = document_name(found->first);
        if (!name) return std::unexpected{name.error()};
        if (whole.contains({name->event, name->kind})) documents.try_emplace(*name, std::nullopt);
    }
}

Result<void> CatalogUpdate::State::write_documents() {
    if (auto removed = remove_missing(); !removed) return removed;
    const auto table = table_of(catalog, CatalogTable::Documents);
    for (const auto& [name, text] : documents) {
        const auto key = document_key(name);
        auto done = text ? writer->put(table, key, as_bytes(*text)) : writer->remove(table, key);
        if (!done) return done;
    }
    if (documents.empty()) return {};
    const auto version = read_book_version(catalog, *writer);
    if (!version) return std::unexpected{version.error()};
    return write_book_version(catalog, *writer, *version + 1);
}

CatalogUpdate::CatalogUpdate(lmdb::Environment& catalog, UpdateOptions options)
    : state_{new State{.catalog = catalog, .options = std::move(options)}} {}

CatalogUpdate::~CatalogUpdate() = default;

Result<void> CatalogUpdate::open(Resource resource, std::string_view slug) {
    if (auto begun = state_->begin(); !begun) return begun;
    state_->resource = resource;
    state_->of = {};
    if (resource != Resource::Media)
        if (auto entered = state_->enter(slug); !entered) return entered;
    if (!state_->full()) return {};
    if (is_document(resource))
        state_->whole.insert({state_->of.value_or(0), document_of(resource)});
    if (resource != Resource::Orders && resource != Resource::Media) return {};
    const auto building = state_->building(state_->of);
    if (!building) return std::unexpected{building.error()};
    return {};
}

Result<void> CatalogUpdate::add(std::string_view json) {
    const auto document = pretix::JsonDocument::parse(json);
    if (!document) return state_->add_unparsed(document.error());
    const pretix::JsonView row = document->root();
    if (auto begun = state_->begin(); !begun) return begun;
    Result<void> added;
    if (state_->resource == Resource::Orders)
        added = state_->add_order(row);
    else if (state_->resource == Resource::Media)
        added = state_->add_medium(row);
    else if (is_document(state_->resource))
        added = state_->add_document(row);
    else
        added = state_->add_secret(row);
    if (!added || state_->batched < state_->options.batch_bytes) return added;
    return state_->end_batch();
}

Result<UpdateSummary> CatalogUpdate::finish(const std::stop_token& stop) {
    if (stop.stop_requested()) return fail(Errc::Closed, "stopped");
    auto done = state_->begin();
    if (done) done = state_->write_loads();
    if (done) done = state_->write_documents();
    if (done) done = state_->end_batch();
    if (!done) return std::unexpected{std::move(done.error())};
    // The outcome is decided; what cannot be removed now is removed at the next start.
    (void)remove_old_loads(state_->catalog, state_->options.removed_keys, stop);
    return std::move(state_->summary);
}

}  // namespace stile
