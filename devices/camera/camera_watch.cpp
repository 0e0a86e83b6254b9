// SPDX-License-Identifier: Apache-2.0
// A judgement of each picture, and patience before it counts.
#include "devices/camera/camera_watch.hpp"

namespace stile::devices {
namespace {

// Inside the limit; for a condition that holds already, not yet beyond its end.
bool less(int value, Limit limit, bool holds) {
    return value < (holds ? limit.end : limit.begin);
}
bool more(int value, Limit limit, bool holds) {
    return value >= (holds ? limit.end : limit.begin);
}

Condition of_picture(const PictureLook& look, Condition now) {
    if (less(look.brightest, kDark, now == Condition::Dark)) return Condition::Dark;
    if (more(look.percent_white, kWashedOutPercent, now == Condition::Overexposed))
        return Condition::Overexposed;
    if (less(look.brightest - look.darkest, kOneShade, now == Condition::Covered))
        return Condition::Covered;
    return Condition::Ok;
}

}  // namespace

std::string_view name_of(Condition condition) {
    switch (condition) {
        case Condition::Starting:
            return "starting";
        case Condition::Ok:
            return "ok";
        case Condition::Unplugged:
            return "unplugged";
        case Condition::Wedged:
            return "wedged";
        case Condition::Dark:
            return "dark";
        case Condition::Overexposed:
            return "overexposed";
        case Condition::Covered:
            return "covered";
        case Condition::Frozen:
            return "frozen";
    }
    return "";
}

std::string_view sentence_of(Condition condition) {
    switch (condition) {
        case Condition::Starting:
        case Condition::Ok:
            return "";
        case Condition::Unplugged:
            return "the camera cannot be opened";
        case Condition::Wedged:
            return "the camera is open and sends no picture";
        case Condition::Dark:
            return "the picture is too dark";
        case Condition::Overexposed:
            return "the picture is too bright";
        case Condition::Covered:
            return "the picture has only one shade";
        case Condition::Frozen:
            return "the picture does not change";
    }
    return "";
}

void CameraWatch::fail(Condition condition) {
    condition_ = next_ = condition;
    same_pictures_ = 0;
}

void CameraWatch::lost() {
    fail(Condition::Unplugged);
}

void CameraWatch::stuck() {
    fail(Condition::Wedged);
}

bool CameraWatch::silent(Time now) const {
    const bool pictures_came = condition_ != Condition::Starting &&
                               condition_ != Condition::Unplugged &&
                               condition_ != Condition::Wedged;
    return pictures_came && now - last_picture_ > patience_.wedged;
}

Condition CameraWatch::judge(Time now, const PictureLook& look, Code code) {
    if (look.changed || same_pictures_ == 0) {
        same_since_ = now;
        same_pictures_ = 0;
    }
    ++same_pictures_;
    if (code == Code::None) {
        if (const Condition seen = of_picture(look, condition_); seen != Condition::Ok) return seen;
    }
    const bool same =
        same_pictures_ >= patience_.frozen_pictures && now - same_since_ >= patience_.frozen;
    return same ? Condition::Frozen : Condition::Ok;
}

CameraWatch::Time CameraWatch::patience_before(Condition next) const {
    if (condition_ == Condition::Starting && next == Condition::Ok) return Time{0};
    if (next == Condition::Ok) return patience_.recovery;
    return next == Condition::Frozen ? Time{0} : patience_.picture;  // Frozen had its patience
}

void CameraWatch::saw(Time now, const PictureLook& look, Code code) {
    if (silent(now)) stuck();
    last_picture_ = now;
    const Condition seen = judge(now, look, code);
    if (seen != next_) next_since_ = now;
    next_ = seen;
    if (now - next_since_ >= patience_before(next_)) condition_ = next_;
}

Condition CameraWatch::condition(Time now) const {
    return silent(now) ? Condition::Wedged : condition_;
}

}  // namespace stile::devices
