// SPDX-License-Identifier: Apache-2.0
// The page of a lane and its events, before any browser sees them.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/core/reason.hpp"
#include "devices/display/embedded.hpp"
#include "devices/display/lane_page.hpp"

namespace stile::devices {
namespace {

using Json = nlohmann::json;
using protocol::LaneView;
using protocol::SignState;

const Languages& languages() {
    static const Languages kAll = Languages::load({}).value();
    return kAll;
}

LanePage page_in(std::string_view code, Sound sound = Sound::On) {
    return lane_page("lane-1", *languages().find(code), sound);
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(DisplayPage, IsInItsLanguageAndDirection) {
    const std::string html = page_in("ar").html;
    EXPECT_TRUE(has(html, R"(<html lang="ar" dir="rtl">)"));
    EXPECT_TRUE(has(html, "هذه التذكرة غير صالحة"));
    EXPECT_FALSE(has(html, "{{"));
}

TEST(DisplayPage, AsksNoOtherHostForAnything) {
    const std::string html = page_in("en").html;
    for (const char* remote : {"http:", "https:", "//", "@import", "url("}) {
        const std::size_t at = html.find(remote);
        const bool comment = std::string_view{remote} == "//";
        EXPECT_TRUE(comment || at == std::string::npos) << html.substr(at, 60);
    }
    EXPECT_FALSE(has(html, "innerHTML"));
    EXPECT_FALSE(has(html, " style="));
    EXPECT_FALSE(has(html, " onclick"));
}

TEST(DisplayPage, MayRunItsOwnScriptAndNothingElse) {
    const std::string policy = content_policy();
    EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'sha256-")) << policy;
    EXPECT_TRUE(has(policy, "style-src 'sha256-"));
    EXPECT_TRUE(has(policy, "frame-ancestors 'none'"));
    EXPECT_FALSE(has(policy, "unsafe"));
    EXPECT_FALSE(has(policy, "*"));
    EXPECT_EQ(embedded_page().script_hash.size(), std::string_view{"sha256-"}.size() + 44);
}

TEST(DisplayPage, IsAnotherOneInAnotherLanguageOrWithoutSound) {
    EXPECT_NE(page_in("en").id, page_in("de").id);
    EXPECT_NE(page_in("en").id, page_in("en", Sound::Off).id);
    EXPECT_EQ(page_in("en").id, page_in("en").id);
}

TEST(DisplayPage, LetsNoTextOfALanguageBecomeATag) {
    Language language = *languages().find("en");
    Json texts = Json::parse(language.texts);
    texts["reasons"]["USED"][0] = "</script><script>alert(1)</script>{{lane}}";
    language.texts = texts.dump();
    const std::string html = lane_page("lane-1", language, Sound::On).html;
    EXPECT_FALSE(has(html, "<script>alert"));
    EXPECT_TRUE(has(html, "\\u003c/script>"));
}

TEST(DisplayEvent, TellsWhatTheLaneShows) {
    const LaneView view{.lane = "lane-1",
                        .state = SignState::Go,
                        .reason = std::to_underlying(Reason::Valid),
                        .direction = Direction::Exit,
                        .people = 3,
                        .since_ns = 17,
                        .until_ns = 9'000'000'000,
                        .seat = "C 4",
                        .entrance = "North",
                        .greeting = "Ada",
                        .words = "Hat"};
    EXPECT_EQ(Json::parse(view_event(view, "p", 1'000'000'000)), (Json{{"page", "p"},
                                                                       {"state", "go"},
                                                                       {"reason", "VALID"},
                                                                       {"exit", true},
                                                                       {"people", 3},
                                                                       {"since", "17"},
                                                                       {"left", 8000},
                                                                       {"seat", "C 4"},
                                                                       {"entrance", "North"},
                                                                       {"name", "Ada"},
                                                                       {"words", "Hat"}}));
}

TEST(DisplayEvent, HasNoReasonThatThisVersionDoesNotKnow) {
    const LaneView view{.lane = "lane-1", .state = SignState::Stop, .reason = 250};
    EXPECT_FALSE(Json::parse(view_event(view, "p", 0)).contains("reason"));
}

TEST(DisplayEvent, HasNoTimeLeftBelowNone) {
    const LaneView view{.lane = "lane-1", .until_ns = 5};
    EXPECT_EQ(Json::parse(view_event(view, "p", 1'000'000'000))["left"], 0);
    EXPECT_FALSE(Json::parse(view_event({.lane = "lane-1"}, "p", 0)).contains("left"));
}

TEST(DisplayEvent, IsOneLineWhateverSomebodyIsCalled) {
    for (const std::string name : {"a\nb\r\n\r\ndata: x", "\xE2\x80\xA8", "\xFF\xC3"}) {
        const std::string event = view_event({.lane = "lane-1", .greeting = name}, "p", 0);
        EXPECT_EQ(event.find_first_of("\r\n"), std::string::npos);
        EXPECT_FALSE(Json::parse(event, nullptr, false).is_discarded());
    }
}

TEST(DisplayEvent, SaysThatNobodyKnows) {
    EXPECT_EQ(Json::parse(lost_event("p")), (Json{{"page", "p"}, {"state", "lost"}}));
}

}  // namespace
}  // namespace stile::devices
