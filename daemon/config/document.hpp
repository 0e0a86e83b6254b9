// SPDX-License-Identifier: Apache-2.0
// Reads TOML by a table of fields: what the table does not name, or does not fit it, is an error
// with its place.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
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
    std::size_t* line = nullptr;                             // set to its line, from 1
};

using Fields = std::vector<Field>;

// One section of a file: [name], or every [[name]] of a list.
struct Section {
    std::string_view name;
    std::function<Fields()>
        open;  // called for each table of that name; may append to a list and point into it
    enum class Count { One, List } count = Count::One;
};

// Something wrong in a file, and where.
struct Mistake {
    std::size_t line = 0;  // from 1; 0: no line in particular
    std::string key;       // "mqtt.window"; empty: none in particular
    std::string what;
    friend bool operator==(const Mistake&, const Mistake&) = default;
};

// "site.toml:12: mqtt.windw: unknown key"
[[nodiscard]] std::string text_of(const Mistake& mistake, std::string_view file);

// By line; those of one line stay in their order.
void sort_by_line(std::vector<Mistake>& mistakes);

// A file of at most 1 MiB. Errors: NotFound, Denied, Io, Config (no file, too large).
[[nodiscard]] Result<std::string> read_text(const std::filesystem::path& file);

class Document {
public:
    // Errors: NotFound, Denied, Io, Config (no file, too large; syntax, with line).
    [[nodiscard]] static Result<Document> read(const std::filesystem::path& file);
    // The same of a text; `file` is its name in messages. Errors: the first mistake in its syntax.
    [[nodiscard]] static std::expected<Document, Mistake> parse(std::string file, std::string text);
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

    // Fills the targets of all sections. Errors: Config, for the first key that is unknown,
    // missing, of the wrong type or out of range.
    [[nodiscard]] Result<void> fill(const std::vector<Section>& sections) const;
    // The same, but goes on and returns everything that is wrong, by line.
    [[nodiscard]] std::vector<Mistake> mistakes_in(const std::vector<Section>& sections) const;

    // The file as it was read.
    [[nodiscard]] const std::string& text() const;

private:
    struct Parsed;
    explicit Document(std::unique_ptr<Parsed> parsed);
    std::unique_ptr<Parsed> parsed_;
};

}  // namespace stile::config
