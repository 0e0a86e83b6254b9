// SPDX-License-Identifier: Apache-2.0
// The MQTT session by Eclipse Paho.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "crypto/base/result.hpp"
#include "sync/mqtt/session.hpp"

namespace stile::sync {

// `wake` is called from the library's threads when events wait. Make one per process and keep it:
// a second one of this library needs two seconds for its first connection. Ignores SIGPIPE for the
// whole process, so make it before other threads start. Of messages that arrived, `most_arrived`
// wait to be taken. Errors: Invalid.
[[nodiscard]] Result<std::unique_ptr<MqttSession>> make_paho_session(
    const std::string& client_id, std::function<void()> wake, std::size_t most_arrived = 256);

}  // namespace stile::sync
