// SPDX-License-Identifier: Apache-2.0
// Fuzzes what others may say to a gate over MQTT: what is taken is within its limits.
#include <cstdlib>

#include "sync/publish/requests.hpp"
#include "sync/publish/topics.hpp"
#include "tests/fuzz/target.hpp"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = stile::as_text({data, size});
    if (const auto mark = stile::sync::parse_watermark("main", text))
        require(size <= stile::sync::kMaxRequestBytes && mark->seq <= std::uint64_t{1} << 53U);
    if (const auto wanted = stile::sync::parse_replay(text)) {
        require(wanted->from >= 1 && wanted->to >= wanted->from &&
                wanted->to - wanted->from < stile::sync::kMaxReplay);
        require(stile::sync::is_topic_level(wanted->from_whom));
    }
    return 0;
}
