// SPDX-License-Identifier: Apache-2.0
// Truth, text and equality of values of different kinds.
#include "daemon/core/rules/coerce.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace stile::rules {
namespace {

constexpr double kIds = 9'007'199'254'740'992;  // 2^53: below it every whole number is exact

bool is_nothing(const Value& value) {
    return value.is<Undefined>() || value.is<Null>();
}

bool is_structure(const Value& value) {
    return value.is<List>() || value.is<Object>();
}

// Lists of one item stand for that item, as their texts are the same.
double number_of(const List& list) {
    if (list.size == 0) return 0;
    if (list.size > 1) return kNan;
    const Value& only = list.items[0];
    if (is_nothing(only)) return 0;
    return only.is<bool>() ? kNan : number_of(only);
}

double number_of_moment(WallTime time) {
    return static_cast<double>(time.time_since_epoch().count());
}

std::unexpected<Failure> too_large() {
    return std::unexpected{Failure{Fault::TooLarge, {}}};
}

Text kept(std::string_view text, Store& store) {
    auto copy = store.text(text);
    if (!copy) return std::unexpected{copy.error()};
    return *copy->as<std::string_view>();
}

Text fixed_text(const Value& value) {
    if (value.is<Undefined>()) return "undefined";
    if (value.is<Null>()) return "null";
    if (const auto* truth = value.as<bool>()) return *truth ? "true" : "false";
    if (const auto* text = value.as<std::string_view>()) return *text;
    return "[object Object]";
}

// What a comparison looks at: lists and objects by their text.
std::expected<Value, Failure> primitive(const Value& value, Store& store) {
    if (!is_structure(value)) return value;
    const Text text = text_of(value, store);
    if (!text) return std::unexpected{text.error()};
    return Value{*text};
}

Order order_of(const auto& a, const auto& b) {
    if (a < b) return Order::Less;
    if (a > b) return Order::Greater;
    return a == b ? Order::Equal : Order::None;
}

}  // namespace

bool truthy(const Value& value) {
    if (const auto* truth = value.as<bool>()) return *truth;
    if (const auto* number = value.as<double>()) return *number != 0 && !std::isnan(*number);
    if (const auto* text = value.as<std::string_view>()) return !text->empty();
    if (const auto* list = value.as<List>()) return list->size > 0;
    return !is_nothing(value);
}

double number_of(const Value& value) {
    if (const auto* number = value.as<double>()) return *number;
    if (const auto* truth = value.as<bool>()) return *truth ? 1 : 0;
    if (const auto* text = value.as<std::string_view>()) return number_of(*text);
    if (const auto* list = value.as<List>()) return number_of(*list);
    if (const auto* time = value.as<WallTime>()) return number_of_moment(*time);
    return value.is<Null>() ? 0 : kNan;
}

std::optional<std::uint64_t> id_of(const Value& value) {
    if (const auto* number = value.as<double>()) {
        const bool whole = *number >= 0 && *number < kIds && std::trunc(*number) == *number;
        return whole ? std::optional{static_cast<std::uint64_t>(*number)} : std::nullopt;
    }
    const auto* text = value.as<std::string_view>();
    if (text == nullptr || text->empty() || (text->size() > 1 && text->front() == '0'))
        return std::nullopt;
    std::uint64_t id = 0;
    const auto [stop, error] = std::from_chars(text->data(), text->data() + text->size(), id);
    const bool whole = error == std::errc{} && stop == text->data() + text->size();
    return whole && static_cast<double>(id) < kIds ? std::optional{id} : std::nullopt;
}

Text joined(std::span<const Value> items, std::string_view between, Store& store) {
    std::size_t size = 0;
    const auto pieces = store.values(items.size());
    if (pieces.size() != items.size()) return too_large();
    for (std::size_t i = 0; i < items.size(); ++i) {
        const Text text = is_nothing(items[i]) ? Text{""} : text_of(items[i], store);
        if (!text) return text;
        pieces[i] = *text;
        size += text->size() + (i > 0 ? between.size() : 0);
    }
    const auto whole = store.characters(size);
    if (whole.size() != size) return too_large();
    auto out = whole.begin();
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (i > 0) out = std::ranges::copy(between, out).out;
        out = std::ranges::copy(*pieces[i].as<std::string_view>(), out).out;
    }
    return std::string_view{whole.data(), whole.size()};
}

Text text_of(const Value& value, Store& store) {
    if (const auto* number = value.as<double>()) return kept(text_of(*number).view(), store);
    if (const auto* time = value.as<WallTime>())
        return kept(text_of(number_of_moment(*time)).view(), store);
    if (const auto* list = value.as<List>()) return joined(list->span(), ",", store);
    return fixed_text(value);
}

bool same(const Value& a, const Value& b) {
    if (a.index() != b.index()) return false;
    if (const auto* number = a.as<double>()) return *number == *b.as<double>();
    if (const auto* truth = a.as<bool>()) return *truth == *b.as<bool>();
    if (const auto* text = a.as<std::string_view>()) return *text == *b.as<std::string_view>();
    if (const auto* time = a.as<WallTime>()) return *time == *b.as<WallTime>();
    // Lists and objects are the same only as themselves.
    if (const auto* list = a.as<List>())
        return list->items != nullptr && list->items == b.as<List>()->items;
    if (const auto* object = a.as<Object>())
        return object->members != nullptr && object->members == b.as<Object>()->members;
    return true;
}

Answer equal(const Value& a, const Value& b, Store& store) {
    if (is_nothing(a) || is_nothing(b)) return is_nothing(a) && is_nothing(b);
    if (a.index() == b.index() || (is_structure(a) && is_structure(b))) return same(a, b);
    if (is_structure(a) || is_structure(b)) {
        const auto left = primitive(a, store);
        const auto right = primitive(b, store);
        if (!left) return std::unexpected{left.error()};
        if (!right) return std::unexpected{right.error()};
        return equal(*left, *right, store);
    }
    return number_of(a) == number_of(b);
}

std::expected<Order, Failure> compare(const Value& a, const Value& b, Store& store) {
    const auto left = primitive(a, store);
    const auto right = primitive(b, store);
    if (!left) return std::unexpected{left.error()};
    if (!right) return std::unexpected{right.error()};
    const auto* text = left->as<std::string_view>();
    const auto* other = right->as<std::string_view>();
    if (text != nullptr && other != nullptr) return order_of(*text, *other);
    return order_of(number_of(*left), number_of(*right));
}

}  // namespace stile::rules
