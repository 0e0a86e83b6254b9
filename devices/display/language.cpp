// SPDX-License-Identifier: Apache-2.0
// A language file against the one table of keys: the signs, the words, and every reason.
#include "devices/display/language.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "crypto/base/bytes.hpp"
#include "daemon/config/document.hpp"
#include "daemon/lane/lane_sign.hpp"
#include "devices/display/embedded.hpp"

namespace stile::devices {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kEnglish = "en";
constexpr std::size_t kMostBytes = 400;  // of one text: more cannot be read in passing

// "signs.idle", "words.seat", "reasons.USED": the whole table.
using Keys = std::map<std::string, std::set<std::string>, std::less<>>;

Keys all_keys() {
    Keys keys{{"signs", {"goodbye", "lost"}}, {"words", {"seat", "entrance", "people", "welcome"}}};
    for (auto number = std::uint8_t{1}; number <= std::to_underlying(SignState::Last); ++number) {
        // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): counted up to the last
        const auto state = static_cast<SignState>(number);
        if (state != SignState::Go && state != SignState::Stop)
            keys["signs"].emplace(name_of(state));
    }
    for (unsigned number = 0; number < kReasonSlots; ++number) {
        if (const auto reason = reason_from(static_cast<std::uint8_t>(number)))
            keys["reasons"].emplace(text_of(*reason).code);
    }
    return keys;
}

std::unexpected<Error> wrong(std::string_view code, std::string_view what) {
    return fail(Errc::Config, fmt::format("language {}: {}", code, what));
}

bool is_text(const Json& value) {
    if (!value.is_string()) return false;
    const auto& text = value.get_ref<const std::string&>();
    return !text.empty() && text.size() <= kMostBytes;
}

// A word is a text, a sign and a reason two: what is the matter, and what to do next.
bool is_entry(std::string_view section, const Json& value) {
    if (section == "words") return is_text(value);
    return value.is_array() && value.size() == 2 && is_text(value[0]) && is_text(value[1]);
}

// What is wrong with a section; empty: nothing.
std::string mistake_in(std::string_view section, const Json& given,
                       const std::set<std::string>& keys) {
    if (!given.is_object()) return fmt::format("{}: must be an object", section);
    for (const auto& [key, value] : given.items()) {
        if (!keys.contains(key)) return fmt::format("{}.{}: unknown key", section, key);
        if (!is_entry(section, value)) {
            return fmt::format("{}.{}: must be {} of 1 to {} bytes", section, key,
                               section == "words" ? "a text" : "two texts", kMostBytes);
        }
    }
    return {};
}

std::string head_mistake(const Json& file, std::string_view code) {
    if (!file.is_object()) return "is no JSON object";
    for (const auto& [key, value] : file.items()) {
        const bool section = key == "signs" || key == "words" || key == "reasons";
        const bool text = key == "language" || key == "name" || key == "direction";
        if (!section && !text) return key + ": unknown key";
        if (text && !is_text(value)) return key + ": must be a text";
    }
    for (const char* needed : {"language", "name", "direction"}) {
        if (!file.contains(needed)) return fmt::format("{}: missing key", needed);
    }
    if (file["language"] != code) return "language: is not the name of the file";
    if (file["direction"] != "ltr" && file["direction"] != "rtl")
        return "direction: must be ltr or rtl";
    return {};
}

const Json& english() {
    static const Json kFile = [] {
        const auto all = embedded_languages();
        const auto found = std::ranges::find(all, kEnglish, &EmbeddedLanguage::code);
        return found == all.end() ? Json::object() : Json::parse(found->json, nullptr, false);
    }();
    return kFile;
}

std::string mistake_in(const Json& file, std::string_view code, const Keys& keys) {
    if (auto what = head_mistake(file, code); !what.empty()) return what;
    for (const auto& [section, names] : keys) {
        if (!file.contains(section)) continue;
        if (auto what = mistake_in(section, file[section], names); !what.empty()) return what;
    }
    const std::string welcome = file.value(Json::json_pointer{"/words/welcome"}, "{name}");
    if (welcome.find("{name}") == std::string::npos) return "words.welcome: must have {name} in it";
    return {};
}

Result<std::string> read_file(const std::filesystem::path& file) {
    auto text = config::read_text(file);
    if (!text) return std::unexpected{std::move(text.error())};
    return text;
}

}  // namespace

Result<Language> read_language(std::string_view json, std::string_view code) {
    const Json file = Json::parse(json, nullptr, false);
    if (file.is_discarded()) return wrong(code, "is no JSON");
    const Keys keys = all_keys();
    if (const auto what = mistake_in(file, code, keys); !what.empty()) return wrong(code, what);
    Language language{.code = std::string{code},
                      .name = file["name"],
                      .direction = file["direction"],
                      .texts = {},
                      .missing = {}};
    Json texts;
    for (const auto& [section, names] : keys) {
        for (const std::string& name : names) {
            const Json::json_pointer at{"/" + section + "/" + name};
            const bool here = file.contains(at);
            if (!here) language.missing.push_back(section + "." + name);
            if (here || english().contains(at)) texts[at] = here ? file[at] : english()[at];
        }
    }
    language.texts = texts.dump();
    return language;
}

Result<Languages> Languages::load(const std::filesystem::path& folder) {
    Languages out;
    std::error_code failed;
    if (!folder.empty()) {
        for (const auto& entry : std::filesystem::directory_iterator{folder, failed}) {
            if (entry.path().extension() != ".json") continue;
            const auto text = read_file(entry.path());
            if (!text) return std::unexpected{text.error()};
            auto language = read_language(*text, entry.path().stem().native());
            if (!language)
                return fail(Errc::Config, entry.path().native() + ": " + language.error().context);
            out.all_.push_back(std::move(*language));
        }
        if (failed)
            return fail(Errc::Config, fmt::format("display.languages: {}: {}", folder.native(),
                                                  failed.message()));
    }
    for (const EmbeddedLanguage& built_in : embedded_languages()) {
        if (out.find(built_in.code) != nullptr) continue;
        auto language = read_language(built_in.json, built_in.code);
        if (!language) return std::unexpected{std::move(language.error())};
        out.all_.push_back(std::move(*language));
    }
    std::ranges::sort(out.all_, {}, &Language::code);
    return out;
}

const Language* Languages::find(std::string_view code) const {
    const auto found = std::ranges::find(all_, code, &Language::code);
    return found == all_.end() ? nullptr : &*found;
}

std::vector<std::string> gaps_in(const Languages& languages) {
    std::vector<std::string> gaps;
    for (const Language& language : languages.all()) {
        if (language.missing.empty()) continue;
        gaps.push_back(fmt::format("language {}: missing, and shown in English: {}", language.code,
                                   fmt::join(language.missing, ", ")));
    }
    return gaps;
}

}  // namespace stile::devices
