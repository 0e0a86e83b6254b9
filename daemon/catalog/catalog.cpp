// SPDX-License-Identifier: Apache-2.0
// The list of tables, and the format number that guards them.
#include "daemon/catalog/catalog.hpp"

#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "crypto/base/bytes.hpp"

namespace stile {
namespace {

constexpr std::uint32_t kFormat = 1;
constexpr std::string_view kFormatKey = "format";

// In the order of CatalogTable.
constexpr std::array kTables{
    lmdb::TableSpec{.name = "meta"},
    lmdb::TableSpec{.name = "bits"},
    lmdb::TableSpec{.name = "reissue"},
    lmdb::TableSpec{.name = "hashed", .kind = lmdb::TableKind::FixedDuplicates},
    lmdb::TableSpec{.name = "documents"},
    lmdb::TableSpec{.name = "orders"},
    lmdb::TableSpec{.name = "media"},
    lmdb::TableSpec{.name = "index"},
    lmdb::TableSpec{.name = "secrets"},
};

Result<void> begin_format(lmdb::Writer& writer, const lmdb::Environment& catalog) {
    for (std::size_t i = 0; i < kTables.size(); ++i) {
        const auto size = writer.size(catalog.table(i));
        if (!size) return std::unexpected{size.error()};
        if (*size != 0) return fail(Errc::Corrupt, "the format number is missing");
    }
    return writer.put(table_of(catalog, CatalogTable::Meta), as_bytes(kFormatKey),
                      big_endian(kFormat));
}

Result<void> check_format(Bytes stored) {
    ByteReader reader{stored};
    const auto format = reader.number<std::uint32_t>();
    if (!reader.complete()) return fail(Errc::Corrupt, "the format number is damaged");
    if (format == kFormat) return {};
    return fail(Errc::Unsupported, fmt::format("format {}; this version reads format {}. Use the "
                                               "version that wrote it, or import the lists anew",
                                               format, kFormat));
}

Result<void> settle_format(lmdb::Environment& catalog) {
    auto writer = catalog.write();
    if (!writer) return std::unexpected{writer.error()};
    const auto stored = writer->get(table_of(catalog, CatalogTable::Meta), as_bytes(kFormatKey));
    if (!stored) return std::unexpected{stored.error()};
    if (const std::optional<Bytes>& format = *stored) return check_format(*format);
    if (auto begun = begin_format(*writer, catalog); !begun) return begun;
    return std::move(*writer).commit();
}

}  // namespace

Result<lmdb::Environment> open_catalog(const std::filesystem::path& folder, std::size_t map_bytes) {
    auto catalog = lmdb::Environment::open({.folder = folder,
                                            .map_bytes = map_bytes,
                                            .reserve_bytes = 0,
                                            .tables = {kTables.begin(), kTables.end()}});
    if (!catalog) return catalog;
    if (auto settled = settle_format(*catalog); !settled)
        return fail(folder.native(), std::move(settled.error()));
    return catalog;
}

Result<lmdb::Environment> open_catalog_to_read(const std::filesystem::path& folder) {
    // No map size: that of the one who writes.
    auto catalog = lmdb::Environment::open({.folder = folder,
                                            .tables = {kTables.begin(), kTables.end()},
                                            .access = lmdb::Access::ReadOnly});
    if (!catalog) return catalog;
    const auto reader = catalog->read();
    if (!reader) return std::unexpected{reader.error()};
    const auto format = reader->get(table_of(*catalog, CatalogTable::Meta), as_bytes(kFormatKey));
    if (!format) return std::unexpected{format.error()};
    if (!*format) return fail(Errc::NotFound, folder.native() + ": there is no catalog");
    if (auto checked = check_format(**format); !checked)
        return fail(folder.native(), std::move(checked.error()));
    return catalog;
}

}  // namespace stile
