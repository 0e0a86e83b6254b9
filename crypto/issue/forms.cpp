// SPDX-License-Identifier: Apache-2.0
// One row and one case for each form.
#include "crypto/issue/forms.hpp"

#include "crypto/issue/card_text.hpp"
#include "crypto/issue/ndef.hpp"
#include "crypto/issue/pdf/pdf.hpp"
#include "crypto/issue/png/png.hpp"
#include "crypto/issue/svg.hpp"
#include "crypto/issue/time_text.hpp"

namespace stile::crypto {
namespace {

constexpr FormInfo kForms[] = {
    {Form::Png, "png", ".png", "Write the QR code as PNG"},
    {Form::Svg, "svg", ".svg", "Write the QR code as SVG"},
    {Form::Pdf, "pdf", ".pdf", "Write a printable ticket"},
    {Form::Ndef, "ndef", ".ndef", "Write an NDEF message (Type 4 tags, phone apps)"},
    {Form::NdefTag, "ndef-tag", ".tag", "Write the data area of a Type 2 tag, from page 4 on"},
};

Result<Buffer> to_ticket_pdf(const TicketSource& source) {
    const Gt1Fields& fields = source.ticket.fields;
    const auto card = make_card(fields, source.print, source.code);
    if (!card) return std::unexpected{card.error()};
    const std::chrono::sys_seconds made{std::chrono::seconds{fields.not_before}};
    return to_pdf({&*card, 1}, Paper::Ticket, to_rfc3339(made));
}

}  // namespace

std::span<const FormInfo> forms() {
    return kForms;
}

bool has_code(Form form) {
    return form != Form::Ndef && form != Form::NdefTag;
}

Result<Buffer> render(Form form, const TicketSource& source) {
    switch (form) {
        case Form::Png:
            return to_png(source.code, source.module_pixels);
        case Form::Svg: {
            const std::string svg = to_svg(source.code, source.module_pixels);
            return Buffer{as_bytes(svg).begin(), as_bytes(svg).end()};
        }
        case Form::Pdf:
            return to_ticket_pdf(source);
        case Form::Ndef:
            return gt1_ndef(source.ticket.bytes);
        case Form::NdefTag:
            return type2_area(gt1_ndef(source.ticket.bytes));
    }
    return fail(Errc::Unsupported, "no such form");
}

}  // namespace stile::crypto
