// SPDX-License-Identifier: Apache-2.0
// Fuzzes what sync makes of the daemon's bytes: a report is refused or goes out under our own gate,
// an entry always goes out.
#include <cstdlib>

#include "sync/publish/payloads.hpp"
#include "sync/publish/report.hpp"
#include "tests/fuzz/target.hpp"

namespace {

using stile::as_text;
namespace sync = stile::sync;

void require(bool holds) {
    if (!holds) std::abort();
}

void check(std::string_view payload, std::string_view head) {
    require(payload.starts_with(head) && payload.ends_with('}') &&
            stile::is_utf8(stile::as_bytes(payload)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const stile::Bytes body = stile::Bytes{data, size}.subspan(1);
    const sync::ReportWriter writer{sync::Topics{"v", "g"}, std::chrono::seconds{30}};
    stile::protocol::Report report{
        stile::protocol::Subject{static_cast<std::uint8_t>(1 + data[0] % 5)},
        std::string{as_text(body.first(body.size() % 8))}, std::string{as_text(body)}};
    if (const auto message = writer.message(report, {}, {})) {
        check(message->payload, R"({"v":1,"gate":"g","time":"1970-01-01T00:00:00.000Z",)");
        require(message->topic.find_first_of("+#") == std::string::npos);
    }
    check(stile::entry_payload("g", {1, 2}, body).json,
          R"({"v":1,"gate":"g","epoch":"0000000000000001","seq":2,)");
    return 0;
}
