// SPDX-License-Identifier: Apache-2.0
// stilectl readers: the readers of the site file and their units, for people and for udev.
#include <algorithm>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "crypto/issue/json_text.hpp"
#include "daemon/config/reader_unit.hpp"
#include "daemon/config/site.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/stilectl/cli.hpp"
#include "daemon/stilectl/plugged_device.hpp"
#include "devices/camera/source_name.hpp"

namespace stile {
namespace {

using crypto::json_text;

struct Plugged {
    std::string sysfs;
    std::vector<std::string> links;
};

std::string json_of(const config::Reader& reader, const std::string& source) {
    return fmt::format(R"({{"name":{},"lane":{},"kind":{},"source":{},"unit":{}}})",
                       json_text(reader.name), json_text(reader.lane), json_text(reader.kind),
                       json_text(source), json_text(config::unit_of(reader)));
}

void print_json(const config::Site& site) {
    std::vector<std::string> readers;
    for (const config::Reader& reader : site.readers)
        readers.push_back(json_of(reader, devices::without_secrets(reader.source)));
    fmt::print("{{\"readers\":[{}]}}\n", fmt::join(readers, ","));
}

void print_table(const config::Site& site) {
    std::size_t widest = 0;
    for (const config::Reader& reader : site.readers)
        widest = std::max(widest, reader.name.size());
    for (const config::Reader& reader : site.readers) {
        fmt::print("{:{}}  {:7}  lane {}, {}\n{:{}}  {}\n", reader.name, widest, reader.kind,
                   reader.lane, devices::without_secrets(reader.source), "", widest,
                   config::unit_of(reader));
    }
    if (site.readers.empty()) fmt::print("The site file has no [[reader]].\n");
}

// The units that udev lets systemd start, in one line; exit code 1: the device is nobody's. A site
// file that is wrong is no matter of the device: stiled says so.
int for_udev(const config::Site& site, const Plugged& plugged) {
    const auto device = plugged_device(plugged.sysfs, plugged.links);
    if (!device) return failed(device.error());
    std::vector<std::string> units;
    for (const config::Reader& reader : site.readers) {
        if (may_use(reader, *device)) units.push_back(config::unit_of(reader));
    }
    if (units.empty()) return kExitFailed;
    fmt::print("{}\n", fmt::join(units, " "));
    return kExitDone;
}

int readers(const Session& session, const Plugged& plugged) {
    const auto site = config::load_site(session.config);
    if (!site) return failed(site.error());
    if (!plugged.sysfs.empty()) return for_udev(*site, plugged);
    if (session.json)
        print_json(*site);
    else
        print_table(*site);
    return kExitDone;
}

}  // namespace

void add_readers_command(CLI::App& app, Session& session) {
    const auto plugged = std::make_shared<Plugged>();  // lives as long as the parser's callbacks
    auto* list = app.add_subcommand("readers", "Show the readers of the site file and their units");
    auto* sysfs = list->add_option("--for-udev", plugged->sysfs,
                                   "Only the units of those that may use this device of /sys");
    list->add_option("links", plugged->links, "Its other names in /dev")->needs(sysfs);
    list->callback([&session, plugged] { session.code = readers(session, *plugged); });
}

}  // namespace stile
