// SPDX-License-Identifier: Apache-2.0
// Text by Pango: shaping, right-to-left scripts and fallback fonts are its work.
#include "crypto/issue/pdf/type_setter.hpp"

#include <algorithm>

#include <pango/pangocairo.h>

namespace stile::crypto {
namespace {

constexpr double kStep = 0.5;    // points
constexpr double kLittle = 0.8;  // of the size
constexpr const char* kFamilies = "Noto Sans, Noto Sans Arabic, Noto Sans CJK SC, sans-serif";

int units(double millimetres) {
    return static_cast<int>(millimetres * kPointsPerMillimetre * PANGO_SCALE);
}

double millimetres(int pango_units) {
    return pango_units / kPointsPerMillimetre / PANGO_SCALE;
}

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};
struct FreeFont {
    void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};

}  // namespace

// Pango works in points here; the canvas in millimetres.
struct TypeSetter::Layout {
    explicit Layout(cairo_t* canvas) : layout{pango_cairo_create_layout(canvas)} {
        cairo_font_options_t* const options = cairo_font_options_create();
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
        pango_cairo_context_set_font_options(pango_layout_get_context(layout.get()), options);
        pango_cairo_context_set_resolution(pango_layout_get_context(layout.get()), 72);
        cairo_font_options_destroy(options);
        pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    }
    [[nodiscard]] PangoLayout* get() const { return layout.get(); }

    std::unique_ptr<PangoLayout, Unref> layout;
};

TypeSetter::TypeSetter(cairo_t* canvas)
    : canvas_{canvas}, layout_{std::make_unique<Layout>(canvas)} {}
TypeSetter::~TypeSetter() = default;

void TypeSetter::set(const std::string& text, const TextStyle& style, double points) {
    const std::unique_ptr<PangoFontDescription, FreeFont> font{
        pango_font_description_from_string(kFamilies)};
    pango_font_description_set_absolute_size(font.get(), points * PANGO_SCALE);
    pango_font_description_set_weight(
        font.get(), style.weight == Weight::Bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    PangoLayout* const layout = layout_->get();
    pango_layout_set_font_description(layout, font.get());
    pango_layout_set_alignment(
        layout, style.align == Align::Centre ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
    pango_layout_set_width(layout, -1);
    pango_layout_set_height(layout, -1);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_NONE);
    pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
}

// The size at which the text fits: on one line if that costs little, else on as many as the box
// has.
void TypeSetter::fit(const std::string& text, const TextBox& box, const TextStyle& style) {
    PangoLayout* const layout = layout_->get();
    const auto lines_at = [&](double points) {
        set(text, style, points);
        pango_layout_set_width(layout, units(box.width));
        return pango_layout_get_line_count(layout);
    };
    const bool one_line = box.height == 0;
    const double least = one_line ? style.least_points : style.points * kLittle;
    const auto steps_to = [&](double points) {
        return static_cast<int>((style.points - points) / kStep);
    };
    for (int step = 0; step <= steps_to(least); ++step)
        if (lines_at(style.points - step * kStep) == 1) return;
    for (int step = 0; !one_line && step <= steps_to(style.least_points); ++step) {
        lines_at(style.points - step * kStep);
        int height = 0;
        pango_layout_get_size(layout, nullptr, &height);
        if (height <= units(box.height)) return;
    }
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_height(layout, one_line ? -1 : units(box.height));
}

double TypeSetter::draw(const std::string& text, const TextBox& box, const TextStyle& style) {
    if (text.empty()) return 0;
    fit(text, box, style);
    PangoLayout* const layout = layout_->get();
    if (pango_layout_get_unknown_glyphs_count(layout) > 0 && !unreadable_) unreadable_ = text;
    int height = 0;
    pango_layout_get_size(layout, nullptr, &height);
    cairo_save(canvas_);
    cairo_set_source_rgb(canvas_, style.grey, style.grey, style.grey);
    cairo_translate(canvas_, box.x, box.y);
    cairo_scale(canvas_, 1 / kPointsPerMillimetre, 1 / kPointsPerMillimetre);
    pango_cairo_show_layout(canvas_, layout);
    cairo_restore(canvas_);
    return millimetres(height);
}

double TypeSetter::width(const std::string& text, const TextStyle& style) {
    set(text, style, style.points);
    int width = 0;
    pango_layout_get_size(layout_->get(), &width, nullptr);
    return millimetres(width);
}

}  // namespace stile::crypto
