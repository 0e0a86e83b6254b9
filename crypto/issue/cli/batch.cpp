// SPDX-License-Identifier: Apache-2.0
// Options of `stile-issue batch`.
#include "crypto/issue/batch.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "crypto/issue/cli/options.hpp"
#include "crypto/issue/json_text.hpp"
#include "crypto/issue/keygen.hpp"

namespace stile::crypto {
namespace {

constexpr std::string_view kSheet = "sheet";
constexpr std::string_view kText = "text";

std::string column_help() {
    std::string text = "Columns of CSV, in any order; the first line names them:\n";
    for (const ColumnInfo& info : columns())
        text += fmt::format("  {:<11} {}\n", info.name, info.help);
    return text +
           "A cell counts before the option of its name, an option before --products.\n"
           "Columns of --products: product, and those from profile to note but serial, reissue, "
           "seat,\nholder-key and name.\n"
           "Run it again after a crash, or after bad rows were corrected: a row that was made "
           "before\n"
           "becomes the same ticket again. Rows are told apart by ref, or else by all they say.\n";
}

std::vector<std::string> form_names() {
    std::vector<std::string> names;
    for (const FormInfo& info : forms())
        names.emplace_back(info.name);
    names.insert(names.end(), {std::string{kText}, std::string{kSheet}});
    return names;
}

void print_totals(const BatchTotals& totals, const BatchOptions& options, Print print) {
    const std::string out = options.out.string();
    if (print == Print::Json) {
        fmt::print("{{\"tickets\":{},\"made_before\":{},\"refused_rows\":{},\"out\":{}}}\n",
                   totals.tickets, totals.made_before, totals.refused, json_text(out));
    } else {
        fmt::print("{} tickets ({} of them made before), {} rows refused, in {}\n", totals.tickets,
                   totals.made_before, totals.refused, out);
    }
}

class BatchCommand final : public AppSubcommand {
public:
    explicit BatchCommand(CLI::App& program)
        : AppSubcommand{program, "batch", "Make the tickets of a CSV file"} {
        app().add_option("csv", csv_, "Rows, one a ticket")->type_name("CSV")->required();
        desk_.add_to(app());
        app()
            .add_option("--out", out_, "Folder for the files and manifest.json")
            ->type_name("DIR")
            ->required();
        app()
            .add_option("--format", formats_,
                        "png (default), svg, pdf, ndef, ndef-tag; text: all in tickets.csv; sheet: "
                        "PDF, four a page; repeatable")
            ->type_name("NAME")
            ->delimiter(',')
            ->check(CLI::IsMember(form_names()).description(""));
        app()
            .add_option("--name", options_.name,
                        "Name of the batch: a row is made once in each; default: that of CSV")
            ->type_name("TEXT");
        add_file(app(), "--products", products_, "CSV list of what all tickets of a product share");
        add_columns(app(), cells_, {ColumnUse::Anywhere, ColumnUse::Product});
        app()
            .add_option("--module-pixels", options_.module_pixels,
                        "PNG, SVG: pixels a QR module; default 8")
            ->type_name("N")
            ->check(CLI::Range(1, 64));
        app()
            .add_option("--jobs", options_.jobs, "Threads; default: as many as processors")
            ->type_name("N")
            ->check(CLI::Range(1, 256));
        auto* strict = app().add_flag("--strict", strict_, "If one row is bad, make nothing");
        app().add_flag("--check", check_, "Name the bad rows and make nothing")->excludes(strict);
        app().add_flag("--json", json_, "Print JSON");
        app().footer(column_help() + std::string{kTimes});
    }

    [[nodiscard]] Result<Work> prepare(std::chrono::sys_seconds now) const override {
        if (const auto plan = plan_of_options(cells_, now, Demand::NothingYet); !plan)
            return std::unexpected{plan.error()};
        BatchOptions options = options_;
        options.desk = desk_.finish(now);
        options.csv = csv_;
        options.out = out_;
        options.products = products_;
        options.defaults = cells_;
        set_forms(options);
        options.strictness = strict_  ? Strictness::Strict
                             : check_ ? Strictness::CheckOnly
                                      : Strictness::Lenient;
        return [options, print = json_ ? Print::Json : Print::Text]() -> Result<Outcome> {
            const auto totals = run_batch(options);
            if (!totals) return std::unexpected{totals.error()};
            print_totals(*totals, options, print);
            return totals->refused == 0 ? Outcome::Done : Outcome::SomeRefused;
        };
    }

private:
    void set_forms(BatchOptions& options) const {
        const auto asked = [this](std::string_view name) {
            return std::ranges::find(formats_, name) != formats_.end();
        };
        for (const FormInfo& info : forms())
            if (asked(info.name)) options.forms.push_back(info.form);
        options.sheets = asked(kSheet);
        options.texts = asked(kText);
        if (formats_.empty()) options.forms = {Form::Png};
    }

    TypedDesk desk_;
    Cells cells_;
    BatchOptions options_;
    std::string csv_, out_, products_;
    std::vector<std::string> formats_;
    bool strict_ = false, check_ = false, json_ = false;
};

}  // namespace

std::unique_ptr<Subcommand> make_batch(CLI::App& program) {
    return std::make_unique<BatchCommand>(program);
}

}  // namespace stile::crypto
