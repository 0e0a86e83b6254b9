// SPDX-License-Identifier: Apache-2.0
// Reads TOML by a table of fields: what the table does not name, or does not fit it, is an error
// with its place.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crypto/base/result.hpp"

namespace stile::config {

enum class Need { Optional, Required };

// One row: a key, where its value goes, and what values it may have.
struct Field {
    using Target = std::variant<std::string*, std::int64_t*, std::chrono::milliseconds*,
                                std::chrono::sys_seconds*, std::vector<std::string>*,
                                std::vector<std::int64_t>*>;
    std::string_view key;
    Target target;
    Need need = Need::Optional;
    std::int64_t least = std::numeric_limits<std::int64_t>::min();  // of a number, of milliseconds,
                                                                    // of each number in a list
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
    std::vector<std::string_view> one_of;                    // of a text; empty: any
    enum class Form { Any, Filled, Name } form = Form::Any;  // Filled: not empty; Name: [a-z0-9-]+
    bool* present = nullptr;                                 // set when the key is there
};

using Fields = std::vector<Field>;

// One section of a file: [name], or every [[name]] of a list.
struct Section {
    std::string_view name;
    std::function<Fields()>
        open;  // called for each table of that name; may append to a list and point into it
    enum class Count { One, List } count = Count::One;
};

class Document {
public:
    // Errors: NotFound, Denied, Io, Config (no file, too large; syntax, with line).
    [[nodiscard]] static Result<Document> read(const std::filesystem::path& file);
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

    // Fills the targets of all sections. Errors: Config, for the first key that is unknown,
    // missing, of the wrong type or out of range.
    [[nodiscard]] Result<void> fill(const std::vector<Section>& sections) const;

    // The file as it was read.
    [[nodiscard]] const std::string& text() const;

private:
    struct Parsed;
    explicit Document(std::unique_ptr<Parsed> parsed);
    std::unique_ptr<Parsed> parsed_;
};

}  // namespace stile::config
