// SPDX-License-Identifier: Apache-2.0
// toml++ behind the table of fields.
#include "daemon/config/document.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

namespace stile::config {

struct Document::Parsed {
    std::string file;
    std::string text;
    toml::table table;
};

namespace {

constexpr std::size_t kMaxFileBytes = 1 << 20;

// Where in the file a message belongs: "site.toml:12: mqtt.window".
struct Place {
    const std::string& file;
    std::string key;

    [[nodiscard]] std::unexpected<Error> error(const toml::source_region& at,
                                               std::string_view what) const {
        return fail(Errc::Config, fmt::format("{}:{}: {}: {}", file, at.begin.line, key, what));
    }
};

bool is_name(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !text.empty() && text.size() <= 63 && std::ranges::all_of(text, allowed);
}

Result<void> check_text(const Field& field, std::string_view text, const toml::node& node,
                        const Place& place) {
    if (!field.one_of.empty() && std::ranges::find(field.one_of, text) == field.one_of.end()) {
        return place.error(node.source(), fmt::format("\"{}\" is not one of: {}", text,
                                                      fmt::join(field.one_of, ", ")));
    }
    if (text.find('\0') != std::string_view::npos)
        return place.error(node.source(), "must not hold NUL");
    if (field.form == Field::Form::Filled && text.empty())
        return place.error(node.source(), "must not be empty");
    if (field.form == Field::Form::Name && !is_name(text)) {
        return place.error(
            node.source(),
            fmt::format("\"{}\" is not a name of a-z, 0-9 and - (at most 63)", text));
    }
    return {};
}

Result<void> check_number(const Field& field, std::int64_t number, const toml::node& node,
                          const Place& place) {
    if (number >= field.least && number <= field.most) return {};
    return place.error(node.source(),
                       fmt::format("{} is not between {} and {}", number, field.least, field.most));
}

// Fills one target; each overload names the TOML type that it wants.
class Assign {
public:
    Assign(const Field& field, const toml::node& node, const Place& place)
        : field_{field}, node_{node}, place_{place} {}

    Result<void> operator()(std::string* out) const {
        const auto text = node_.value_exact<std::string>();
        if (!text) return wrong_type("a text in quotes");
        *out = *text;
        return check_text(field_, *text, node_, place_);
    }
    Result<void> operator()(std::int64_t* out) const {
        const auto number = node_.value_exact<std::int64_t>();
        if (!number) return wrong_type("a whole number");
        *out = *number;
        return check_number(field_, *number, node_, place_);
    }
    Result<void> operator()(std::chrono::milliseconds* out) const {
        std::int64_t number = 0;
        const auto read = (*this)(&number);
        *out = std::chrono::milliseconds{number};
        return read;
    }
    Result<void> operator()(std::chrono::sys_seconds* out) const {
        const auto time = node_.value_exact<toml::date_time>();
        if (!time || !time->offset || time->time.nanosecond != 0)
            return wrong_type("a whole second with zone, such as 2026-06-01T18:00:00Z");
        // NOLINTNEXTLINE(google-build-using-namespace): calendar arithmetic reads badly without
        using namespace std::chrono;
        const sys_days day =
            year{time->date.year} / month{time->date.month} / std::chrono::day{time->date.day};
        *out = day + hours{time->time.hour} + minutes{time->time.minute} +
               seconds{time->time.second} - minutes{time->offset->minutes};
        return {};
    }
    Result<void> operator()(std::vector<std::string>* out) const {
        return list<std::string>(out, "a list of texts in quotes", check_text);
    }
    Result<void> operator()(std::vector<std::int64_t>* out) const {
        return list<std::int64_t>(out, "a list of whole numbers", check_number);
    }

private:
    template <class T, class Check>
    Result<void> list(std::vector<T>* out, std::string_view wanted, Check check) const {
        const auto* items = node_.as_array();
        if (items == nullptr) return wrong_type(wanted);
        out->clear();
        for (const toml::node& item : *items) {
            auto value = item.value_exact<T>();
            if (!value) return wrong_type(wanted);
            if (auto checked = check(field_, *value, item, place_); !checked) return checked;
            out->push_back(std::move(*value));
        }
        return {};
    }
    [[nodiscard]] std::unexpected<Error> wrong_type(std::string_view wanted) const {
        return place_.error(node_.source(), fmt::format("must be {}", wanted));
    }

    const Field& field_;
    const toml::node& node_;
    const Place& place_;
};

Result<void> fill_table(const std::string& file, std::string_view section, const toml::table& table,
                        Fields fields) {
    for (const auto& [key, node] : table) {
        const Place place{file, fmt::format("{}.{}", section, key.str())};
        const auto field = std::ranges::find(fields, key.str(), &Field::key);
        if (field == fields.end()) return place.error(key.source(), "unknown key");
        if (auto filled = std::visit(Assign{*field, node, place}, field->target); !filled)
            return filled;
        if (field->present != nullptr) *field->present = true;
        field->need = Need::Optional;
    }
    const auto missing = std::ranges::find(fields, Need::Required, &Field::need);
    if (missing == fields.end()) return {};
    return Place{file, fmt::format("{}.{}", section, missing->key)}.error(table.source(),
                                                                          "missing");
}

Result<void> fill_section(const std::string& file, const Section& section, const toml::node& node) {
    if (section.count == Section::Count::One) {
        if (const auto* table = node.as_table())
            return fill_table(file, section.name, *table, section.open());
        return Place{file, std::string{section.name}}.error(
            node.source(), fmt::format("must be a section [{}]", section.name));
    }
    const auto* list = node.as_array();
    if (list == nullptr || !list->is_array_of_tables()) {
        return Place{file, std::string{section.name}}.error(
            node.source(), fmt::format("must be sections [[{}]]", section.name));
    }
    for (const toml::node& item : *list) {
        if (auto filled = fill_table(file, section.name, *item.as_table(), section.open()); !filled)
            return filled;
    }
    return {};
}

Result<std::string> read_text(const std::filesystem::path& file) {
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (status.type() == std::filesystem::file_type::not_found)
        return fail(Errc::NotFound, file.native() + ": no such file");
    if (error == std::errc::permission_denied)
        return fail(Errc::Denied, file.native() + ": " + error.message());
    if (status.type() != std::filesystem::file_type::regular)
        return fail(Errc::Config, file.native() + ": not a file");
    std::ifstream in{file, std::ios::binary};
    if (!in) return fail(Errc::Denied, file.native() + ": cannot be read (permissions?)");
    std::string text(kMaxFileBytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) return fail(Errc::Io, file.native() + ": cannot be read");
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMaxFileBytes)
        return fail(Errc::Config, file.native() + ": larger than 1 MiB");
    return text;
}

}  // namespace

Document::Document(std::unique_ptr<Parsed> parsed) : parsed_{std::move(parsed)} {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::read(const std::filesystem::path& file) {
    auto text = read_text(file);
    if (!text) return std::unexpected{std::move(text.error())};
    try {
        toml::table table = toml::parse(*text);
        return Document{
            std::make_unique<Parsed>(file.native(), std::move(*text), std::move(table))};
    } catch (const toml::parse_error& error) {
        return fail(Errc::Config, fmt::format("{}:{}: {}", file.native(), error.source().begin.line,
                                              error.description()));
    }
}

const std::string& Document::text() const {
    return parsed_->text;
}

Result<void> Document::fill(const std::vector<Section>& sections) const {
    for (const auto& [key, node] : parsed_->table) {
        const auto section = std::ranges::find(sections, key.str(), &Section::name);
        if (section == sections.end()) {
            return Place{parsed_->file, std::string{key.str()}}.error(key.source(),
                                                                      "unknown section");
        }
        if (auto filled = fill_section(parsed_->file, *section, node); !filled) return filled;
    }
    return {};
}

}  // namespace stile::config
