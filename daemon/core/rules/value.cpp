// SPDX-License-Identifier: Apache-2.0
// Values and the memory they lie in.
#include "daemon/core/rules/value.hpp"

#include <algorithm>
#include <memory>

namespace stile::rules {
namespace {

const Value& value_in(const Value& item) {
    return item;
}
const Value& value_in(const Member& member) {
    return member.value;
}

std::size_t depth_over(const auto& parts) {
    std::size_t deepest = 0;
    for (const auto& part : parts)
        deepest = std::max(deepest, value_in(part).depth());
    return deepest + 1;
}

// The list or object over parts that already lie where they will stay.
template <class Kind>
Outcome over(const auto& parts) {
    const std::size_t depth = depth_over(parts);
    if (depth > kMaxDepth) return std::unexpected{Failure{Fault::TooDeep, {}}};
    return Value{Kind{parts.data(), static_cast<std::uint32_t>(parts.size()),
                      static_cast<std::uint16_t>(depth)}};
}

Outcome too_large() {
    return std::unexpected{Failure{Fault::TooLarge, {}}};
}

}  // namespace

std::string_view fault_text(Fault fault) {
    switch (fault) {
        case Fault::UnknownOperator:
            return "unknown operator";
        case Fault::UnknownVariable:
            return "unknown variable";
        case Fault::BadArgument:
            return "an argument of the wrong kind";
        case Fault::NoFact:
            return "the event has no such date or no time zone";
        case Fault::NotAGate:
            return "only a gate knows this, and there is none here";
        case Fault::TooDeep:
            return "nested too deep";
        case Fault::TooLarge:
            return "too large";
        case Fault::TooMuchWork:
            return "takes too long to evaluate";
        case Fault::NotJson:
            return "not JSON";
    }
    return "error";
}

const Value* Object::find(std::string_view name) const {
    for (std::size_t i = size; i > 0; --i) {
        if (members[i - 1].name == name) return &members[i - 1].value;
    }
    return nullptr;
}

std::size_t Value::depth() const {
    if (const auto* list = as<List>()) return list->depth;
    if (const auto* object = as<Object>()) return object->depth;
    return 0;
}

template <class T>
std::span<T> Store::room(std::size_t count) {
    if (count > left_ / sizeof(T)) return {};
    left_ -= count * sizeof(T);
    if (count == 0) return {};
    auto* const begin = static_cast<T*>(memory_.allocate(count * sizeof(T), alignof(T)));
    std::uninitialized_value_construct_n(begin, count);
    return {begin, count};
}
template std::span<Value> Store::room(std::size_t);
template std::span<Member> Store::room(std::size_t);
template std::span<char> Store::room(std::size_t);

Outcome list_of(std::span<const Value> items) {
    return over<List>(items);
}

Outcome Store::text(std::string_view text) {
    const auto copy = characters(text.size());
    if (copy.size() != text.size()) return too_large();
    std::ranges::copy(text, copy.begin());
    return Value{std::string_view{copy.data(), copy.size()}};
}

Outcome Store::list(std::span<const Value> items) {
    const auto copy = values(items.size());
    if (copy.size() != items.size()) return too_large();
    std::ranges::copy(items, copy.begin());
    return over<List>(copy);
}

Outcome Store::object(std::span<const Member> parts) {
    const auto copy = members(parts.size());
    if (copy.size() != parts.size()) return too_large();
    std::ranges::copy(parts, copy.begin());
    return over<Object>(copy);
}

}  // namespace stile::rules
