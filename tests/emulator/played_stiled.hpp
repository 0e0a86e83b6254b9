// SPDX-License-Identifier: Apache-2.0
// stiled as a card reader sees it: it has the gate's real dialogues with the cards, and lets in who
// carries anything.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <poll.h>

#include "crypto/cards/dialogue.hpp"
#include "crypto/cards/type2.hpp"
#include "crypto/cards/type4.hpp"
#include "daemon/protocol/channel.hpp"

namespace stile::emulator {

class PlayedStiled {
public:
    explicit PlayedStiled(const std::filesystem::path& folder)
        : listener_{protocol::Listener::open(folder / "reader.sock", 0600).value()} {}

    // Waits up to a moment for a reader or its next message, and answers it.
    void serve() {
        if (!channel_) return accept();
        if (!channel_->wait_readable(kMomentMs)) return;
        auto received = channel_->receive();
        if (!received) return channel_.reset();
        if (*received) std::visit([this](const auto& m) { take(m); }, (*received)->message);
    }

    [[nodiscard]] const std::vector<std::string>& contents() const { return contents_; }
    [[nodiscard]] std::optional<pid_t> reader() const {
        if (!channel_) return std::nullopt;
        const auto peer = channel_->peer();
        return peer ? std::optional{peer->process} : std::nullopt;
    }

private:
    static constexpr int kMomentMs = 100;
    static constexpr std::uint16_t kBudgetMs = 1500;

    void accept() {
        pollfd wait{listener_.fd(), POLLIN, 0};
        if (::poll(&wait, 1, kMomentMs) == 1) channel_ = listener_.accept();
    }
    void send(const protocol::Message& message) { (void)channel_->send(message); }  // or it is gone

    void take(const protocol::Hello&) {
        send({protocol::Welcome{.venue = "test", .gate = "north", .software = "played"}});
    }
    void take(const protocol::CardPresent& card) {
        session_ = card.session;
        dialogue_ = card.technology == protocol::CardTechnology::Type2 ? crypto::make_type2()
                                                                       : crypto::make_type4();
        go_on(dialogue_->begin());
    }
    void take(const protocol::CardAnswer& answer) {
        if (!dialogue_ || answer.session != session_) return;
        if (answer.status != protocol::CardStatus::Ok) return dialogue_.reset();
        go_on(dialogue_->take(answer.answer));
    }
    void take(const protocol::CardGone&) { dialogue_.reset(); }
    void take(const auto&) {}

    void go_on(const crypto::CardStep& step) {
        if (const auto* command = std::get_if<crypto::CardSend>(&step)) {
            return send({protocol::CardCommand{.session = session_,
                                               .sequence = ++sequence_,
                                               .budget_ms = kBudgetMs,
                                               .apdu = command->apdu}});
        }
        dialogue_.reset();
        const auto* finding = std::get_if<crypto::CardFinding>(&step);
        const auto* copy = finding ? std::get_if<crypto::CardCopy>(finding) : nullptr;
        if (copy != nullptr) contents_.emplace_back(as_text(copy->content));
        send({protocol::Feedback{
            .scan = session_,
            .outcome = copy != nullptr ? protocol::Outcome::Admit : protocol::Outcome::Refuse}});
    }

    protocol::Listener listener_;
    std::optional<protocol::Channel> channel_;
    std::unique_ptr<crypto::CardDialogue> dialogue_;
    std::uint32_t session_ = 0;
    std::uint16_t sequence_ = 0;
    std::vector<std::string> contents_;
};

}  // namespace stile::emulator
