// SPDX-License-Identifier: Apache-2.0
// A driver and the reader that it drives, with a memory of what the driver told.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "devices/ccid/ccid_reader.hpp"
#include "tests/devices/ccid_fake.hpp"

namespace stile::devices::testing {

class CcidBench : public ::testing::Test {
protected:
    void plug(const FakeCcid::Kind& kind = {}) {
        device_.emplace(time_, kind);
        open();
    }
    // Another driver for the same device.
    void open() {
        reader_ = CcidReader::open(
                      device_->plug(), time_,
                      {.on_card =
                           [this](Bytes atr) {
                               cards_.push_back(to_hex(atr));
                               if (on_card_) on_card_();
                           },
                       .on_gone = [this] { ++gone_; },
                       .on_condition = [this] { conditions_.push_back(reader_->condition()); }})
                      .value();
        time_.on_alarm = [this] { reader_->on_alarm(); };
        reader_->start();
    }
    void plug_and_wait(const FakeCcid::Kind& kind = {}) {
        plug(kind);
        time_.pass(std::chrono::milliseconds{100});
    }
    // Sends a command and notes its answer: the hex of it, or the name of the trouble.
    void transmit(std::string_view apdu,
                  std::chrono::milliseconds budget = std::chrono::seconds{2}) {
        answers_.emplace_back("none");
        const std::size_t at = answers_.size() - 1;
        reader_->transmit(hex(apdu), budget, [this, at](const CcidReader::Answer& answer) {
            answers_[at] = answer ? to_hex(*answer) : name_of(answer.error());
            answered_at_ = time_.now();
            if (on_answer_) on_answer_();
        });
    }
    [[nodiscard]] std::string ask(std::string_view apdu) {
        transmit(apdu);
        time_.pass(std::chrono::milliseconds{100});
        return answers_.back();
    }
    static std::string name_of(CardTrouble trouble) {
        switch (trouble) {
            case CardTrouble::Gone:
                return "gone";
            case CardTrouble::Late:
                return "late";
            case CardTrouble::Unfit:
                return "unfit";
            case CardTrouble::Failed:
                return "failed";
        }
        return "?";
    }
    // Lets the device answer to commands of this kind in another way, or not at all.
    void meddle_with(CcidRequest request, std::function<void(const Buffer&)> instead) {
        device_->meddle = [request, instead = std::move(instead)](const Buffer& command) {
            if (command[0] != static_cast<std::uint8_t>(request)) return false;
            instead(command);
            return true;
        };
    }
    void never_answer(CcidRequest request) {
        meddle_with(request, [](const Buffer&) {});
    }
    [[nodiscard]] bool was(CcidCondition condition) const {
        return std::ranges::find(conditions_, condition) != conditions_.end();
    }

    FakeTime time_;
    std::optional<FakeCcid> device_;
    std::unique_ptr<CcidReader> reader_;
    std::vector<std::string> cards_;
    std::vector<std::string> answers_;
    std::vector<CcidCondition> conditions_;
    FakeTime::Time answered_at_{};
    int gone_ = 0;
    std::function<void()> on_card_;
    std::function<void()> on_answer_;
};

}  // namespace stile::devices::testing
