// SPDX-License-Identifier: Apache-2.0
// Unix sockets: addresses, descriptors on the side, and errno as an error with a name.
#include "daemon/protocol/channel.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "daemon/protocol/codec.hpp"

namespace stile::protocol {
namespace {

std::string reason(int error) {
    return std::system_category().message(error);
}

Result<sockaddr_un> address(const std::filesystem::path& path) {
    sockaddr_un out{};
    out.sun_family = AF_UNIX;
    const std::string& text = path.native();
    if (text.size() >= sizeof out.sun_path) {
        return fail(Errc::Config, fmt::format("socket path is longer than {} characters: {}",
                                              sizeof out.sun_path - 1, text));
    }
    std::memcpy(out.sun_path, text.data(), text.size());
    return out;
}

UniqueFd new_socket() {
    return UniqueFd{::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
}

const sockaddr* generic(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

Errc connect_error(int error) {
    if (error == ENOENT || error == ECONNREFUSED) return Errc::NotFound;
    return error == EACCES || error == EPERM ? Errc::Denied : Errc::Io;
}

std::unexpected<Error> send_error(int error) {
    if (error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS) {
        return fail(Errc::Timeout, "the other side does not read");
    }
    if (error == EPIPE || error == ECONNRESET) return fail(Errc::Closed, "the other side is gone");
    return fail(Errc::Io, "send: " + reason(error));
}

// Room for the descriptors that one datagram may carry; the kernel drops what does not fit.
union ControlBuffer {
    cmsghdr align;
    std::array<char, CMSG_SPACE(4 * sizeof(int))> bytes;
};

std::vector<UniqueFd> take_descriptors(msghdr& header) {
    std::vector<UniqueFd> taken;
    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr;
         part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof fd);
            taken.emplace_back(fd);
        }
    }
    return taken;
}

// The kernel's own list: no directory of users is asked, and the process cannot have lied. Two
// rounds, since the first learns how many they are; they do not change afterwards.
Result<std::vector<gid_t>> peer_groups(int socket) {
    std::vector<gid_t> groups(64);
    for (int round = 0; round < 2; ++round) {
        auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
        const int got = ::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size);
        groups.resize(size / sizeof(gid_t));
        if (got == 0) return groups;
        if (errno != ERANGE) break;
    }
    return fail(Errc::Io, "SO_PEERGROUPS: " + reason(errno));
}

// Receives one datagram. A peer that closed without reading all of ours is announced once, as
// ECONNRESET, ahead of what it sent before (its Goodbye, say): so that is asked for once more.
ssize_t receive_datagram(int socket, msghdr& header) {
    const ssize_t size = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    if (size >= 0 || errno != ECONNRESET) return size;
    return ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
}

// Removes a socket that its program left behind; anything else at `path` stays.
Result<void> clear_path(const std::filesystem::path& path) {
    struct stat found{};
    if (::lstat(path.c_str(), &found) != 0) return {};
    if (!S_ISSOCK(found.st_mode)) return fail(Errc::Io, path.native() + ": is not a socket");
    const auto other = Channel::connect(path);
    if (other) return fail(Errc::Io, path.native() + ": another program listens there already");
    if (other.error().code != Errc::NotFound) return std::unexpected{other.error()};
    ::unlink(path.c_str());
    return {};
}

Result<Received> unpack(Bytes datagram, std::vector<UniqueFd> descriptors) {
    auto message = decode(datagram);
    if (!message) return std::unexpected{std::move(message.error())};
    const std::size_t wanted = std::holds_alternative<CatalogOffer>(*message) ? 1 : 0;
    if (descriptors.size() != wanted)
        return fail(Errc::Invalid, "wrong number of file descriptors");
    Received received{std::move(*message), {}};
    if (wanted == 1) received.descriptor = std::move(descriptors.front());
    return received;
}

}  // namespace

Result<Channel> Channel::connect(const std::filesystem::path& path) {
    const auto to = address(path);
    if (!to) return std::unexpected{to.error()};
    UniqueFd socket = new_socket();
    if (!socket) return fail(Errc::Io, "socket: " + reason(errno));
    if (::connect(socket.get(), generic(*to), sizeof *to) != 0) {
        return fail(connect_error(errno), fmt::format("{}: {}", path.native(), reason(errno)));
    }
    return Channel{std::move(socket)};
}

Result<std::pair<Channel, Channel>> Channel::make_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
        return fail(Errc::Io, "socketpair: " + reason(errno));
    }
    return std::pair{Channel{UniqueFd{ends[0]}}, Channel{UniqueFd{ends[1]}}};
}

Result<void> Channel::send(const Message& message) {
    const Buffer datagram = encode(message);
    if (::send(socket_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL) < 0)
        return send_error(errno);
    return {};
}

Result<void> Channel::send(const Message& message, int descriptor) {
    Buffer datagram = encode(message);
    iovec part{datagram.data(), datagram.size()};
    ControlBuffer control{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.bytes.data();
    header.msg_controllen = CMSG_SPACE(sizeof(int));
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
    if (::sendmsg(socket_.get(), &header, MSG_NOSIGNAL) < 0) return send_error(errno);
    return {};
}

Result<std::optional<Received>> Channel::receive() {
    // One byte more than allowed, so that a longer datagram is seen as such.
    std::array<std::uint8_t, kMaxMessageBytes + 1> datagram;
    iovec part{datagram.data(), datagram.size()};
    ControlBuffer control{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.bytes.data();
    header.msg_controllen = sizeof control.bytes;
    const ssize_t size = receive_datagram(socket_.get(), header);
    if (size < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
            return std::optional<Received>{};
        return fail(Errc::Io, "receive: " + reason(errno));
    }
    std::vector<UniqueFd> descriptors = take_descriptors(header);
    if (size == 0) return fail(Errc::Closed, "the other side is gone");
    auto received =
        unpack(Bytes{datagram}.first(static_cast<std::size_t>(size)), std::move(descriptors));
    if (!received) return std::unexpected{std::move(received.error())};
    return std::optional<Received>{std::move(*received)};
}

Result<void> Channel::wait_readable(int timeout_ms) const {
    pollfd wait{socket_.get(), POLLIN, 0};
    const int ready = ::poll(&wait, 1, timeout_ms);
    if (ready > 0) return {};
    if (ready == 0) return fail(Errc::Timeout, "no answer in time");
    return fail(Errc::Io, "poll: " + reason(errno));
}

Result<Peer> Channel::peer() const {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(socket_.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
        return fail(Errc::Io, "SO_PEERCRED: " + reason(errno));
    }
    auto groups = peer_groups(socket_.get());
    if (!groups) return std::unexpected{std::move(groups.error())};
    return Peer{credentials.uid, credentials.gid, std::move(*groups), credentials.pid};
}

Result<Listener> Listener::open(const std::filesystem::path& path, mode_t mode) {
    const auto at = address(path);
    if (!at) return std::unexpected{at.error()};
    if (auto cleared = clear_path(path); !cleared) return std::unexpected{cleared.error()};
    UniqueFd socket = new_socket();
    if (!socket) return fail(Errc::Io, "socket: " + reason(errno));
    const mode_t before = ::umask(0777 & ~mode);
    const int bound = ::bind(socket.get(), generic(*at), sizeof *at);
    const int error = errno;
    ::umask(before);
    if (bound != 0) {
        return fail(error == EACCES ? Errc::Denied : Errc::Io,
                    fmt::format("{}: {}", path.native(), reason(error)));
    }
    if (::listen(socket.get(), 16) != 0) return fail(Errc::Io, "listen: " + reason(errno));
    return Listener{std::move(socket), path};
}

Listener::~Listener() {
    if (socket_) ::unlink(path_.c_str());
}

std::optional<Channel> Listener::accept() const {
    UniqueFd socket{::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (!socket) return std::nullopt;
    return Channel{std::move(socket)};
}

}  // namespace stile::protocol
