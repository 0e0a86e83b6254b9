// SPDX-License-Identifier: Apache-2.0
// What a person is told whom the daemon sends away, whenever it does.
#include <stop_token>
#include <thread>

#include <gtest/gtest.h>

#include "daemon/stilectl/client.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::test {
namespace {

TEST(ControlClient, HearsWhyItIsSentAwayBeforeItHasSaidAnything) {
    const TempDir dir;
    const auto path = dir.path() / "control.sock";
    const auto listener = protocol::Listener::open(path, 0600);
    ASSERT_TRUE(listener) << listener.error().context;
    const std::jthread daemon{[&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            if (auto guest = listener->accept())
                (void)guest->send(protocol::Goodbye{protocol::Parting::NotAllowed, "no role"});
        }
    }};
    for (int i = 0; i < 500; ++i) {
        const auto client = ControlClient::connect(path);
        ASSERT_FALSE(client);
        ASSERT_EQ(client.error().code, Errc::Invalid) << client.error().context;
        ASSERT_EQ(client.error().context, "no role");
    }
}

}  // namespace
}  // namespace stile::test
