// SPDX-License-Identifier: Apache-2.0
// Two ends of a message socket: what arrives, what is refused, and that no descriptor leaks.
#include <array>
#include <cstring>
#include <filesystem>
#include <iterator>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/protocol/channel.hpp"
#include "daemon/protocol/codec.hpp"
#include "protocol_fields.hpp"

namespace stile::protocol::test {
namespace {

std::ptrdiff_t open_descriptors() {
    return std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, {});
}

// A descriptor with content that a receiver can recognise.
UniqueFd memory_file(std::string_view text) {
    UniqueFd fd{::memfd_create("list", MFD_CLOEXEC)};
    EXPECT_EQ(::pwrite(fd.get(), text.data(), text.size(), 0), std::ssize(text));
    return fd;
}

// Sends any bytes with any number of copies of one descriptor, as a hostile peer would.
void send_raw(const Channel& channel, Bytes bytes, int descriptor = -1, std::size_t copies = 0) {
    iovec part{const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(8 * sizeof(int))> control{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    if (copies > 0) {
        header.msg_control = control.data();
        header.msg_controllen = CMSG_SPACE(copies * sizeof(int));
        cmsghdr* rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(copies * sizeof(int));
        for (std::size_t i = 0; i < copies; ++i)
            std::memcpy(CMSG_DATA(rights) + i * sizeof(int), &descriptor, sizeof descriptor);
    }
    ASSERT_GE(::sendmsg(channel.fd(), &header, MSG_NOSIGNAL), 0) << std::strerror(errno);
}

class ChannelPair : public testing::Test {
protected:
    void SetUp() override {
        auto ends = Channel::make_pair();
        ASSERT_TRUE(ends);
        near_.emplace(std::move(ends->first));
        far_.emplace(std::move(ends->second));
    }
    // The next message at the far end; fails the test when there is none.
    Message next() {
        auto received = far_->receive();
        if (!received || !*received) {
            ADD_FAILURE() << "nothing arrived";
            return Pong{};
        }
        return std::move((*received)->message);
    }

    std::optional<Channel> near_;
    std::optional<Channel> far_;
};

using ProtocolChannel = ChannelPair;

TEST_F(ProtocolChannel, DeliversMessagesInOrder) {
    ASSERT_TRUE(near_->send(Ping{1}));
    ASSERT_TRUE(near_->send(Ping{2}));
    EXPECT_EQ(std::get<Ping>(next()).token, 1U);
    EXPECT_EQ(std::get<Ping>(next()).token, 2U);
}

TEST_F(ProtocolChannel, CarriesTheLargestMessage) {
    ASSERT_TRUE(near_->send(CommandResult{1, CommandOutcome::Done, std::string(15'000, 'x')}));
    EXPECT_EQ(std::get<CommandResult>(next()).body.size(), 15'000U);
}

TEST_F(ProtocolChannel, ReceivesNothingWhenNothingWasSent) {
    const auto received = far_->receive();
    ASSERT_TRUE(received);
    EXPECT_FALSE(*received);
}

TEST_F(ProtocolChannel, WaitsForAMessageUntilTheTimeIsOver) {
    EXPECT_EQ(far_->wait_readable(1).error().code, Errc::Timeout);
    ASSERT_TRUE(near_->send(Ping{1}));
    EXPECT_TRUE(far_->wait_readable(1000));
}

TEST_F(ProtocolChannel, NoticesThatTheOtherSideIsGone) {
    near_.reset();
    EXPECT_EQ(far_->receive().error().code, Errc::Closed);
    EXPECT_EQ(far_->send(Ping{1}).error().code, Errc::Closed);
}

TEST_F(ProtocolChannel, DeliversWhatWasSentBeforeTheOtherSideLeft) {
    ASSERT_TRUE(near_->send(Goodbye{Parting::Stopping, "restart"}));
    near_.reset();
    EXPECT_EQ(std::get<Goodbye>(next()).detail, "restart");
    EXPECT_EQ(far_->receive().error().code, Errc::Closed);
}

TEST_F(ProtocolChannel, DeliversAGoodbyeOfASideThatDidNotReadEverything) {
    ASSERT_TRUE(far_->send(Ping{1}));
    ASSERT_TRUE(near_->send(Goodbye{Parting::NotAllowed, "no"}));
    near_.reset();
    EXPECT_EQ(std::get<Goodbye>(next()).code, Parting::NotAllowed);
    EXPECT_EQ(far_->receive().error().code, Errc::Closed);
}

TEST_F(ProtocolChannel, RefusesADatagramOfOneByteTooMany) {
    const Buffer body(kMaxMessageBytes + 1 - 8);
    send_raw(*near_, datagram(Ping::kKind, body));
    EXPECT_EQ(far_->receive().error().context, "message too long");
}

TEST_F(ProtocolChannel, RefusesADatagramThatIsMuchTooLong) {
    send_raw(*near_, Buffer(100'000, 0x01));
    EXPECT_EQ(far_->receive().error().code, Errc::Invalid);
}

TEST_F(ProtocolChannel, RefusesRubbish) {
    send_raw(*near_, as_bytes("GET / HTTP/1.1\r\n\r\n"));
    EXPECT_FALSE(far_->receive());
}

TEST_F(ProtocolChannel, TakesAnEmptyDatagramForTheEnd) {
    ASSERT_EQ(::send(near_->fd(), "", 0, 0), 0);
    EXPECT_EQ(far_->receive().error().code, Errc::Closed);
}

TEST_F(ProtocolChannel, SaysTimeoutInsteadOfBlockingWhenNobodyReads) {
    const Report report{Subject::Health, "", std::string(12'000, 'x')};
    Result<void> sent;
    for (int i = 0; i < 10'000 && sent; ++i)
        sent = near_->send(report);
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, Errc::Timeout);
}

TEST_F(ProtocolChannel, GoesOnAfterAFloodOnceTheOtherSideReads) {
    const Ping ping{3};
    while (near_->send(ping)) {
    }
    while (far_->receive().value()) {
    }
    EXPECT_TRUE(near_->send(Ping{4}));
    EXPECT_EQ(std::get<Ping>(next()).token, 4U);
}

TEST_F(ProtocolChannel, PassesTheFileOfACatalogOffer) {
    const UniqueFd file = memory_file("arena 7 100");
    ASSERT_TRUE(near_->send(CatalogOffer{1, Content::RevocationText, 11}, file.get()));
    auto received = far_->receive();
    ASSERT_TRUE(received && *received);
    std::array<char, 16> text{};
    EXPECT_EQ(::pread((*received)->descriptor.get(), text.data(), text.size(), 0), 11);
    EXPECT_STREQ(text.data(), "arena 7 100");
}

TEST_F(ProtocolChannel, ClosesThePassedFileWithItsMessage) {
    const UniqueFd file = memory_file("x");
    const auto before = open_descriptors();
    ASSERT_TRUE(near_->send(CatalogOffer{1, Content::RevocationText, 1}, file.get()));
    {
        const auto received = far_->receive();
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST_F(ProtocolChannel, RefusesACatalogOfferWithoutItsFile) {
    ASSERT_TRUE(near_->send(CatalogOffer{1, Content::RevocationText, 1}));
    EXPECT_EQ(far_->receive().error().code, Errc::Invalid);
}

TEST_F(ProtocolChannel, RefusesAndClosesAFileThatComesWithAnyOtherKind) {
    const UniqueFd file = memory_file("x");
    for_each_kind([&](const Message& message) {
        Buffer body;
        for (const FieldForms& field : forms_of(message))
            body.insert(body.end(), field.good.begin(), field.good.end());
        const auto before = open_descriptors();
        send_raw(*near_, datagram(kind_of(message), body), file.get(), 1);
        EXPECT_EQ(far_->receive().has_value(), std::holds_alternative<CatalogOffer>(message));
        EXPECT_EQ(open_descriptors(), before);
    });
}

TEST_F(ProtocolChannel, RefusesAndClosesMoreThanOneFile) {
    const UniqueFd file = memory_file("x");
    const Buffer offer = encode(CatalogOffer{1, Content::RevocationText, 1});
    for (const std::size_t copies : {2U, 4U, 5U, 8U}) {
        const auto before = open_descriptors();
        send_raw(*near_, offer, file.get(), copies);
        EXPECT_EQ(far_->receive().error().code, Errc::Invalid) << copies;
        EXPECT_EQ(open_descriptors(), before) << copies;
    }
}

TEST_F(ProtocolChannel, ClosesTheFilesOfRubbish) {
    const UniqueFd file = memory_file("x");
    const auto before = open_descriptors();
    send_raw(*near_, as_bytes("rubbish"), file.get(), 3);
    EXPECT_FALSE(far_->receive());
    EXPECT_EQ(open_descriptors(), before);
}

TEST_F(ProtocolChannel, SaysSoWhenThereIsNoFileToPass) {
    EXPECT_EQ(near_->send(CatalogOffer{1, Content::RevocationText, 1}, -1).error().code, Errc::Io);
}

TEST_F(ProtocolChannel, NamesTheProcessAtTheOtherEnd) {
    const auto peer = far_->peer();
    ASSERT_TRUE(peer);
    EXPECT_EQ(peer->user, ::geteuid());
    EXPECT_EQ(peer->group, ::getegid());
    EXPECT_EQ(peer->process, ::getpid());
}

}  // namespace
}  // namespace stile::protocol::test
