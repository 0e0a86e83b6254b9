// SPDX-License-Identifier: Apache-2.0
// The look of a ticket: one accent colour, a quiet grid of fields, a code with all the white it
// needs.
#include "crypto/issue/pdf/card_drawing.hpp"

#include <algorithm>
#include <numbers>

#include <cairo.h>

namespace stile::crypto {
namespace {

constexpr double kStripe = 4;       // the coloured edge
constexpr double kTextLeft = 11;    // where text begins
constexpr double kTextRight = 122;  // and ends
constexpr double kTear = 127;       // the line between text and code
constexpr double kCodeSide = 56;    // with the quiet zone
constexpr double kCodeLeft = kTear + (kCardWidth - kTear - kCodeSide) / 2;
constexpr double kCodeTop = 3.5;
constexpr double kCorner = 3;
constexpr double kFieldGap = 5;
constexpr double kFooterHeight = 3.4;

struct Colour {
    double red, green, blue;
};

Colour colour_of(Accent accent) {
    switch (accent) {
        case Accent::Blue:
            return {0.10, 0.23, 0.42};
        case Accent::Gold:
            return {0.66, 0.49, 0.11};
        case Accent::Green:
            return {0.06, 0.42, 0.36};
        case Accent::Red:
            return {0.62, 0.13, 0.16};
    }
    return {0, 0, 0};
}

void set_colour(cairo_t* canvas, Colour colour) {
    cairo_set_source_rgb(canvas, colour.red, colour.green, colour.blue);
}

void round_box(cairo_t* canvas, double x, double y, double width, double height, double radius) {
    constexpr double kQuarter = std::numbers::pi / 2;
    cairo_new_sub_path(canvas);
    cairo_arc(canvas, x + width - radius, y + radius, radius, -kQuarter, 0);
    cairo_arc(canvas, x + width - radius, y + height - radius, radius, 0, kQuarter);
    cairo_arc(canvas, x + radius, y + height - radius, radius, kQuarter, 2 * kQuarter);
    cairo_arc(canvas, x + radius, y + radius, radius, 2 * kQuarter, 3 * kQuarter);
    cairo_close_path(canvas);
}

void draw_frame(cairo_t* canvas, const Card& card, Outline outline) {
    cairo_save(canvas);
    if (outline == Outline::Drawn) {
        round_box(canvas, 0, 0, kCardWidth, kCardHeight, kCorner);
        cairo_clip_preserve(canvas);
        cairo_set_source_rgb(canvas, 0.72, 0.74, 0.77);
        cairo_set_line_width(canvas, 0.5);  // the outer half is clipped away
        cairo_stroke(canvas);
    }
    set_colour(canvas, colour_of(card.accent));
    cairo_rectangle(canvas, 0, 0, kStripe, kCardHeight);
    cairo_fill(canvas);
    constexpr double kDash[] = {0.01, 1.6};
    cairo_set_dash(canvas, kDash, 2, 0);
    cairo_set_line_cap(canvas, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_width(canvas, 0.5);
    cairo_set_source_rgb(canvas, 0.6, 0.62, 0.65);
    cairo_move_to(canvas, kTear, 3);
    cairo_line_to(canvas, kTear, kCardHeight - 3);
    cairo_stroke(canvas);
    cairo_restore(canvas);
}

// One path without anti-aliasing, so that neighbouring modules leave no hair line between them.
void draw_code(cairo_t* canvas, const QrCode& code) {
    const double module = kCodeSide / static_cast<double>(code.size + 2 * kQuietZone);
    const auto place = [module](std::size_t at) {
        return static_cast<double>(at + kQuietZone) * module;
    };
    cairo_save(canvas);
    cairo_translate(canvas, kCodeLeft, kCodeTop);
    cairo_set_source_rgb(canvas, 0, 0, 0);
    cairo_set_antialias(canvas, CAIRO_ANTIALIAS_NONE);
    for (std::size_t y = 0; y < code.size; ++y) {
        for (std::size_t x = 0; x < code.size; ++x) {
            const std::size_t start = x;
            while (x < code.size && code.dark(x, y))
                ++x;
            if (x > start)
                cairo_rectangle(canvas, place(start), place(y),
                                static_cast<double>(x - start) * module, module);
        }
    }
    cairo_fill(canvas);
    cairo_restore(canvas);
}

// Returns the width that the badge takes from the line.
double draw_badge(cairo_t* canvas, TypeSetter& type, const Card& card) {
    if (card.badge.empty()) return 0;
    const TextStyle style{.points = 9, .weight = Weight::Bold, .grey = 1};
    const double text_width = type.width(card.badge, style);
    const double width = text_width + 6;
    cairo_save(canvas);
    set_colour(canvas, colour_of(card.accent));
    round_box(canvas, kTextRight - width, 6.2, width, 6.4, 1.4);
    cairo_fill(canvas);
    cairo_restore(canvas);
    type.draw(card.badge, {.x = kTextRight - width + 3, .y = 7.2, .width = text_width + 1}, style);
    return width + 4;
}

// Fields side by side, each as wide as its text.
void draw_fields(TypeSetter& type, const std::vector<CardField>& fields, double top) {
    constexpr TextStyle kLabel{.points = 7, .least_points = 5, .grey = 0.42};
    constexpr TextStyle kValue{.points = 12.5, .least_points = 7, .weight = Weight::Bold};
    constexpr double kLine = 12.5;
    constexpr double kValueHeight = 9;
    constexpr double kWhole = kTextRight - kTextLeft;
    double x = kTextLeft;
    for (const CardField& field : fields) {
        const double wanted =
            std::max(type.width(field.label, kLabel), type.width(field.value, kValue));
        const double width = std::min(wanted + 0.5, kWhole);
        if (x > kTextLeft && x + width > kTextRight) {
            x = kTextLeft;
            top += kLine;
        }
        type.draw(field.label, {.x = x, .y = top, .width = width}, kLabel);
        type.draw(field.value, {.x = x, .y = top + 3, .width = width, .height = kValueHeight},
                  kValue);
        x += width + kFieldGap;
    }
}

}  // namespace

void draw_card(cairo_t* canvas, TypeSetter& type, const Card& card, Outline outline) {
    constexpr TextStyle kTitle{.points = 19, .least_points = 9, .weight = Weight::Bold};
    constexpr TextStyle kSubtitle{.points = 11, .least_points = 7, .grey = 0.3};
    constexpr TextStyle kFooter{.points = 7, .least_points = 5, .grey = 0.42};
    constexpr double kWidth = kTextRight - kTextLeft;
    draw_frame(canvas, card, outline);
    draw_code(canvas, card.code);

    const double badge = draw_badge(canvas, type, card);
    double top = 5;
    top += type.draw(card.title, {.x = kTextLeft, .y = top, .width = kWidth - badge, .height = 17},
                     kTitle);
    top += type.draw(card.subtitle, {.x = kTextLeft, .y = top + 0.8, .width = kWidth, .height = 9},
                     kSubtitle);
    draw_fields(type, card.fields, top + 4.5);
    type.draw(card.footer, {.x = kTextLeft, .y = kCardHeight - 4 - kFooterHeight, .width = kWidth},
              kFooter);
    type.draw(card.code_caption,
              {.x = kCodeLeft, .y = kCodeTop + kCodeSide + 1, .width = kCodeSide},
              {.points = 7.5, .least_points = 5, .align = Align::Centre, .grey = 0.25});
}

}  // namespace stile::crypto
