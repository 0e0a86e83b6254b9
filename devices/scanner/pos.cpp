// SPDX-License-Identifier: Apache-2.0
// Pieces, and what is wrong with them.
#include "devices/scanner/pos.hpp"

#include <algorithm>
#include <utility>

#include "devices/scanner/trim.hpp"

namespace stile::devices {

std::size_t PosReports::least_bytes() const {
    std::size_t least = form_.data.end();
    if (form_.length) least = std::max(least, form_.length->end());
    if (form_.more) least = std::max<std::size_t>(least, *form_.more / 8 + 1);
    for (const std::size_t byte : form_.aim.value_or(std::array<std::size_t, 3>{}))
        least = std::max(least, byte + 1);
    return least;
}

// Nothing when it cannot be.
std::optional<std::size_t> PosReports::length_of(Bytes report) const {
    const Bytes data = report.subspan(form_.data.begin, form_.data.size);
    if (!form_.length) {
        std::size_t size = data.size();
        while (size > 0 && data[size - 1] == 0)
            --size;
        return size;
    }
    std::size_t size = 0;  // little-endian
    for (std::size_t i = 0; i < form_.length->size; ++i)
        size |= std::size_t{report[form_.length->begin + i]} << (8 * i);
    if (size > data.size()) return std::nullopt;
    return size;
}

std::string PosReports::aim_of(Bytes report) const {
    if (!form_.aim) return {};
    std::string aim;
    for (const std::size_t byte : *form_.aim)
        aim.push_back(static_cast<char>(report[byte]));
    return is_aim(aim) ? aim : std::string{};
}

bool PosReports::more_follows(Bytes report) const {
    return form_.more && ((report[*form_.more / 8] >> (*form_.more % 8)) & 1) != 0;
}

void PosReports::add(Bytes report) {
    const auto size = length_of(report);
    if (!size) {
        state_ = State::Spoiled;
        return;
    }
    if (state_ == State::Empty) {
        state_ = State::Good;
        code_.aim = aim_of(report);
    }
    if (state_ == State::Good && code_.data.size() + *size > kMaxScannedBytes)
        state_ = State::TooLong;
    if (state_ != State::Good) return;
    const Bytes data = report.subspan(form_.data.begin, *size);
    code_.data.insert(code_.data.end(), data.begin(), data.end());
}

void PosReports::drop() {
    code_ = {};
    (std::exchange(state_, State::Empty) == State::TooLong ? too_long_ : spoiled_) += 1;
}

void PosReports::spoil(Time now) {
    if (state_ != State::TooLong) state_ = State::Spoiled;
    last_ = now;
}

std::optional<PosCode> PosReports::take(Bytes report, Time now) {
    const bool ours = form_.report == 0 || (!report.empty() && report.front() == form_.report);
    if (!ours) return std::nullopt;
    if (state_ != State::Empty && now - last_ > kPatience) drop();
    last_ = now;
    if (report.size() < least_bytes()) {
        spoil(now);  // whether more follows is not known
        return std::nullopt;
    }
    add(report);
    if (more_follows(report)) return std::nullopt;
    if (state_ != State::Good) {
        drop();
        return std::nullopt;
    }
    state_ = State::Empty;
    PosCode code = std::exchange(code_, {});
    return code.data.empty() ? std::nullopt : std::optional{std::move(code)};
}

}  // namespace stile::devices
