// SPDX-License-Identifier: Apache-2.0
// The old ledger is kept aside first; then one transaction makes the new one.
#include "daemon/ledger/migration.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>

#include "daemon/ledger/files.hpp"
#include "daemon/ledger/layout.hpp"
#include "daemon/ledger/mark_copy.hpp"

namespace stile {

using namespace layout;  // NOLINT(google-build-using-namespace): the names of this folder's own
                         // tables

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kRoom = 16U << 20U;  // beside what is copied

// Acts have the numbers 9 to 11 (test, test-end, reload) since format 3. No row changes; but a
// program of format 2 would take a log that ends with one for damaged, and so must not open it.
Result<void> allow_more_acts(const lmdb::Environment& /*ledger*/, lmdb::Writer& /*writer*/) {
    return {};
}

constexpr MigrationStep kSteps[] = {
    {.from = 2, .to = 3, .what = "acts may be a test or a reload", .run = allow_more_acts},
};

Result<void> set_format(const lmdb::Environment& ledger, lmdb::Writer& writer,
                        std::uint32_t format) {
    const auto bytes = big_endian(format);
    return put_row(ledger, writer, kMeta, as_bytes(kFormatKey), {bytes.begin(), bytes.end()});
}

// Those that lead from one format to the other. Errors: Unsupported.
Result<std::vector<MigrationStep>> way(std::span<const MigrationStep> steps, std::uint32_t from,
                                       std::uint32_t to) {
    if (from > to) return unreadable(from);
    std::vector<MigrationStep> out;
    std::uint32_t at = from;
    for (const MigrationStep& step : steps) {
        if (step.from != at || at == to) continue;
        out.push_back(step);
        at = step.to;
    }
    if (at == to) return out;
    return unreadable(from);
}

// Where a log ends, as bytes.
Result<Buffer> end_of(const lmdb::Environment& ledger) {
    const auto reader = ledger.read();
    if (!reader) return std::unexpected{reader.error()};
    auto cursor = lmdb::Cursor::open(*reader, ledger.table(kLog));
    if (!cursor) return std::unexpected{cursor.error()};
    const auto last = cursor->last();
    if (!last) return std::unexpected{last.error()};
    Buffer out;
    if (*last) {
        const auto& [key, value] = **last;
        out.assign(key.begin(), key.end());
        out.insert(out.end(), value.begin(), value.end());
    }
    return out;
}

// A migration that did not get to its end has left it there.
bool is_copy_of(const fs::path& folder, const lmdb::Environment& ledger) {
    const auto copy = lmdb::Environment::open({.folder = folder,
                                               .tables = {kTables.begin(), kTables.end()},
                                               .access = lmdb::Access::ReadOnly});
    if (!copy) return false;
    const auto one = end_of(*copy);
    const auto other = end_of(ledger);
    return one && other && *one == *other;
}

// The first name that is free, or that has this very copy.
fs::path aside_of(const lmdb::Environment& ledger, const fs::path& folder, std::uint32_t to) {
    const std::string base = fmt::format("{}.before-format-{}", folder.native(), to);
    fs::path name = base;
    std::error_code ignored;
    for (int i = 2; fs::exists(name, ignored) && !is_copy_of(name, ledger); ++i)
        name = fmt::format("{}-{}", base, i);
    return name;
}

Result<void> check_room(const lmdb::Environment& ledger, const fs::path& place) {
    std::error_code error;
    const auto space = fs::space(place, error);
    const std::uint64_t needed = ledger.used_bytes() + kRoom;
    if (!error && space.available >= needed) return {};
    constexpr unsigned kMib = 20;
    return fail(
        Errc::Full,
        fmt::format("ledger: a copy of the old one is kept before its format changes, and "
                    "{} has only {} MiB free of {}; make room. Nothing was changed",
                    place.native(), error ? 0 : space.available >> kMib, (needed >> kMib) + 1));
}

Result<void> keep_aside(const lmdb::Environment& ledger, const fs::path& aside) {
    std::error_code ignored;
    const fs::path fresh = aside.native() + ".unfinished";
    fs::remove_all(fresh, ignored);  // first: it takes the room
    if (auto room = check_room(ledger, aside.parent_path()); !room) return room;
    if (::mkdir(fresh.c_str(), 0700) != 0) return files::error_of(fresh);
    auto made = ledger.copy_to(fresh);
    if (made) {
        made = mark_as_copy(
            fresh, static_cast<std::size_t>(fs::file_size(fresh / "data.mdb", ignored) + kRoom));
    }
    if (made) made = files::sync(fresh);
    if (!made) {
        fs::remove_all(fresh, ignored);
        return made;
    }
    fs::remove(fresh / "lock.mdb", ignored);
    if (::rename(fresh.c_str(), aside.c_str()) != 0) return files::error_of(aside);
    return files::sync(aside.parent_path());
}

}  // namespace

std::span<const MigrationStep> migration_steps() {
    return kSteps;
}

bool is_readable(std::uint32_t format) {
    return format == kFormat || format == 2;
}

std::unexpected<Error> unreadable(std::uint32_t format) {
    return fail(Errc::Unsupported,
                format > kFormat
                    ? fmt::format("ledger: its format {} is of a later version than this program "
                                  "(format {}); install that version. Nothing was changed",
                                  format, kFormat)
                    : fmt::format("ledger: it is of stile of an earlier day (format {}), and "
                                  "nothing leads on from there; move the folder away",
                                  format));
}

Result<std::optional<std::uint32_t>> format_of(const lmdb::Environment& ledger) {
    const auto reader = ledger.read();
    if (!reader) return std::unexpected{reader.error()};
    const auto stored = reader->get(ledger.table(kMeta), as_bytes(kFormatKey));
    if (!stored) return std::unexpected{stored.error()};
    if (!*stored) return std::optional<std::uint32_t>{};
    constexpr std::uint32_t kWithoutChecksums = 1;
    if (std::ranges::equal(**stored, big_endian(kWithoutChecksums)))
        return std::optional{kWithoutChecksums};
    const auto value = checked(kMeta, as_bytes(kFormatKey), **stored);
    if (!value) return std::unexpected{value.error()};
    ByteReader bytes{*value};
    const auto format = bytes.number<std::uint32_t>();
    if (!bytes.complete()) return fail(Errc::Corrupt, "ledger: its format is no number");
    return std::optional{format};
}

Result<void> migrate(lmdb::Environment& ledger, const fs::path& folder,
                     std::span<const MigrationStep> steps, std::uint32_t to,
                     const OnMigration& news) {
    const auto from = format_of(ledger);
    if (!from) return std::unexpected{from.error()};
    const auto todo = way(steps, from->value_or(to), to);
    if (!todo) return std::unexpected{todo.error()};
    if (todo->empty()) return {};
    MigrationNews now{.from = **from, .to = to, .bytes = ledger.used_bytes()};
    now.aside = aside_of(ledger, folder, to);
    const auto tell = [&](MigrationNews::Part part, std::string_view step = {}) {
        now.part = part;
        now.step = step;
        if (news) news(now);
    };
    tell(MigrationNews::Part::Copying);
    std::error_code ignored;
    if (!fs::exists(now.aside, ignored)) {
        if (auto kept = keep_aside(ledger, now.aside); !kept) return kept;
    }
    tell(MigrationNews::Part::Changing);
    auto writer = ledger.write();
    if (!writer) return std::unexpected{std::move(writer.error())};
    for (const MigrationStep& step : *todo) {
        tell(MigrationNews::Part::Step, step.what);
        if (auto done = step.run(ledger, *writer); !done) return done;
    }
    if (auto put = set_format(ledger, *writer, to); !put) return put;
    if (auto done = std::move(*writer).commit(); !done) return done;
    tell(MigrationNews::Part::Done);
    return {};
}

}  // namespace stile
