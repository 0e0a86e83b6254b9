// SPDX-License-Identifier: Apache-2.0
// A line of a transcript taken apart into words.
#pragma once

#include <charconv>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"

namespace stile::emulator {

// Words between blanks; "..." is one word, in which \" \\ \n \t and \xHH stand for one character.
// What follows a # at the beginning of a word is left out. Errors: Invalid.
[[nodiscard]] Result<std::deque<std::string>> words_of(std::string_view line);

// Takes words from the front, and remembers the first thing that was wrong.
class Words {
public:
    explicit Words(std::deque<std::string> words) : words_{std::move(words)} {}

    [[nodiscard]] bool empty() const { return words_.empty(); }
    [[nodiscard]] std::string_view peek() const {
        return words_.empty() ? std::string_view{} : std::string_view{words_.front()};
    }
    // The next word; empty when there is none.
    std::string take() {
        if (words_.empty()) {
            complain("a word is missing at the end");
            return {};
        }
        std::string word = std::move(words_.front());
        words_.pop_front();
        return word;
    }
    // Takes the next word if it is this one.
    bool take_if(std::string_view word) {
        const bool is = !words_.empty() && words_.front() == word;
        if (is) words_.pop_front();
        return is;
    }
    void expect(std::string_view word) {
        if (!take_if(word)) complain("\"" + std::string{word} + "\" is expected");
    }
    unsigned number() {
        const std::string word = take();
        unsigned value = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (error != std::errc{} || end != word.data() + word.size())
            complain("\"" + word + "\" is no number");
        return value;
    }
    void complain(std::string text) {
        if (!complaint_) complaint_ = std::move(text);
    }
    // What was wrong, or that there are words behind the end.
    [[nodiscard]] std::optional<std::string> complaint() const {
        if (complaint_ || words_.empty()) return complaint_;
        return "\"" + words_.front() + "\" is too much";
    }

private:
    std::deque<std::string> words_;
    std::optional<std::string> complaint_;
};

}  // namespace stile::emulator
