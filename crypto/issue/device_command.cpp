// SPDX-License-Identifier: Apache-2.0
// Requests and the list as files.
#include "crypto/issue/device_command.hpp"

#include <fmt/format.h>

#include "crypto/base/time_text.hpp"
#include "crypto/issue/files.hpp"
#include "crypto/issue/json_text.hpp"

namespace stile::crypto {
namespace {

constexpr std::size_t kMaxList = 4 << 20;

Result<SignedEnrolment> read_request(const std::filesystem::path& path) {
    const auto text = read_secret_file(path, kMaxEnrolment);
    if (!text) return std::unexpected{text.error()};
    auto request = parse_enrolment(as_text(text->bytes()));
    if (!request) return fail(path.string(), std::move(request.error()));
    return request;
}

Result<DeviceList> read_list(const std::filesystem::path& path) {
    const auto text = read_secret_file(path, kMaxList);
    if (!text && text.error().code == Errc::NotFound) return DeviceList{};
    if (!text) return std::unexpected{text.error()};
    auto list = DeviceList::parse(as_text(text->bytes()));
    if (!list) return fail(path.string(), std::move(list.error()));
    return list;
}

std::string_view word_of(Enrolled enrolled) {
    switch (enrolled) {
        case Enrolled::New:
            return "new";
        case Enrolled::Replaced:
            return "replaced";
        case Enrolled::Known:
            return "known";
    }
    return "known";
}

void print(const Enrolment& it, Print how, std::string_view state) {
    const char* const form =
        how == Print::Json
            ? "{{\"state\":\"{}\",\"venue\":\"{}\",\"gate\":\"{}\",\"number\":\"{:016x}\","
              "\"box_key\":\"{}\",\"signing_key\":\"{}\",\"time\":\"{}\",\"software\":{},"
              "\"fingerprint\":\"{}\"}}\n"
            : "{} request\nvenue        {}\ngate         {}\nnumber       {:016x}\n"
              "box key      {}\nsigning key  {}\nmade         {}\nsoftware     {}\n"
              "fingerprint  {}\n";
    fmt::print(fmt::runtime(form), state, it.venue, it.gate, it.number, to_hex(it.box_key),
               to_hex(it.signing_key), to_rfc3339(it.time),
               how == Print::Json ? json_text(it.software) : it.software, fingerprint_of(it));
}

}  // namespace

Result<void> run_device_show(const DeviceShowOptions& options) {
    const auto request = read_request(options.request);
    if (!request) return std::unexpected{request.error()};
    print(request->enrolment, options.print, "good");
    if (options.print == Print::Text) {
        fmt::print(
            "Ask whoever set the gate up to read the fingerprint to you: stilectl setup "
            "--enrolment shows it.\n");
    }
    return {};
}

Result<void> run_device_enrol(const DeviceEnrolOptions& options) {
    const auto request = read_request(options.request);
    if (!request) return std::unexpected{request.error()};
    const auto alone = FolderLock::take(folder_of(options.out));
    if (!alone) return std::unexpected{alone.error()};
    auto list = read_list(options.out);
    if (!list) return std::unexpected{std::move(list.error())};
    const auto enrolled = list->add({*request, options.now}, options.known);
    if (!enrolled) return fail(options.request.string(), enrolled.error());
    if (*enrolled != Enrolled::Known) {
        auto written = replace_file(options.out, as_bytes(list->text()), Access::Everyone);
        if (!written) return written;
    }
    print(request->enrolment, options.print, word_of(*enrolled));
    return {};
}

}  // namespace stile::crypto
