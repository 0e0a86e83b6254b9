// SPDX-License-Identifier: Apache-2.0
// Block after block: plan, sign, write into the log, wait for the disk, and only then make files.
#include "crypto/issue/batch.hpp"

#include <algorithm>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "crypto/issue/batch_files.hpp"
#include "crypto/issue/batch_rows.hpp"
#include "crypto/issue/manifest.hpp"
#include "crypto/issue/pdf/pdf.hpp"
#include "crypto/issue/progress.hpp"

namespace stile::crypto {
namespace {

// One wait for the disk, and one file of sheets.
constexpr std::size_t kBlock = 100 * kCardsOnSheet;

std::size_t size_of(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    return error ? 0 : size;  // only progress needs it
}

class Batch {
public:
    Batch(const BatchOptions& options, Desk& desk, BatchRows& rows)
        : options_{options},
          desk_{desk},
          rows_{rows},
          manifest_{options},
          progress_{size_of(options.csv)} {}

    [[nodiscard]] Result<BatchTotals> run() {
        // A strict batch is one block: it is known to be good before anything is written down.
        const bool at_once = options_.strictness != Strictness::Lenient;
        for (;;) {
            auto block = take_block(at_once ? SIZE_MAX : kBlock);
            if (!block) return std::unexpected{block.error()};
            if (options_.strictness == Strictness::CheckOnly) return totals_;
            if (at_once && totals_.refused > 0) return BatchTotals{.refused = totals_.refused};
            if (auto made = make(*block); !made) return std::unexpected{made.error()};
            if (block->size() < kBlock || at_once) break;
        }
        if (auto begun = begin(); !begun) return std::unexpected{begun.error()};
        progress_.pause();
        if (auto done = manifest_.finish(totals_, desk_.record()); !done)
            return std::unexpected{done.error()};
        return totals_;
    }

private:
    void refuse(const RowFault& fault) {
        ++totals_.refused;
        progress_.pause();
        fmt::print(stderr, "stile-issue: {} line {}: {}\n", options_.csv.string(), fault.line,
                   fault.text);
    }

    // The folder, once it is sure that something will stand in it.
    [[nodiscard]] Result<void> begin() {
        if (std::exchange(begun_, true)) return {};
        return manifest_.begin();
    }

    [[nodiscard]] Result<void> make(std::span<const BatchTicket> tickets) {
        if (auto begun = begin(); !begun) return begun;
        if (auto done = desk_.commit(); !done) return done;
        for (; !tickets.empty(); tickets = tickets.subspan(std::min(kBlock, tickets.size()))) {
            const auto block = tickets.first(std::min(kBlock, tickets.size()));
            if (auto done = write_block(block, ++sheet_, options_); !done) return done;
            manifest_.add(block);
            handed_out_ += block.size();
            progress_.show(rows_.bytes_read(), handed_out_, totals_.refused);
        }
        return {};
    }

    [[nodiscard]] Result<BatchTicket> issue(BatchRow row) {
        const RowTag tag = desk_.tag_of(options_.name, row.name);
        const bool before = desk_.index().made_of(tag) != nullptr;
        auto ticket = desk_.issue(row.plan, tag);
        if (!ticket) return std::unexpected{ticket.error()};
        ++totals_.tickets;
        totals_.made_before += before ? 1 : 0;
        return BatchTicket{.line = row.line,
                           .ref = std::move(row.plan.ref),
                           .ticket = std::move(*ticket),
                           .print = std::move(row.plan.print)};
    }

    // So many tickets, fewer at the end.
    [[nodiscard]] Result<std::vector<BatchTicket>> take_block(std::size_t size) {
        std::vector<BatchTicket> block;
        while (block.size() < size) {
            auto row = rows_.next();
            if (!row) return std::unexpected{row.error()};
            if (!*row) break;
            if (!**row) {
                refuse((*row)->error());
                continue;
            }
            const std::size_t line = (**row)->line;
            auto ticket = issue(std::move(***row));
            if (ticket) {
                block.push_back(std::move(*ticket));
            } else {
                refuse({.line = line, .text = ticket.error().context});
            }
        }
        return block;
    }

    const BatchOptions& options_;
    Desk& desk_;
    BatchRows& rows_;
    Manifest manifest_;
    Progress progress_;
    BatchTotals totals_;
    bool begun_ = false;
    std::size_t sheet_ = 0;
    std::size_t handed_out_ = 0;
};

Result<BatchRows> open_rows(const BatchOptions& options) {
    Products products;
    if (!options.products.empty()) {
        auto list = read_products(options.products, options.desk.now);
        if (!list) return std::unexpected{list.error()};
        products = std::move(*list);
    }
    return BatchRows::open(options.csv, options.defaults, std::move(products), options.desk.now);
}

}  // namespace

Result<BatchTotals> run_batch(const BatchOptions& given) {
    BatchOptions options = given;
    if (options.name.empty()) options.name = options.csv.filename().string();
    auto desk = Desk::open(options.desk);
    if (!desk) return std::unexpected{desk.error()};
    auto rows = open_rows(options);
    if (!rows) return std::unexpected{rows.error()};
    return Batch{options, *desk, *rows}.run();
}

}  // namespace stile::crypto
