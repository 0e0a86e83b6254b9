// SPDX-License-Identifier: Apache-2.0
// A device is the request, line by line as the gate wrote it, between [[device]] and a time.
#include "crypto/issue/device_list.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "crypto/base/time_text.hpp"

namespace stile::crypto {
namespace {

constexpr std::string_view kHead = "[[device]]\n";
constexpr std::string_view kTitle = "# Enrolment request of a stile gate\n";

std::string_view next_line(std::string_view text) {
    const auto end = text.find('\n');
    return end == std::string_view::npos ? text : text.substr(0, end + 1);
}

bool is_remark(std::string_view line) {
    const auto first = line.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos || line[first] == '#';
}

std::string device_text(const Device& device) {
    std::string request = enrolment_text(device.request);
    request.erase(0, kTitle.size());
    return fmt::format("{}{}enrolled = \"{}\"\n", kHead, request, to_rfc3339(device.enrolled));
}

// All lines up to that of the enrolment; they are taken off `text`.
Result<Device> take_device(std::string_view& text) {
    text.remove_prefix(kHead.size());
    std::string request{kTitle};
    std::string_view line = next_line(text);
    while (!line.empty() && !line.starts_with("enrolled = ")) {
        request += line;
        text.remove_prefix(line.size());
        line = next_line(text);
    }
    auto read = parse_enrolment(request);
    if (!read) return std::unexpected{std::move(read.error())};
    Device device{std::move(*read), {}};
    constexpr std::string_view kBefore = "enrolled = \"";
    const auto quote = line.find('"', kBefore.size());
    const auto time = line.starts_with(kBefore) && quote != std::string_view::npos
                          ? parse_rfc3339(line.substr(kBefore.size(), quote - kBefore.size()))
                          : std::nullopt;
    if (time) device.enrolled = std::chrono::floor<std::chrono::seconds>(*time);
    if (!time || line != fmt::format("enrolled = \"{}\"\n", to_rfc3339(device.enrolled)))
        return fail(Errc::Invalid, "no line enrolled = \"TIME\" behind the signature");
    text.remove_prefix(line.size());
    return device;
}

bool same_gate(const Enrolment& one, const Enrolment& two) {
    return one.venue == two.venue && one.gate == two.gate;
}

bool same_keys(const Enrolment& one, const Enrolment& two) {
    return one.box_key == two.box_key && one.signing_key == two.signing_key;
}

// What may never be: two gates that look the same to somebody.
Result<void> check_apart(const Enrolment& old, const Enrolment& young) {
    if (old.box_key == young.box_key || old.signing_key == young.signing_key) {
        return fail(Errc::Invalid,
                    fmt::format("its key is that of gate {}/{}: was the disk of that gate copied? "
                                "Remove device.key and device.signing.key on the new one",
                                old.venue, old.gate));
    }
    if (old.venue == young.venue && old.number == young.number) {
        return fail(Errc::Invalid,
                    fmt::format("its number {:016x} is that of gate {}/{}: set site.number",
                                young.number, old.venue, old.gate));
    }
    return {};
}

}  // namespace

Result<DeviceList> DeviceList::parse(std::string_view text) {
    DeviceList list;
    std::string before;
    while (!text.empty()) {
        if (text.starts_with(kHead)) {
            auto device = take_device(text);
            if (!device)
                return fail(fmt::format("device {}", list.rows_.size() + 1),
                            std::move(device.error()));
            list.rows_.push_back({std::exchange(before, {}), std::move(*device)});
            continue;
        }
        const std::string_view line = next_line(text);
        if (!is_remark(line) || !line.ends_with('\n')) {
            return fail(Errc::Invalid,
                        fmt::format("behind device {}: neither a comment nor [[device]]",
                                    list.rows_.size()));
        }
        before += line;
        text.remove_prefix(line.size());
    }
    list.end_ = std::move(before);
    return list;
}

Result<Enrolled> DeviceList::add(const Device& device, KnownGate known) {
    const Enrolment& young = device.request.enrolment;
    Row* same = nullptr;
    for (Row& row : rows_) {
        const Enrolment& old = row.device.request.enrolment;
        if (same_gate(old, young)) {
            same = &row;
        } else if (auto apart = check_apart(old, young); !apart) {
            return std::unexpected{std::move(apart.error())};
        }
    }
    if (same == nullptr) {
        rows_.push_back({std::exchange(end_, {}), device});
        return Enrolled::New;
    }
    const Enrolment& old = same->device.request.enrolment;
    const bool keys_stay = same_keys(old, young);
    if (keys_stay && old.number == young.number) return Enrolled::Known;
    if (known == KnownGate::Keep) {
        return fail(
            Errc::Invalid,
            fmt::format("gate {}/{} is known with {}, since {}: if {}, compare the fingerprints "
                        "and give --replace",
                        old.venue, old.gate, keys_stay ? "another number" : "other keys",
                        to_rfc3339(same->device.enrolled),
                        keys_stay ? "its site.number was changed" : "its controller was replaced"));
    }
    same->device = device;
    return Enrolled::Replaced;
}

std::string DeviceList::text() const {
    std::string text;
    for (const Row& row : rows_) {
        text += row.before;
        text += device_text(row.device);
    }
    return text + end_;
}

std::vector<Device> DeviceList::devices() const {
    std::vector<Device> devices;
    for (const Row& row : rows_)
        devices.push_back(row.device);
    return devices;
}

}  // namespace stile::crypto
