// SPDX-License-Identifier: Apache-2.0
// The emulated readers satisfy drivers that were never made for them: pcscd with libccid.
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/emulator/stage.hpp"

namespace stile::emulator {
namespace {

class OtherDrivers : public ::testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        for (const char* needed : {"/usr/sbin/pcscd", "/usr/bin/scriptor", "/usr/lib/pcsc/drivers"})
            if (!std::filesystem::exists(needed)) GTEST_SKIP() << "no " << needed;
        if (::geteuid() != 0) GTEST_SKIP() << "pcscd wants /run/pcscd, which is root's";
        for (const char* one : {"/run/pcscd/pcscd.pid", "/run/pcscd/pcscd.comm"})
            if (std::filesystem::exists(one)) GTEST_SKIP() << "a pcscd is here already: " << one;
    }
};

TEST_P(OtherDrivers, ReadACardAtTheEmulatedReader) {
    const Stage stage;
    const auto run =
        stage.play("plug " + std::string{GetParam()} +
                       " as r1 at 1-1\n"
                       "card r1 type4 message:D101085402656E48656C6C6F\nstart\n"
                       "wait r1 claimed\nwait exit 0\nexpect r1 apdu 00b0000010\n",
                   {STILE_SOURCE_DIR "/tests/emulator/pcsc.sh", stage.folder().path()});
    EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
    EXPECT_NE(run.out.find("< 04 91 6B 5A 3C 5E 80 90 00"), std::string::npos) << run.out;
    EXPECT_NE(run.out.find("< 00 0C D1 01 08 54 02 65 6E 48 65 6C 6C 6F"), std::string::npos)
        << run.out;
}

INSTANTIATE_TEST_SUITE_P(Readers, OtherDrivers,
                         ::testing::Values("acr122u", "acr1252u", "omnikey5427ck", "utrust3700f"));

}  // namespace
}  // namespace stile::emulator
