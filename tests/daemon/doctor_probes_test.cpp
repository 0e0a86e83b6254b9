// SPDX-License-Identifier: Apache-2.0
// The thin part of the doctor, as far as it can be tried anywhere.
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "daemon/doctor/probes.hpp"
#include "daemon/doctor/run.hpp"
#include "daemon/runtime/child.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::doctor {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

TEST(DoctorRun, BringsBothOutputsAndTheExitCode) {
    const auto fact =
        run({"sh", "-c", "echo $WORD; echo err >&2; exit 3"}, seconds{40}, {"WORD=out"});
    EXPECT_EQ(fact.exit_code, 3);
    EXPECT_EQ(fact.out, "out\n");
    EXPECT_EQ(fact.err, "err\n");
}

TEST(DoctorRun, KnowsWhatIsNotInstalled) {
    const auto fact = run({"stile-no-such-program"}, seconds{40});
    EXPECT_FALSE(fact.exit_code);
    EXPECT_FALSE(fact.started);
}

TEST(DoctorRun, EndsWhatDoesNotEnd) {
    const auto fact = run({"sleep", "1000"}, std::chrono::milliseconds{50});
    EXPECT_FALSE(fact.exit_code);
    EXPECT_TRUE(fact.started);
}

TEST(DoctorRun, IsNotFloodedByALongOutput) {
    const auto fact = run({"head", "-c", "1000000", "/dev/zero"}, seconds{40});
    EXPECT_EQ(fact.exit_code, 0);
    EXPECT_EQ(fact.out.size(), 256U * 1024);
}

TEST(DoctorRun, GivesWhatIsToldOnStandardInput) {
    const auto end = run_child({"cat"}, {seconds{40}, {}, as_bytes("open sesame")});
    EXPECT_TRUE(end.started);
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_EQ(end.out, "open sesame");
}

TEST(DoctorRun, GivesNothingToReadOtherwise) {
    EXPECT_EQ(run_child({"cat"}, {seconds{40}, {}, {}}).exit_code, 0);
}

TEST(DoctorRun, IsNotEndedByAProgramThatDoesNotListen) {
    const std::string long_text(4096, 'x');
    EXPECT_EQ(run_child({"true"}, {seconds{40}, {}, as_bytes(long_text)}).exit_code, 0);
}

TEST(DoctorRun, StartsNothingForMoreThanAPipeTakes) {
    const std::string long_text(4097, 'x');
    EXPECT_FALSE(run_child({"cat"}, {seconds{40}, {}, as_bytes(long_text)}).started);
}

TEST(DoctorRun, ReadsPicturesAsSomebodyWhoIsNotRoot) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root becomes somebody else";
    const auto words = as_reader({"stile-reader", "--doctor"}, "nobody");
    EXPECT_EQ(words.front(), "setpriv");
    EXPECT_EQ(words.at(1), "--reuid=nobody");
    EXPECT_EQ(words.back(), "--doctor");
    EXPECT_EQ(as_reader({"stile-reader"}, "no-such-user").size(), 1U);
}

TEST(DoctorUnitsText, IsOneBlockAUnit) {
    const auto units = parse_units(
        "NRestarts=2\nResult=exit-code\nExecMainStatus=78\nLoadState=loaded\nActiveState=failed\n"
        "UnitFileState=static\n\nLoadState=not-found\nActiveState=inactive\nrubbish\n");
    ASSERT_EQ(units.size(), 2U);
    EXPECT_EQ(units[0].restarts, 2U);
    EXPECT_EQ(units[0].exit_status, 78);
    EXPECT_EQ(units[0].active, "failed");
    EXPECT_EQ(units[1].load, "not-found");
}

TEST(DoctorUnitsText, MayBeNothing) {
    EXPECT_TRUE(parse_units("").empty());
    EXPECT_TRUE(parse_units("\n\n").empty());
}

constexpr std::string_view kMounts =
    "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
    "30 22 0:30 / /var rw - xfs /dev/vdb rw\n"
    "31 30 0:31 / /var/lib/stile ro,relatime - nfs4 server:/x ro\n"
    "short line\n";

TEST(DoctorMount, IsThatWhichLiesNearest) {
    EXPECT_EQ(mount_of(kMounts, "/home").kind, "ext4");
    EXPECT_EQ(mount_of(kMounts, "/var/lib/stiles").kind, "xfs");
    EXPECT_EQ(mount_of(kMounts, "/var/lib/stile/ledger").kind, "nfs4");
    EXPECT_TRUE(mount_of(kMounts, "/var/lib/stile").read_only);
    EXPECT_FALSE(mount_of(kMounts, "/var").read_only);
    EXPECT_EQ(mount_of("", "/var").kind, "");
}

TEST(DoctorSpeed, TellsTheMiddleAndTheSlowestOfAHundred) {
    std::vector<microseconds> times;
    for (int i = 200; i > 0; --i)
        times.emplace_back(i);
    const auto speed = speed_of(times);
    EXPECT_EQ(speed.median, microseconds{101});
    EXPECT_EQ(speed.p99, microseconds{199});
    EXPECT_FALSE(speed_of({}).trouble.empty());
}

TEST(DoctorSpeed, IsMeasuredWithoutLeavingAnything) {
    const test::TempDir folder;
    const auto speed = measure_writes(folder.path(), std::chrono::milliseconds{30});
    EXPECT_TRUE(speed.trouble.empty()) << speed.trouble;
    EXPECT_GT(speed.writes, 0U);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(DoctorFiles, AreLookedAt) {
    const test::TempDir folder;
    const auto file = folder.write("secret", "x");
    std::filesystem::permissions(file, std::filesystem::perms{0640});
    const auto fact = look_at_file(file);
    EXPECT_EQ(fact.sight, Sight::Seen);
    EXPECT_EQ(fact.mode, 0640U);
    EXPECT_FALSE(fact.owner.empty());
    EXPECT_EQ(look_at_file(folder.path() / "none").sight, Sight::Absent);
}

TEST(DoctorDisk, IsThatOfTheFolderThatIsNotThereYet) {
    const test::TempDir folder;
    const auto fact = look_at_disk(folder.path() / "not" / "yet");
    EXPECT_FALSE(fact.kind.empty());
    EXPECT_GT(fact.free_bytes, 0U);
    EXPECT_FALSE(fact.ledger_bytes);
}

TEST(DoctorBackups, AreNoneInANewPlace) {
    const test::TempDir folder;
    EXPECT_FALSE(look_at_backups(folder.path()).newest);
}

TEST(DoctorWiring, MissesAChipThatNobodyHas) {
    config::Wiring wiring;
    wiring.turnstile = "gpio";
    wiring.gpio_chip = "no-such-chip";
    wiring.release = "17";
    EXPECT_EQ(look_at_wiring(wiring).chip, Sight::Absent);
    EXPECT_EQ(look_at_wiring(wiring).board, WiringFact::Board::NotNeeded);
}

TEST(DoctorListener, IsNobody) {
    EXPECT_FALSE(answers_at("127.0.0.1:1"));
    EXPECT_FALSE(answers_at("[::1]:1"));
    EXPECT_FALSE(answers_at("rubbish"));
}

}  // namespace
}  // namespace stile::doctor
