// SPDX-License-Identifier: Apache-2.0
// Workers take ticket after ticket of a block; the block is done when all of them are.
#include "crypto/issue/batch_files.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <thread>

#include <fmt/format.h>

#include "crypto/issue/card_text.hpp"
#include "crypto/issue/files.hpp"
#include "crypto/issue/gt1_writer.hpp"
#include "crypto/issue/pdf/pdf.hpp"
#include "crypto/issue/time_text.hpp"

namespace stile::crypto {
namespace {

Result<void> write_files(const BatchTicket& ticket, const BatchOptions& options) {
    const bool shown = std::ranges::any_of(options.forms, has_code);
    const auto code = shown ? make_qr(gt1_text(ticket.ticket.bytes)) : QrCode{};  // it costs most
    if (!code) return std::unexpected{code.error()};
    const TicketSource source{ticket.ticket, ticket.print, *code, options.module_pixels};
    for (const FormInfo& info : forms()) {
        if (std::ranges::find(options.forms, info.form) == options.forms.end()) continue;
        const auto content = render(info.form, source);
        if (!content) return fail(fmt::format("line {}", ticket.line), content.error());
        const auto path =
            options.out / (file_stem(ticket.ticket.fields) + std::string{info.extension});
        if (auto written = write_file(path, *content, Durability::Later); !written) return written;
    }
    return {};
}

Result<void> write_sheet(std::span<const BatchTicket> tickets, std::size_t number,
                         const BatchOptions& options) {
    std::vector<Card> cards;
    cards.reserve(tickets.size());
    for (const BatchTicket& ticket : tickets) {
        auto code = make_qr(gt1_text(ticket.ticket.bytes));
        if (!code) return std::unexpected{code.error()};
        auto card = make_card(ticket.ticket.fields, ticket.print, std::move(*code));
        if (!card) return fail(fmt::format("line {}", ticket.line), std::move(card.error()));
        cards.push_back(std::move(*card));
    }
    const std::chrono::sys_seconds made{
        std::chrono::seconds{tickets.front().ticket.fields.not_before}};
    const auto file = to_pdf(cards, Paper::Sheet, to_rfc3339(made));
    if (!file) return std::unexpected{file.error()};
    return write_file(options.out / fmt::format("sheets-{:04}.pdf", number), *file,
                      Durability::Later);
}

// Pieces of work by number, done by several threads; after a failure no new piece is begun.
class Crew {
public:
    using Work = std::function<Result<void>(std::size_t)>;

    Crew(std::size_t pieces, Work work) : work_{std::move(work)}, results_(pieces) {}

    [[nodiscard]] Result<void> run(unsigned workers) {
        {
            std::vector<std::jthread> threads;
            for (unsigned i = 1; i < workers; ++i)
                threads.emplace_back([this] { work(); });
            work();
        }
        for (Result<void>& result : results_)
            if (!result) return std::move(result);
        return {};
    }

private:
    void work() {
        for (std::size_t piece = next_++; piece < results_.size(); piece = next_++) {
            results_[piece] = try_piece(piece);
            if (!results_[piece]) next_ = results_.size();
        }
    }
    // The last catch of a thread; the libraries may be out of memory.
    [[nodiscard]] Result<void> try_piece(std::size_t piece) {
        try {
            return work_(piece);
        } catch (const std::exception& error) {
            return fail(Errc::Io, error.what());
        }
    }

    Work work_;
    std::vector<Result<void>> results_;  // one for each piece, so no thread writes another's
    std::atomic<std::size_t> next_ = 0;
};

}  // namespace

std::string file_stem(const Gt1Fields& fields) {
    const std::string copy = fields.reissue == 0 ? "" : fmt::format("-r{}", fields.reissue);
    return fmt::format("{}-{}{}", fields.event, fields.serial, copy);
}

Result<void> write_block(std::span<const BatchTicket> tickets, std::size_t number,
                         const BatchOptions& options) {
    const std::size_t sheets = options.sheets && !tickets.empty() ? 1 : 0;
    Crew crew{sheets + tickets.size(), [&](std::size_t piece) {
                  return piece < sheets ? write_sheet(tickets, number, options)
                                        : write_files(tickets[piece - sheets], options);
              }};
    return crew.run(options.jobs == 0 ? std::thread::hardware_concurrency() : options.jobs);
}

}  // namespace stile::crypto
