// SPDX-License-Identifier: Apache-2.0
// Table by table, from the key where the last step ended.
#include "daemon/ledger/scrubber.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/ledger/layout.hpp"

namespace stile {

using namespace layout;  // NOLINT(google-build-using-namespace): the names of this folder's own
                         // tables

void Scrubber::note(std::string what) {
    if (bad_.size() < kMostNamed) bad_.push_back(std::move(what));
}

void Scrubber::look_at(Bytes key, Bytes stored) {
    if (table_ == kLog) {
        if (auto fits = log_.take(key, stored); !fits) {
            note(std::move(fits.error().context));
            log_.go_on_after(key, stored);
        }
    } else if (!checked(table_, key, stored)) {
        note(fmt::format("ledger: a damaged row of table {}, key {}", kTables[table_].name,
                         to_hex(key)));
    }
}

// How many rows it looked at; fewer than `most` at the table's end.
Result<std::size_t> Scrubber::walk_table(const lmdb::Reader& reader, std::size_t most) {
    auto cursor = lmdb::Cursor::open(reader, environment_.table(table_));
    if (!cursor) return std::unexpected{cursor.error()};
    auto pair = last_key_.empty() ? cursor->first() : cursor->seek(last_key_);
    if (!last_key_.empty() && pair && *pair && std::ranges::equal((*pair)->first, last_key_))
        pair = cursor->next();
    std::size_t done = 0;
    Bytes newest;
    for (; done < most; ++done, pair = cursor->next()) {
        if (!pair) return std::unexpected{pair.error()};
        if (!*pair) break;
        newest = (*pair)->first;
        look_at(newest, (*pair)->second);
    }
    if (!newest.empty()) last_key_.assign(newest.begin(), newest.end());
    return done;
}

Result<Scrubber::Progress> Scrubber::step(std::size_t most) {
    if (std::exchange(progress_, Progress::More) == Progress::Complete) {
        rows_ = 0;
        bad_.clear();
        log_ = {};
    }
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    while (most > 0) {
        const auto done = walk_table(*reader, most);
        if (!done) return std::unexpected{done.error()};
        rows_ += *done;
        most -= *done;
        if (most == 0) break;
        last_key_.clear();
        if (++table_ < kTables.size()) continue;
        table_ = 0;
        progress_ = Progress::Complete;
        break;
    }
    return progress_;
}

}  // namespace stile
