// SPDX-License-Identifier: Apache-2.0
// The control socket of the real daemon, as people of different groups meet it.
#include <filesystem>
#include <functional>

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

using protocol::CommandOutcome;

constexpr const char* kRoles =
    "[roles]\nviewer = [\"games\"]\noperator = []\nsupervisor = []\n"
    "security = [\"daemon\", \"no-such-group\"]\nmaintainer = []\n";

// A user of /etc/passwd on every Debian, and the groups that the test gives it.
constexpr uid_t kGames = 5;
constexpr gid_t kNobodysGroup = 65'000;

gid_t group_named(const char* name) {
    const group* found = ::getgrnam(name);  // NOLINT(concurrency-mt-unsafe): the only thread
    return found == nullptr ? kNobodysGroup : found->gr_gid;
}

class StaffSocket : public testing::Test {
protected:
    void SetUp() override {
        if (::geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
        site_.write_config(kRoles);
        std::filesystem::permissions(site_.folder().path(), std::filesystem::perms{0755});
        stiled_ = site_.start();
        ASSERT_TRUE(site_.connect("control.sock", *stiled_)) << site_.log();
    }
    // What `act` returns when a process of that user and those groups runs it.
    int as(uid_t user, gid_t group, std::vector<gid_t> others, const std::function<int()>& act) {
        const pid_t child = ::fork();
        if (child == 0) {
            const bool other = ::setgroups(others.size(), others.data()) == 0 &&
                               ::setgid(group) == 0 && ::setuid(user) == 0;
            ::_exit(other ? act() : 99);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    // The outcome of a verb, or 50 when the daemon sent us away, or 60 when nothing came.
    int outcome(const std::string& verb) {
        auto channel = site_.connect("control.sock", *stiled_);
        if (!channel) return 60;
        PlayedPeer person{std::move(*channel), {protocol::Role::Control, "test", "test"}};
        (void)person.send(protocol::Command{.request = 1, .verb = verb});
        const auto answer = person.next<protocol::CommandResult>();
        return answer ? std::to_underlying(answer->outcome) : 50;
    }

    Site site_;
    std::unique_ptr<Process> stiled_;
};

TEST_F(StaffSocket, LetsAMemberOfAGroupDoWhatItsRoleMay) {
    const auto viewer = group_named("games");
    EXPECT_EQ(as(kGames, viewer, {}, [&] { return outcome("status"); }),
              std::to_underlying(CommandOutcome::Done));
    EXPECT_EQ(as(kGames, kNobodysGroup, {9, viewer}, [&] { return outcome("status"); }),
              std::to_underlying(CommandOutcome::Done));
    EXPECT_EQ(as(kGames, viewer, {}, [&] { return outcome("revocation-check"); }),
              std::to_underlying(CommandOutcome::NotAllowed));
    EXPECT_EQ(
        as(kGames, viewer, {group_named("daemon")}, [&] { return outcome("revocation-check"); }),
        std::to_underlying(CommandOutcome::Failed));  // it may, and named no ticket
}

TEST_F(StaffSocket, SendsOneWithoutARoleAwayAtOnceAndSaysWhy) {
    const int sent_away = as(kGames, kNobodysGroup, {}, [&] {
        auto channel = site_.connect("control.sock", *stiled_);
        PlayedPeer stranger{std::move(*channel), {protocol::Role::Control, "root", "test"}};
        const auto goodbye = stranger.next<protocol::Goodbye>();
        if (!goodbye || goodbye->code != protocol::Parting::NotAllowed) return 1;
        return goodbye->detail ==
                       "games has no role at this gate. Join the group games, daemon or "
                       "no-such-group, and log in again"
                   ? 0
                   : 2;
    });
    EXPECT_EQ(sent_away, 0);
    EXPECT_NE(site_.log().find("games may not connect as control"), std::string::npos)
        << site_.log();
}

TEST_F(StaffSocket, TakesTheRoleOfTheGroupsAndNotOfTheNameThatSomebodyGives) {
    EXPECT_EQ(as(70'001, kNobodysGroup, {}, [&] { return outcome("status"); }), 50);
}

TEST_F(StaffSocket, GivesAPersonWithoutARoleNoListToImport) {
    const int refused = as(kGames, group_named("games"), {}, [&] {
        auto channel = site_.connect("control.sock", *stiled_);
        const int file = ::open("/dev/null", 0);
        if (!channel->send(protocol::Hello{protocol::Role::Control, "test", "test"}) ||
            !channel->send(protocol::CatalogOffer{.request = 7}, file))
            return 1;
        while (channel->wait_readable(30'000)) {
            auto received = channel->receive();
            if (!received) return 2;
            if (!*received) continue;
            const auto* result = std::get_if<protocol::CatalogResult>(&(*received)->message);
            if (result == nullptr) continue;
            return result->outcome == protocol::CatalogOutcome::Failed &&
                           result->text.find("that takes security") != std::string::npos
                       ? 0
                       : 3;
        }
        return 4;
    });
    EXPECT_EQ(refused, 0);
}

}  // namespace
}  // namespace stile::test
