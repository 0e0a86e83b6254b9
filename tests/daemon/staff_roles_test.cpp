// SPDX-License-Identifier: Apache-2.0
// Who has which role, and what each role may do: the table of CONTROL.md.
#include <fstream>
#include <map>
#include <regex>

#include <gtest/gtest.h>
#include <unistd.h>

#include "daemon/control/commands.hpp"

namespace stile::test {
namespace {

constexpr uid_t kAnna = 70'001;
constexpr StaffRole kRoles[] = {StaffRole::Viewer, StaffRole::Operator, StaffRole::Supervisor,
                                StaffRole::Security, StaffRole::Maintainer};

RoleGroups groups() {
    return {std::vector<std::string>{"viewers"},
            {"operators", "stewards"},
            {"chiefs"},
            {"guards"},
            {"engineers", "no-such-group"}};
}

NameSource names() {
    return {[](uid_t user) {
                return user == kAnna ? std::optional<std::string>{"anna"} : std::nullopt;
            },
            [](const std::string& group) -> std::optional<gid_t> {
                static const std::map<std::string, gid_t> known{
                    {"viewers", 101}, {"operators", 102}, {"stewards", 103},
                    {"chiefs", 104},  {"guards", 105},    {"engineers", 106}};
                const auto found = known.find(group);
                return found == known.end() ? std::nullopt : std::optional{found->second};
            }};
}

Caller caller(gid_t group, std::vector<gid_t> others = {}, uid_t user = kAnna) {
    return identify({.user = user, .group = group, .groups = std::move(others)}, groups(), names());
}

TEST(StaffRoles, NameAPersonOfEachGroup) {
    EXPECT_EQ(caller(101), (Caller{"anna", StaffRole::Viewer}));
    EXPECT_EQ(caller(102), (Caller{"anna", StaffRole::Operator}));
    EXPECT_EQ(caller(103), (Caller{"anna", StaffRole::Operator}));
    EXPECT_EQ(caller(104), (Caller{"anna", StaffRole::Supervisor}));
    EXPECT_EQ(caller(105), (Caller{"anna", StaffRole::Security}));
    EXPECT_EQ(caller(106), (Caller{"anna", StaffRole::Maintainer}));
}

TEST(StaffRoles, CountFurtherGroupsToo) {
    EXPECT_EQ(caller(100, {7, 104, 8}).role, StaffRole::Supervisor);
}

TEST(StaffRoles, GiveTheHighestOfSeveral) {
    EXPECT_EQ(caller(101, {105, 102}).role, StaffRole::Security);
}

TEST(StaffRoles, GiveNobodyElseAny) {
    EXPECT_EQ(caller(100), (Caller{"anna", std::nullopt}));
    EXPECT_EQ(caller(100, {0, 27, 1000}).role, std::nullopt);
}

TEST(StaffRoles, MakeNobodyAMemberOfAGroupThatDoesNotExist) {
    const RoleGroups only_missing{std::vector<std::string>{"no-such-group"}, {}, {}, {}, {}};
    EXPECT_EQ(identify({.user = kAnna, .group = 0}, only_missing, names()).role, std::nullopt);
    EXPECT_EQ(
        identify({.user = kAnna, .group = static_cast<gid_t>(-1)}, only_missing, names()).role,
        std::nullopt);
}

TEST(StaffRoles, CallAUserWithoutANameByTheNumber) {
    EXPECT_EQ(caller(102, {}, 70'002), (Caller{"uid 70002", StaffRole::Operator}));
}

TEST(StaffRoles, MakeRootAndTheDaemonsOwnUserMaintainers) {
    EXPECT_EQ(caller(100, {}, 0).role, StaffRole::Maintainer);
    EXPECT_EQ(caller(100, {}, ::geteuid()).role, StaffRole::Maintainer);
}

TEST(StaffNames, AreThoseOfTheFilesOfThisMachine) {
    EXPECT_EQ(local_names().user_name(0), "root");
    EXPECT_EQ(local_names().group_id("root"), 0U);
    EXPECT_EQ(local_names().user_name(3'999'999'999), std::nullopt);
    EXPECT_EQ(local_names().group_id("no such group"), std::nullopt);
    EXPECT_EQ(local_user_id("root"), 0U);
    EXPECT_EQ(local_user_id("no such user"), std::nullopt);
    EXPECT_EQ(system_names().user_name(0), "root");
    EXPECT_EQ(system_names().group_id("root"), 0U);
    EXPECT_EQ(system_names().user_name(3'999'999'999), std::nullopt);
}

using Row = std::tuple<std::string, std::string, std::string>;  // verb, least role, stilectl

std::vector<Row> documented() {
    static const std::regex row{R"(\| `([a-z-]+)` \| ([a-z]+) \| `([a-z -]+)` \|)"};
    std::vector<Row> rows;
    std::ifstream in{std::string{STILE_SOURCE_DIR} + "/daemon/control/CONTROL.md"};
    for (std::string line; std::getline(in, line);) {
        std::smatch match;
        if (std::regex_match(line, match, row)) rows.emplace_back(match[1], match[2], match[3]);
    }
    return rows;
}

TEST(StaffVerbs, AreThoseOfTheDocument) {
    std::vector<Row> ours;
    for (const VerbAbout& verb : all_verbs())
        ours.emplace_back(verb.name, name_of(verb.least), verb.command);
    EXPECT_EQ(ours, documented());
}

TEST(StaffVerbs, AreAllowedFromTheLeastRoleOnAndRefusedBelow) {
    for (const VerbAbout& verb : all_verbs()) {
        for (const StaffRole role : kRoles) {
            const auto may = may_use({"anna", role}, verb.name, groups());
            EXPECT_EQ(may.has_value(), role >= verb.least) << verb.name << ", " << name_of(role);
        }
    }
}

TEST(StaffVerbs, AreAllRefusedToOneWithoutARole) {
    for (const VerbAbout& verb : all_verbs())
        EXPECT_FALSE(may_use({"anna", std::nullopt}, verb.name, groups())) << verb.name;
}

TEST(StaffVerbs, AreRefusedWithTheGroupsThatMay) {
    const auto refused = may_use({"anna", StaffRole::Viewer}, "revocation-import", groups());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::Denied);
    EXPECT_EQ(refused.error().context,
              "anna may not use \"stilectl revocation import\" as viewer: that takes security, of "
              "the group guards, engineers or no-such-group");
}

TEST(StaffVerbs, ThatDoNotExistAreNobodys) {
    for (const StaffRole role : kRoles)
        EXPECT_FALSE(may_use({"anna", role}, "reboot", groups()));
}

TEST(StaffVerbs, SendOneWithoutARoleAwayWithTheGroups) {
    EXPECT_EQ(no_role_text({"anna", std::nullopt}, {std::vector<std::string>{"a"}, {"b"}}),
              "anna has no role at this gate. Join the group a or b, and log in again");
    EXPECT_EQ(no_role_text({"anna", std::nullopt}, {}),
              "anna has no role at this gate, and the site file names no group that has one");
}

}  // namespace
}  // namespace stile::test
