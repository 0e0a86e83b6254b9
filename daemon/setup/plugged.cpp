// SPDX-License-Identifier: Apache-2.0
// The list is text for people: a word for the sort, then columns.
#include "daemon/setup/plugged.hpp"

#include <algorithm>

#include "daemon/runtime/child.hpp"

namespace stile {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLookFor{20};

struct Row {
    std::string_view sort, place, rest;
};

Row row_of(std::string_view line) {
    const auto word = [&line] {
        const std::size_t end = std::min(line.find(' '), line.size());
        const std::string_view head = line.substr(0, end);
        line.remove_prefix(std::min(line.find_first_not_of(' ', end), line.size()));
        return head;
    };
    const std::string_view sort = word();
    const std::string_view place = word();
    return {sort, place, line};
}

// The first picture of a camera is its index 0; other nodes of it give no pictures.
std::string lasting_name(std::string_view node, const fs::path& by_id) {
    std::error_code error;
    for (const auto& link : fs::directory_iterator{by_id, error}) {
        const std::string name = link.path().filename().native();
        if (!name.ends_with("-video-index0")) continue;
        const fs::path target = fs::read_symlink(link.path(), error);
        if (!error && target.filename() == fs::path{node}.filename()) return link.path().native();
    }
    return std::string{node};
}

struct UsbRow {
    std::string_view port, model, kind, name;
};

UsbRow usb_row(const Row& row) {
    const std::string_view model = row.rest.substr(0, row.rest.find(' '));
    std::string_view rest = row.rest.substr(std::min(model.size() + 2, row.rest.size()));
    const std::size_t gap = std::min(rest.find("  "), rest.size());
    const std::string_view kind = rest.substr(0, gap);
    rest.remove_prefix(std::min(gap + 2, rest.size()));
    return {row.place, model, kind, rest};
}

}  // namespace

std::vector<Plugged> plugged_in(std::string_view list, const fs::path& by_id) {
    std::vector<Plugged> found;
    std::vector<UsbRow> usb;
    while (!list.empty()) {
        const std::string_view line = list.substr(0, list.find('\n'));
        list.remove_prefix(std::min(line.size() + 1, list.size()));
        const Row row = row_of(line);
        if (row.sort == "usb") usb.push_back(usb_row(row));
        if (row.sort == "camera" && row.place.starts_with("/dev/"))
            found.push_back({"camera", lasting_name(row.place, by_id), std::string{row.rest}});
    }
    for (const UsbRow& row : usb) {
        const bool nfc = row.kind == "card reader";
        if (!nfc && row.kind != "keyboard or scanner") continue;
        std::string source = "usb:" + std::string{row.model};
        if (std::ranges::count(usb, row.model, &UsbRow::model) > 1)
            source += "@" + std::string{row.port};
        found.push_back({nfc ? "nfc" : "scanner", std::move(source), std::string{row.name}});
    }
    return found;
}

std::vector<Plugged> look_for_devices(const std::string& reader_program) {
    const ChildEnd list = run_child({reader_program, "--list"}, {kLookFor, {}, {}});
    if (list.exit_code != 0) return {};
    return plugged_in(list.out, "/dev/v4l/by-id");
}

}  // namespace stile
