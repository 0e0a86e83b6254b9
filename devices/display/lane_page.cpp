// SPDX-License-Identifier: Apache-2.0
// The page's blanks filled in, and a view as the page's script reads it.
#include "devices/display/lane_page.hpp"

#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "daemon/lane/lane_sign.hpp"
#include "devices/display/embedded.hpp"

namespace stile::devices {
namespace {

using Json = nlohmann::json;

// Inside <script> no character of the data may begin a tag.
std::string without_tags(std::string json) {
    for (std::size_t at = json.find('<'); at != std::string::npos; at = json.find('<', at))
        json.replace(at, 1, "\\u003c");
    return json;
}

void fill(std::string& page, std::string_view blank, std::string_view with) {
    for (std::size_t at = page.find(blank); at != std::string::npos;
         at = page.find(blank, at + with.size()))
        page.replace(at, blank.size(), with);
}

std::string to_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

LanePage lane_page(std::string_view lane, const Language& language, Sound sound) {
    Json data = Json::parse(language.texts);
    data["lane"] = lane;
    data["sound"] = sound == Sound::On;
    LanePage page{.html = std::string{embedded_page().html}, .id = {}};
    const std::size_t content = std::hash<std::string>{}(page.html + to_text(data));
    page.id = fmt::format("{:016x}", content);
    data["page"] = page.id;
    fill(page.html, "{{lane}}", lane);
    fill(page.html, "{{language}}", language.code);
    fill(page.html, "{{direction}}", language.direction);
    fill(page.html, "{{data}}", without_tags(to_text(data)));
    return page;
}

std::string content_policy() {
    const EmbeddedPage page = embedded_page();
    return fmt::format(
        "default-src 'none'; script-src '{}'; style-src '{}'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        page.script_hash, page.style_hash);
}

std::string view_event(const protocol::LaneView& view, std::string_view page, std::int64_t now_ns) {
    Json event{{"page", page},
               {"state", name_of(view.state)},
               {"exit", view.direction == Direction::Exit},
               {"people", view.people},
               {"since", std::to_string(view.since_ns)},
               {"seat", view.seat},
               {"entrance", view.entrance},
               {"name", view.greeting},
               {"words", view.words}};
    if (const auto reason = reason_from(view.reason)) event["reason"] = text_of(*reason).code;
    if (view.until_ns != 0) {
        const auto left = static_cast<std::int64_t>(view.until_ns) - now_ns;
        event["left"] = left > 0 ? left / 1'000'000 : 0;
    }
    return to_text(event);
}

std::string lost_event(std::string_view page) {
    return to_text({{"page", page}, {"state", "lost"}});
}

}  // namespace stile::devices
