// SPDX-License-Identifier: Apache-2.0
// toml++ behind the table of fields.
#include "daemon/config/document.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

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

using Mistakes = std::vector<Mistake>;

// What is wrong with a value, if anything.
using Fault = std::optional<Mistake>;

// The key that a message is about: "mqtt.window".
struct Place {
    std::string key;

    [[nodiscard]] Mistake error(const toml::source_region& at, std::string_view what) const {
        return {at.begin.line, key, std::string{what}};
    }
};

bool is_name(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !text.empty() && text.size() <= 63 && std::ranges::all_of(text, allowed);
}

Fault check_text(const Field& field, std::string_view text, const toml::node& node,
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
    return std::nullopt;
}

Fault check_number(const Field& field, std::int64_t number, const toml::node& node,
                   const Place& place) {
    if (number >= field.least && number <= field.most) return std::nullopt;
    return place.error(node.source(),
                       fmt::format("{} is not between {} and {}", number, field.least, field.most));
}

// Fills one target; each overload names the TOML type that it wants.
class Assign {
public:
    Assign(const Field& field, const toml::node& node, const Place& place)
        : field_{field}, node_{node}, place_{place} {}

    Fault operator()(std::string* out) const {
        const auto text = node_.value_exact<std::string>();
        if (!text) return wrong_type("a text in quotes");
        *out = *text;
        return check_text(field_, *text, node_, place_);
    }
    Fault operator()(std::int64_t* out) const {
        const auto number = node_.value_exact<std::int64_t>();
        if (!number) return wrong_type("a whole number");
        *out = *number;
        return check_number(field_, *number, node_, place_);
    }
    Fault operator()(std::chrono::milliseconds* out) const {
        std::int64_t number = 0;
        const auto read = (*this)(&number);
        *out = std::chrono::milliseconds{number};
        return read;
    }
    Fault operator()(std::chrono::sys_seconds* out) const {
        const auto time = node_.value_exact<toml::date_time>();
        if (!time || !time->offset || time->time.nanosecond != 0)
            return wrong_type("a whole second with zone, such as 2026-06-01T18:00:00Z");
        // NOLINTNEXTLINE(google-build-using-namespace): calendar arithmetic reads badly without
        using namespace std::chrono;
        const sys_days day =
            year{time->date.year} / month{time->date.month} / std::chrono::day{time->date.day};
        *out = day + hours{time->time.hour} + minutes{time->time.minute} +
               seconds{time->time.second} - minutes{time->offset->minutes};
        return std::nullopt;
    }
    Fault operator()(std::vector<std::string>* out) const {
        return list<std::string>(out, "a list of texts in quotes", check_text);
    }
    Fault operator()(std::vector<std::int64_t>* out) const {
        return list<std::int64_t>(out, "a list of whole numbers", check_number);
    }

private:
    template <class T, class Check>
    Fault list(std::vector<T>* out, std::string_view wanted, Check check) const {
        const auto* items = node_.as_array();
        if (items == nullptr) return wrong_type(wanted);
        out->clear();
        for (const toml::node& item : *items) {
            auto value = item.value_exact<T>();
            if (!value) return wrong_type(wanted);
            if (auto fault = check(field_, *value, item, place_)) return fault;
            out->push_back(std::move(*value));
        }
        return std::nullopt;
    }
    [[nodiscard]] Mistake wrong_type(std::string_view wanted) const {
        return place_.error(node_.source(), fmt::format("must be {}", wanted));
    }

    const Field& field_;
    const toml::node& node_;
    const Place& place_;
};

void fill_table(std::string_view section, const toml::table& table, Fields fields,
                Mistakes& mistakes) {
    for (const auto& [key, node] : table) {
        const Place place{fmt::format("{}.{}", section, key.str())};
        const auto field = std::ranges::find(fields, key.str(), &Field::key);
        if (field == fields.end()) {
            mistakes.push_back(place.error(key.source(), "unknown key"));
            continue;
        }
        if (auto fault = std::visit(Assign{*field, node, place}, field->target))
            mistakes.push_back(std::move(*fault));
        if (field->present != nullptr) *field->present = true;
        if (field->line != nullptr) *field->line = key.source().begin.line;
        field->need = Need::Optional;
    }
    for (const Field& field : fields) {
        if (field.need != Need::Required) continue;
        const Place place{fmt::format("{}.{}", section, field.key)};
        mistakes.push_back(place.error(table.source(), "missing"));
    }
}

void fill_section(const Section& section, const toml::node& node, Mistakes& mistakes) {
    const Place place{std::string{section.name}};
    if (section.count == Section::Count::One) {
        if (const auto* table = node.as_table())
            return fill_table(section.name, *table, section.open(), mistakes);
        mistakes.push_back(
            place.error(node.source(), fmt::format("must be a section [{}]", section.name)));
        return;
    }
    const auto* list = node.as_array();
    if (list == nullptr || !list->is_array_of_tables()) {
        mistakes.push_back(
            place.error(node.source(), fmt::format("must be sections [[{}]]", section.name)));
        return;
    }
    for (const toml::node& item : *list)
        fill_table(section.name, *item.as_table(), section.open(), mistakes);
}

}  // namespace

std::string text_of(const Mistake& mistake, std::string_view file) {
    std::string text{file};
    if (mistake.line != 0) text += fmt::format(":{}", mistake.line);
    if (!mistake.key.empty()) text += ": " + mistake.key;
    return text + ": " + mistake.what;
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

Document::Document(std::unique_ptr<Parsed> parsed) : parsed_{std::move(parsed)} {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::read(const std::filesystem::path& file) {
    auto text = read_text(file);
    if (!text) return std::unexpected{std::move(text.error())};
    auto document = parse(file.native(), std::move(*text));
    if (!document) return fail(Errc::Config, text_of(document.error(), file.native()));
    return std::move(*document);
}

std::expected<Document, Mistake> Document::parse(std::string file, std::string text) {
    try {
        toml::table table = toml::parse(text);
        return Document{
            std::make_unique<Parsed>(std::move(file), std::move(text), std::move(table))};
    } catch (const toml::parse_error& error) {
        return std::unexpected{
            Mistake{error.source().begin.line, {}, std::string{error.description()}}};
    }
}

const std::string& Document::text() const {
    return parsed_->text;
}

Result<void> Document::fill(const std::vector<Section>& sections) const {
    const auto mistakes = mistakes_in(sections);
    if (mistakes.empty()) return {};
    return fail(Errc::Config, text_of(mistakes.front(), parsed_->file));
}

std::vector<Mistake> Document::mistakes_in(const std::vector<Section>& sections) const {
    Mistakes mistakes;
    for (const auto& [key, node] : parsed_->table) {
        const auto section = std::ranges::find(sections, key.str(), &Section::name);
        if (section == sections.end()) {
            const Place place{std::string{key.str()}};
            mistakes.push_back(place.error(key.source(), "unknown section"));
        } else {
            fill_section(*section, node, mistakes);
        }
    }
    sort_by_line(mistakes);
    return mistakes;
}

void sort_by_line(std::vector<Mistake>& mistakes) {
    std::multimap<std::size_t, Mistake> by_line;  // keeps the order of equals
    for (Mistake& mistake : mistakes)
        by_line.emplace(mistake.line, std::move(mistake));
    mistakes.clear();
    for (auto& [line, mistake] : by_line)
        mistakes.push_back(std::move(mistake));
}

}  // namespace stile::config
