// SPDX-License-Identifier: Apache-2.0
// The index of an issue log, and its writer.
#include "crypto/issue/log/issue_log.hpp"

#include <cstring>

#include <fmt/format.h>

namespace stile::crypto {

std::size_t IssueIndex::Hash::operator()(const Key& key) const {
    return std::hash<std::uint64_t>{}((key.serial * 0x9E3779B97F4A7C15U) ^ key.event);
}

std::size_t IssueIndex::Hash::operator()(const RowTag& tag) const {
    std::size_t head = 0;
    std::memcpy(&head, tag.data(), sizeof head);  // it is a hash already
    return head;
}

Result<void> IssueIndex::add(const IssueEntry& entry) {
    if (entry.act == IssueAct::Mend) {
        ++totals_.mended;
        return {};
    }
    Serial& serial = serials_[{entry.fields.event, entry.fields.serial}];
    if (entry.act != IssueAct::Revoke) return add_copy(entry, serial);
    totals_.revoked += serial.revoked ? 0 : 1;
    serial.revoked = true;
    return {};
}

Result<void> IssueIndex::add_copy(const IssueEntry& entry, Serial& serial) {
    const Gt1Fields& fields = entry.fields;
    const bool first = entry.act == IssueAct::Issue;
    if (serial.revoked)
        return fail(Errc::Invalid, fmt::format("serial {} is revoked", fields.serial));
    if (first && serial.newest != nullptr && fields.reissue <= serial.newest->fields.reissue)
        return fail(Errc::Invalid, fmt::format("serial {} was issued already", fields.serial));
    if (!first && serial.newest == nullptr)
        return fail(Errc::Invalid, fmt::format("serial {} was never issued", fields.serial));
    if (!first && fields.reissue <= serial.newest->fields.reissue)
        return fail(Errc::Invalid, fmt::format("serial {} has a newer copy", fields.serial));
    ++(serial.newest == nullptr ? totals_.tickets : totals_.copies);
    serial.newest = &entries_.emplace_back(entry);
    if (entry.row) rows_[*entry.row] = serial.newest;
    if (!counted_ || (fields.serial >= counted_->first && fields.serial <= counted_->last)) {
        auto& highest = highest_.try_emplace(fields.event, fields.serial).first->second;
        highest = std::max(highest, fields.serial);
    }
    return {};
}

const IssueEntry* IssueIndex::newest(std::uint32_t event, std::uint64_t serial) const {
    const auto at = serials_.find({event, serial});
    return at == serials_.end() ? nullptr : at->second.newest;
}

const IssueEntry* IssueIndex::made_of(const RowTag& row) const {
    const auto at = rows_.find(row);
    return at == rows_.end() ? nullptr : at->second;
}

bool IssueIndex::is_revoked(std::uint32_t event, std::uint64_t serial) const {
    const auto at = serials_.find({event, serial});
    return at != serials_.end() && at->second.revoked;
}

Result<std::uint64_t> IssueIndex::next_serial(std::uint32_t event) const {
    const SerialRange range = counted_.value_or(SerialRange{.first = 0, .last = UINT64_MAX});
    const auto highest = highest_.find(event);
    const bool none = highest == highest_.end();
    for (std::uint64_t serial = none ? range.first : highest->second; serial <= range.last;) {
        if ((none || serial != highest->second) && !is_revoked(event, serial)) return serial;
        if (serial++ == UINT64_MAX) break;
    }
    return fail(Errc::Full,
                fmt::format("no serial is left of {}-{} in event {}: make a key with other "
                            "--dense-serials, or give --serial",
                            range.first, range.last, event));
}

Result<IssueLog> IssueLog::open(const std::filesystem::path& path, std::string_view issuer,
                                std::optional<SerialRange> counted, std::chrono::sys_seconds now) {
    auto file = LogFile::open(path);
    if (!file) return std::unexpected{file.error()};
    IssueLog log{std::move(*file), counted};
    auto end = log.file_.read(
        [&log](const IssueEntry& entry, const Digest&) { return log.index_.add(entry); });
    if (!end) return std::unexpected{end.error()};
    log.end_ = std::move(*end);
    if (log.end_.torn > 0) {
        if (auto cut = log.file_.cut(log.end_.size); !cut) return std::unexpected{cut.error()};
    }
    if (log.end_.lines == 0) {
        log.write(header_text(issuer));
    } else if (log.end_.issuer != issuer) {
        return fail(Errc::Invalid,
                    fmt::format("issue log {} belongs to issuer {}, the key to {}: give --log",
                                path.string(), log.end_.issuer, issuer));
    } else if (log.end_.torn > 0) {
        log.mended_bytes_ = log.end_.torn;
        if (auto staged =
                log.stage({.time = now, .act = IssueAct::Mend, .torn_bytes = log.end_.torn});
            !staged)
            return std::unexpected{staged.error()};
    }
    if (auto done = log.commit(); !done) return std::unexpected{done.error()};
    return log;
}

void IssueLog::write(std::string_view text) {
    end_.head = chain_of(end_.head, text);
    staged_.append(text).append(" ").append(to_hex(end_.head)).append("\n");
    ++end_.lines;
}

Result<void> IssueLog::stage(const IssueEntry& entry) {
    if (auto added = index_.add(entry); !added) return added;
    write(entry_text(entry, end_.lines));
    return {};
}

Result<void> IssueLog::commit() {
    if (staged_.empty()) return {};
    if (auto written = file_.append(end_.size, staged_); !written) return written;
    end_.size += staged_.size();
    staged_.clear();
    return {};
}

Result<LogReport> verify_log(const std::filesystem::path& path, const std::optional<Digest>& head) {
    const auto file = LogFile::view(path);
    if (!file) return std::unexpected{file.error()};
    LogReport report;
    IssueIndex index{std::nullopt};
    auto end = file->read([&](const IssueEntry& entry, const Digest& chain) {
        report.has_head = report.has_head || chain == head;
        return index.add(entry);
    });
    if (!end) return std::unexpected{end.error()};
    if (end->lines == 0)
        return fail(Errc::Corrupt, fmt::format("issue log {}: line 1: missing", path.string()));
    report.end = std::move(*end);
    report.totals = index.totals();
    return report;
}

}  // namespace stile::crypto
