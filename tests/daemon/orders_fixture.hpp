// SPDX-License-Identifier: Apache-2.0
// A catalog with orders in a folder of its own, and rows as texts.
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/catalog/catalog.hpp"
#include "daemon/catalog/orders/book.hpp"
#include "daemon/catalog/orders/orders.hpp"
#include "daemon/catalog/orders/update.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::test {

using Json = nlohmann::json;

// Rows of one resource of one event.
struct Rows {
    Resource resource = Resource::Orders;
    std::string event;
    std::vector<std::string> rows;
};

inline Json order(std::string_view code, Json positions, Json more = Json::object()) {
    Json out{{"code", code},
             {"status", "p"},
             {"last_modified", "2026-01-01T00:00:00Z"},
             {"positions", std::move(positions)}};
    out.update(more);
    return out;
}

inline Json position(std::uint64_t id, std::string_view secret, Json more = Json::object()) {
    Json out{{"id", id}, {"item", 1}, {"secret", secret}};
    out.update(more);
    return out;
}

inline Rows orders(std::string_view event, const std::vector<Json>& list) {
    Rows out{.event = std::string{event}};
    for (const Json& row : list)
        out.rows.push_back(row.dump());
    return out;
}

inline Rows rows(Resource resource, std::string_view event, const std::vector<Json>& list) {
    Rows out = orders(event, list);
    out.resource = resource;
    return out;
}

class OrderCatalog {
public:
    explicit OrderCatalog(std::size_t map_bytes = std::size_t{256} << 20U) : map_{map_bytes} {
        reopen();
    }
    void close() {
        orders_.reset();
        environment_.reset();
    }
    void reopen() {
        close();
        auto opened = open_catalog(folder(), map_);
        if (!opened) std::abort();
        environment_ = std::make_unique<lmdb::Environment>(std::move(*opened));
        orders_ = std::make_unique<Orders>(*environment_);
    }

    [[nodiscard]] std::filesystem::path folder() const { return dir_.path() / "catalog"; }
    [[nodiscard]] lmdb::Environment& environment() { return *environment_; }
    [[nodiscard]] Orders& orders() { return *orders_; }

    Result<UpdateSummary> update(UpdateKind kind, const std::vector<Rows>& all) {
        CatalogUpdate update{*environment_, {.kind = kind, .batch_bytes = 4'096}};
        for (const Rows& part : all) {
            if (auto opened = update.open(part.resource, part.event); !opened)
                return std::unexpected{std::move(opened.error())};
            for (const std::string& row : part.rows)
                if (auto added = update.add(row); !added)
                    return std::unexpected{std::move(added.error())};
        }
        return update.finish({});
    }
    Result<UpdateSummary> load(const std::vector<Rows>& all) {
        return update(UpdateKind::Full, all);
    }
    Result<UpdateSummary> change(const std::vector<Rows>& all) {
        return update(UpdateKind::Difference, all);
    }

    std::vector<KnownPosition> find(std::string_view event, std::string_view secret) {
        const std::uint32_t number = event_number(event);
        return looked_up([&](OrderView& view, FoundPositions& into) {
            return view.find_by_secret({&number, 1}, secret, into);
        });
    }
    template <class Ask>
    std::vector<KnownPosition> looked_up(const Ask& ask) {
        FoundPositions found;
        auto view = orders_->view();
        EXPECT_TRUE(view);
        if (!view) return {};
        const Result<void> asked = ask(*view, found);
        EXPECT_TRUE(asked) << asked.error().context;
        return {found.all().begin(), found.all().end()};
    }
    Load in_use(LoadOf of) {
        const auto view = orders_->view();
        return view->load(of).value_or(Load{});
    }
    std::uint64_t keys(CatalogTable table) {
        const auto reader = environment_->read();
        return reader->size(table_of(*environment_, table)).value_or(~std::uint64_t{0});
    }

private:
    TempDir dir_;
    std::size_t map_;
    std::unique_ptr<lmdb::Environment> environment_;
    std::unique_ptr<Orders> orders_;
};

// A world of the shared fixtures, or nothing where they are not there.
inline std::vector<Rows> shared_world(const std::string& name) {
    std::ifstream file{std::string{STILE_SHARED_DIR} + "/vectors/pretix/fixtures.json"};
    if (!file) return {};
    const Json fixtures = Json::parse(file);
    const auto text = [&](const Json& path) {
        return fixtures["files"][path.get<std::string>()].dump();
    };
    std::vector<Rows> out;
    const std::pair<const char*, Resource> kParts[] = {{"items", Resource::Items},
                                                       {"lists", Resource::Lists},
                                                       {"subevents", Resource::Subevents},
                                                       {"orders", Resource::Orders}};
    const Json& world = fixtures["worlds"][name];
    for (const auto& [slug, path] : world["events"].items())
        out.push_back({Resource::Event, slug, {text(path)}});
    for (const auto& [part, resource] : kParts) {
        if (!world.contains(part)) continue;
        for (const auto& [slug, files] : world[part].items()) {
            Rows rows{resource, slug, {}};
            for (const Json& path : files)
                rows.rows.push_back(text(path));
            out.push_back(std::move(rows));
        }
    }
    Rows media{Resource::Media, "", {}};
    for (const Json& path : world.value("media", Json::array()))
        media.rows.push_back(text(path));
    out.push_back(std::move(media));
    return out;
}

}  // namespace stile::test
