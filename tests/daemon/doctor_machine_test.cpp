// SPDX-License-Identifier: Apache-2.0
// Each verdict on clock, disk, records and machine, by made-up facts.
#include <gtest/gtest.h>

#include "daemon/doctor/checks.hpp"
#include "tests/daemon/doctor_fixture.hpp"

namespace stile::doctor {
namespace {

ClockFact right_clock() {
    return {.now = kNow,
            .built = kNow - days{30},
            .synced = true,
            .error = milliseconds{20},
            .hardware = kNow};
}

TEST(DoctorClock, IsRight) {
    EXPECT_EQ(verdict(check_clock(right_clock(), nullptr)), Good);
}

TEST(DoctorClock, IsToLookAtWithoutATimeServer) {
    auto fact = right_clock();
    fact.synced = false;
    EXPECT_EQ(verdict(check_clock(fact, nullptr), kClockSync), Look);
    fact = right_clock();
    fact.error = milliseconds{3000};
    EXPECT_EQ(verdict(check_clock(fact, nullptr), kClockSync), Look);
}

TEST(DoctorClock, IsBadWhenTheGateDoesNotBelieveIt) {
    GateStatus gate;
    gate.clock = "wrong";
    EXPECT_EQ(verdict(check_clock(right_clock(), &gate), kClockSync), Bad);
}

TEST(DoctorClock, IsNotBeforeItsProgramNorYearsAfter) {
    auto fact = right_clock();
    fact.built = kNow + days{1};
    EXPECT_EQ(verdict(check_clock(fact, nullptr), kClockPlausible), Bad);
    fact.built = kNow - days{2000};
    EXPECT_EQ(verdict(check_clock(fact, nullptr), kClockPlausible), Look);
}

TEST(DoctorClock, HasABattery) {
    auto fact = right_clock();
    fact.hardware = kNow - hours{1};
    EXPECT_EQ(verdict(check_clock(fact, nullptr), kClockHardware), Look);
    fact.hardware.reset();
    EXPECT_EQ(verdict(check_clock(fact, nullptr), kClockHardware), Look);
}

TEST(DoctorClock, KnowsItsZone) {
    EXPECT_EQ(verdict(check_zone("UTC", {})), Good);
    EXPECT_EQ(verdict(check_zone("Mars/X", fail(Errc::Invalid, "no such zone"))), Bad);
}

DiskFact good_disk() {
    return {.folder = "/var/lib/stile",
            .kind = "ext4",
            .free_bytes = 8ULL << 30U,
            .inodes = 100'000,
            .free_inodes = 90'000,
            .ledger_bytes = 64ULL << 20U};
}

TEST(DoctorDisk, IsGood) {
    EXPECT_EQ(verdict(check_disk(good_disk(), a_site())), Good);
}

TEST(DoctorDisk, HasToBeLocalAndWritable) {
    for (const char* kind : {"tmpfs", "nfs4", "cifs", "9p"}) {
        auto fact = good_disk();
        fact.kind = kind;
        EXPECT_EQ(verdict(check_disk(fact, a_site()), kDiskKind), Bad) << kind;
    }
    auto fact = good_disk();
    fact.kind = "overlay";
    EXPECT_EQ(verdict(check_disk(fact, a_site()), kDiskKind), Look);
    fact = good_disk();
    fact.read_only = true;
    EXPECT_EQ(verdict(check_disk(fact, a_site()), kDiskKind), Bad);
}

TEST(DoctorDisk, NeedsSpaceAndInodes) {
    auto fact = good_disk();
    fact.free_bytes = 500ULL << 20U;
    EXPECT_EQ(verdict(check_disk(fact, a_site()), kDiskSpace), Look);
    fact.free_bytes = 50ULL << 20U;
    EXPECT_EQ(verdict(check_disk(fact, a_site()), kDiskSpace), Bad);
    fact.free_inodes = 2'000;
    EXPECT_EQ(verdict(check_disk(fact, a_site()), kDiskInodes), Look);
    fact.free_inodes = 3;
    EXPECT_EQ(verdict(check_disk(fact, a_site()), kDiskInodes), Bad);
    fact.inodes = 0;
    EXPECT_EQ(verdict(check_disk(fact, a_site()), kDiskInodes), Good);
}

TEST(DoctorDisk, HasTheReserveOfTheSiteFile) {
    auto fact = good_disk();
    fact.ledger_bytes = 1ULL << 20U;
    EXPECT_EQ(verdict(check_disk(fact, a_site()), kDiskReserve), Look);
}

TEST(DoctorDisk, IsFastEnoughForALane) {
    const auto with = [](milliseconds median, milliseconds p99) {
        return verdict(check_speed({.writes = 100, .median = median, .p99 = p99}));
    };
    EXPECT_EQ(with(milliseconds{1}, milliseconds{12}), Good);
    EXPECT_EQ(with(milliseconds{1}, milliseconds{80}), Look);
    EXPECT_EQ(with(milliseconds{1}, milliseconds{3000}), Look) << "somebody else was busy";
    EXPECT_EQ(with(milliseconds{300}, milliseconds{400}), Bad);
    EXPECT_EQ(verdict(check_speed({.trouble = "no space left"})), Bad);
    EXPECT_EQ(verdict(check_speed({.sight = Sight::Hidden})), Look);
}

TEST(DoctorLedger, IsSoundOrDamagedOrFailing) {
    GateStatus gate;
    EXPECT_EQ(verdict(check_ledger(gate)), Good);
    gate.bad_rows = 1;
    EXPECT_EQ(verdict(check_ledger(gate)), Bad);
    gate.ledger_trouble = "no space";
    EXPECT_EQ(verdict(check_ledger(gate)), Bad);
    gate.ledger_damage = "page 3";
    EXPECT_EQ(verdict(check_ledger(gate)), Bad);
}

TEST(DoctorLedger, OpensWhileNothingRuns) {
    EXPECT_EQ(verdict(check_resting_ledger(Sight::Seen, {})), Good);
    EXPECT_EQ(verdict(check_resting_ledger(Sight::Absent, {})), Look);
    EXPECT_EQ(verdict(check_resting_ledger(Sight::Hidden, {})), Look);
    EXPECT_EQ(verdict(check_resting_ledger(Sight::Seen, fail(Errc::Corrupt, "page 3"))), Bad);
    EXPECT_EQ(verdict(check_resting_ledger(Sight::Seen, fail(Errc::Unsupported, "format 9"))), Bad);
}

TEST(DoctorBackup, IsThereYoungAndElsewhere) {
    EXPECT_EQ(verdict(check_backup({.newest = kNow - hours{3}}, nullptr, kNow)), Good);
    EXPECT_EQ(verdict(check_backup({.newest = kNow - days{9}}, nullptr, kNow)), Look);
    EXPECT_EQ(verdict(check_backup({}, nullptr, kNow)), Look);
    EXPECT_EQ(verdict(check_backup({.newest = kNow, .same_disk = true}, nullptr, kNow),
                      kLedgerBackupPlace),
              Look);
}

TEST(DoctorBackup, IsKnownToTheGateWhereTheFolderIsHidden) {
    GateStatus gate;
    EXPECT_EQ(verdict(check_backup({.sight = Sight::Hidden}, &gate, kNow)), Look);
    gate.backup_age = std::chrono::seconds{60};
    EXPECT_EQ(verdict(check_backup({.sight = Sight::Hidden}, &gate, kNow)), Good);
}

TEST(DoctorAlarms, HaveTheirSeverity) {
    GateStatus gate;
    EXPECT_EQ(verdict(check_alarms(gate)), Good);
    gate.alarms = {"disk-low"};
    EXPECT_EQ(verdict(check_alarms(gate)), Look);
    gate.alarms = {"lane-a-device-gone"};
    EXPECT_EQ(verdict(check_alarms(gate)), Bad);
    gate.alarms = {"reader-lost-cam-1"};
    EXPECT_EQ(verdict(check_alarms(gate)), Bad);
    gate.alarms = {"of-a-later-version"};
    EXPECT_EQ(verdict(check_alarms(gate)), Look);
}

TEST(DoctorLists, AreFreshEnoughForThePolicy) {
    GateStatus gate;
    gate.revocation_generation = 3;
    gate.revocation_age = hours{30};
    EXPECT_EQ(verdict(check_lists(a_site(), &gate, {days{2}})), Good);
    EXPECT_EQ(verdict(check_lists(a_site(), &gate, {days{1}})), Look);
    EXPECT_EQ(verdict(check_lists(a_site(), &gate, {days{1}, Freshness::Stale::Refuse})), Bad);
    EXPECT_EQ(verdict(check_lists(a_site(), nullptr, {})), Look);
    gate.catalog_damage = "page 3";
    EXPECT_EQ(verdict(check_lists(a_site(), &gate, {})), Bad);
}

TEST(DoctorLists, WereImportedOnce) {
    GateStatus gate;
    EXPECT_EQ(verdict(check_lists(a_site(), &gate, {})), Look);
}

TEST(DoctorLists, HaveOrdersOfEachEvent) {
    GateStatus gate;
    gate.orders = {{"summer", std::nullopt}};
    EXPECT_EQ(verdict(check_lists(a_site(), &gate, {}), kListsOrders), Bad);
    gate.orders = {{"summer", minutes{5}}};
    EXPECT_EQ(verdict(check_lists(a_site(), &gate, {}), kListsOrders), Good);
    gate.orders = {{"summer", days{5}}};
    EXPECT_EQ(verdict(check_lists(a_site(), &gate, {}), kListsOrders), Look);
}

TEST(DoctorLink, IsConnectedAndShort) {
    GateStatus gate;
    gate.link = "connected";
    EXPECT_EQ(verdict(check_link(gate)), Good);
    gate.outbox = 5'000;
    EXPECT_EQ(verdict(check_link(gate)), Look);
    for (const char* state : {"no-sync", "connecting", "refused"}) {
        gate.link = state;
        EXPECT_EQ(verdict(check_link(gate)), Look) << state;
    }
}

HostFact cool_host() {
    return {
        .temperature_c = 50, .memory_bytes = 1000, .available_bytes = 500, .load = 1, .cores = 4};
}

TEST(DoctorHost, IsCoolAndIdle) {
    EXPECT_EQ(verdict(check_host(cool_host(), nullptr)), Good);
}

TEST(DoctorHost, GetsHotFullAndBusy) {
    auto fact = cool_host();
    fact.temperature_c = 80;
    EXPECT_EQ(verdict(check_host(fact, nullptr), kHostTemperature), Look);
    fact.temperature_c = 95;
    EXPECT_EQ(verdict(check_host(fact, nullptr), kHostTemperature), Bad);
    fact.available_bytes = 60;
    EXPECT_EQ(verdict(check_host(fact, nullptr), kHostMemory), Look);
    fact.available_bytes = 20;
    EXPECT_EQ(verdict(check_host(fact, nullptr), kHostMemory), Bad);
    fact.load = 10;
    EXPECT_EQ(verdict(check_host(fact, nullptr), kHostLoad), Look);
    fact.load = 400;
    EXPECT_EQ(verdict(check_host(fact, nullptr), kHostLoad), Look) << "guests are let in";
}

TEST(DoctorHost, HasNobodyElseAtTheCardReaders) {
    auto site = a_site();
    auto fact = cool_host();
    fact.pcscd = fact.nfc_driver = true;
    EXPECT_EQ(verdict(check_host(fact, &site)), Good) << "no card reader here";
    site.readers.front().kind = "nfc";
    EXPECT_EQ(verdict(check_host(fact, &site)), Bad);
    fact.pcscd = false;
    EXPECT_EQ(verdict(check_host(fact, &site), kHostNfc), Look);
    fact.nfc_driver = false;
    EXPECT_EQ(verdict(check_host(fact, &site), kHostNfc), Good);
}

}  // namespace
}  // namespace stile::doctor
