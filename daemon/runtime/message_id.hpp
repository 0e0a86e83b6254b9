// SPDX-License-Identifier: Apache-2.0
// The names by which the journal knows what happened: journalctl MESSAGE_ID=..., and -x for advice.
#pragma once

#include <string>
#include <string_view>

#include "daemon/runtime/log.hpp"

namespace stile::log {

// Each stands in systemd/stile.catalog with words for people. Never changed, never used again.
inline constexpr std::string_view kGateReady = "ec04b21f53c3420f919c7e7e185759d3";
inline constexpr std::string_view kDecision = "5f4c6172b2a74a619502bf1aa3a8b02c";
inline constexpr std::string_view kUnresolved = "f06a9b516cc747339939693440227f4d";
inline constexpr std::string_view kPeerConnected = "2ae50aa2150047a5ac0d1903247268dc";
inline constexpr std::string_view kPeerGone = "1a563279d52e4c33b201f2b5e3455ee1";
inline constexpr std::string_view kPeerDropped = "b968f017449849548c0b0cdf9020aa72";
inline constexpr std::string_view kPeerRefused = "3a34b91fe8f549bf9e8c7a9ada7d3478";
inline constexpr std::string_view kLedgerFailing = "6fa04c2b67764da7964f1c83db219a7c";
inline constexpr std::string_view kLedgerWorking = "0237a7d0ec7e4b25821a3be38c4c5186";
inline constexpr std::string_view kLedgerDamaged = "f5a18ae2d7d747e68c9d7d099657d71b";
inline constexpr std::string_view kRolledBack = "119b7bfb23bf40809252234dc5aa4ccb";
inline constexpr std::string_view kListInUse = "cfc3d70a51ab4813aa27a02b59b99402";
inline constexpr std::string_view kListRefused = "58edf320e97e4476ab5f8b618aa2ce55";
inline constexpr std::string_view kOrdersInUse = "3f0c5b9e7d1a4c62a8f45e0b9d7c1e36";
inline constexpr std::string_view kOrdersRefused = "b58d1e6f02c94a7fb3c7e9150a6d84f2";
inline constexpr std::string_view kListUnreadable = "ee4bd2e9485d46298c7e81382780d7a7";
inline constexpr std::string_view kClockChanged = "2a89af59d31343c38cd9dea701bab134";
inline constexpr std::string_view kBrokerConnected = "331d1cbc2f574a0094840c8d394905b3";
inline constexpr std::string_view kBrokerLost = "403c2342cdf24341b3a1b9dd49866603";
inline constexpr std::string_view kReaderFlood = "f4e8e606483040b9a22a86dcafbe80d5";
inline constexpr std::string_view kReaderSilent = "0b8b5df71fe54859a6f7ad4ba521e529";
inline constexpr std::string_view kCameraState = "c1f4cd88869f42c9a494e6686a0a89a0";
inline constexpr std::string_view kStaffAct = "63e125db04814b238a620eb7b01f2137";
inline constexpr std::string_view kLaneTrouble = "59b4fdba5cc245ba9e2e71ac9bb85eb7";
inline constexpr std::string_view kLaneMode = "2dee61e2f236499b86090d804ad542f5";
inline constexpr std::string_view kFirePanel = "7d0be2a95c6f4f1c8e43b1f0a96d2c57";
inline constexpr std::string_view kBackupMade = "4d0a7f1ce6b348d29f35c81e27b0a6d4";
inline constexpr std::string_view kBackupFailed = "a1c6e93f57d24b08b7e20d4f918c35ea";
inline constexpr std::string_view kScrubFailed = "c7b60f8e2f0d4b71a6d2f35a5d1e9084";
inline constexpr std::string_view kReloaded = "5b0c7d3e91f24a6e8d17c2b64f0a93d8";
inline constexpr std::string_view kReloadRefused = "c7e41a95d2084f3bb6a90e5c8731fd24";
inline constexpr std::string_view kLedgerMigrated = "e2d6038c95ab4f17a1f4b07c6e8d5293";

[[nodiscard]] inline Field message_id(std::string_view id) {
    return {"MESSAGE_ID", std::string{id}};
}

}  // namespace stile::log
