// SPDX-License-Identifier: Apache-2.0
// Contacts of lanes in the site file: what they are, and what cannot be wired so.
#include <gtest/gtest.h>

#include "daemon/config/site.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::config {
namespace {

class ConfigWiring : public testing::Test {
protected:
    // `more` follows a site with one simulated lane "a".
    Result<Site> load(const std::string& more) {
        return load_site(folder_.write(
            "site.toml",
            "[site]\nvenue = \"arena\"\ngate = \"north-1\"\n[[lane]]\nname = \"a\"\n" + more));
    }
    // Behind the file's name.
    std::string mistake(const std::string& more) {
        const auto site = load(more);
        if (site) return "good";
        const std::string& text = site.error().context;
        return text.substr(text.find("site.toml") + 9);
    }

    stile::test::TempDir folder_;
};

const std::string kGpio =
    "[[lane]]\nname = \"b\"\nturnstile = \"gpio\"\ngpio_chip = \"gpiochip0\"\nrelease = \"17\"\n";
const std::string kRelay =
    "[[lane]]\nname = \"c\"\nturnstile = \"relay\"\nrelay_board = \"id:QAAMZ\"\nrelease = \"1\"\n";

TEST_F(ConfigWiring, ReadsALaneAtGpioLines) {
    const auto site =
        load(kGpio +
             "release_exit = \"GPIO27\"\noutput = \"level\"\npulse_ms = 250\nsensor = \"22\"\n"
             "sensor_inner = \"23\"\narm_input = \"24\"\nfire_input = \"5\"\ntamper_input = \"6\"\n"
             "lamp_go = \"12\"\nlamp_stop = \"13\"\nbuzzer = \"16\"\n"
             "active_low = [\"sensor\", \"release\"]\nbias = \"pull-up\"\nsettle_ms = 10\n");
    ASSERT_TRUE(site) << site.error().context;
    const Wiring& it = site->lane("b")->wiring;
    EXPECT_EQ(it.gpio_chip, "gpiochip0");
    EXPECT_EQ(it.release_exit, "GPIO27");
    EXPECT_EQ(it.output, "level");
    EXPECT_EQ(it.pulse, Milliseconds{250});
    EXPECT_EQ(it.settle, Milliseconds{10});
    EXPECT_EQ(it.bias, "pull-up");
    EXPECT_TRUE(is_active_low(it, "sensor"));
    EXPECT_TRUE(is_active_low(it, "release"));
    EXPECT_FALSE(is_active_low(it, "tamper_input"));
}

TEST_F(ConfigWiring, ReadsALaneAtARelayBoardWithSensorsAtGpioLines) {
    const auto site = load(kRelay + "gpio_chip = \"gpiochip0\"\nsensor = \"22\"\n");
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(site->lane("c")->wiring.relay_board, "id:QAAMZ");
    EXPECT_EQ(relay_number(site->lane("c")->wiring.release), 1U);
}

TEST_F(ConfigWiring, ReadsTheFirePanel) {
    const auto site = load("[fire]\ngpio_chip = \"x\"\nline = \"26\"\nactive = \"low\"\n");
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(site->fire.line, "26");
    EXPECT_EQ(site->fire.active, "low");
    EXPECT_EQ(site->fire.bias, "pull-up");
    EXPECT_TRUE(load("")->fire.line.empty());
}

TEST_F(ConfigWiring, LetsTwoLanesShareAChipAndABoard) {
    EXPECT_EQ(
        mistake(kGpio + "[[lane]]\nname = \"c\"\nturnstile = \"gpio\"\ngpio_chip = \"gpiochip0\"\n"
                        "release = \"18\"\n"),
        "good");
    EXPECT_EQ(mistake(kRelay +
                      "[[lane]]\nname = \"d\"\nturnstile = \"relay\"\nrelay_board = \"id:QAAMZ\"\n"
                      "release = \"2\"\n"),
              "good");
}

TEST_F(ConfigWiring, LetsAPulseTakeItsTimeWhereNoGroupIsReleasedTogether) {
    EXPECT_EQ(mistake(kGpio + "pulse_ms = 1001\ngroup = \"single\"\n"), "good");
    EXPECT_EQ(mistake(kGpio + "pulse_ms = 1001\neach_person_ms = 2002\n"), "good");
}

struct Wrong {
    std::string text;
    std::string_view mistake;
};

const std::string kLane = "[[lane]]\nname = \"b\"\n";

const Wrong kWrong[] = {
    {kLane + "release = \"17\"\n",
     ": lane.release: lane b: its turnstile is simulated and has no contacts"},
    {kLane + "lamp_go = \"1\"\n",
     ": lane.lamp_go: lane b: its turnstile is simulated and has no contacts"},
    {kLane + "gpio_chip = \"x\"\n", ": lane.gpio_chip: lane b: its turnstile is simulated"},
    {kLane + "relay_board = \"any\"\n", ": lane.relay_board: lane b: its turnstile is simulated"},
    {kLane + "turnstile = \"gpio\"\nrelease = \"17\"\n",
     ": lane.gpio_chip: lane b: missing; its contacts are lines of one"},
    {kLane + "turnstile = \"gpio\"\ngpio_chip = \"x\"\n",
     ": lane.release: lane b: missing; it opens the turnstile"},
    {kGpio + "relay_board = \"any\"\n",
     ": lane.relay_board: lane b: its turnstile is wired to GPIO lines"},
    {kGpio + "release_exit = \"\"\n", ":11: lane.release_exit: must not be empty"},
    {kGpio + "sensor_inner = \"3\"\n",
     ": lane.sensor_inner: lane b: it is the second one; the first is sensor"},
    {kGpio + "active_low = [\"sensor\"]\n",
     ": lane.active_low: lane b: \"sensor\" is no contact that it has"},
    {kGpio + "active_low = [\"name\"]\n",
     ": lane.active_low: lane b: \"name\" is no contact that it has"},
    {kGpio + "pulse_ms = 19\n", ":11: lane.pulse_ms: 19 is not between 20 and 5000"},
    {kGpio + "pulse_ms = 1001\n",
     ": lane.pulse_ms: lane b: a pulse and the rest after it do not fit into each_person_ms "
     "(2000)"},
    {kGpio + "settle_ms = 0\n", ":11: lane.settle_ms: 0 is not between 1 and 500"},
    {kGpio + "output = \"beep\"\n", ":11: lane.output: \"beep\" is not one of: pulse, level"},
    {kGpio + "bias = \"up\"\n", ":11: lane.bias: \"up\" is not one of: as-is, pull-up, pull-down"},
    {kLane + "turnstile = \"relay\"\nrelease = \"1\"\n",
     ": lane.relay_board: lane b: missing; its turnstile is wired to a relay board"},
    {kLane + "turnstile = \"relay\"\nrelay_board = \"QAAMZ\"\nrelease = \"1\"\n",
     ": lane.relay_board: lane b: \"QAAMZ\" is not \"id:\" and five characters, \"port:1-1.4\", "
     "or \"any\""},
    {kLane + "turnstile = \"relay\"\nrelay_board = \"port:\"\nrelease = \"1\"\n",
     ": lane.relay_board: lane b: \"port:\" is not \"id:\" and five characters, \"port:1-1.4\", "
     "or \"any\""},
    {kRelay + "release_exit = \"9\"\n",
     ": lane.release_exit: lane c: \"9\" is not a relay from \"1\" to \"8\""},
    {kRelay + "buzzer = \"GPIO3\"\n",
     ": lane.buzzer: lane c: \"GPIO3\" is not a relay from \"1\" to \"8\""},
    {kRelay + "sensor = \"3\"\n",
     ": lane.gpio_chip: lane c: missing; its contacts are lines of one"},
    {kRelay + "active_low = [\"release\"]\n",
     ": lane.active_low: lane c: release is a relay; use its other contact"},
    {kGpio + "lamp_stop = \"17\"\n",
     ": lane.lamp_stop: lane b: line 17 of gpiochip0 is release of lane b already"},
    {kGpio + "[[lane]]\nname = \"c\"\nturnstile = \"gpio\"\ngpio_chip = \"/dev/gpiochip0\"\n"
             "release = \"18\"\nsensor = \"17\"\n",
     ": lane.sensor: lane c: line 17 of gpiochip0 is release of lane b already"},
    {kRelay + "[[lane]]\nname = \"d\"\nturnstile = \"relay\"\nrelay_board = \"id:QAAMZ\"\n"
              "release = \"1\"\n",
     ": lane.release: lane d: relay 1 of board id:QAAMZ is release of lane c already"},
    {kRelay + "[[lane]]\nname = \"d\"\nturnstile = \"relay\"\nrelay_board = \"any\"\n"
              "release = \"2\"\n",
     ": lane.relay_board: lane d: with more than one board each needs its name"},
    {kRelay + "[[lane]]\nname = \"d\"\nturnstile = \"relay\"\nrelay_board = \"port:1-1\"\n"
              "release = \"1\"\n",
     ": lane.relay_board: lane d: name all boards in the same way, by id or by port"},
    {kGpio + "[fire]\ngpio_chip = \"gpiochip0\"\nline = \"17\"\n",
     ": lane.release: lane b: line 17 of gpiochip0 is the fire panel already"},
    {"[fire]\nline = \"17\"\n", ":6: fire.gpio_chip: missing"},
    {"[fire]\ngpio_chip = \"x\"\n", ":6: fire.line: missing"},
    {"[fire]\ngpio_chip = \"x\"\nline = \"1\"\nactive = \"open\"\n",
     ":9: fire.active: \"open\" is not one of: high, low"},
};

TEST_F(ConfigWiring, RefusesWhatCannotBeWiredSo) {
    for (const auto& [text, expected] : kWrong)
        EXPECT_EQ(mistake(text), expected) << text;
}

TEST_F(ConfigWiring, KnowsPortsOfBoards) {
    const std::string board = "[[lane]]\nname = \"c\"\nturnstile = \"relay\"\nrelease = \"1\"\n";
    for (const std::string good : {"any", "id:AbC12", "port:1-1", "port:2-1.4.2"})
        EXPECT_EQ(mistake(board + "relay_board = \"" + good + "\"\n"), "good") << good;
    for (const std::string bad : {"", "id:", "id:ABCD", "id:ABCDEF", "port:1", "port:-1", "port:1-",
                                  "port:1-a", "/dev/hidraw0"})
        EXPECT_NE(mistake(board + "relay_board = \"" + bad + "\"\n"), "good") << bad;
}

}  // namespace
}  // namespace stile::config
