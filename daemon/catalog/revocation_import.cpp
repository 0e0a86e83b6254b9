// SPDX-License-Identifier: Apache-2.0
// Text to sorted records, records to a generation, the flip, and the tidying afterwards.
#include "daemon/catalog/revocation_import.hpp"

#include <cerrno>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "daemon/catalog/generation.hpp"
#include "daemon/catalog/revocation_text.hpp"

namespace stile {
namespace {

constexpr std::uint64_t kReportEvery = 4'096;  // records

std::unexpected<Error> stopped() {
    return fail(Errc::Closed, "the import was stopped");
}

// Issuer numbers by name: a list has few issuers and many lines.
class IssuerNumbers {
public:
    crypto::IssuerId of(std::string_view name) {
        if (name == last_name_) return last_;
        if (known_.size() >= kMost) known_.clear();
        last_name_ = name;
        const auto [place, is_new] = known_.try_emplace(last_name_);
        if (is_new) place->second = crypto::issuer_id(name);
        last_ = place->second;
        return last_;
    }

private:
    static constexpr std::size_t kMost = 4'096;
    std::unordered_map<std::string, crypto::IssuerId> known_;
    std::string last_name_;
    crypto::IssuerId last_{};
};

// Puts each line of the text where the look-up will search for it.
class Collector {
public:
    Collector(RecordSorter& sorter, const std::vector<DenseRange>& dense)
        : sorter_{sorter}, dense_{dense} {}

    Result<void> operator()(const NoRecord& /*blank*/) { return {}; }
    Result<void> operator()(const RevokedSerial& revoked) {
        ++lines_;
        const crypto::IssuerId issuer = issuers_.of(revoked.issuer);
        RevocationRecord record{.event = revoked.event,
                                .issuer = static_cast<std::uint64_t>(issuer),
                                .serial = revoked.serial};
        if (revoked.below) {
            record.kind = RecordKind::Reissue;
            record.order = static_cast<std::uint8_t>(255 - *revoked.below);
            return sorter_.add(record);
        }
        if (is_dense(dense_, issuer, revoked.event, revoked.serial)) {
            record.kind = RecordKind::Bit;
            return sorter_.add(record);
        }
        return add_hashed(crypto::identity_of(issuer, revoked.event, revoked.serial));
    }
    Result<void> operator()(const RevokedSecret& revoked) {
        ++lines_;
        return add_hashed(secret_identity(revoked.event, revoked.text));
    }
    [[nodiscard]] std::uint64_t lines() const { return lines_; }

private:
    Result<void> add_hashed(const crypto::Identity& identity) {
        const ShortIdentity id = shorten(identity);
        return sorter_.add({.kind = RecordKind::Hashed, .head = id.head, .serial = id.rest});
    }

    RecordSorter& sorter_;
    const std::vector<DenseRange>& dense_;
    IssuerNumbers issuers_;
    std::uint64_t lines_ = 0;
};

Result<void> check_file(int fd) {
    struct stat about{};
    if (::fstat(fd, &about) != 0)
        return fail(Errc::Io, "the list: " + std::system_category().message(errno));
    if (!S_ISREG(about.st_mode)) return fail(Errc::Invalid, "the list is not a regular file");
    return {};
}

Result<void> add_line(std::string_view line, Collector& collector) {
    const auto parsed = parse_revocation_line(line);
    if (!parsed) return std::unexpected{parsed.error()};
    return std::visit(collector, *parsed);
}

Result<void> check_size(const RevocationText& text, std::uint64_t announced) {
    if (text.bytes_read() == announced) return {};
    return fail(Errc::Invalid, fmt::format("the list has {} bytes where {} were announced",
                                           text.bytes_read(), announced));
}

// A bad line is named; a full disk is not the line's fault.
std::unexpected<Error> at_line(const RevocationText& text, Error error) {
    if (error.code != Errc::Invalid) return std::unexpected{std::move(error)};
    return fail(fmt::format("line {}", text.line_number()), std::move(error));
}

// Reads the whole text into `sorter`, and what it says about itself into `list`.
Result<void> collect(const ImportRequest& request, RecordSorter& sorter, RevocationList& list,
                     const std::function<void(std::uint64_t)>& on_read,
                     const std::stop_token& stop) {
    RevocationText text{request.fd};
    Collector collector{sorter, request.dense};
    for (std::uint64_t reported = 0;;) {
        auto line = text.next();
        if (!line) return at_line(text, std::move(line.error()));
        if (text.bytes_read() != reported) {
            reported = text.bytes_read();
            if (stop.stop_requested()) return stopped();
            if (reported > request.size) return check_size(text, request.size);
            on_read(reported);
        }
        const std::optional<std::string_view>& words = *line;
        if (!words) break;
        if (text.line_number() == 1 && is_revocation_header(*words)) continue;
        if (auto added = add_line(*words, collector); !added)
            return at_line(text, std::move(added.error()));
    }
    list.lines = collector.lines();
    list.digest = text.digest();
    return check_size(text, request.size);
}

}  // namespace

RevocationImport::RevocationImport(lmdb::Environment& catalog, std::filesystem::path folder,
                                   const ImportLimits& limits)
    : catalog_{catalog}, folder_{std::move(folder)}, limits_{limits} {}

Result<void> RevocationImport::remove_leftovers(const std::stop_token& stop) {
    return stile::remove_leftovers(catalog_, limits_.removed_keys, stop);
}

Result<void> RevocationImport::write(RecordSorter& sorter, RevocationList& list,
                                     const std::function<void(std::uint64_t)>& written,
                                     const std::stop_token& stop) {
    const auto generation = next_generation(catalog_);
    if (!generation) return std::unexpected{generation.error()};
    GenerationWriter writer{catalog_, *generation, limits_.batch_bytes};
    std::uint64_t count = 0;
    const auto visited = sorter.visit([&](const RevocationRecord& record) -> Result<void> {
        if (count++ % kReportEvery == 0) {
            if (stop.stop_requested()) return stopped();
            written(count - 1);
        }
        return writer.add(record);
    });
    if (!visited) return visited;
    return writer.publish(list);
}

Result<RevocationList> RevocationImport::import(const ImportRequest& request,
                                                const Progress& progress,
                                                const std::stop_token& stop) {
    if (auto good = check_file(request.fd); !good) return std::unexpected{std::move(good.error())};
    RevocationList list;
    list.imported_at = request.at;
    list.ranges = request.dense;
    RecordSorter sorter{folder_, limits_.run_records};
    // Reading takes about three quarters of the time.
    const std::uint64_t quarter = request.size / 4;
    const auto on_read = [&](std::uint64_t bytes) { progress(bytes - bytes / 4, request.size); };
    if (auto collected = collect(request, sorter, list, on_read, stop); !collected)
        return std::unexpected{std::move(collected.error())};
    const double total = static_cast<double>(sorter.size()) + 1;
    const auto on_written = [&](std::uint64_t count) {
        const double part = static_cast<double>(count) / total;
        const auto done = static_cast<std::uint64_t>(part * static_cast<double>(quarter));
        progress(request.size - quarter + done, request.size);
    };
    if (auto written = write(sorter, list, on_written, stop); !written)
        return std::unexpected{std::move(written.error())};
    return list;
}

Result<RevocationList> RevocationImport::run(const ImportRequest& request, const Progress& progress,
                                             const std::stop_token& stop) {
    // A description that cannot be read keeps the left-overs: the new list is its cure.
    if (auto tidied = remove_leftovers(stop); !tidied && tidied.error().code != Errc::Corrupt)
        return std::unexpected{std::move(tidied.error())};
    try {
        auto list = import(request, progress, stop);
        if (list) progress(request.size, request.size);
        // The outcome is decided; what cannot be removed now is removed at the next start.
        (void)remove_leftovers(stop);
        return list;
    } catch (const std::exception& foreign) {  // no memory for the run that is sorted
        return fail(Errc::Full, fmt::format("the import: {}", foreign.what()));
    }
}

}  // namespace stile
