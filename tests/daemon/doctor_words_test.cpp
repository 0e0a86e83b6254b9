// SPDX-License-Identifier: Apache-2.0
// Findings as a page, as JSON, and what other programs say.
#include <gtest/gtest.h>

#include "daemon/doctor/checks.hpp"
#include "daemon/doctor/json.hpp"
#include "daemon/doctor/text.hpp"
#include "tests/daemon/doctor_fixture.hpp"

namespace stile::doctor {
namespace {

TEST(DoctorPage, ShowsGroupsVerdictsAndWaysOut) {
    const Findings findings{good(kDiskKind, "Fine."), bad(kClockSync, "Late.", "Set it")};
    EXPECT_EQ(findings_text(findings, Colour::Off),
              "disk\n  + good  Fine.\n\nclock\n  ! bad   Late.\n          -> Set it\n");
    EXPECT_NE(findings_text(findings, Colour::On).find("\033[31m"), std::string::npos);
    EXPECT_EQ(summary(findings), "1 bad: mend it before guests come (0 to look at, 1 good).");
    EXPECT_EQ(summary({good(kDiskKind, "Fine.")}), "All 1 are good.");
    EXPECT_EQ(summary({look(kDiskKind, "Hm.", "x")}),
              "Nothing is bad; look at one thing (0 good).");
}

TEST(DoctorJson, ComesBackFromItsLines) {
    const Findings findings{good(kDiskKind, "\"Fine\"."), about("x", look(kClockSync, "Hm.", "Do")),
                            bad(kClockZones, "No.", "Do")};
    EXPECT_EQ(parse_findings(findings_lines(findings)), findings);
    EXPECT_NE(findings_json(findings).find("{\"verdict\":\"bad\",\"good\":1,\"look\":1,\"bad\":1,"),
              std::string::npos);
}

TEST(DoctorJson, LeavesOutWhatIsNone) {
    EXPECT_TRUE(parse_findings("rubbish\n{}\n[]\n{\"check\":3}\n\n").empty());
    EXPECT_FALSE(parse_status("rubbish"));
    EXPECT_FALSE(parse_status("{}"));
    EXPECT_FALSE(parse_status("[]"));
    EXPECT_FALSE(parse_status("{\"health\":3,\"broker\":[]}"));
    EXPECT_FALSE(parse_camera("{\"state\":3}"));
    EXPECT_TRUE(parse_usb("{\"readers\":3}").empty());
}

TEST(DoctorJson, ReadsWhatProgramsSay) {
    const auto gate = parse_status(
        R"({"info":{"software":"stile 1.0.0"},"health":{"clock":"synced","alarms":["fire"],)"
        R"("orders":[{"event":"summer"}],"readers":[{"name":"cam-1","state":"working",)"
        R"("frames_per_s":29.5}]},"lanes":[{"lane":"a","mode":"normal","state":"idle"}],)"
        R"("broker":{"state":"connected","outbox_depth":4}})");
    ASSERT_TRUE(gate);
    EXPECT_EQ(gate->software, "stile 1.0.0");
    EXPECT_EQ(gate->alarms, std::vector<std::string>{"fire"});
    EXPECT_EQ(gate->readers.at("cam-1").state, "working");
    EXPECT_EQ(gate->lanes.at("a").mode, "normal");
    EXPECT_EQ(gate->outbox, 4U);
    EXPECT_FALSE(gate->orders.at(0).age);
    const auto camera = parse_camera(R"({"state":"dark","reason":null,"advice":["Light."]})");
    ASSERT_TRUE(camera);
    EXPECT_EQ(camera->advice, std::vector<std::string>{"Light."});
    const auto usb =
        parse_usb(R"({"devices":[{"reader":"nfc-1","why":"in use","advice":["Stop it."]}],)"
                  R"("readers":[{"name":"nfc-1","found":false},{"name":"nfc-2","found":true}]})");
    EXPECT_EQ(usb.at("nfc-1").why, "in use");
    EXPECT_TRUE(usb.at("nfc-2").found);
}

}  // namespace
}  // namespace stile::doctor
