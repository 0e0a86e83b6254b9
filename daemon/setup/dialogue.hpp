// SPDX-License-Identifier: Apache-2.0
// Questions with a default, whose answers are checked at once and asked for again with the reason.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "daemon/config/document.hpp"
#include "daemon/setup/console.hpp"

namespace stile {

// Thread-bound. When the input ends every further question has its default; ask ended().
class Dialogue {
public:
    explicit Dialogue(Console& console) : console_{console} {}

    // What is wrong with an answer, as a sentence; empty: nothing.
    using Check = std::function<std::string()>;

    // The value of a key of the site file: its target is the default, is checked by its row of the
    // table and then, filled, by `more`. "-" empties a text or a list.
    void ask(std::string_view words, config::Field field, const Check& more = {});
    // A text of no table, which is empty without an answer.
    using TextCheck = std::function<std::string(const std::string&)>;
    [[nodiscard]] std::string ask_text(std::string_view words, std::string_view name,
                                       const TextCheck& check);
    enum class Yes { Usual, NotUsual };
    [[nodiscard]] bool agrees(std::string_view words, Yes yes);
    [[nodiscard]] std::optional<crypto::LockedBytes> ask_hidden(std::string_view words,
                                                                std::string_view name);

    void say(std::string_view text) { console_.say(text); }
    void refuse(std::string_view why);
    [[nodiscard]] bool ended() const { return ended_; }

private:
    [[nodiscard]] std::string line();
    Console& console_;
    bool ended_ = false;
};

// The row with that key.
[[nodiscard]] config::Field field_of(const config::Fields& fields, std::string_view key);

}  // namespace stile
