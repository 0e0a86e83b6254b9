// SPDX-License-Identifier: Apache-2.0
// On damaged files stiled runs, admits nobody, says why, and changes nothing.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <gtest/gtest.h>

#include "daemon/core/reason.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// Runs on a damaged ledger, admits nobody, and says why.
void expect_damaged(const Site& site, const std::string& what) {
    const auto stiled = site.start();
    PlayedPeer reader = site.reader(*stiled);
    const auto answer = reader.show(Site::ticket(1));
    ASSERT_TRUE(answer) << site.log();
    EXPECT_EQ(answer->outcome, protocol::Outcome::Refuse);
    EXPECT_EQ(answer->reason, static_cast<std::uint8_t>(Reason::NotRecorded));
    EXPECT_TRUE(contains(site.log(), what)) << site.log();
    EXPECT_TRUE(contains(site.run("stilectl", {"status", "--json"}).out, what));
}

void end_after_start(const Site& site) {
    const auto stiled = site.start();
    ASSERT_TRUE(site.connect("control.sock", *stiled)) << site.log();
    stiled->signal(SIGKILL);
    ASSERT_TRUE(stiled->wait(std::chrono::seconds{40}));
}

TEST(StiledDamage, RefusesEverybodyOnATruncatedLedgerAndNeverReplacesIt) {
    const Site site;
    end_after_start(site);
    const auto file = site.ledger() / "data.mdb";
    const auto size = std::filesystem::file_size(file) / 2;
    std::filesystem::resize_file(file, size);
    expect_damaged(site, "truncated");
    EXPECT_EQ(std::filesystem::file_size(file), size);
}

TEST(StiledDamage, RefusesEverybodyOnALedgerThatIsRubbishAndNeverReplacesIt) {
    const Site site;
    std::filesystem::create_directories(site.ledger());
    std::ofstream{site.ledger() / "data.mdb"} << std::string(100'000, 'x');
    expect_damaged(site, "data.mdb");
    EXPECT_EQ(std::filesystem::file_size(site.ledger() / "data.mdb"), 100'000U);
}

TEST(StiledDamage, GoesOnAfterARestoreOfItsDamagedLedger) {
    const Site site;
    end_after_start(site);
    ASSERT_EQ(site.run("stilectl", {"backup"}).exit_code, kExitDone);
    std::filesystem::resize_file(site.ledger() / "data.mdb", 5'000);
    expect_damaged(site, "truncated");
    std::filesystem::path backup;
    for (const auto& entry :
         std::filesystem::directory_iterator{site.ledger().parent_path() / "backups"})
        backup = entry.path();
    const auto restored = site.run("stilectl", {"restore", backup.native()});
    ASSERT_EQ(restored.exit_code, kExitDone) << restored.err;
    const auto stiled = site.start();
    PlayedPeer reader = site.reader(*stiled);
    EXPECT_EQ(reader.show(Site::ticket(1))->outcome, protocol::Outcome::Admit);
}

TEST(StiledDamage, RefusesEverybodyOnADamagedCatalog) {
    const Site site;
    end_after_start(site);
    const auto file = site.ledger().parent_path() / "catalog" / "data.mdb";
    std::filesystem::resize_file(file, 5'000);
    const auto stiled = site.start();
    PlayedPeer reader = site.reader(*stiled);
    const auto answer = reader.show(Site::ticket(1));
    ASSERT_TRUE(answer) << site.log();
    EXPECT_EQ(answer->reason, static_cast<std::uint8_t>(Reason::ListsUnreadable));
    EXPECT_EQ(std::filesystem::file_size(file), 5'000U);
}

}  // namespace
}  // namespace stile::test
