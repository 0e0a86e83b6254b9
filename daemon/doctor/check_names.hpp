// SPDX-License-Identifier: Apache-2.0
// The names of all checks (a contract: scripts compare them), as DOCTOR.md lists them.
#pragma once

#include <string_view>

namespace stile::doctor {

inline constexpr std::string_view kSiteFile = "site.file";
inline constexpr std::string_view kSiteKeys = "site.keys";
inline constexpr std::string_view kSiteSecret = "site.secret";
inline constexpr std::string_view kSitePolicy = "site.policy";
inline constexpr std::string_view kSiteLanguages = "site.languages";
inline constexpr std::string_view kSiteSchedule = "site.schedule";
inline constexpr std::string_view kSiteFiles = "site.files";
inline constexpr std::string_view kSiteCredentials = "site.credentials";
inline constexpr std::string_view kProgramsDaemon = "programs.daemon";
inline constexpr std::string_view kProgramsUnits = "programs.units";
inline constexpr std::string_view kProgramsRestarts = "programs.restarts";
inline constexpr std::string_view kProgramsVersions = "programs.versions";
inline constexpr std::string_view kDevicesCamera = "devices.camera";
inline constexpr std::string_view kDevicesUsb = "devices.usb";
inline constexpr std::string_view kDevicesTurnstile = "devices.turnstile";
inline constexpr std::string_view kDevicesDisplay = "devices.display";
inline constexpr std::string_view kClockSync = "clock.sync";
inline constexpr std::string_view kClockPlausible = "clock.plausible";
inline constexpr std::string_view kClockHardware = "clock.hardware";
inline constexpr std::string_view kClockZones = "clock.zones";
inline constexpr std::string_view kDiskKind = "disk.kind";
inline constexpr std::string_view kDiskSpace = "disk.space";
inline constexpr std::string_view kDiskInodes = "disk.inodes";
inline constexpr std::string_view kDiskReserve = "disk.reserve";
inline constexpr std::string_view kDiskSpeed = "disk.speed";
inline constexpr std::string_view kLedgerState = "ledger.state";
inline constexpr std::string_view kLedgerBackup = "ledger.backup";
inline constexpr std::string_view kLedgerBackupPlace = "ledger.backup-place";
inline constexpr std::string_view kLedgerAlarms = "ledger.alarms";
inline constexpr std::string_view kListsRevocations = "lists.revocations";
inline constexpr std::string_view kListsOrders = "lists.orders";
inline constexpr std::string_view kBrokerSettings = "broker.settings";
inline constexpr std::string_view kBrokerLink = "broker.link";
inline constexpr std::string_view kBrokerName = "broker.name";
inline constexpr std::string_view kBrokerConnection = "broker.connection";
inline constexpr std::string_view kBrokerTls = "broker.tls";
inline constexpr std::string_view kBrokerCertificate = "broker.certificate";
inline constexpr std::string_view kBrokerLogin = "broker.login";
inline constexpr std::string_view kBrokerPublish = "broker.publish";
inline constexpr std::string_view kBrokerRights = "broker.rights";
inline constexpr std::string_view kHostTemperature = "host.temperature";
inline constexpr std::string_view kHostMemory = "host.memory";
inline constexpr std::string_view kHostLoad = "host.load";
inline constexpr std::string_view kHostNfc = "host.nfc";

inline constexpr std::string_view kChecks[] = {
    kSiteFile,         kSiteKeys,          kSiteSecret,        kSitePolicy,     kSiteLanguages,
    kSiteSchedule,     kSiteFiles,         kSiteCredentials,   kProgramsDaemon, kProgramsUnits,
    kProgramsRestarts, kProgramsVersions,  kDevicesCamera,     kDevicesUsb,     kDevicesTurnstile,
    kDevicesDisplay,   kClockSync,         kClockPlausible,    kClockHardware,  kClockZones,
    kDiskKind,         kDiskSpace,         kDiskInodes,        kDiskReserve,    kDiskSpeed,
    kLedgerState,      kLedgerBackup,      kLedgerBackupPlace, kLedgerAlarms,   kListsRevocations,
    kListsOrders,      kBrokerSettings,    kBrokerLink,        kBrokerName,     kBrokerConnection,
    kBrokerTls,        kBrokerCertificate, kBrokerLogin,       kBrokerPublish,  kBrokerRights,
    kHostTemperature,  kHostMemory,        kHostLoad,          kHostNfc};

}  // namespace stile::doctor
