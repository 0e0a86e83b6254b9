// SPDX-License-Identifier: Apache-2.0
// The display's words in one language, from a file that anybody can write (DISPLAY.md).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"

namespace stile::devices {

struct Language {
    std::string code;       // "de", "zh-Hans"
    std::string name;       // in itself: "Deutsch"
    std::string direction;  // "ltr" or "rtl"
    std::string texts;      // compact JSON of all signs, words and reasons, as the page takes them
    std::vector<std::string> missing;  // keys that are English here: "reasons.USED"
};

// What is missing is taken from English. Errors: Config (no JSON, an unknown key, a text that is
// empty or too long, another code than `code`), with the key. Reentrant.
[[nodiscard]] Result<Language> read_language(std::string_view json, std::string_view code);

// All languages of this display.
class Languages {
public:
    // The built-in ones, and the files CODE.json of `folder`, which come before them; an empty
    // folder: none. Errors: Config, NotFound, Denied, Io, with the file.
    [[nodiscard]] static Result<Languages> load(const std::filesystem::path& folder);

    [[nodiscard]] const Language* find(std::string_view code) const;  // null: there is none
    [[nodiscard]] const std::vector<Language>& all() const { return all_; }

private:
    std::vector<Language> all_;
};

// "de: reasons.USED is missing, so it is English": one for each language that lacks something.
[[nodiscard]] std::vector<std::string> gaps_in(const Languages& languages);

}  // namespace stile::devices
