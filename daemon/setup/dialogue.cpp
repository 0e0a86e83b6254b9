// SPDX-License-Identifier: Apache-2.0
// An answer becomes a line of TOML, and the table of fields judges it as it would the file's.
#include "daemon/setup/dialogue.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "daemon/setup/site_text.hpp"

namespace stile {
namespace {

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return std::string{text.substr(first, text.find_last_not_of(" \t\r") - first + 1)};
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find_first_of(", \t", at), text.size());
        if (end > at) words.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 18 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// What was typed as TOML of the target's type; nothing for what is no number.
struct Typed {
    const std::string& text;

    std::optional<std::string> operator()(const std::string*) const { return toml_text(text); }
    std::optional<std::string> operator()(const std::int64_t*) const { return number(text); }
    std::optional<std::string> operator()(const std::chrono::milliseconds*) const {
        return number(text);
    }
    std::optional<std::string> operator()(const std::chrono::sys_seconds*) const { return text; }
    std::optional<std::string> operator()(const std::vector<std::string>*) const {
        std::vector<std::string> words = words_of(text);
        return toml_text(&words);
    }
    std::optional<std::string> operator()(const std::vector<std::int64_t>*) const {
        std::string list = "[";
        for (const std::string& word : words_of(text)) {
            const auto one = number(word);
            if (!one) return std::nullopt;
            list += *one + ", ";
        }
        return list + "]";
    }

private:
    // TOML takes no zeros before a number.
    static std::optional<std::string> number(std::string_view digits) {
        if (!is_number(digits)) return std::nullopt;
        digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
        return std::string{digits};
    }
};

// What is wrong with a value; empty: the target has it.
std::string put(const config::Field& field, const std::string& toml) {
    const auto document =
        config::Document::parse("", fmt::format("[answer]\n{} = {}\n", field.key, toml));
    if (!document) return document.error().what;
    const auto mistakes = document->mistakes_in(
        {{"answer", [&field] { return config::Fields{field}; }, config::Section::Count::One}});
    return mistakes.empty() ? "" : mistakes.front().what;
}

// A default as it would be typed: without the marks of TOML around texts and lists, and within
// texts. What a terminal would not show stays spelled.
std::string shown(const config::Field::Target& target) {
    const std::string toml = toml_text(target);
    std::string text;
    bool quoted = false;
    for (std::size_t i = 0; i < toml.size(); ++i) {
        const char c = toml[i];
        if (c == '"') {
            quoted = !quoted;
        } else if (quoted && c == '\\' && toml[i + 1] != 'u') {
            text += toml[++i];
        } else if (quoted || (c != '[' && c != ']')) {
            text += c;
        }
    }
    return text;
}

}  // namespace

config::Field field_of(const config::Fields& fields, std::string_view key) {
    const auto found = std::ranges::find(fields, key, &config::Field::key);
    assert(found != fields.end());
    return *found;
}

std::string Dialogue::line() {
    auto line = console_.read_line();
    if (!line) ended_ = true;
    return trimmed(line.value_or(""));
}

void Dialogue::refuse(std::string_view why) {
    console_.say(fmt::format("  no: {}\n", why));
}

void Dialogue::ask(std::string_view words, config::Field field, const Check& more) {
    const std::string before = toml_text(field.target);
    // What may be left out of a file may be left empty here.
    if (field.need == config::Need::Optional && field.form == config::Field::Form::Filled)
        field.form = config::Field::Form::Any;
    while (!ended_) {
        const std::string usual = shown(field.target);
        console_.say(fmt::format("{}\n  {} [{}]: ", words, field.key, usual));
        std::string typed = line();
        if (ended_) return;
        const bool keep = typed.empty();
        if (typed == "-") typed.clear();
        const auto toml = keep ? std::optional{before} : std::visit(Typed{typed}, field.target);
        std::string wrong = toml ? put(field, *toml) : "that is no number";
        if (wrong.empty() && more) wrong = more();
        if (wrong.empty()) return;
        refuse(wrong);
        (void)put(field, before);  // it was there before, so it fits
    }
}

std::string Dialogue::ask_text(std::string_view words, std::string_view name,
                               const TextCheck& check) {
    while (!ended_) {
        console_.say(fmt::format("{}\n  {} []: ", words, name));
        std::string typed = line();
        if (ended_) break;
        const std::string wrong = check(typed);
        if (wrong.empty()) return typed;
        refuse(wrong);
    }
    return {};
}

bool Dialogue::agrees(std::string_view words, Yes yes) {
    const bool usual = yes == Yes::Usual;
    while (!ended_) {
        console_.say(fmt::format("{} [{}]: ", words, usual ? "Y/n" : "y/N"));
        const std::string typed = line();
        if (ended_) return false;
        if (typed.empty()) return usual;
        if (typed == "y" || typed == "Y" || typed == "yes") return true;
        if (typed == "n" || typed == "N" || typed == "no") return false;
        refuse("type y or n");
    }
    return false;
}

std::optional<crypto::LockedBytes> Dialogue::ask_hidden(std::string_view words,
                                                        std::string_view name) {
    if (ended_) return std::nullopt;
    auto typed = console_.read_hidden(fmt::format("{}\n  {} (not shown): ", words, name));
    if (!typed) ended_ = true;
    return typed;
}

}  // namespace stile
