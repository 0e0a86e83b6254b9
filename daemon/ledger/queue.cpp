// SPDX-License-Identifier: Apache-2.0
// Records for platforms, first in, first out, readable by this device alone.
#include <algorithm>

#include <fmt/format.h>

#include "daemon/ledger/layout.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/ledger/rows.hpp"

namespace stile {

using namespace layout;  // NOLINT(google-build-using-namespace): the names of this folder's own
                         // tables

namespace {

constexpr std::size_t kMaxName = 63;

Buffer queue_prefix(std::string_view platform) {
    Buffer key{platform.begin(), platform.end()};
    key.push_back(0);
    return key;
}

Buffer queue_key(std::string_view platform, std::uint64_t number) {
    Buffer key = queue_prefix(platform);
    ByteWriter{key}.number(number);
    return key;
}

bool good_name(std::string_view platform) {
    return !platform.empty() && platform.size() <= kMaxName &&
           platform.find('\0') == std::string_view::npos;
}

// The record at a cursor; its number is named when it is damaged.
Result<Queued> open_record(const lmdb::Pair& pair, std::size_t prefix, const crypto::BoxKey& key) {
    Queued record;
    record.number = ByteReader{pair.first.subspan(prefix)}.number<std::uint64_t>();
    const auto named = [&record](Error error) {
        return fail(fmt::format("record {}", record.number), std::move(error));
    };
    const auto sealed = checked(kQueue, pair.first, pair.second);
    if (!sealed) return named(sealed.error());
    auto plain = key.open(*sealed);
    if (!plain) return named(std::move(plain.error()));
    record.plain = std::move(*plain);
    return record;
}

}  // namespace

Result<std::uint64_t> Batch::enqueue(std::string_view platform, Bytes plain) {
    if (!good_name(platform)) return fail(Errc::Invalid, "not a platform's name");
    if (plain.size() > kMaxQueued)
        return fail(Errc::Invalid, "a record for a platform is too long");
    if (!ledger_.device_) return fail(Errc::Config, "this ledger has no device key");
    const auto newest = get_row(ledger_.environment_, writer_, kMeta, as_bytes(kQueuedKey));
    if (!newest) return std::unexpected{newest.error()};
    const auto before = *newest ? decode_number(**newest) : Result<std::uint64_t>{0};
    if (!before) return before;
    const std::uint64_t number = *before + 1;
    if (auto done = put(kMeta, as_bytes(kQueuedKey), encode_number(number)); !done)
        return std::unexpected{std::move(done.error())};
    if (auto done = put(kQueue, queue_key(platform, number), crypto::seal(plain, *ledger_.device_));
        !done)
        return std::unexpected{std::move(done.error())};
    return number;
}

Result<void> Batch::dequeue(std::string_view platform, std::uint64_t number) {
    return writer_.remove(ledger_.table(kQueue), queue_key(platform, number));
}

Result<std::vector<Queued>> Ledger::queued(std::string_view platform, std::uint64_t first,
                                           std::size_t most, const crypto::BoxKey& key) const {
    const auto reader = environment_.read();
    if (!reader) return std::unexpected{reader.error()};
    auto cursor = lmdb::Cursor::open(*reader, table(kQueue));
    if (!cursor) return std::unexpected{cursor.error()};
    const Buffer prefix = queue_prefix(platform);
    std::vector<Queued> out;
    for (auto pair = cursor->seek(queue_key(platform, first)); out.size() < most;
         pair = cursor->next()) {
        if (!pair) return std::unexpected{pair.error()};
        if (!*pair || !rows::begins_with((*pair)->first, prefix)) break;
        auto record = open_record(**pair, prefix.size(), key);
        if (!record) return std::unexpected{std::move(record.error())};
        out.push_back(std::move(*record));
    }
    return out;
}

}  // namespace stile
