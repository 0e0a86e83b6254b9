// SPDX-License-Identifier: Apache-2.0
// stilectl doctor usb and stile-reader --list among emulated devices, as an installer runs them.
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/runtime/exit_code.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::devices {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kSite = R"([site]
venue = "v"
gate = "g"
[[lane]]
name = "a"
)";

class UsbPrograms : public testing::Test {
protected:
    struct Ended {
        int exit_code;
        std::string out;
    };
    // Runs a command line of ours when these devices are plugged in.
    Ended run(std::string_view plugs, std::string_view command) {
        const auto script = folder_.write("script", std::string{plugs} + "start\nwait exit 0\n");
        const std::string line =
            std::string{STILE_BIN_DIR "/"}.append(command).append(" >out; echo $? >code");
        const auto ended = test::run(
            "stile-emulator",
            {script, "--", "/bin/sh", "-c", "cd " + folder_.path().native() + "; " + line},
            folder_.path());
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        return {std::atoi(text_of("code").c_str()), text_of("out")};
    }
    Ended doctor(std::string_view plugs, const std::string& readers) {
        folder_.write("site.toml", std::string{kSite} + readers);
        return run(plugs, "stilectl --config site.toml doctor usb");
    }
    static std::string reader(const std::string& name, const std::string& kind,
                              const std::string& source) {
        return "[[reader]]\nlane = \"a\"\nname = \"" + name + "\"\nkind = \"" + kind +
               "\"\nsource = \"" + source + "\"\n";
    }
    std::string text_of(std::string_view name) {
        std::ifstream file{folder_.path() / name};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    test::TempDir folder_;
};

TEST_F(UsbPrograms, ShowWhoGetsADevice) {
    const auto ended = doctor("plug acr122u as r at 1-1\nplug keyboard-scanner as s at 1-2\n",
                              reader("nfc-1", "nfc", "usb") + reader("s-1", "scanner", "usb@1-2"));
    EXPECT_EQ(ended.exit_code, kExitDone) << ended.out;
    EXPECT_NE(ended.out.find("1-1        072f:2200  ACS ACR122U  card reader\n"), std::string::npos)
        << ended.out;
    EXPECT_NE(ended.out.find("claimed for reader nfc-1: its reader takes it\n"), std::string::npos);
    EXPECT_NE(ended.out.find("claimed for reader s-1: its reader takes it\n"), std::string::npos);
    EXPECT_NE(ended.out.find("udev rule: SUBSYSTEM==\"usb\""), std::string::npos);
}

TEST_F(UsbPrograms, FailWhenAReaderHasNoDevice) {
    const auto ended = doctor("plug acr122u as r at 1-1\n", reader("nfc-1", "nfc", "usb@1-7"));
    EXPECT_EQ(ended.exit_code, kExitFailed);
    EXPECT_NE(ended.out.find("ignored: reader nfc-1 does not want it: it is plugged in at 1-1, not "
                             "at 1-7\n"),
              std::string::npos)
        << ended.out;
    EXPECT_NE(ended.out.find("reader nfc-1 has no device: usb@1-7\n"), std::string::npos);
}

TEST_F(UsbPrograms, SayThatNothingIsPluggedIn) {
    const auto ended = doctor("", "");
    EXPECT_EQ(ended.exit_code, kExitDone);
    EXPECT_EQ(ended.out, "No USB device is plugged in, or none is visible here.\n");
}

TEST_F(UsbPrograms, PrintJsonForMachines) {
    folder_.write("site.toml", std::string{kSite} + reader("nfc-1", "nfc", "usb:072f:223b"));
    const auto ended = run("plug acr1252u as r at 1-1\nplug pos-scanner as s at 1-2\n",
                           "stilectl --json --config site.toml doctor usb");
    const Json found = Json::parse(ended.out);
    EXPECT_EQ(found["trouble"], nullptr);
    ASSERT_EQ(found["devices"].size(), 2U);
    const Json& device = found["devices"][0];
    EXPECT_EQ(device["port"], "1-1");
    EXPECT_EQ(device["vendor"], "072f");
    EXPECT_EQ(device["product"], "223b");
    EXPECT_EQ(device["kind"], "card reader");
    EXPECT_EQ(device["fate"], "claimed");
    EXPECT_EQ(device["reader"], "nfc-1");
    EXPECT_EQ(found["devices"][1]["fate"], "ignored");
    EXPECT_EQ(found["devices"][1]["reader"], nullptr);
    EXPECT_EQ(found["readers"],
              (Json::array({{{"name", "nfc-1"}, {"source", "usb:072f:223b"}, {"found", true}}})));
}

TEST_F(UsbPrograms, ShowDevicesWithFlawsAndTrustNone) {
    for (const std::string flaw : {"zero-length-descriptor", "strange-texts"}) {
        const auto ended = doctor("plug acr122u as r at 1-1 with " + flaw + "\n", "");
        EXPECT_EQ(ended.exit_code, kExitDone) << flaw << ended.out;
        EXPECT_EQ(ended.out.find('\x1B'), std::string::npos) << flaw;
    }
}

TEST_F(UsbPrograms, WorkWithoutASiteFile) {
    const auto ended = run("plug acr122u as r at 1-1\n", "stilectl --config absent doctor usb");
    EXPECT_EQ(ended.exit_code, kExitDone);
    EXPECT_NE(ended.out.find("ignored: no reader of the site file wants it\n"), std::string::npos);
}

TEST_F(UsbPrograms, ListWhatTheDoctorShows) {
    const auto ended =
        run("plug acr122u as r at 1-1\nplug pos-scanner as s at 1-2\n", "stile-reader --list");
    EXPECT_EQ(ended.exit_code, kExitDone);
    EXPECT_NE(ended.out.find("usb     1-1          072f:2200  card reader  ACS ACR122U\n"),
              std::string::npos)
        << ended.out;
    EXPECT_NE(ended.out.find("usb     1-2          0c2e:0b67  keyboard or scanner  "),
              std::string::npos);
}

TEST_F(UsbPrograms, RefuseToExamineACardReaderAsACamera) {
    folder_.write("site.toml", std::string{kSite} + reader("nfc-1", "nfc", "usb"));
    const auto ended = run("", "stile-reader --doctor --config site.toml --name nfc-1 2>&1");
    EXPECT_EQ(ended.exit_code, kExitUsage);
}

}  // namespace
}  // namespace stile::devices
