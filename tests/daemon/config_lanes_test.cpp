// SPDX-License-Identifier: Apache-2.0
// Lanes with directions, groups and a week of modes in the site file.
#include <gtest/gtest.h>

#include "daemon/config/site.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::config {
namespace {

TEST(ConfigLanes, ReadDirectionsAndAWeek) {
    const stile::test::TempDir folder;
    const auto site = load_site(folder.write(
        "site.toml",
        "[site]\nvenue = \"arena\"\ngate = \"north-1\"\n[[lane]]\nname = \"a\"\n"
        "[[reader]]\nname = \"main\"\nlane = \"a\"\nsource = \"/dev/video2\"\n"
        "[[lane]]\nname = \"b\"\ndirection = \"both\"\ngroup = \"single\"\n"
        "[[reader]]\nname = \"in\"\nlane = \"b\"\nsource = \"x\"\ndirection = \"entry\"\n"
        "[[reader]]\nname = \"out\"\nlane = \"b\"\nsource = \"y\"\ndirection = \"exit\"\n"
        "[[schedule]]\nlane = \"b\"\ndays = [\"sat\", \"sun\"]\nfrom = \"07:30\"\n"
        "mode = \"exit-only\"\n"));
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(site->lane("b")->group, "single");
    EXPECT_EQ(site->reader("main")->direction, "");
    EXPECT_EQ(site->reader("out")->direction, "exit");
    ASSERT_EQ(site->schedules.size(), 1U);
    EXPECT_EQ(site->schedules[0].days.size(), 2U);
    EXPECT_EQ(time_of_day(site->schedules[0].from), std::chrono::minutes{450});
}

TEST(ConfigLanes, RefuseWhatIsNoTimeOfDay) {
    for (const std::string_view text : {"", "0", "0730", "7:30", "07-30", "07:60", "24:00", "aa:bb",
                                        "07:30:00", "-1:00", "07: 3", " 7:30"})
        EXPECT_EQ(time_of_day(text), std::nullopt) << text;
    EXPECT_EQ(time_of_day("00:00"), std::chrono::minutes{0});
    EXPECT_EQ(time_of_day("23:59"), std::chrono::minutes{1439});
}

}  // namespace
}  // namespace stile::config
