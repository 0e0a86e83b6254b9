// SPDX-License-Identifier: Apache-2.0
// Pages by cairo: single tickets, and sheets with cut marks.
#include "crypto/issue/pdf/pdf.hpp"

#include <cairo-pdf.h>
#include <fmt/format.h>

#include "crypto/issue/pdf/card_drawing.hpp"

// Fontconfig, Pango and cairo keep their caches until the process ends, and the leak checker of a
// sanitizer build asks here which libraries may. Nobody else calls this.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): LeakSanitizer's name.
extern "C" const char* __lsan_default_suppressions();
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libfontconfig\nleak:libpango\nleak:libcairo\nleak:libglib\nleak:libgobject\n";
}

namespace stile::crypto {
namespace {

constexpr double kPageWidth = 210;
constexpr double kTicketHeight = 92;
constexpr double kSheetHeight = 297;
constexpr double kLeft = (kPageWidth - kCardWidth) / 2;
constexpr double kSheetTop = (kSheetHeight - kCardsOnSheet * kCardHeight) / 2;

struct Close {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* canvas) const { cairo_destroy(canvas); }
};
using Surface = std::unique_ptr<cairo_surface_t, Close>;
using Canvas = std::unique_ptr<cairo_t, Close>;

cairo_status_t keep(void* file, const unsigned char* data, unsigned size) {
    auto& buffer = *static_cast<Buffer*>(file);
    buffer.insert(buffer.end(), data, data + size);
    return CAIRO_STATUS_SUCCESS;
}

Surface make_surface(Buffer& file, Paper paper, const std::string& made) {
    const double height = paper == Paper::Ticket ? kTicketHeight : kSheetHeight;
    Surface surface{cairo_pdf_surface_create_for_stream(
        keep, &file, kPageWidth * kPointsPerMillimetre, height * kPointsPerMillimetre)};
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, made.c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "stile-issue");
    return surface;
}

void line(cairo_t* canvas, double x1, double y1, double x2, double y2) {
    cairo_move_to(canvas, x1, y1);
    cairo_line_to(canvas, x2, y2);
}

// Short lines outside of the tickets, at every cut.
void draw_cut_marks(cairo_t* canvas) {
    constexpr double kLength = 5;
    constexpr double kGap = 1.5;
    constexpr double kRight = kLeft + kCardWidth;
    constexpr double kBottom = kSheetTop + kCardsOnSheet * kCardHeight;
    cairo_set_source_rgb(canvas, 0, 0, 0);
    cairo_set_line_width(canvas, 0.2);
    for (std::size_t i = 0; i <= kCardsOnSheet; ++i) {
        const double y = kSheetTop + static_cast<double>(i) * kCardHeight;
        line(canvas, kLeft - kGap - kLength, y, kLeft - kGap, y);
        line(canvas, kRight + kGap, y, kRight + kGap + kLength, y);
    }
    for (const double x : {kLeft, kRight}) {
        line(canvas, x, kSheetTop - kGap - kLength, x, kSheetTop - kGap);
        line(canvas, x, kBottom + kGap, x, kBottom + kGap + kLength);
    }
    cairo_stroke(canvas);
}

// A thin line where two tickets of a sheet meet.
void draw_cut(cairo_t* canvas, double y) {
    cairo_set_source_rgb(canvas, 0.85, 0.86, 0.88);
    cairo_set_line_width(canvas, 0.15);
    line(canvas, kLeft, y, kLeft + kCardWidth, y);
    cairo_stroke(canvas);
}

void draw_at(cairo_t* canvas, TypeSetter& type, const Card& card, double top, Outline outline) {
    cairo_save(canvas);
    cairo_translate(canvas, kLeft, top);
    draw_card(canvas, type, card, outline);
    cairo_restore(canvas);
}

void draw_tickets(cairo_t* canvas, TypeSetter& type, std::span<const Card> cards) {
    for (const Card& card : cards) {
        draw_at(canvas, type, card, (kTicketHeight - kCardHeight) / 2, Outline::Drawn);
        cairo_show_page(canvas);
    }
}

void draw_sheets(cairo_t* canvas, TypeSetter& type, std::span<const Card> cards) {
    for (std::size_t i = 0; i < cards.size(); ++i) {
        const std::size_t place = i % kCardsOnSheet;
        const double top = kSheetTop + static_cast<double>(place) * kCardHeight;
        if (place == 0) draw_cut_marks(canvas);
        draw_at(canvas, type, cards[i], top, Outline::None);
        if (place > 0) draw_cut(canvas, top);
        if (place + 1 == kCardsOnSheet || i + 1 == cards.size()) cairo_show_page(canvas);
    }
}

Result<void> check(cairo_t* canvas, cairo_surface_t* surface, const TypeSetter& type) {
    if (type.unreadable())
        return fail(Errc::Unsupported,
                    fmt::format("no installed font can show all of \"{}\": install the packages "
                                "fonts-noto-core and fonts-noto-cjk",
                                *type.unreadable()));
    for (const auto status : {cairo_status(canvas), cairo_surface_status(surface)}) {
        if (status != CAIRO_STATUS_SUCCESS)
            return fail(Errc::Io, fmt::format("PDF: {}", cairo_status_to_string(status)));
    }
    return {};
}

}  // namespace

Result<Buffer> to_pdf(std::span<const Card> cards, Paper paper, const std::string& made) {
    Buffer file;
    const Surface surface = make_surface(file, paper, made);
    {
        const Canvas canvas{cairo_create(surface.get())};
        cairo_scale(canvas.get(), kPointsPerMillimetre, kPointsPerMillimetre);
        TypeSetter type{canvas.get()};
        if (paper == Paper::Ticket) {
            draw_tickets(canvas.get(), type, cards);
        } else {
            draw_sheets(canvas.get(), type, cards);
        }
        if (auto good = check(canvas.get(), surface.get(), type); !good)
            return std::unexpected{good.error()};
    }
    cairo_surface_finish(surface.get());
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
        return fail(Errc::Io, "PDF: the file could not be finished");
    return file;
}

}  // namespace stile::crypto
