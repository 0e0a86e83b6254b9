// SPDX-License-Identifier: Apache-2.0
// Writes the files first, so that nothing is announced that is not there.
#include "crypto/issue/ticket_output.hpp"

#include <fmt/format.h>

#include "crypto/issue/files.hpp"
#include "crypto/issue/gt1_writer.hpp"
#include "crypto/issue/json_text.hpp"
#include "crypto/issue/time_text.hpp"

namespace stile::crypto {
namespace {

std::string time_text(std::uint32_t time) {
    return to_rfc3339(std::chrono::sys_seconds{std::chrono::seconds{time}});
}

Result<void> write_files(const TicketSource& source, const OutputOptions& options) {
    for (const auto& [form, path] : options.files) {
        const auto content = render(form, source);
        if (!content) return std::unexpected{content.error()};
        if (auto written = write_file(path, *content); !written) return written;
    }
    return {};
}

std::string json_of(const IssuedTicket& ticket, const KeyRecord& key, int qr_version) {
    const Gt1Fields& f = ticket.fields;
    return fmt::format(
        "\"text\":{},\"hex\":\"{}\",\"sha256\":\"{}\",\"key_id\":\"{}\",\"issuer\":\"{}\","
        "\"event\":{},\"serial\":{},\"reissue\":{},\"product\":{},\"profile\":{},"
        "\"not_before\":\"{}\",\"not_after\":\"{}\",\"admissions\":{},\"seat\":{},"
        "\"holder_key\":{},\"qr_version\":{}",
        json_text(gt1_text(ticket.bytes)), to_hex(ticket.bytes), to_hex(ticket.digest),
        to_hex(f.key), key.issuer, f.event, f.serial, f.reissue, f.product, f.profile,
        time_text(f.not_before), time_text(f.not_after), f.admissions, json_text(f.seat.view()),
        f.holder ? json_text(to_hex(*f.holder)) : "null", qr_version);
}

std::string json_of(const OutputOptions& options) {
    std::string text;
    for (const FormInfo& info : forms()) {
        const auto at = options.files.find(info.form);
        if (at != options.files.end())
            text += fmt::format(",\"{}\":{}", info.name, json_text(at->second.string()));
    }
    return text;
}

}  // namespace

Result<void> hand_out(const IssuedTicket& ticket, const PrintText& print, const KeyRecord& key,
                      const OutputOptions& options, const std::string& line) {
    const std::string text = gt1_text(ticket.bytes);
    const auto code = make_qr(text);
    if (!code) return std::unexpected{code.error()};
    if (auto written = write_files({ticket, print, *code, options.module_pixels}, options);
        !written)
        return written;
    if (options.print == Print::Json) {
        const std::string extra = line.empty() ? "" : ",\"revocation\":" + json_text(line);
        fmt::print("{{{}{}{}}}\n", json_of(ticket, key, code->version), json_of(options), extra);
        return {};
    }
    if (options.show == ShowText::Always || options.files.empty()) fmt::print("{}\n", text);
    if (!line.empty()) fmt::print("{}\n", line);
    return {};
}

}  // namespace stile::crypto
