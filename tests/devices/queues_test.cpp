// SPDX-License-Identifier: Apache-2.0
// The two queues between threads: newest wins, and refuse when full.
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "daemon/runtime/bounded_queue.hpp"
#include "daemon/runtime/mailbox.hpp"

namespace stile {
namespace {

TEST(Mailbox, IsEmptyAtFirst) {
    Mailbox<int> mailbox;
    EXPECT_EQ(mailbox.try_take(), std::nullopt);
}

TEST(Mailbox, GivesAValueOnce) {
    Mailbox<int> mailbox;
    mailbox.put(7);
    EXPECT_EQ(mailbox.try_take(), 7);
    EXPECT_EQ(mailbox.try_take(), std::nullopt);
}

TEST(Mailbox, KeepsTheNewestAndCountsWhatItReplaced) {
    Mailbox<int> mailbox;
    mailbox.put(1);
    mailbox.put(2);
    mailbox.put(3);
    EXPECT_EQ(mailbox.try_take(), 3);
    EXPECT_EQ(mailbox.replaced(), 2U);
}

TEST(Mailbox, CountsNothingWhenEachValueIsTaken) {
    Mailbox<int> mailbox;
    mailbox.put(1);
    (void)mailbox.try_take();
    mailbox.put(2);
    EXPECT_EQ(mailbox.replaced(), 0U);
}

TEST(Mailbox, HoldsValuesThatCanOnlyBeMoved) {
    Mailbox<std::unique_ptr<int>> mailbox;
    mailbox.put(std::make_unique<int>(5));
    EXPECT_EQ(**mailbox.try_take(), 5);
}

TEST(Mailbox, WaitsForAValueFromAnotherThread) {
    Mailbox<int> mailbox;
    const std::jthread giver{[&mailbox] { mailbox.put(9); }};
    EXPECT_EQ(mailbox.take(std::stop_token{}), 9);
}

TEST(Mailbox, EndsTheWaitWhenAskedToStop) {
    Mailbox<int> mailbox;
    std::stop_source stop;
    const std::jthread stopper{[&stop] { stop.request_stop(); }};
    EXPECT_EQ(mailbox.take(stop.get_token()), std::nullopt);
}

TEST(Mailbox, EndsTheWaitWhenItIsClosed) {
    Mailbox<int> mailbox;
    const std::jthread closer{[&mailbox] { mailbox.close(); }};
    EXPECT_EQ(mailbox.take(std::stop_token{}), std::nullopt);
}

TEST(Mailbox, GivesTheLastValueAfterItWasClosed) {
    Mailbox<int> mailbox;
    mailbox.put(4);
    mailbox.close();
    EXPECT_EQ(mailbox.take(std::stop_token{}), 4);
    EXPECT_EQ(mailbox.take(std::stop_token{}), std::nullopt);
}

TEST(Mailbox, TakesNothingAfterItWasClosed) {
    Mailbox<int> mailbox;
    mailbox.close();
    mailbox.put(4);
    EXPECT_EQ(mailbox.try_take(), std::nullopt);
}

TEST(BoundedQueue, IsEmptyAtFirst) {
    BoundedQueue<int> queue{2};
    EXPECT_EQ(queue.try_pop(), std::nullopt);
}

TEST(BoundedQueue, KeepsTheOrder) {
    BoundedQueue<int> queue{3};
    ASSERT_TRUE(queue.push(1));
    ASSERT_TRUE(queue.push(2));
    EXPECT_EQ(queue.try_pop(), 1);
    EXPECT_EQ(queue.try_pop(), 2);
}

TEST(BoundedQueue, RefusesAndCountsWhenItIsFull) {
    BoundedQueue<int> queue{1};
    ASSERT_TRUE(queue.push(1));
    EXPECT_FALSE(queue.push(2));
    EXPECT_FALSE(queue.push(3));
    EXPECT_EQ(queue.refused(), 2U);
    EXPECT_EQ(queue.try_pop(), 1);
    EXPECT_EQ(queue.try_pop(), std::nullopt);
}

TEST(BoundedQueue, TakesAgainWhenThereIsRoom) {
    BoundedQueue<int> queue{1};
    ASSERT_TRUE(queue.push(1));
    (void)queue.try_pop();
    EXPECT_TRUE(queue.push(2));
}

TEST(BoundedQueue, LosesNothingBetweenThreads) {
    constexpr int kCount = 1000;
    BoundedQueue<int> queue{kCount};
    const auto give = [&queue] {
        for (int i = 0; i < kCount; ++i)
            (void)queue.push(i);  // half of them find no room
    };
    {
        const std::jthread one{give};
        const std::jthread other{give};
    }
    std::uint64_t stored = 0;
    while (queue.try_pop())
        ++stored;
    EXPECT_EQ(stored, std::uint64_t{kCount});
    EXPECT_EQ(queue.refused(), std::uint64_t{kCount});
}

}  // namespace
}  // namespace stile
