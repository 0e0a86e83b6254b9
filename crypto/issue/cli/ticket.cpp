// SPDX-License-Identifier: Apache-2.0
// Options of `stile-issue ticket`, `reissue` and `exchange`.
#include <CLI/CLI.hpp>

#include "crypto/issue/cli/options.hpp"
#include "crypto/issue/products.hpp"
#include "crypto/issue/ticket_command.hpp"

namespace stile::crypto {
namespace {

class TicketCommand final : public AppSubcommand {
public:
    explicit TicketCommand(CLI::App& program)
        : AppSubcommand{program, "ticket", "Sign one ticket and make its QR code"} {
        desk_.add_to(app());
        add_columns(app(), cells_, {ColumnUse::Anywhere, ColumnUse::Row, ColumnUse::Product});
        app().get_option("--event")->required();
        add_file(app(), "--products", products_, "CSV list of products, see batch --help");
        output_.add_to(app());
    }

    [[nodiscard]] Result<Work> prepare(std::chrono::sys_seconds now) const override {
        Cells cells = cells_;
        if (!products_.empty()) {
            const auto products = read_products(products_, now);
            if (!products) return std::unexpected{products.error()};
            if (auto filled = fill_from_product(cells, *products); !filled)
                return fail("--product", std::move(filled.error()));
        }
        auto plan = plan_of_options(cells, now, Demand::Everything);
        if (!plan) return std::unexpected{plan.error()};
        return work_of(TicketOptions{desk_.finish(now), std::move(*plan), output_.finish()},
                       run_ticket);
    }

private:
    TypedDesk desk_;
    TypedOutput output_;
    Cells cells_;
    std::string products_;
};

// Whether the newer copy belongs to the same holder as the old one.
enum class Kind : std::uint8_t { Reissue, Exchange };

class RenewCommand final : public AppSubcommand {
public:
    RenewCommand(CLI::App& program, Kind kind, const char* name, const char* what)
        : AppSubcommand{program, name, what}, kind_{kind} {
        desk_.add_to(app());
        auto* text = app().add_option("--ticket", ticket_, "Text of the old copy (GT1:...)");
        text->type_name("TEXT");
        add_columns(app(), cells_, {ColumnUse::Anywhere, ColumnUse::Row, ColumnUse::Product});
        for (const char* unused : {"--reissue", "--sale-from", "--sale-until"})
            app().remove_option(app().get_option(unused));
        text->excludes(app().get_option("--event"), app().get_option("--serial"));
        auto* holder = app().get_option("--holder-key");
        if (kind == Kind::Reissue) {
            app().remove_option(holder);
        } else {
            app().add_flag("--paper", paper_, "Bind it to nobody any more")->excludes(holder);
        }
        add_file(app(), "--revocations", revocations_,
                 "Append the line for the revocation list; default: print it");
        output_.add_to(app());
    }

    [[nodiscard]] Result<Work> prepare(std::chrono::sys_seconds now) const override {
        if (ticket_.empty() && (cells_[Column::Event].empty() || cells_[Column::Serial].empty()))
            return fail(Errc::Invalid, "which ticket? Give --ticket, or --event and --serial");
        const bool holder = !cells_[Column::Holder].empty();
        if (kind_ == Kind::Exchange && !holder && !paper_)
            return fail(Errc::Invalid, "exchange for what? Give --holder-key or --paper");
        Cells typed = cells_;
        if (auto plan = plan_of_options(typed, now, Demand::NothingYet); !plan)
            return std::unexpected{plan.error()};
        const Bind bind = paper_ ? Bind::ToNobody : holder ? Bind::ToHolder : Bind::AsBefore;
        return work_of(RenewOptions{desk_.finish(now), ticket_, std::move(typed), bind,
                                    revocations_, output_.finish()},
                       run_renew);
    }

private:
    Kind kind_;
    TypedDesk desk_;
    TypedOutput output_;
    Cells cells_;
    std::string ticket_, revocations_;
    bool paper_ = false;
};

}  // namespace

std::unique_ptr<Subcommand> make_ticket(CLI::App& program) {
    return std::make_unique<TicketCommand>(program);
}

std::unique_ptr<Subcommand> make_reissue(CLI::App& program) {
    return std::make_unique<RenewCommand>(
        program, Kind::Reissue, "reissue",
        "Sign a newer copy, which makes the older ones worthless");
}

std::unique_ptr<Subcommand> make_exchange(CLI::App& program) {
    return std::make_unique<RenewCommand>(program, Kind::Exchange, "exchange",
                                          "Sign a newer copy for a holder's key, or for paper");
}

}  // namespace stile::crypto
