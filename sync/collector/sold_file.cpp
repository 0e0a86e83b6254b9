// SPDX-License-Identifier: Apache-2.0
// CSV with headings, and the issue log of stile-issue.
#include "sync/collector/sold_file.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "crypto/issue/csv/csv.hpp"
#include "crypto/issue/log/entry.hpp"
#include "crypto/issue/words.hpp"

namespace stile::sync {
namespace {

constexpr std::size_t kMostChannel = 63;
constexpr std::string_view kLogHead = "stile-issue-log 1 ";
constexpr std::size_t kChainBytes = 65;  // a space and 64 digits at the end of each line

std::unexpected<Error> at_line(std::uint64_t line, Error error) {
    if (error.code != Errc::Invalid) return std::unexpected{std::move(error)};
    return fail(fmt::format("line {}", line), std::move(error));
}

class SoldCsv final : public SoldFile {
public:
    SoldCsv(crypto::CsvReader csv, std::map<std::string, std::size_t, std::less<>> columns,
            TicketFinder& finder)
        : csv_{std::move(csv)}, columns_{std::move(columns)}, finder_{finder} {}

    Result<std::optional<SoldTicket>> next() override {
        auto row = csv_.next();
        if (!row) return std::unexpected{std::move(row.error())};
        if (!*row) return std::nullopt;
        lines_ = (*row)->line;
        if (!(*row)->fault.empty()) return at_line(lines_, {Errc::Invalid, (*row)->fault});
        auto ticket = read((*row)->cells);
        if (!ticket) return at_line(lines_, std::move(ticket.error()));
        return *ticket;
    }
    [[nodiscard]] std::uint64_t lines() const override { return lines_; }
    [[nodiscard]] std::uint64_t passed_over() const override { return 0; }

private:
    using Cells = std::vector<std::string>;

    [[nodiscard]] std::string_view cell(const Cells& cells, std::string_view column) const {
        const auto found = columns_.find(column);
        const bool there = found != columns_.end() && found->second < cells.size();
        return there ? std::string_view{cells[found->second]} : std::string_view{};
    }

    // Leaves `out` as it is where the cell is empty.
    template <class T>
    Result<void> number(const Cells& cells, std::string_view column, T& out) const {
        const std::string_view text = cell(cells, column);
        if (text.empty()) return {};
        const auto value = crypto::parse_number<T>(text);
        if (!value)
            return fail(Errc::Invalid, fmt::format("{}: \"{}\" is no number", column, text));
        out = *value;
        return {};
    }

    Result<void> take_identity(const Cells& cells, SoldTicket& out) {
        const std::string_view code = cell(cells, "ticket");
        const auto whole = TicketPrefix::parse(code);
        if (whole && whole->is_whole()) {
            out.ticket = whole->first();
            return {};
        }
        return code.empty() ? take_serial(cells, out) : take_code(code, out);
    }
    Result<void> take_code(std::string_view code, SoldTicket& out) {
        const auto proven = finder_.prove(code);
        if (!proven) return std::unexpected{proven.error()};
        const crypto::Ticket& ticket = proven->ticket();
        out.event = ticket.event;
        out.product = ticket.product;
        const bool any_number = ticket.admissions == crypto::kUnlimitedAdmissions;
        out.people = any_number ? 1 : ticket.admissions;
        return take_id(ticket.identity, out);
    }
    Result<void> take_serial(const Cells& cells, SoldTicket& out) {
        const std::string_view issuer = cell(cells, "issuer");
        std::optional<std::uint64_t> serial;
        serial = crypto::parse_number<std::uint64_t>(cell(cells, "serial"));
        if (!crypto::is_issuer_name(issuer) || !serial || cell(cells, "event").empty())
            return fail(Errc::Invalid, "it names no ticket: a code, or issuer, event and serial");
        return take_id(crypto::identity_of(crypto::issuer_id(issuer), out.event, *serial), out);
    }
    Result<void> take_id(const crypto::Identity& identity, SoldTicket& out) {
        const auto id = finder_.id_of(identity);
        if (!id) return std::unexpected{id.error()};
        out.ticket = *id;
        return {};
    }

    Result<SoldTicket> read(const Cells& cells) {
        SoldTicket out;
        std::uint16_t people = 0;
        for (auto read : {number(cells, "event", out.event), number(cells, "product", out.product),
                          number(cells, "people", people), take_identity(cells, out)}) {
            if (!read) return std::unexpected{std::move(read.error())};
        }
        if (people != 0) out.people = people;
        out.channel = cell(cells, "channel");
        const bool plain = std::ranges::all_of(
            out.channel, [](char c) { return static_cast<unsigned char>(c) >= ' '; });
        if (!plain || out.channel.size() > kMostChannel)
            return fail(Errc::Invalid,
                        fmt::format("channel: at most {} plain characters", kMostChannel));
        return out;
    }

    crypto::CsvReader csv_;
    std::map<std::string, std::size_t, std::less<>> columns_;
    TicketFinder& finder_;
    std::uint64_t lines_ = 1;
};

class SoldLog final : public SoldFile {
public:
    SoldLog(std::ifstream in, std::string issuer, TicketFinder& finder)
        : in_{std::move(in)}, issuer_{crypto::issuer_id(issuer)}, finder_{finder} {}

    Result<std::optional<SoldTicket>> next() override {
        std::string line;
        while (std::getline(in_, line)) {
            if (in_.eof()) break;  // torn by a crash: no ticket of it has left the organiser
            ++lines_;
            auto ticket = read(line);
            if (!ticket) return at_line(lines_, std::move(ticket.error()));
            if (*ticket) return ticket;
            ++passed_over_;
        }
        if (in_.bad()) return fail(Errc::Io, "the issue log cannot be read");
        return std::nullopt;
    }
    [[nodiscard]] std::uint64_t lines() const override { return lines_; }
    [[nodiscard]] std::uint64_t passed_over() const override { return passed_over_; }

private:
    // Only first copies are sales.
    Result<std::optional<SoldTicket>> read(std::string_view line) {
        if (line.size() < kChainBytes) return fail(Errc::Invalid, "it is no line of an issue log");
        line.remove_suffix(kChainBytes);
        const auto entry = crypto::parse_entry(line, lines_ - 1);
        if (!entry) return std::unexpected{entry.error()};
        if (entry->act != crypto::IssueAct::Issue) return std::nullopt;
        const crypto::Gt1Fields& fields = entry->fields;
        const auto id = finder_.id_of(crypto::identity_of(issuer_, fields.event, fields.serial));
        if (!id) return std::unexpected{id.error()};
        const bool any_number = fields.admissions == crypto::kUnlimitedAdmissions;
        return SoldTicket{.ticket = *id,
                          .event = fields.event,
                          .product = fields.product,
                          .people = any_number ? std::uint32_t{1} : fields.admissions};
    }

    std::ifstream in_;
    crypto::IssuerId issuer_;
    TicketFinder& finder_;
    std::uint64_t lines_ = 1;  // the head has been read
    std::uint64_t passed_over_ = 0;
};

Result<std::unique_ptr<SoldFile>> open_log(std::ifstream in, std::string_view head,
                                           TicketFinder& finder) {
    head.remove_prefix(kLogHead.size());
    const std::string issuer{head.substr(0, head.find(' '))};
    if (!crypto::is_issuer_name(issuer))
        return fail(Errc::Invalid, "line 1: it is no head of an issue log");
    return std::make_unique<SoldLog>(std::move(in), issuer, finder);
}

Result<std::unique_ptr<SoldFile>> open_csv(const std::filesystem::path& file,
                                           TicketFinder& finder) {
    auto csv = crypto::CsvReader::open(file);
    if (!csv) return std::unexpected{std::move(csv.error())};
    auto head = csv->next();
    if (!head) return std::unexpected{std::move(head.error())};
    std::map<std::string, std::size_t, std::less<>> columns;
    if (*head) {
        for (std::size_t i = 0; i < (*head)->cells.size(); ++i)
            columns.emplace((*head)->cells[i], i);
    }
    const auto has = [&columns](std::string_view name) { return columns.contains(name); };
    if (!has("ticket") && !(has("issuer") && has("event") && has("serial")))
        return fail(Errc::Invalid,
                    "line 1: the headings name no column ticket, nor issuer, event and serial");
    return std::make_unique<SoldCsv>(std::move(*csv), std::move(columns), finder);
}

}  // namespace

Result<std::unique_ptr<SoldFile>> SoldFile::open(const std::filesystem::path& file,
                                                 TicketFinder& finder) {
    std::ifstream in{file, std::ios::binary};
    std::string head(kLogHead.size() + crypto::kMaxIssuer + 1, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    if (!head.starts_with(kLogHead)) return open_csv(file, finder);
    in.clear();
    in.seekg(0);
    std::getline(in, head);
    return open_log(std::move(in), head, finder);
}

}  // namespace stile::sync
