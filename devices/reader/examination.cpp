// SPDX-License-Identifier: Apache-2.0
// Sums and averages.
#include "devices/reader/examination.hpp"

#include <algorithm>
#include <utility>

#include "devices/camera/sharpness.hpp"

namespace stile::devices {

Examination::Examination(std::string source, const CameraMode& asked) {
    findings_.source = std::move(source);
    findings_.asked = asked;
}

void Examination::failed(Error why) {
    why.code == Errc::Timeout ? watch_.stuck() : watch_.lost();
    findings_.failure = std::move(why);
}

void Examination::saw(const Frame& frame, const std::vector<Code>& codes) {
    if (findings_.pictures == 0) first_ns_ = frame.captured_ns;
    last_ns_ = frame.captured_ns;
    ++findings_.pictures;
    if (frame.damaged) ++findings_.damaged;
    findings_.width = frame.width;
    findings_.height = frame.height;
    findings_.sharpness = sharpness_of(frame);
    findings_.look = gauge_.look(frame);
    if (findings_.look.noise) {
        noise_sum_ += *findings_.look.noise;
        ++noise_count_;
    }
    if (!codes.empty()) ++findings_.pictures_with_code;
    for (const Code& code : codes)
        findings_.code_bytes = std::max(findings_.code_bytes, code.bytes.size());
    watch_.saw(CameraWatch::Time{last_ns_}, findings_.look,
               codes.empty() ? CameraWatch::Code::None : CameraWatch::Code::Read);
}

Findings Examination::findings() const {
    Findings found = findings_;
    if (noise_count_ > 0) found.look.noise = static_cast<int>(noise_sum_ / noise_count_);
    if (last_ns_ > first_ns_) {
        found.pictures_a_second = 1e9 * static_cast<double>(found.pictures - 1) /
                                  static_cast<double>(last_ns_ - first_ns_);
    }
    found.condition = watch_.condition(CameraWatch::Time{last_ns_});
    return found;
}

}  // namespace stile::devices
