// SPDX-License-Identifier: Apache-2.0
// stilectl setup is ended at each change of the disk, as a power failure would.
#include <csignal>
#include <set>

#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/enrolment.hpp"
#include "daemon/config/key_file.hpp"
#include "daemon/config/site.hpp"
#include "setup_stage.hpp"

namespace stile::test {
namespace {

namespace fs = std::filesystem;

// Runs setup and ends it, as a power failure would, when it is about to change the disk for the
// n-th time. Whether it was ended.
bool killed_at(const SetupStage& stage, int change) {
    const std::string program = std::string{STILE_BIN_DIR} + "/stilectl";
    const std::string root = (stage.path() / "root").native();
    const std::string answers = (stage.path() / "answers.toml").native();
    const pid_t child = ::fork();
    if (child == 0) {
        ::setenv("ASAN_OPTIONS", "detect_leaks=0", 1);  // NOLINT(concurrency-mt-unsafe)
        (void)!std::freopen("/dev/null", "w", stdout);
        if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(127);
        ::execl(program.c_str(), program.c_str(), "setup", "--root", root.c_str(), "--answers",
                answers.c_str(), "--force", nullptr);
        ::_exit(127);
    }
    const std::set<std::uint64_t> changes{
        SYS_write,  SYS_fsync, SYS_renameat2, SYS_linkat, SYS_unlinkat, SYS_fchmod, SYS_mkdirat,
#ifdef SYS_rename
        SYS_rename, SYS_link,  SYS_unlink,    SYS_mkdir,
#else
        SYS_renameat,
#endif
    };
    int status = 0;
    ::waitpid(child, &status, 0);
    ::ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
    while (!WIFEXITED(status) && !WIFSIGNALED(status)) {
        __ptrace_syscall_info info{};
        const bool call = WIFSTOPPED(status) && WSTOPSIG(status) == (SIGTRAP | 0x80);
        if (call) ::ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info);
        const bool counts =
            call && info.op == PTRACE_SYSCALL_INFO_ENTRY && changes.contains(info.entry.nr);
        if (counts && --change == 0) ::kill(child, SIGKILL);
        ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
        ::waitpid(child, &status, 0);
    }
    return WIFSIGNALED(status);
}

// Ends setups of a gate that is there at changes 1, 1 + step, ..., until one comes to its end.
void kill_setups(const SetupStage& stage, int step, int least_kills) {
    stage.write_answers("gate-0");
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    std::string before = "gate-0";
    int kills = 0;
    for (int change = 1; change < 200; change += step) {
        const std::string wanted = "gate-" + std::to_string(change);
        stage.write_answers(wanted);
        if (!killed_at(stage, change)) break;
        ++kills;
        const auto site = config::load_site(stage.etc("stile.toml"));
        ASSERT_TRUE(site) << site.error().context;
        EXPECT_TRUE(site->site.gate == before || site->site.gate == wanted) << site->site.gate;
        before = site->site.gate;
        ASSERT_TRUE(config::load_keys(stage.etc("keys.toml")));
        EXPECT_EQ(text_in(stage.etc("event.secret")), kSecret);
        const auto request = crypto::parse_enrolment(text_in(stage.etc("enrolment.toml")));
        ASSERT_TRUE(request) << request.error().context;
    }
    EXPECT_GT(kills, least_kills);
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    EXPECT_TRUE(leftovers_in(stage.path()).empty()) << "of setups that were killed";
}

TEST(SetupProgram, LeavesNoHalfFileWhenItIsKilled) {
    kill_setups(SetupStage{}, 17, 1);
}

TEST(LongSetupProgram, LeavesNoHalfFileWheneverItIsKilled) {
    kill_setups(SetupStage{}, 1, 20);
}

TEST(SetupProgram, ClearsWhatAKilledSetupWasToldAndItIsNot) {
    const SetupStage stage;
    const fs::path store = stage.path() / "root/etc/credstore/.stile.mqtt.password.setup";
    stage.write_answers("north",
                        "broker_password = \"password.txt\"\nbroker_ca = \"ca.pem\"\n"
                        "[mqtt]\nbrokers = [\"ssl://h:8883\"]\nuser = \"north\"\n");
    for (int change = 1; !fs::exists(stage.etc(".broker-ca.pem.setup")); change += 3)
        ASSERT_TRUE(killed_at(stage, change)) << "it never came so far";
    EXPECT_TRUE(fs::exists(store));
    stage.write_answers("north");
    ASSERT_EQ(stage.setup_by_file().exit_code, 0);
    EXPECT_TRUE(leftovers_in(stage.path()).empty());
}

// Ends the first setup of a gate, of many, each at another change; the second one goes through.
void kill_first_setups(int step) {
    for (int change = 1; change < 200; change += step) {
        const SetupStage stage;
        stage.write_answers("north");
        const bool killed = killed_at(stage, change);
        const auto again = stage.setup_by_file();
        ASSERT_EQ(again.exit_code, 0) << change << again.err;
        if (!killed) return;
    }
    FAIL() << "it never came to its end";
}

TEST(SetupProgram, MakesWholeKeysWhenItIsKilledTheFirstTime) {
    kill_first_setups(31);
}

TEST(LongSetupProgram, MakesWholeKeysWheneverItIsKilledTheFirstTime) {
    kill_first_setups(1);
}

}  // namespace
}  // namespace stile::test
