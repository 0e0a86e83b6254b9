// SPDX-License-Identifier: Apache-2.0
// The listening socket: whose path it takes, what it leaves alone, who may connect.
#include <algorithm>
#include <filesystem>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/protocol/channel.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::protocol::test {
namespace {

using stile::test::TempDir;

mode_t mode_of(const std::filesystem::path& path) {
    struct stat status{};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0);
    return status.st_mode & 07777U;
}

// Binds a socket of `type` to `path` and leaves it there; listens when `backlog` is not negative.
UniqueFd bound(const std::filesystem::path& path, int type, int backlog) {
    UniqueFd socket{::socket(AF_UNIX, type | SOCK_CLOEXEC, 0)};
    if (!socket) return socket;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.native().copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_TRUE(backlog < 0 || ::listen(socket.get(), backlog) == 0);
    return socket;
}

class ProtocolListener : public testing::Test {
protected:
    [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "control.sock"; }
    TempDir folder_;
};

TEST_F(ProtocolListener, AcceptsAConnectionThatCarriesMessages) {
    const auto listener = Listener::open(path(), 0660);
    ASSERT_TRUE(listener) << listener.error().context;
    auto client = Channel::connect(path());
    ASSERT_TRUE(client);
    auto server = listener->accept();
    ASSERT_TRUE(server);
    ASSERT_TRUE(client->send(Ping{5}));
    auto received = server->receive();
    ASSERT_TRUE(received && *received);
    EXPECT_EQ(std::get<Ping>((*received)->message).token, 5U);
}

TEST_F(ProtocolListener, AcceptsNothingWhenNobodyConnects) {
    const auto listener = Listener::open(path(), 0660);
    ASSERT_TRUE(listener);
    EXPECT_FALSE(listener->accept());
}

TEST_F(ProtocolListener, NamesTheUserWhoConnected) {
    const auto listener = Listener::open(path(), 0660);
    ASSERT_TRUE(listener);
    const auto client = Channel::connect(path());
    const auto server = listener->accept();
    ASSERT_TRUE(server && server->peer());
    EXPECT_EQ(server->peer()->user, ::geteuid());
    EXPECT_EQ(server->peer()->process, ::getpid());
}

TEST_F(ProtocolListener, NamesTheGroupsOfTheUserWhoConnected) {
    std::vector<gid_t> ours(static_cast<std::size_t>(::getgroups(0, nullptr)));
    ASSERT_EQ(::getgroups(static_cast<int>(ours.size()), ours.data()), std::ssize(ours));
    const auto listener = Listener::open(path(), 0660);
    const auto client = Channel::connect(path());
    auto peer = listener->accept()->peer();
    ASSERT_TRUE(peer) << peer.error().context;
    EXPECT_EQ(peer->group, ::getegid());
    std::ranges::sort(ours);
    std::ranges::sort(peer->groups);
    EXPECT_EQ(peer->groups, ours);
}

TEST_F(ProtocolListener, GivesItsPathTheModeThatWasAskedForWhateverTheUmask) {
    for (const mode_t umask : {0000U, 0022U, 0077U}) {
        const mode_t before = ::umask(umask);
        {
            const auto listener = Listener::open(path(), 0660);
            EXPECT_EQ(mode_of(path()), 0660U);
        }
        EXPECT_EQ(::umask(before), umask) << "the umask is as it was";
    }
}

TEST_F(ProtocolListener, RemovesItsPathWhenItEnds) {
    {
        const auto listener = Listener::open(path(), 0660);
    }
    EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(ProtocolListener, KeepsItsPathWhenItIsMoved) {
    auto first = Listener::open(path(), 0660);
    ASSERT_TRUE(first);
    const Listener second{std::move(*first)};
    first = fail(Errc::Closed, "gone");
    EXPECT_TRUE(Channel::connect(path()));
}

TEST_F(ProtocolListener, TakesOverAPathThatADeadProgramLeft) {
    (void)bound(path(), SOCK_SEQPACKET, 1);
    EXPECT_TRUE(Listener::open(path(), 0660));
}

TEST_F(ProtocolListener, RefusesAPathThatSomebodyListensOn) {
    const auto first = Listener::open(path(), 0660);
    const auto second = Listener::open(path(), 0660);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::Io);
    EXPECT_TRUE(Channel::connect(path())) << "the first one still listens";
}

TEST_F(ProtocolListener, RefusesAPathWhoseListenerIsTooBusyToAnswer) {
    const UniqueFd busy = bound(path(), SOCK_SEQPACKET, 0);
    const auto waiting = Channel::connect(path());
    const auto refused = Channel::connect(path());
    ASSERT_TRUE(waiting);
    ASSERT_FALSE(refused);
    EXPECT_FALSE(Listener::open(path(), 0660));
    EXPECT_TRUE(std::filesystem::exists(path()));
}

TEST_F(ProtocolListener, RefusesAPathThatAnotherKindOfSocketListensOn) {
    const UniqueFd stream = bound(path(), SOCK_STREAM, 1);
    EXPECT_FALSE(Listener::open(path(), 0660));
    EXPECT_TRUE(std::filesystem::exists(path()));
}

TEST_F(ProtocolListener, LeavesAFileThatIsNoSocketAlone) {
    const auto file = folder_.write("control.sock", "precious");
    EXPECT_EQ(Listener::open(file, 0660).error().context, file.native() + ": is not a socket");
    EXPECT_EQ(std::filesystem::file_size(file), 8U);
}

TEST_F(ProtocolListener, LeavesALinkAlone) {
    const auto target = folder_.write("target", "precious");
    std::filesystem::create_symlink(target, path());
    EXPECT_FALSE(Listener::open(path(), 0660));
    EXPECT_TRUE(std::filesystem::exists(target));
}

TEST_F(ProtocolListener, SaysWhenItsFolderIsMissing) {
    const auto listener = Listener::open(folder_.path() / "no" / "x.sock", 0660);
    ASSERT_FALSE(listener);
    EXPECT_EQ(listener.error().code, Errc::Io);
}

TEST_F(ProtocolListener, RefusesAPathThatIsLongerThanAnAddress) {
    const auto longest = folder_.path() / std::string(108, 'x');
    EXPECT_EQ(Listener::open(longest, 0660).error().code, Errc::Config);
    EXPECT_EQ(Channel::connect(longest).error().code, Errc::Config);
}

TEST_F(ProtocolListener, IsNotFoundWhereNobodyListens) {
    EXPECT_EQ(Channel::connect(path()).error().code, Errc::NotFound);
    (void)bound(path(), SOCK_SEQPACKET, -1);
    EXPECT_EQ(Channel::connect(path()).error().code, Errc::NotFound);
}

TEST_F(ProtocolListener, DeniesAUserWhomTheModeKeepsOut) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root to become another user";
    ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
    const auto listener = Listener::open(path(), 0600);
    ASSERT_TRUE(listener);
    ASSERT_EQ(::seteuid(65534), 0);
    const auto channel = Channel::connect(path());
    ASSERT_EQ(::seteuid(0), 0);
    ASSERT_FALSE(channel);
    EXPECT_EQ(channel.error().code, Errc::Denied);
}

}  // namespace
}  // namespace stile::protocol::test
