// SPDX-License-Identifier: Apache-2.0
// Finds retained messages of lanes and alarms that nobody speaks of any longer.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace stile::sync {

// A lane or a reader that was renamed leaves its old messages with the broker, and on the board of
// a program that ran on. They are known by this: the daemon has said everything that there is, and
// they were not among it. A state machine without I/O, for topics of one gate's lanes and alarms.
class Leftovers {
public:
    static constexpr std::size_t kMost = 1'000;  // a broker may have any number

    // A new conversation with the daemon: what was said before is in doubt.
    void begin();
    // The daemon said this; an empty payload deletes what is there.
    void said(std::string_view topic, std::string_view payload);
    // The daemon has said everything that there is.
    void complete();
    // The broker has a message there (a topic that the gate itself published counts too).
    void heard(std::string_view topic, std::string_view payload);
    // Topics to be deleted, each once; none before the daemon has said everything.
    [[nodiscard]] std::vector<std::string> take();

private:
    bool complete_ = false;
    std::set<std::string, std::less<>> said_;      // in this conversation
    std::set<std::string, std::less<>> doubtful_;  // of others
};

}  // namespace stile::sync
