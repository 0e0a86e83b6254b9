// SPDX-License-Identifier: Apache-2.0
// Hello, one request, its answer.
#include "daemon/stilectl/client.hpp"

#include <algorithm>
#include <utility>

namespace stile {
namespace {

constexpr int kAnswerMs = 10'000;
constexpr int kForEver = -1;
constexpr std::uint16_t kTailCredit = 64;
constexpr int kImportMs = 60'000;  // between two signs of life

}  // namespace

Result<ControlClient> ControlClient::connect(const std::filesystem::path& socket) {
    auto channel = protocol::Channel::connect(socket);
    if (!channel) return std::unexpected{std::move(channel.error())};
    ControlClient client{std::move(*channel)};
    const protocol::Hello hello{protocol::Role::Control, "stilectl", "stile " STILE_VERSION};
    if (auto said = client.say(hello); !said) return std::unexpected{std::move(said.error())};
    const auto welcome = client.receive(kAnswerMs);
    if (!welcome) return std::unexpected{welcome.error()};
    if (!std::holds_alternative<protocol::Welcome>(*welcome))
        return fail(Errc::Invalid, "the daemon did not say welcome");
    return client;
}

// A daemon that is gone may have left its reason: receive() finds it, or says the same.
Result<void> ControlClient::say(const protocol::Message& message) {
    auto sent = channel_.send(message);
    if (!sent && sent.error().code == Errc::Closed) return {};
    return sent;
}

Result<protocol::Message> ControlClient::receive(int timeout_ms) {
    for (;;) {
        if (auto ready = channel_.wait_readable(timeout_ms); !ready)
            return std::unexpected{std::move(ready.error())};
        auto received = channel_.receive();
        if (!received) return std::unexpected{std::move(received.error())};
        if (!*received) continue;
        if (const auto* goodbye = std::get_if<protocol::Goodbye>(&(*received)->message)) {
            if (goodbye->code == protocol::Parting::NotAllowed)
                return fail(Errc::Invalid, goodbye->detail);
            return fail(Errc::Closed, "the daemon says: " + goodbye->detail);
        }
        return std::move((*received)->message);
    }
}

Result<std::string> ControlClient::command(const std::string& verb,
                                           std::vector<std::string> arguments) {
    const std::uint32_t request = next_request_++;
    if (auto said = say(protocol::Command{request, verb, std::move(arguments)}); !said)
        return std::unexpected{std::move(said.error())};
    for (;;) {
        auto message = receive(kAnswerMs);
        if (!message) return std::unexpected{std::move(message.error())};
        auto* result = std::get_if<protocol::CommandResult>(&*message);
        if (result == nullptr || result->request != request) continue;
        if (result->outcome != protocol::CommandOutcome::Done)
            return fail(Errc::Invalid, std::move(result->body));
        return std::move(result->body);
    }
}

Result<void> ControlClient::follow(std::uint64_t first) {
    next_entry_ = first;
    credit_ = kTailCredit;
    return say(protocol::Tail{first, kTailCredit});
}

// All credit is used up before more is asked for, so that nothing of an older request is under way.
Result<std::optional<protocol::Entries>> ControlClient::more(int timeout_ms) {
    if (credit_ == 0) {
        if (auto sent = follow(next_entry_); !sent) return std::unexpected{std::move(sent.error())};
    }
    auto message = receive(timeout_ms);
    if (!message && message.error().code == Errc::Timeout) return std::nullopt;
    if (!message) return std::unexpected{std::move(message.error())};
    auto* entries = std::get_if<protocol::Entries>(&*message);
    if (entries == nullptr) return std::nullopt;
    next_entry_ = entries->first + entries->entries.size();
    credit_ -= std::min(credit_, entries->entries.size());
    return std::move(*entries);
}

Result<void> ControlClient::tail(std::uint64_t first, const TakeEntries& take) {
    if (auto followed = follow(first); !followed) return followed;
    for (;;) {
        const auto entries = more(kForEver);
        if (!entries) return std::unexpected{entries.error()};
        if (*entries && take(**entries) == Tailing::Enough) return {};
    }
}

Result<std::string> ControlClient::import(protocol::Content content, int file, std::uint64_t bytes,
                                          const Progress& progress) {
    const std::uint32_t request = next_request_++;
    const protocol::CatalogOffer offer{request, content, bytes};
    if (auto sent = channel_.send(offer, file); !sent)
        return std::unexpected{std::move(sent.error())};
    for (;;) {
        auto message = receive(kImportMs);
        if (!message) return std::unexpected{std::move(message.error())};
        if (const auto* step = std::get_if<protocol::CatalogProgress>(&*message))
            progress(step->done, step->total);
        auto* result = std::get_if<protocol::CatalogResult>(&*message);
        if (result == nullptr || result->request != request) continue;
        if (result->outcome != protocol::CatalogOutcome::Done)
            return fail(Errc::Invalid, std::move(result->text));
        return std::move(result->text);
    }
}

}  // namespace stile
