// SPDX-License-Identifier: Apache-2.0
// Opens, looks for some seconds, and prints.
#include "devices/reader/doctor.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "devices/camera/opencv/open_source.hpp"
#include "devices/camera/opencv/picture.hpp"
#include "devices/camera/source_name.hpp"
#include "devices/reader/examination.hpp"
#include "devices/reader/json_lines.hpp"

namespace stile::devices {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSilencesToSee = 2;

// Returns the last picture, if there was one.
std::optional<Frame> look(FrameSource& source, const QrDecoder& decoder, Clock::time_point end,
                          Examination& examination) {
    std::optional<Frame> last;
    int silences = 0;
    while (Clock::now() < end) {
        auto frame = source.next({});
        if (frame) {
            const auto codes = decoder.decode(*frame);
            examination.saw(*frame, codes ? *codes : std::vector<Code>{});
            last = std::move(*frame);
        } else if (frame.error().code == Errc::Invalid) {
            examination.lost_one();
        } else if (frame.error().code == Errc::Timeout) {
            examination.silent();
            if (++silences == kSilencesToSee) break;
        } else {
            if (frame.error().code != Errc::Closed) examination.failed(std::move(frame.error()));
            break;  // a recording is at its end
        }
    }
    return last;
}

std::string given_line(const Findings& found) {
    if (found.given.width == 0)
        return found.width == 0 ? "-" : fmt::format("{} x {}", found.width, found.height);
    std::string line =
        fmt::format("{} {} x {}", found.given.format, found.given.width, found.given.height);
    if (found.given.rate > 0) line += fmt::format(", {:.0f} pictures a second", found.given.rate);
    if (found.given.exposure) {
        line += found.given.exposure->count() == 0
                    ? ", automatic exposure"
                    : fmt::format(", exposed {} us", found.given.exposure->count());
    }
    return line;
}

std::string picture_line(const Findings& found) {
    if (found.pictures == 0) return "-";
    std::string line = fmt::format("brightness {}, shades {} to {}", found.look.mean,
                                   found.look.darkest, found.look.brightest);
    if (found.sharpness) line += fmt::format(", sharpness {} %", *found.sharpness);
    if (found.look.noise) line += fmt::format(", noise {:.1f}", *found.look.noise / 100.0);
    return line;
}

std::string code_line(const Findings& found) {
    if (found.pictures_with_code == 0) return "none";
    return fmt::format("read in {} of {} pictures, {} bytes", found.pictures_with_code,
                       found.pictures, found.code_bytes);
}

void print(const Findings& found, std::ostream& out) {
    const auto line = [&out](std::string_view name, std::string_view value) {
        out << fmt::format("{:<10}{}\n", name, value);
    };
    line("camera", found.source);
    line("gives", given_line(found));
    line("measured", fmt::format("{} pictures, {:.1f} a second, {} damaged", found.pictures,
                                 found.pictures_a_second, found.damaged));
    line("picture", picture_line(found));
    line("qr code", code_line(found));
    line("state", found.failure
                      ? fmt::format("{}: {}", name_of(found.condition), found.failure->context)
                      : std::string{name_of(found.condition)});
    for (const std::string& sentence : advice(found))
        out << "- " << sentence << '\n';
}

// Returns whether it was written, if it was to be.
bool store(const std::optional<Frame>& picture, const DoctorOrder& order) {
    if (order.picture.empty()) return true;
    if (!picture) {
        log::warning("no picture came, writing none");
        return false;
    }
    const auto written = store_picture(order.picture, *picture);
    if (!written) log::error(written.error().context);
    return written.has_value();
}

}  // namespace

int examine(const DoctorOrder& order, const QrDecoder& decoder, std::ostream& out) {
    Examination examination{without_secrets(order.source), order.mode};
    std::optional<Frame> last;
    if (auto source = open_source(order.source, order.mode)) {
        examination.opened((*source)->given());
        last = look(**source, decoder, Clock::now() + order.time, examination);
    } else {
        examination.failed(std::move(source.error()));
    }
    const Findings found = examination.findings();
    if (order.form == DoctorOrder::Form::Json) {
        out << json_findings(found) << '\n';
    } else {
        print(found, out);
    }
    const bool stored = store(last, order);
    return stored && found.condition == Condition::Ok ? kExitDone : kExitFailed;
}

}  // namespace stile::devices
