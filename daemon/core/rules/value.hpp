// SPDX-License-Identifier: Apache-2.0
// What rules are made of and what they compute: JSON values and moments, and the memory they lie
// in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory_resource>
#include <span>
#include <string_view>
#include <variant>

#include "daemon/core/visit.hpp"

namespace stile::rules {

// Why a rule has no value. It refuses then.
enum class Fault : std::uint8_t {
    UnknownOperator = 1,
    UnknownVariable,
    BadArgument,  // an operator got what it cannot work with
    NoFact,       // it asks for a date or a zone that the event does not have
    NotAGate,     // it asks for visits or event times, and there is only data
    TooDeep,
    TooLarge,
    TooMuchWork,
    NotJson,
};

// One line for people, without a full stop.
[[nodiscard]] std::string_view fault_text(Fault fault);

struct Failure {
    Fault fault = Fault::BadArgument;
    std::string_view where;  // the operator or variable; lives as long as the program
};

inline constexpr std::size_t kMaxDepth = 128;  // levels of lists, objects and operators

// An argument that is not there. JSON has no word for it: it is printed as null.
struct Undefined {
    friend bool operator==(Undefined, Undefined) = default;
};
struct Null {
    friend bool operator==(Null, Null) = default;
};

struct Value;
struct Member;

struct List {
    const Value* items = nullptr;
    std::uint32_t size = 0;
    std::uint16_t depth = 1;  // 1 + that of its deepest item
    [[nodiscard]] std::span<const Value> span() const;
};

struct Object {
    const Member* members = nullptr;
    std::uint32_t size = 0;
    std::uint16_t depth = 1;
    [[nodiscard]] std::span<const Member> span() const;
    // The last member of that name wins, as everywhere; nothing: null pointer.
    [[nodiscard]] const Value* find(std::string_view name) const;
};

// A view: texts, lists and objects lie in a Store, in a program or with the caller.
struct Value
    : std::variant<Undefined, Null, bool, double, std::string_view, List, Object, WallTime> {
    using variant::variant;

    template <class T>
    [[nodiscard]] const T* as() const {
        return std::get_if<T>(this);
    }
    template <class T>
    [[nodiscard]] bool is() const {
        return std::holds_alternative<T>(*this);
    }
    // 0 for what is neither list nor object.
    [[nodiscard]] std::size_t depth() const;
};

struct Member {
    std::string_view name;
    Value value;
};

inline std::span<const Value> List::span() const {
    return {items, size};
}
inline std::span<const Member> Object::span() const {
    return {members, size};
}

using Outcome = std::expected<Value, Failure>;

// Memory that only grows, up to a limit, and goes all at once. Asks for none before it is used.
class Store {
public:
    explicit Store(std::size_t limit_bytes) : left_{limit_bytes} {}
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    // Room for `count` values or members, or for as many characters; an empty span when the limit
    // is reached (and for zero).
    [[nodiscard]] std::span<Value> values(std::size_t count) { return room<Value>(count); }
    [[nodiscard]] std::span<Member> members(std::size_t count) { return room<Member>(count); }
    [[nodiscard]] std::span<char> characters(std::size_t count) { return room<char>(count); }

    // Copies; failures are TooLarge and TooDeep.
    [[nodiscard]] Outcome text(std::string_view text);
    [[nodiscard]] Outcome list(std::span<const Value> items);
    [[nodiscard]] Outcome object(std::span<const Member> members);

private:
    template <class T>
    std::span<T> room(std::size_t count);

    std::pmr::monotonic_buffer_resource memory_;
    std::size_t left_;
};

// The list over items that already lie where they will stay. Errors: TooDeep.
[[nodiscard]] Outcome list_of(std::span<const Value> items);

}  // namespace stile::rules
