// SPDX-License-Identifier: Apache-2.0
// One pass over the characters.
#include "tests/emulator/script/words.hpp"

#include "crypto/base/bytes.hpp"

namespace stile::emulator {
namespace {

// The character behind a backslash at the front of `rest`; takes it away. Nothing: unknown.
std::optional<char> escaped(std::string_view& rest) {
    const char kind = rest.empty() ? '\0' : rest.front();
    rest.remove_prefix(rest.empty() ? 0 : 1);
    if (kind == '"' || kind == '\\') return kind;
    if (kind == 'n') return '\n';
    if (kind == 't') return '\t';
    const auto byte = kind == 'x' ? from_hex(rest.substr(0, 2)) : std::nullopt;
    if (!byte || byte->size() != 1) return std::nullopt;
    rest.remove_prefix(2);
    return static_cast<char>(byte->front());
}

// A word in quotes, of which the first is taken already.
Result<std::string> quoted(std::string_view& rest) {
    std::string word;
    while (!rest.empty()) {
        const char letter = rest.front();
        rest.remove_prefix(1);
        if (letter == '"') return word;
        if (letter != '\\') {
            word += letter;
            continue;
        }
        const auto real = escaped(rest);
        if (!real) return fail(Errc::Invalid, "a backslash stands before \" \\ n t or xHH");
        word += *real;
    }
    return fail(Errc::Invalid, "a quote is missing");
}

}  // namespace

Result<std::deque<std::string>> words_of(std::string_view line) {
    std::deque<std::string> words;
    for (;;) {
        const auto begin = line.find_first_not_of(" \t\r");
        if (begin == std::string_view::npos || line[begin] == '#') return words;
        line.remove_prefix(begin);
        if (line.front() == '"') {
            line.remove_prefix(1);
            auto word = quoted(line);
            if (!word) return std::unexpected{std::move(word.error())};
            words.push_back(std::move(*word));
        } else {
            const auto end = std::min(line.find_first_of(" \t\r"), line.size());
            words.emplace_back(line.substr(0, end));
            line.remove_prefix(end);
        }
    }
}

}  // namespace stile::emulator
