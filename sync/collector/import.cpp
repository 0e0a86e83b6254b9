// SPDX-License-Identifier: Apache-2.0
// Each file is read twice: once to see that it is whole and right, once to store it.
#include "sync/collector/import.hpp"

#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>

#include "daemon/catalog/revocation_text.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "sync/collector/sold_file.hpp"

namespace stile::sync {
namespace {

constexpr std::size_t kBatch = 5'000;
constexpr std::uint64_t kReportEvery = 10'000;  // lines

// What is done with every ticket of a list, many at a time.
template <class Ticket>
using Take = std::function<Result<void>(std::span<const Ticket>)>;

template <class Ticket>
Result<void> nothing(std::span<const Ticket> /*tickets*/) {
    return {};
}

Result<ImportTotals> read_sold(const std::filesystem::path& path, TicketFinder& finder,
                               const Take<SoldTicket>& take, const ImportProgress& progress) {
    auto file = SoldFile::open(path, finder);
    if (!file) return std::unexpected{std::move(file.error())};
    ImportTotals totals;
    std::vector<SoldTicket> batch;
    for (bool more = true; more;) {
        auto ticket = (*file)->next();
        if (!ticket) return std::unexpected{std::move(ticket.error())};
        more = ticket->has_value();
        if (more) batch.push_back(std::move(**ticket));
        if (!more || batch.size() == kBatch) {
            if (auto taken = take(batch); !taken) return std::unexpected{std::move(taken.error())};
            totals.tickets += batch.size();
            batch.clear();
            progress((*file)->lines());
        }
    }
    totals.passed_over = (*file)->passed_over();
    return totals;
}

// The identity of what a line revokes; nothing for one that is passed over.
struct Revoked {
    ImportTotals& totals;

    std::optional<crypto::Identity> operator()(const NoRecord& /*blank*/) const { return {}; }
    std::optional<crypto::Identity> operator()(const RevokedSerial& revoked) const {
        if (!revoked.below)
            return crypto::identity_of(crypto::issuer_id(revoked.issuer), revoked.event,
                                       revoked.serial);
        ++totals.passed_over;
        return std::nullopt;
    }
    std::optional<crypto::Identity> operator()(const RevokedSecret& revoked) const {
        return secret_identity(revoked.event, revoked.text);
    }
};

Result<std::optional<crypto::TicketId>> revoked_by(std::string_view line, TicketFinder& finder,
                                                   ImportTotals& totals) {
    const auto parsed = parse_revocation_line(line);
    if (!parsed) return std::unexpected{parsed.error()};
    const auto identity = std::visit(Revoked{totals}, *parsed);
    if (!identity) return std::nullopt;
    const auto id = finder.id_of(*identity);
    if (!id) return std::unexpected{id.error()};
    return *id;
}

Result<UniqueFd> open_list(const std::filesystem::path& path) {
    UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (fd) return fd;
    const int error = errno;
    return fail(error == ENOENT ? Errc::NotFound : Errc::Io,
                fmt::format("{}: {}", path.native(), std::system_category().message(error)));
}

Result<ImportTotals> read_revoked(int fd, TicketFinder& finder, const Take<crypto::TicketId>& take,
                                  const ImportProgress& progress) {
    RevocationText text{fd};
    ImportTotals totals;
    std::vector<crypto::TicketId> batch;
    const auto flush = [&] {
        totals.tickets += batch.size();
        auto taken = take(batch);
        batch.clear();
        return taken;
    };
    while (true) {
        const auto line = text.next();
        if (!line) return std::unexpected{line.error()};
        if (!*line) break;
        if (text.line_number() % kReportEvery == 0) progress(text.line_number());
        if (text.line_number() == 1 && is_revocation_header(**line)) continue;
        auto ticket = revoked_by(**line, finder, totals);
        if (!ticket) {
            const bool wrong = ticket.error().code == Errc::Invalid;
            return wrong ? fail(fmt::format("line {}", text.line_number()), ticket.error())
                         : std::unexpected{ticket.error()};
        }
        if (*ticket) batch.push_back(**ticket);
        if (batch.size() < kBatch) continue;
        if (auto taken = flush(); !taken) return std::unexpected{std::move(taken.error())};
    }
    if (auto taken = flush(); !taken) return std::unexpected{std::move(taken.error())};
    return totals;
}

}  // namespace

Result<ImportTotals> import_sold(EntryStore& store, TicketFinder& finder,
                                 const std::filesystem::path& file,
                                 const ImportProgress& progress) {
    const auto silent = [](std::uint64_t) {};
    auto checked = read_sold(file, finder, nothing<SoldTicket>, silent);
    if (!checked) return checked;
    return read_sold(
        file, finder, [&store](std::span<const SoldTicket> batch) { return store.put_sold(batch); },
        progress);
}

Result<ImportTotals> import_revoked(EntryStore& store, TicketFinder& finder,
                                    const std::filesystem::path& file,
                                    const ImportProgress& progress) {
    const auto fd = open_list(file);
    if (!fd) return std::unexpected{fd.error()};
    const auto silent = [](std::uint64_t) {};
    auto checked = read_revoked(fd->get(), finder, nothing<crypto::TicketId>, silent);
    if (!checked) return checked;
    if (auto begun = store.begin_revoked(); !begun) return std::unexpected{begun.error()};
    auto totals = read_revoked(
        fd->get(), finder,
        [&store](std::span<const crypto::TicketId> batch) { return store.put_revoked(batch); },
        progress);
    if (!totals) return totals;
    if (auto used = store.use_revoked(); !used) return std::unexpected{used.error()};
    return totals;
}

}  // namespace stile::sync
