// SPDX-License-Identifier: Apache-2.0
// The policy document: what it means.

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "tests/daemon/policy_text_of.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using namespace stile::test;

std::string file_text(std::string_view path) {
    std::ifstream file{std::string{STILE_SOURCE_DIR}.append(path)};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::string sample_text() {
    return file_text("/systemd/policy.toml");
}

TEST(PolicyDocument, OfTheHandbookIsGood) {
    const std::string handbook = file_text("/daemon/POLICY.md");
    const std::size_t begin = handbook.find("```toml\n") + 8;
    const auto reading = read_policy(handbook.substr(begin, handbook.rfind("```") - begin), {});
    EXPECT_EQ(told(reading.mistakes), std::vector<std::string>{});
    EXPECT_EQ(told(reading.warnings), std::vector<std::string>{});
    EXPECT_EQ(reading.policy.lists.size(), 2U);
}

TEST(PolicyDocument, OfTheSampleIsGood) {
    const auto reading = read_policy(sample_text(), {});
    EXPECT_EQ(told(reading.mistakes), std::vector<std::string>{});
    EXPECT_EQ(told(reading.warnings), std::vector<std::string>{});
    EXPECT_EQ(reading.policy.areas.areas().size(), 3U);
    EXPECT_EQ(reading.policy.products.size(), 4U);
}

TEST(PolicyDocument, ShowsItsDefaultsInTheSample) {
    std::string text = sample_text();
    for (std::size_t at = text.find("\n# "); at != std::string::npos;
         at = text.find("\n# ", at + 1)) {
        const std::size_t equals = text.find(" = ", at);
        const bool key = equals != std::string::npos && equals < text.find('\n', at + 1) &&
                         text.find(' ', at + 3) == equals;
        const std::string name = text.substr(at + 3, equals - at - 3);
        const bool choice = name == "gates" || name == "gate" || name == "exempt" ||
                            name == "list" || name == "lists" || name == "passback_minutes";
        if (key && !choice) text.replace(at, 3, "\n");
    }
    const auto all = read_policy(text, {});
    EXPECT_EQ(told(all.mistakes), std::vector<std::string>{});
    const auto some = read_policy(sample_text(), {});
    EXPECT_EQ(all.policy.products, some.policy.products);
    EXPECT_EQ(all.policy.areas, some.policy.areas);
    EXPECT_EQ(all.policy.ways, some.policy.ways);
    EXPECT_EQ(all.policy.freshness, some.policy.freshness);
    EXPECT_EQ(all.policy.clock, some.policy.clock);
    EXPECT_EQ(all.policy.other_products, some.policy.other_products);
}

TEST(PolicyDocument, AsksForNothingWhenItSaysNothing) {
    const AccessPolicy empty = policy("");
    EXPECT_EQ(empty.version, 1U);
    EXPECT_EQ(empty.areas, AreaTree{});
    EXPECT_EQ(empty.other_products, Terms{});
    EXPECT_EQ(empty.freshness, Freshness{});
    EXPECT_EQ(empty.clock, ClockRules{});
    EXPECT_EQ(empty.classes, std::vector<std::string>{"guest"});
    EXPECT_TRUE(empty.lists.empty());
}

TEST(PolicyDocument, KnowsTheZone) {
    const AccessPolicy berlin = policy("");
    EXPECT_EQ(berlin.zone_name, "Europe/Berlin");
    const WallTime summer = std::chrono::sys_days{std::chrono::year{2026} / 7 / 31};
    EXPECT_EQ(berlin.zone.local(summer).time_since_epoch(), summer.time_since_epoch() + 2h);
}

TEST(PolicyDocument, ReadsAreas) {
    const AccessPolicy read = policy(
        "[[class]]\nname = \"crew\"\n[[area]]\nname = \"hall\"\nnumber = 7\nparent = \"arena\"\n"
        "passback = \"timed\"\npassback_minutes = 20\nparents = \"strict\"\nexempt = [\"crew\"]\n"
        "[[area]]\nname = \"arena\"\nnumber = 3\ntitle = \"the arena\"\ncapacity = 90\n"
        "daily_reset = \"05:30\"\n");
    const auto areas = read.areas.areas();
    ASSERT_EQ(areas.size(), 3U);
    EXPECT_EQ(areas[1], (Area{.number = 3,
                              .name = "arena",
                              .title = "the arena",
                              .capacity = 90,
                              .daily_reset = 5h + 30min}));
    EXPECT_EQ(areas[2], (Area{.number = 7,
                              .name = "hall",
                              .title = "hall",
                              .parent = 3,
                              .passback = Passback::Timed,
                              .passback_time = 20min,
                              .parents = Parents::Strict,
                              .exempt = 2}));
}

TEST(PolicyDocument, ReadsSlots) {
    const AccessPolicy read = policy(
        "[[slot]]\nname = \"late\"\ndays = [\"sun\", \"mon\"]\nfrom = \"22:00\"\nto = \"04:15\"\n"
        "early_minutes = 5\nlate_minutes = 6\n"
        "[[slot]]\nname = \"once\"\nbegins = 2026-07-31T18:00:00+02:00\nends = "
        "2026-07-31T17:00:00Z\n"
        "[[product]]\nname = \"a\"\nslots = [\"once\", \"late\"]\n");
    const WallTime begins = std::chrono::sys_days{std::chrono::year{2026} / 7 / 31} + 16h;
    EXPECT_EQ(read.products[0].terms.slots,
              (std::vector<Slot>{{.name = "once", .begins = begins, .ends = begins + 1h},
                                 {.name = "late",
                                  .days = 0b1000001,
                                  .from = 22h,
                                  .to = 4h + 15min,
                                  .early = 5min,
                                  .late = 6min}}));
}

TEST(PolicyDocument, LetsAProductSayItStrongerThanItsClass) {
    const AccessPolicy read = policy(
        "[[class]]\nname = \"vip\"\nassurance = \"A2\"\nrelease_ms = 9000\nfreshness = \"refuse\"\n"
        "group = \"together\"\nreissue = \"replaces\"\nlists = [4]\n"
        "[[product]]\nname = \"a\"\nevent = 7\nids = [3, 1]\nclass = \"vip\"\nassurance = \"A1\"\n"
        "max_list_age_minutes = 5\n");
    EXPECT_EQ(read.products[0].ids, (std::vector<std::uint64_t>{1, 3}));
    EXPECT_EQ(read.products[0].event, 7U);
    EXPECT_EQ(read.products[0].terms, (Terms{.class_number = 1,
                                             .assurance = crypto::Assurance::SharedSecret,
                                             .group = GroupMode::Together,
                                             .reissue = ReissueMode::Replaces,
                                             .release = 9s,
                                             .freshness = Freshness{Doubt::Refuse, 5min},
                                             .lists = {4}}));
}

TEST(PolicyDocument, CountsProductsThatNoSectionNamesAsGuests) {
    const AccessPolicy read = policy(
        "[[class]]\nname = \"crew\"\nexempt = [\"passback\"]\n"
        "[[class]]\nname = \"guest\"\nexempt = [\"capacity\"]\nassurance = \"A1\"\n");
    EXPECT_EQ(read.classes, (std::vector<std::string>{"crew", "guest"}));
    EXPECT_EQ(read.passback_exempt, 1U);
    EXPECT_EQ(read.capacity_exempt, 2U);
    EXPECT_EQ(read.other_products->class_number, 1);
    EXPECT_EQ(read.other_products->assurance, crypto::Assurance::SharedSecret);
}

TEST(PolicyDocument, RefusesProductsThatNoSectionNamesIfItSaysSo) {
    const AccessPolicy read =
        policy("other_products = \"refuse\"\n[[product]]\nname = \"a\"\nids = [1]\n");
    EXPECT_NE(read.terms(2026, 1), nullptr);
    EXPECT_EQ(read.terms(2026, 2), nullptr);
}

TEST(PolicyDocument, ReadsDoubts) {
    const AccessPolicy read = policy(
        "[freshness]\nwhen_stale = \"refuse\"\nmax_age_minutes = 0\n[clock]\n"
        "timed_unsynced = \"flag\"\ntimed_wrong = \"refuse\"\nother_unsynced = \"refuse\"\n"
        "other_wrong = \"admit\"\n");
    EXPECT_EQ(read.freshness, (Freshness{Doubt::Refuse, 0min}));
    EXPECT_EQ(read.clock, (ClockRules{Doubt::Flag, Doubt::Refuse, Doubt::Refuse, Doubt::Admit}));
}

TEST(PolicyDocument, ReadsTheGatesOwnLists) {
    const AccessPolicy read = policy(
        "[[product]]\nname = \"a\"\nids = [1, 2]\n[[product]]\nname = \"rest\"\n"
        "[[list]]\nname = \"x\"\nevent = 7\nproducts = [\"a\"]\nreentry = \"after-exit\"\n"
        "[[list]]\nname = \"y\"\nnumber = 5\nproducts = [\"a\", \"rest\"]\nreentry = \"always\"\n"
        "[[list]]\nname = \"z\"\n");
    ASSERT_EQ(read.lists.size(), 3U);
    EXPECT_EQ(read.lists[0].key, (ListKey{7, 0}));
    EXPECT_EQ(read.lists[0].products, (std::vector<std::uint64_t>{1, 2}));
    EXPECT_FALSE(read.lists[0].all_products);
    EXPECT_TRUE(read.lists[0].entry_after_exit);
    EXPECT_EQ(read.lists[1].key, (ListKey{0, 5}));
    EXPECT_TRUE(read.lists[1].all_products);
    EXPECT_TRUE(read.lists[1].multiple_entries);
    EXPECT_TRUE(read.lists[2].all_products);
    EXPECT_FALSE(read.lists[2].multiple_entries || read.lists[2].entry_after_exit);
}

constexpr std::string_view kLanes =
    "[[area]]\nname = \"hall\"\nnumber = 1\n"
    "[[lane]]\nname = \"l\"\ngate = \"a\"\nto = \"hall\"\n"
    "[[lane]]\nname = \"l\"\ngate = \"b\"\nfrom = \"hall\"\n"
    "[[lane]]\nname = \"l\"\ndirection = \"exit\"\nfrom = \"hall\"\nlist = \"own\"\n"
    "[[list]]\nname = \"own\"\nnumber = 9\n";

TEST(PolicyDocument, KeepsTheLanesOfItsGate) {
    EXPECT_EQ(policy(kLanes).ways.size(), 3U);
    const AccessPolicy read = policy(kLanes, {.venue = "v", .gate = "b"});
    ASSERT_EQ(read.ways.size(), 2U);
    EXPECT_EQ(read.way("l", Direction::Entry)->from, 1U);
    EXPECT_EQ(read.way("l", Direction::Exit)->list, 9U);
    EXPECT_EQ(read.way("m", Direction::Exit), nullptr);
}

TEST(PolicyDocument, RefusesAGateThatItIsNotFor) {
    const PolicyPlace place{.venue = "v", .gate = "b"};
    EXPECT_EQ(told(read("venue = \"other\"\n", place).mistakes),
              std::vector<std::string>{
                  "p:5: policy.venue: this policy is for \"other\", and this gate is at \"v\""});
    EXPECT_EQ(told(read("gates = [\"a\", \"c\"]\n", place).mistakes),
              std::vector<std::string>{"p:5: policy.gates: this gate, \"b\", is not among them"});
    EXPECT_TRUE(read("venue = \"v\"\ngates = [\"a\", \"b\"]\n", place).mistakes.empty());
}

TEST(PolicyDocument, RefusesALaneOfItsGateThatLeadsNowhere) {
    PolicyPlace place{.venue = "v", .gate = "b", .lanes = {{"l", Direction::Exit}}};
    EXPECT_TRUE(read(kLanes, place).mistakes.empty());
    place.lanes.push_back({"m", Direction::Entry});
    EXPECT_EQ(told(read(kLanes, place).mistakes),
              std::vector<std::string>{"p:3: lane: lane \"m\" of this gate (entry) leads nowhere: "
                                       "add a [[lane]] with direction = \"entry\", from and to"});
    EXPECT_TRUE(read("", place).mistakes.empty());  // no areas: nothing to lead to
}

TEST(PolicyDocument, IsLoadedFromAFile) {
    const TempDir folder;
    const auto file = folder.write("policy.toml", sample_text());
    const auto loaded = load_policy(file, {});
    ASSERT_TRUE(loaded) << loaded.error().context;
    EXPECT_EQ(loaded->name, "arena, summer 2026");
    const auto broken = folder.write("broken.toml", "[policy]\nversion = 0\n");
    EXPECT_EQ(load_policy(broken, {}).error().code, Errc::Config);
    EXPECT_EQ(load_policy(broken, {}).error().context,
              broken.native() + ":1: policy.name: missing");
    EXPECT_EQ(load_policy(folder.path() / "none.toml", {}).error().code, Errc::NotFound);
}

}  // namespace
}  // namespace stile
