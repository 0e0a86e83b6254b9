// SPDX-License-Identifier: Apache-2.0
// A parsed JSON text and views into it, with the library behind one file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"

namespace stile::pretix {

// A value of a document, which must outlive it. A member that is not there is an absent view, whose
// members are absent as well; so a reader asks for what it wants and looks at the end of the path.
class JsonView {
public:
    JsonView() = default;

    [[nodiscard]] bool absent() const { return value_ == nullptr; }
    // Not there, or null: the platform writes both for "none".
    [[nodiscard]] bool none() const;
    [[nodiscard]] bool is_object() const;
    [[nodiscard]] bool is_array() const;

    [[nodiscard]] JsonView at(std::string_view name) const;
    // Elements of an array, members of an object; 0 for anything else.
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] JsonView element(std::size_t index) const;  // of an array
    [[nodiscard]] JsonView first_member() const;              // of an object: its value

    // Nothing when the value is of another type, or does not fit.
    [[nodiscard]] std::optional<bool> flag() const;
    [[nodiscard]] std::optional<std::uint64_t> number() const;  // a whole number, not negative
    [[nodiscard]] std::optional<std::int64_t> signed_number() const;
    [[nodiscard]] std::optional<std::string_view> text() const;
    // Compact JSON of this value; empty when it is absent.
    [[nodiscard]] std::string dump() const;

private:
    friend class JsonDocument;
    explicit JsonView(const void* value) : value_{value} {}
    const void* value_ = nullptr;
};

class JsonDocument {
public:
    static constexpr std::size_t kMaxDepth = 256;

    // Errors: Invalid (no JSON, or no UTF-8), Unsupported (nested more than kMaxDepth deep).
    [[nodiscard]] static Result<JsonDocument> parse(std::string_view text);
    [[nodiscard]] JsonView root() const { return JsonView{value_.get()}; }

private:
    struct Delete {
        void operator()(void* value) const;
    };
    explicit JsonDocument(void* value) : value_{value} {}
    std::unique_ptr<void, Delete> value_;
};

}  // namespace stile::pretix
