// SPDX-License-Identifier: Apache-2.0
// One text under way, and its end.
#include "devices/scanner/assembler.hpp"

#include <algorithm>
#include <utility>

#include "devices/scanner/trim.hpp"

namespace stile::devices {

std::vector<Piece> Assembler::take(Bytes bytes, Time now) {
    std::vector<Piece> ended;
    const auto keep = [&ended](std::optional<Piece> piece) {
        if (piece) ended.push_back(std::move(*piece));
    };
    go_on(now);
    for (const std::uint8_t byte : bytes) {
        if (is_line_end(byte)) {
            keep(end());
            continue;
        }
        push(byte);
        if (ends_with_suffix()) keep(end());
    }
    return ended;
}

void Assembler::push(std::uint8_t byte) {
    if (state_ == State::Empty) state_ = State::Good;
    if (state_ == State::Good && text_.size() == kMaxScannedBytes) state_ = State::TooLong;
    if (state_ != State::Good && !text_.empty()) {
        // Only what may become the suffix is of use now.
        const std::size_t spare = text_.size() - std::min(text_.size(), ends_.suffix.size());
        text_.erase(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(spare));
    }
    text_.push_back(byte);
}

bool Assembler::ends_with_suffix() const {
    return !ends_.suffix.empty() && as_text(text_).ends_with(ends_.suffix);
}

void Assembler::touch(Time now) {
    if (state_ == State::Empty) state_ = State::Good;
    go_on(now);
}

void Assembler::go_on(Time now) {
    last_ = now;
    due_ = now + ends_.gap;
}

void Assembler::spoil() {
    if (state_ != State::TooLong) state_ = State::Spoiled;
}

std::optional<Assembler::Time> Assembler::deadline() const {
    if (state_ == State::Empty) return std::nullopt;
    return due_;
}

bool Assembler::is_over(Time now) {
    if (state_ == State::Empty || now < due_) return false;
    if (now - due_ <= kLate) return true;
    due_ = now + ends_.gap;
    return false;
}

std::optional<Piece> Assembler::expire(Time now) {
    return is_over(now) ? end() : std::nullopt;
}

std::optional<Piece> Assembler::end() {
    Piece piece{std::exchange(text_, {}), last_};
    switch (std::exchange(state_, State::Empty)) {
        case State::Good:
            return piece;
        case State::TooLong:
            ++too_long_;
            return std::nullopt;
        case State::Spoiled:
            ++spoiled_;
            return std::nullopt;
        case State::Empty:
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace stile::devices
