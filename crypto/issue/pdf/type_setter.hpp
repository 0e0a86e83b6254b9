// SPDX-License-Identifier: Apache-2.0
// Text in a box: wrapped, shrunk until it fits, in any script.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

using cairo_t = struct _cairo;  // NOLINT(bugprone-reserved-identifier): the library's own name

namespace stile::crypto {

inline constexpr double kPointsPerMillimetre = 72 / 25.4;

enum class Weight : std::uint8_t { Normal, Bold };
enum class Align : std::uint8_t { Start, Centre };

struct TextStyle {
    double points = 10;
    double least_points = 6;  // shrinks to this before it is cut with an ellipsis
    Weight weight = Weight::Normal;
    Align align = Align::Start;
    double grey = 0.1;  // 0: black
};

// Millimetres; `height` is a limit, or with 0 one line.
struct TextBox {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
};

class TypeSetter {
public:
    explicit TypeSetter(cairo_t* canvas);
    TypeSetter(const TypeSetter&) = delete;
    TypeSetter& operator=(const TypeSetter&) = delete;
    ~TypeSetter();

    // Returns the height that the text takes, in millimetres.
    double draw(const std::string& text, const TextBox& box, const TextStyle& style);
    // The width of the text on one line.
    [[nodiscard]] double width(const std::string& text, const TextStyle& style);
    // The first text with a character that no installed font has.
    [[nodiscard]] const std::optional<std::string>& unreadable() const { return unreadable_; }

private:
    struct Layout;
    void set(const std::string& text, const TextStyle& style, double points);
    void fit(const std::string& text, const TextBox& box, const TextStyle& style);

    cairo_t* canvas_;
    std::unique_ptr<Layout> layout_;
    std::optional<std::string> unreadable_;
};

}  // namespace stile::crypto
