// SPDX-License-Identifier: Apache-2.0
// Fuzzes what the collector makes of others' messages: a question is answered to a topic of its
// own, whatever it says.
#include <cstdlib>

#include "crypto/base/bytes.hpp"
#include "sync/collector/heard.hpp"
#include "sync/collector/ops_messages.hpp"
#include "sync/publish/topics.hpp"
#include "tests/fuzz/target.hpp"

namespace {

namespace sync = stile::sync;

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = stile::as_text({data, size});
    (void)sync::read_status(text);
    (void)sync::read_count(text);
    if (const auto topic = sync::read_topic("v", text))
        require(topic->gate == "_ops" || sync::is_topic_level(topic->gate));
    if (const auto alarm = sync::read_alarm("full-1", text))
        require(sync::read_alarm("full-1", sync::alarm_json(*alarm)).has_value());
    const auto question = sync::read_question(text);
    const auto asker = question ? std::optional{question->asker} : question.error().asker;
    if (!asker) return 0;
    require(sync::is_topic_level(asker->reply) && asker->id.size() <= 63);
    const auto answer = sync::error_answer(*asker, "no", {});
    require(stile::is_utf8(stile::as_bytes(answer)) && answer.size() < 4096);
    return 0;
}
