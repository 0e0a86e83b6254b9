// SPDX-License-Identifier: Apache-2.0
// Gives a camera's health a name. Pure: time and pictures are arguments.
#pragma once

#include <chrono>
#include <string_view>

#include "devices/camera/picture_look.hpp"

namespace stile::devices {

// Of several troubles the one that stands first here is named.
enum class Condition {
    Starting,     // no picture yet, and no trouble either
    Ok,           // pictures come in which a code could be read
    Unplugged,    // the device is gone or cannot be opened; it is tried again and again
    Wedged,       // it is open and sends nothing; it is opened anew
    Dark,         // all but a twentieth of the picture is darker than kDark
    Overexposed,  // kWashedOutPercent of the picture is white
    Covered,      // one shade everywhere: something is before the lens
    Frozen,       // the same picture again and again, without a sensor's noise
};

// "ok", "unplugged", ...
[[nodiscard]] std::string_view name_of(Condition condition);
// "the picture is too dark", ...; empty for Starting and Ok.
[[nodiscard]] std::string_view sentence_of(Condition condition);

// Each limit has two values: the first begins the trouble, the second ends it. What lies between
// leaves the condition as it is, so that it does not flap.
struct Limit {
    int begin;
    int end;
};
inline constexpr Limit kDark{40, 56};              // shade of the brightest twentieth, less than
inline constexpr Limit kWashedOutPercent{60, 40};  // of the picture that is white, at least
inline constexpr Limit kOneShade{20, 32};  // shades from the darkest to the brightest, less than

// How long something must last before it has a name.
struct Patience {
    std::chrono::nanoseconds wedged = std::chrono::seconds{3};    // no picture at all
    std::chrono::nanoseconds picture = std::chrono::seconds{2};   // dark, overexposed, covered
    std::chrono::nanoseconds frozen = std::chrono::seconds{10};   // video codecs repeat still views
    std::chrono::nanoseconds recovery = std::chrono::seconds{1};  // good pictures after any trouble
    int frozen_pictures = 10;  // and at least as many that are the same
};

// A picture in which a code is read is a good one, however it looks; only Frozen has no mercy.
class CameraWatch {
public:
    using Time = std::chrono::nanoseconds;  // CLOCK_MONOTONIC

    explicit CameraWatch(const Patience& patience = {}) : patience_{patience} {}

    // The device is gone or could not be opened.
    void lost();
    // It is open, and gave no picture in its time.
    void stuck();
    enum class Code { None, Read };
    void saw(Time now, const PictureLook& look, Code code);

    [[nodiscard]] Condition condition(Time now) const;

private:
    void fail(Condition condition);
    [[nodiscard]] bool silent(Time now) const;
    [[nodiscard]] Condition judge(Time now, const PictureLook& look, Code code);
    [[nodiscard]] Time patience_before(Condition next) const;

    Patience patience_;
    Condition condition_ = Condition::Starting;
    Condition next_ = Condition::Starting;  // what it will be if it lasts
    Time next_since_{};
    Time last_picture_{};
    Time same_since_{};
    int same_pictures_ = 0;
};

}  // namespace stile::devices
