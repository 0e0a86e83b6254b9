// SPDX-License-Identifier: Apache-2.0
// Visits of cards with the driver and a reader made of bytes, and a stiled that is the test.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/core/reason.hpp"
#include "devices/reader/card_visits.hpp"
#include "tests/devices/ccid_fake.hpp"

namespace stile::devices::testing {

inline constexpr FakeCcid::Kind kWithLamp{.vendor = 0x072F, .product = 0x223B};

class CardVisitsAtAReader : public ::testing::Test {
protected:
    CardVisitsAtAReader() : device_{time_, kWithLamp}, alarm_{time_} {
        visits_ = std::make_unique<CardVisits>(ports(), alarm_, std::chrono::seconds{1});
        alarm_.on_alarm = [this] { visits_->on_alarm(); };
        time_.on_alarm = [this] { reader_->on_alarm(); };
        reader_ = CcidReader::open(device_.plug(), time_,
                                   {.on_card = [this](Bytes atr) { visits_->on_card(atr); },
                                    .on_gone = [this] { visits_->on_gone(); },
                                    .on_condition =
                                        [this] {
                                            if (reader_->condition() == CcidCondition::Working)
                                                visits_->on_ready();
                                        }})
                      .value();
        reader_->start();
        time_.pass(std::chrono::milliseconds{100});
        connect();
    }
    CardVisits::Ports ports() {
        return {
            .up = [this] { return up_; },
            .next_number = [this] { return ++number_; },
            .send =
                [this](const protocol::Message& message) {
                    if (up_) told_.push_back(message);
                    return up_;
                },
            .transmit =
                [this](Bytes apdu, std::chrono::milliseconds budget, CcidReader::OnAnswer done) {
                    reader_->transmit(apdu, budget, std::move(done));
                },
            .restart_card = [this] { reader_->restart_card(); },
            .show = [this](Signal signal) { reader_->show(signal); }};
    }
    void connect() {
        up_ = true;
        number_ = 0;
        visits_->on_up();
        time_.pass(std::chrono::milliseconds{20});
    }
    void disconnect() {
        up_ = false;
        visits_->on_down();
        time_.pass(std::chrono::milliseconds{20});
    }
    void put(FakeCard card) {
        device_.insert(std::move(card));
        time_.pass(std::chrono::milliseconds{20});
    }
    void take_away(FakeTime::Time for_how_long = std::chrono::seconds{5}) {
        device_.remove();
        time_.pass(for_how_long);
    }
    void command(std::uint32_t session, std::uint16_t sequence, std::string_view apdu,
                 std::uint16_t budget_ms = 1500) {
        visits_->on_message(protocol::CardCommand{session, sequence, budget_ms, hex(apdu)});
    }
    void feedback(std::uint64_t session, protocol::Outcome outcome, Reason reason = Reason::Valid) {
        visits_->on_message(protocol::Feedback{
            .scan = session, .outcome = outcome, .reason = static_cast<std::uint8_t>(reason)});
        time_.pass(std::chrono::milliseconds{20});
    }
    template <class Message>
    [[nodiscard]] std::vector<Message> heard() const {
        std::vector<Message> all;
        for (const auto& message : told_)
            if (const auto* one = std::get_if<Message>(&message)) all.push_back(*one);
        return all;
    }
    [[nodiscard]] std::size_t presented() const { return heard<protocol::CardPresent>().size(); }
    [[nodiscard]] protocol::CardStatus last_status() const {
        return heard<protocol::CardAnswer>().back().status;
    }
    // The lamp's last word.
    [[nodiscard]] std::string lamp() const {
        for (auto one = device_.sent().rbegin(); one != device_.sent().rend(); ++one)
            if (one->starts_with("6b") && one->substr(20).starts_with("e0000029"))
                return one->substr(20);
        return "";
    }

    FakeTime time_;
    FakeCcid device_;
    FakeAlarm alarm_;
    std::unique_ptr<CardVisits> visits_;
    std::unique_ptr<CcidReader> reader_;
    std::vector<protocol::Message> told_;
    bool up_ = false;
    std::uint64_t number_ = 0;
};

}  // namespace stile::devices::testing
