// SPDX-License-Identifier: Apache-2.0
// stilectl catalog: the orders, products and lists of the ticketing platform.
#include <charconv>
#include <chrono>
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "daemon/catalog/catalog.hpp"
#include "daemon/catalog/orders/catalog_json.hpp"
#include "daemon/catalog/orders/import.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/stilectl/answers.hpp"
#include "daemon/stilectl/catalog_folder.hpp"
#include "daemon/stilectl/cli.hpp"

namespace stile {
namespace {

// Address space for a catalog that is opened without the daemon.
constexpr std::size_t kMapBytes = std::size_t{16} << 30U;

struct CatalogWishes {
    std::vector<std::string> paths;
    std::vector<std::string> numbers;
    bool difference = false;
    std::string state;
    std::string text;
};

using Told = std::string (*)(std::string_view json);

int told(const Session& session, const Result<std::string>& answer, Told words) {
    if (!answer) return failed(answer.error());
    fmt::print("{}", session.json ? *answer + "\n" : words(*answer));
    return kExitDone;
}

Result<lmdb::Environment> open_state(const std::string& state) {
    return open_catalog(std::filesystem::path{state} / "catalog", kMapBytes);
}

// A line that is written over again and again, where somebody watches.
ImportSteps progress_line() {
    const bool watched = ::isatty(STDERR_FILENO) == 1;
    return [watched](std::uint64_t done, std::uint64_t total) {
        if (watched && total > 0) fmt::print(stderr, "\rimporting {} %", 100 * done / total);
    };
}

void end_progress_line() {
    if (::isatty(STDERR_FILENO) == 1) fmt::print(stderr, "\r\033[K");
}

Result<std::string> import_here(const std::string& state, const PackedCatalog& packed) {
    auto catalog = open_state(state);
    if (!catalog) return std::unexpected{std::move(catalog.error())};
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto done = import_catalog(
        *catalog, {.fd = packed.file.get(), .size = packed.size, .at = now}, progress_line(), {});
    if (!done) return std::unexpected{done.error()};
    return summary_json(*done);
}

// "demo=7".
Result<void> read_number(const std::string& text, CatalogFiles& files) {
    const std::size_t sign = text.rfind('=');
    std::uint32_t number = 0;
    if (sign != std::string::npos) {
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data() + sign + 1, end, number);
        if (error != std::errc{} || stop != end) number = 0;
    }
    if (number == 0) return fail(Errc::Invalid, text + ": write EVENT=NUMBER");
    files.numbers[text.substr(0, sign)] = number;
    return {};
}

int import(const Session& session, const CatalogWishes& wishes) {
    CatalogFiles files{.paths = {wishes.paths.begin(), wishes.paths.end()},
                       .kind = wishes.difference ? UpdateKind::Difference : UpdateKind::Full,
                       .numbers = {}};
    for (const std::string& number : wishes.numbers)
        if (auto read = read_number(number, files); !read) return failed(read.error());
    const auto packed = pack_catalog(files);
    if (!packed) return failed(packed.error());
    if (!wishes.state.empty()) {
        const auto answer = import_here(wishes.state, *packed);
        end_progress_line();
        return told(session, answer, catalog_import_text);
    }
    return with_daemon(session, [&](ControlClient& client) {
        const auto answer = client.import(protocol::Content::CatalogText, packed->file.get(),
                                          packed->size, progress_line());
        end_progress_line();
        return told(session, answer, catalog_import_text);
    });
}

int stat(const Session& session, const CatalogWishes& wishes) {
    if (wishes.state.empty()) {
        return with_daemon(session, [&](ControlClient& client) {
            return told(session, client.command("catalog-stat", {}), catalog_stat_text);
        });
    }
    const auto catalog = open_state(wishes.state);
    if (!catalog) return failed(catalog.error());
    const auto book = load_book(*catalog);
    if (!book) return failed(book.error());
    Orders orders{*catalog};
    auto view = orders.view();
    if (!view) return failed(view.error());
    return told(session, catalog_stat_json(*view, **book), catalog_stat_text);
}

int show(const Session& session, const CatalogWishes& wishes) {
    if (wishes.state.empty()) {
        return with_daemon(session, [&](ControlClient& client) {
            return told(session, client.command("catalog-show", {wishes.text}), catalog_show_text);
        });
    }
    const auto catalog = open_state(wishes.state);
    if (!catalog) return failed(catalog.error());
    Orders orders{*catalog};
    auto view = orders.view();
    if (!view) return failed(view.error());
    return told(session, catalog_show_json(*view, wishes.text), catalog_show_text);
}

}  // namespace

void add_catalog_commands(CLI::App& app, Session& session) {
    const auto wishes =
        std::make_shared<CatalogWishes>();  // lives as long as the parser's callbacks
    auto* catalog =
        app.add_subcommand("catalog", "Orders, products and lists of the ticketing platform");
    catalog->require_subcommand(1);
    const auto with_state = [&wishes](CLI::App* command) {
        command->add_option("--state", wishes->state,
                            "The state folder of a gate whose daemon does not run");
    };

    auto* load = catalog->add_subcommand(
        "import", "Take over files; the old orders stay in use until the new ones are complete");
    load->add_option("path", wishes->paths,
                     "Folders named as their event, or files in them: event.json, items.json, "
                     "checkinlists.json, questions.json, subevents.json, settings.json, "
                     "orders*.json, revokedsecrets.json, blockedsecrets.json; reusablemedia.json")
        ->required();
    load->add_flag("--difference", wishes->difference,
                   "Add to what is there, instead of replacing what the files hold");
    load->add_option("--number", wishes->numbers, "EVENT=NUMBER, as in the gate's keys");
    with_state(load);
    load->callback([&session, wishes] { session.code = import(session, *wishes); });

    auto* about = catalog->add_subcommand("stat", "What the catalog holds");
    with_state(about);
    about->callback([&session, wishes] { session.code = stat(session, *wishes); });

    auto* look = catalog->add_subcommand("show", "What is known under a secret, order or medium");
    look->add_option("text", wishes->text, "A secret, an order's code or a medium's identifier")
        ->required();
    with_state(look);
    look->callback([&session, wishes] { session.code = show(session, *wishes); });
}

}  // namespace stile
