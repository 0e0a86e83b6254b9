// SPDX-License-Identifier: Apache-2.0
// The site file: what a good one says, and that each mistake is named with file, line and key.
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "daemon/config/site.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::config {
namespace {

using stile::test::TempDir;

constexpr std::string_view kGood = R"([site]
venue = "arena"
gate = "north-1"

[[lane]]
name = "a"

[[reader]]
name = "main"
lane = "a"
source = "/dev/video2"
)";

class ConfigSite : public testing::Test {
protected:
    Result<Site> load(std::string_view text) { return load_site(folder_.write("site.toml", text)); }
    // The good file and one more piece at its end.
    Result<Site> load_with(std::string_view more) { return load(std::string{kGood}.append(more)); }
    // The error text without the folder; empty when the file is taken.
    std::string complaint(const Result<Site>& site) {
        if (site) return {};
        EXPECT_EQ(site.error().code, Errc::Config);
        const std::string prefix = folder_.path().native() + "/";
        EXPECT_TRUE(site.error().context.starts_with(prefix)) << site.error().context;
        return site.error().context.substr(prefix.size());
    }
    TempDir folder_;
};

TEST_F(ConfigSite, ReadsAGoodFile) {
    const auto site = load(kGood);
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(site->site.venue, "arena");
    EXPECT_EQ(site->site.gate, "north-1");
    ASSERT_EQ(site->lanes.size(), 1U);
    ASSERT_EQ(site->readers.size(), 1U);
    EXPECT_EQ(site->readers[0].source, "/dev/video2");
}

TEST_F(ConfigSite, KeepsTheDefaultOfEveryKeyThatIsNotThere) {
    const auto site = load(kGood);
    ASSERT_TRUE(site);
    EXPECT_EQ(site->site.number, 0);
    EXPECT_EQ(site->paths.state, "/var/lib/stile");
    EXPECT_EQ(site->paths.runtime, "/run/stile");
    EXPECT_EQ(site->paths.keys, "/etc/stile/keys.toml");
    EXPECT_EQ(site->paths.secret, "");
    EXPECT_EQ(site->sockets.reader_user, "stile-reader");
    EXPECT_EQ(site->sockets.sync_user, "stile-sync");
    EXPECT_EQ(site->roles.operators, std::vector<std::string>{"stile-operator"});
    EXPECT_EQ(site->ledger.map_mib, 4096);
    EXPECT_EQ(site->ledger.reserve_mib, 64);
    EXPECT_TRUE(site->policy.events.empty());
    EXPECT_TRUE(site->policy.products.empty());
    EXPECT_EQ(site->policy.reentry, "never");
    EXPECT_EQ(site->clock.assumed_error, Milliseconds{5000});
}

TEST_F(ConfigSite, KeepsTheDefaultsOfLanesReadersAndMqtt) {
    const auto site = load(kGood);
    ASSERT_TRUE(site);
    const Lane& lane = site->lanes[0];
    EXPECT_EQ(lane.direction, "entry");
    EXPECT_EQ(lane.wiring.turnstile, "simulated");
    EXPECT_EQ(lane.passage_timeout, Milliseconds{8000});
    EXPECT_EQ(lane.simulated_passage, Milliseconds{300});
    const Reader& reader = site->readers[0];
    EXPECT_EQ(reader.pixel_format, "auto");
    EXPECT_EQ(reader.exposure_us, 0);
    EXPECT_EQ(reader.width, 1280);
    EXPECT_EQ(reader.height, 720);
    EXPECT_EQ(reader.rate, 30);
    EXPECT_EQ(reader.hold_off, Milliseconds{1000});
    EXPECT_EQ(reader.most_scans, 100);
    EXPECT_EQ(site->mqtt.brokers, std::vector<std::string>{"tcp://127.0.0.1:1883"});
    EXPECT_EQ(site->mqtt.keep_alive, Milliseconds{15000});
    EXPECT_EQ(site->mqtt.window, 16);
    EXPECT_EQ(site->metrics.listen, "127.0.0.1:9464");
}

TEST_F(ConfigSite, ReadsEveryKeyIntoItsPlace) {
    const auto site = load(R"(
[site]
venue = "v"
gate = "g"
number = 9223372036854775807
[paths]
state = "/s"
runtime = "/r"
keys = "/k"
secret = "/x"
[sockets]
reader_user = "u1"
sync_user = "u2"
[ledger]
map_mib = 16
reserve_mib = 0
[clock]
assumed_error_ms = 86400000
[policy]
events = [0, 4294967295]
products = [65536]
reentry = "after-exit"
[[lane]]
name = "out"
direction = "exit"
turnstile = "simulated"
passage_timeout_ms = 500
simulated_passage_ms = 0
[[reader]]
name = "r"
lane = "out"
source = "http://camera/stream"
pixel_format = "grey"
exposure_us = 1000000
width = 64
height = 8192
rate = 240
hold_off_ms = 100
most_scans = 10
[mqtt]
brokers = ["tcp://a:1", "ssl://b:2"]
collectors = ["main", "spare-2"]
client_id = "c"
user = "m"
user_file = "/uf"
password_file = "/p"
ca_file = "/ca"
certificate_file = "/cf"
key_file = "/kf"
keep_alive_ms = 1000
window = 1000
retry_first_ms = 10
retry_longest_ms = 11
health_period_ms = 500
[metrics]
listen = "[::1]:9000"
)");
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(site->metrics.listen, "[::1]:9000");
    EXPECT_EQ(site->site.number, INT64_MAX);
    EXPECT_EQ(site->paths.secret, "/x");
    EXPECT_EQ(site->sockets.sync_user, "u2");
    EXPECT_EQ(site->policy.events, (std::vector<std::int64_t>{0, 4294967295}));
    EXPECT_EQ(site->policy.reentry, "after-exit");
    EXPECT_EQ(site->lane("out")->direction, "exit");
    EXPECT_EQ(site->lane("out")->simulated_passage, Milliseconds{0});
    EXPECT_EQ(site->reader("r")->hold_off, Milliseconds{100});
    EXPECT_EQ(site->reader("r")->most_scans, 10);
    EXPECT_EQ(site->reader("r")->pixel_format, "grey");
    EXPECT_EQ(site->reader("r")->exposure_us, 1'000'000);
    EXPECT_EQ(site->reader("r")->source, "http://camera/stream");
    EXPECT_EQ(site->mqtt.brokers.size(), 2U);
    EXPECT_EQ(site->mqtt.collectors, (std::vector<std::string>{"main", "spare-2"}));
    EXPECT_EQ(site->mqtt.retry_longest, Milliseconds{11});
    EXPECT_EQ(site->mqtt.password_file, "/p");
    EXPECT_EQ(site->mqtt.user_file, "/uf");
    EXPECT_EQ(site->mqtt.ca_file, "/ca");
    EXPECT_EQ(site->mqtt.certificate_file, "/cf");
    EXPECT_EQ(site->mqtt.key_file, "/kf");
    EXPECT_EQ(site->clock.assumed_error, Milliseconds{86'400'000});
}

TEST_F(ConfigSite, ReadsTheSampleThatIsInstalled) {
    const auto sample = std::filesystem::path{STILE_SOURCE_DIR} / "systemd" / "stile.toml";
    if (!std::filesystem::exists(sample)) GTEST_SKIP() << "there is no systemd/stile.toml yet";
    const auto site = load_site(sample);
    EXPECT_TRUE(site) << site.error().context;
}

TEST_F(ConfigSite, TakesRelativePathsFromTheFoldersOfTheFile) {
    const auto site = load(R"([site]
venue = "v"
gate = "g"
[paths]
state = "state"
runtime = "./run"
keys = "../keys.toml"
secret = "secret"
[[lane]]
name = "a"
[[reader]]
name = "r"
lane = "a"
source = "frames"
)");
    ASSERT_TRUE(site) << site.error().context;
    const auto& folder = folder_.path();
    EXPECT_EQ(site->paths.state, folder / "state");
    EXPECT_EQ(site->paths.runtime, folder / "run");
    EXPECT_EQ(site->paths.keys, folder.parent_path() / "keys.toml");
    EXPECT_EQ(site->paths.secret, folder / "secret");
    EXPECT_EQ(site->readers[0].source, folder / "frames");
    EXPECT_EQ(site->socket("sync.sock"), folder / "run" / "sync.sock");
}

TEST_F(ConfigSite, FindsLanesAndReadersByName) {
    const auto site = load(kGood);
    ASSERT_TRUE(site);
    EXPECT_EQ(site->lane("a"), &site->lanes[0]);
    EXPECT_EQ(site->lane("b"), nullptr);
    EXPECT_EQ(site->reader("main"), &site->readers[0]);
    EXPECT_EQ(site->reader(""), nullptr);
}

struct Mistake {
    std::string_view more;       // appended to the good file, whose last line is 11
    std::string_view complaint;  // with the line
};

// One row a kind of mistake.
constexpr Mistake kMistakes[] = {
    {"[mqqt]\nwindow = 1\n", "site.toml:12: mqqt: unknown section"},
    {"[mqtt]\nwindw = 16\n", "site.toml:13: mqtt.windw: unknown key"},
    {"[mqtt]\n\n\nwindow = 0\n", "site.toml:15: mqtt.window: 0 is not between 1 and 1000"},
    {"[mqtt]\nwindow = 1001\n", "site.toml:13: mqtt.window: 1001 is not between 1 and 1000"},
    {"[mqtt]\nwindow = \"16\"\n", "site.toml:13: mqtt.window: must be a whole number"},
    {"[mqtt]\nwindow = 16.0\n", "site.toml:13: mqtt.window: must be a whole number"},
    {"[mqtt]\nwindow = true\n", "site.toml:13: mqtt.window: must be a whole number"},
    {"[mqtt]\nwindow = 2026-06-01\n", "site.toml:13: mqtt.window: must be a whole number"},
    {"[mqtt]\nuser = 5\n", "site.toml:13: mqtt.user: must be a text in quotes"},
    {"[mqtt]\nbrokers = \"tcp://a\"\n",
     "site.toml:13: mqtt.brokers: must be a list of texts in quotes"},
    {"[mqtt]\ncollectors = [\"Main\"]\n",
     "site.toml:13: mqtt.collectors: \"Main\" is not a name of a-z, 0-9 and - (at most 63)"},
    {"[mqtt]\nbrokers = [1]\n", "site.toml:13: mqtt.brokers: must be a list of texts in quotes"},
    {"[mqtt]\nbrokers = [\n\"tcp://a\",\n\"\"]\n", "site.toml:15: mqtt.brokers: must not be empty"},
    {"[policy]\nevents = [\"7\"]\n",
     "site.toml:13: policy.events: must be a list of whole numbers"},
    {"[policy]\nevents = [1,\n-1]\n",
     "site.toml:14: policy.events: -1 is not between 0 and 4294967295"},
    {"[policy]\nproducts = [-1]\n",
     "site.toml:13: policy.products: -1 is not between 0 and 9223372036854775807"},
    {"[policy]\nreentry = \"sometimes\"\n",
     "site.toml:13: policy.reentry: \"sometimes\" is not one of: never, after-exit, always"},
    {"[ledger]\nmap_mib = 15\n", "site.toml:13: ledger.map_mib: 15 is not between 16 and 1048576"},
    {"[paths]\nstate = \"\"\n", "site.toml:13: paths.state: must not be empty"},
    {"[paths]\nruntime = \"\"\n", "site.toml:13: paths.runtime: must not be empty"},
    {"[[lane]]\ndirection = \"exit\"\n", "site.toml:12: lane.name: missing"},
    {"[[lane]]\nname = \"B\"\n",
     "site.toml:13: lane.name: \"B\" is not a name of a-z, 0-9 and - (at most 63)"},
    {"[[lane]]\nname = \"\"\n",
     "site.toml:13: lane.name: \"\" is not a name of a-z, 0-9 and - (at most 63)"},
    {"[[lane]]\nname = \"b\"\nturnstile = \"rope\"\n",
     "site.toml:14: lane.turnstile: \"rope\" is not one of: simulated, gpio, relay"},
    {"[[lane]]\nname = \"b\"\npassage_timeout_ms = 499\n",
     "site.toml:14: lane.passage_timeout_ms: 499 is not between 500 and 60000"},
    {"[[reader]]\nname = \"x\"\nlane = \"a\"\n", "site.toml:12: reader.source: missing"},
    {"[[reader]]\nname = \"x\"\nlane = \"a\"\nsource = \"\"\n",
     "site.toml:15: reader.source: must not be empty"},
    {"[[reader]]\nname = \"x\"\nlane = \"a\"\nsource = \"s\"\npixel_format = \"h264\"\n",
     "site.toml:16: reader.pixel_format: \"h264\" is not one of: auto, mjpg, yuyv, grey"},
    {"[[reader]]\nname = \"x\"\nlane = \"a\"\nsource = \"s\"\nexposure_us = -1\n",
     "site.toml:16: reader.exposure_us: -1 is not between 0 and 1000000"},
    {"[[reader]]\nname = \"x\"\nlane = \"a\"\nsource = \"s\"\nexposure_us = \"auto\"\n",
     "site.toml:16: reader.exposure_us: must be a whole number"},
    {"[[reader]]\nname = \"x\"\nlane = \"a\"\nsource = \"s\"\nwidth = 63\n",
     "site.toml:16: reader.width: 63 is not between 64 and 8192"},
    {"[[reader]]\nname = \"x\"\nlane = \"a\"\nsource = \"s\"\nrate = 241\n",
     "site.toml:16: reader.rate: 241 is not between 1 and 240"},
    {"[[lane]]\nname = \"b\"\ndirection = \"in\"\n",
     "site.toml:14: lane.direction: \"in\" is not one of: entry, exit, both"},
    {"[[lane]]\nname = \"b\"\ngroup = \"some\"\n",
     "site.toml:14: lane.group: \"some\" is not one of: together, single"},
    {"[[lane]]\nname = \"b\"\nsensor_stuck_ms = 999\n",
     "site.toml:14: lane.sensor_stuck_ms: 999 is not between 1000 and 600000"},
    {"[[lane]]\nname = \"b\"\neach_person_ms = -1\n",
     "site.toml:14: lane.each_person_ms: -1 is not between 0 and 60000"},
    {"[[reader]]\nname = \"x\"\nlane = \"a\"\nsource = \"s\"\ndirection = \"both\"\n",
     "site.toml:16: reader.direction: \"both\" is not one of: entry, exit"},
    {"[[schedule]]\nmode = \"free\"\n", "site.toml:12: schedule.from: missing"},
    {"[[schedule]]\nfrom = \"07:30\"\n", "site.toml:12: schedule.mode: missing"},
    {"[[schedule]]\nfrom = \"07:30\"\nmode = \"open\"\n",
     "site.toml:14: schedule.mode: \"open\" is not one of: normal, free, locked, exit-only, "
     "out-of-order"},
    {"[ledger.extra]\nx = 1\n", "site.toml:12: ledger.extra: unknown key"},
    {"[[ledger]]\nmap_mib = 16\n", "site.toml:12: ledger: must be a section [ledger]"},
    // Across sections there is no one line.
    {"[mqtt]\nbrokers = []\n", "site.toml: mqtt.brokers: at least one broker is needed"},
    {"[metrics]\nlisten = \"here\"\n",
     "site.toml: metrics.listen: \"here\" is not of the form 127.0.0.1:9464 or [::1]:9464"},
    {"[mqtt]\ncollectors = [\"a\", \"b\", \"a\"]\n",
     "site.toml: mqtt.collectors: a stands there twice"},
    {"[mqtt]\ncollectors = [\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]\n",
     "site.toml: mqtt.collectors: at most 8"},
    {"[mqtt]\nretry_first_ms = 5000\nretry_longest_ms = 4999\n",
     "site.toml: mqtt.retry_longest_ms: shorter than mqtt.retry_first_ms"},
    {"[ledger]\nmap_mib = 16\nreserve_mib = 17\n",
     "site.toml: ledger.reserve_mib: more than ledger.map_mib"},
    {"[[lane]]\nname = \"a\"\n", "site.toml: lane: two lanes are named a"},
    {"[[reader]]\nname = \"main\"\nlane = \"a\"\nsource = \"x\"\n",
     "site.toml: reader: two readers are named main"},
    {"[[reader]]\nname = \"x\"\nlane = \"b\"\nsource = \"x\"\n",
     "site.toml: reader.lane: reader x names lane b, which is not there"},
    {"[[reader]]\nname = \"x\"\nlane = \"a\"\nsource = \"x\"\ndirection = \"exit\"\n",
     "site.toml: reader.direction: reader x is for exit, but lane a is for entry only"},
    {"[[lane]]\nname = \"b\"\ndirection = \"both\"\n"
     "[[reader]]\nname = \"x\"\nlane = \"b\"\nsource = \"x\"\n",
     "site.toml: reader.direction: missing; lane b has both, so reader x must say its own"},
    {"[[schedule]]\nfrom = \"7:30\"\nmode = \"free\"\n",
     "site.toml: schedule.from: \"7:30\" is not a time of day like \"07:30\""},
    {"[[schedule]]\nfrom = \"24:00\"\nmode = \"free\"\n",
     "site.toml: schedule.from: \"24:00\" is not a time of day like \"07:30\""},
    {"[[schedule]]\nfrom = \"00:00\"\nmode = \"free\"\nlane = \"b\"\n",
     "site.toml: schedule.lane: there is no lane b"},
    {"[[schedule]]\nfrom = \"00:00\"\nmode = \"free\"\ndays = [\"Mon\"]\n",
     "site.toml: schedule.days: \"Mon\" is not one of: mon, tue, wed, thu, fri, sat, sun"},
};

TEST_F(ConfigSite, NamesEachMistakeWithItsPlace) {
    for (const Mistake& mistake : kMistakes)
        EXPECT_EQ(complaint(load_with(mistake.more)), mistake.complaint);
}

TEST_F(ConfigSite, RefusesWhatIsNoToml) {
    for (const std::string_view more :
         {"[mqtt\n", "[mqtt]\nwindow\n", "[mqtt]\nwindow = \n", "[mqtt]\nuser = \"open\n",
          "[mqtt]\nwindow = 1\nwindow = 2\n", "[site]\n", "\x01\n", "<html>\n",
          "[mqtt]\nwindow = 99999999999999999999\n"}) {
        const std::string text = complaint(load_with(more));
        EXPECT_TRUE(text.starts_with("site.toml:1")) << more << " gives: " << text;
    }
}

TEST_F(ConfigSite, RefusesInvalidUtf8) {
    EXPECT_TRUE(
        complaint(load_with("[mqtt]\nuser = \"\xC3\x28\"\n")).starts_with("site.toml:13: "));
    EXPECT_TRUE(complaint(load_with("# \xFF\n")).starts_with("site.toml:12: "));
}

TEST_F(ConfigSite, RefusesTextWithNulInside) {
    const std::string_view nul{"# \0\n", 4};
    EXPECT_FALSE(load_with(nul));
    EXPECT_EQ(complaint(load_with("[paths]\nkeys = \"/etc/a\\u0000b\"\n")),
              "site.toml:13: paths.keys: must not hold NUL");
}

TEST_F(ConfigSite, RefusesTablesThatAreNestedTooDeep) {
    EXPECT_FALSE(load_with("x = " + std::string(100'000, '[')));
}

TEST_F(ConfigSite, RefusesAFileWithoutGateOrLane) {
    EXPECT_EQ(complaint(load("")),
              "site.toml: site: missing section; it names the venue and the gate");
    EXPECT_EQ(complaint(load("[site]\nvenue = \"v\"\n")), "site.toml:1: site.gate: missing");
    EXPECT_EQ(complaint(load("[site]\nvenue = \"v\"\ngate = \"g\"\n")),
              "site.toml: lane: at least one section [[lane]] is needed");
    EXPECT_EQ(complaint(load("site = 1\n")), "site.toml:1: site: must be a section [site]");
    EXPECT_EQ(complaint(load("lane = 1\n")), "site.toml:1: lane: must be sections [[lane]]");
    EXPECT_EQ(complaint(load("[lane]\nname = \"a\"\n")),
              "site.toml:1: lane: must be sections [[lane]]");
}

TEST_F(ConfigSite, TakesSixteenLanesAndRefusesOneMore) {
    std::string more;
    for (int i = 2; i <= 16; ++i)
        more += "[[lane]]\nname = \"lane-" + std::to_string(i) + "\"\n";
    EXPECT_TRUE(load_with(more));
    more += "[[lane]]\nname = \"lane-17\"\n";
    EXPECT_EQ(complaint(load_with(more)), "site.toml: lane: at most 16 lanes a controller");
}

TEST_F(ConfigSite, RefusesAReaderNameThatDoesNotFitItsHello) {
    const std::string name(33, 'r');
    const std::string more = "[[reader]]\nlane = \"a\"\nsource = \"x\"\nname = \"";
    EXPECT_TRUE(load_with(more + name.substr(1) + "\"\n"));
    EXPECT_EQ(complaint(load_with(more + name + "\"\n")),
              "site.toml: reader.name: " + name + " is longer than 32");
}

TEST_F(ConfigSite, RefusesANameOf64Characters) {
    const std::string more = "[[lane]]\nname = \"";
    EXPECT_TRUE(load_with(more + std::string(63, 'x') + "\"\n"));
    EXPECT_FALSE(load_with(more + std::string(64, 'x') + "\"\n"));
}

}  // namespace
}  // namespace stile::config
