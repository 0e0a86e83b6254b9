// SPDX-License-Identifier: Apache-2.0
// The topics of one gate, as TOPICS.md lists them.
#pragma once

#include <string>
#include <string_view>

namespace stile::sync {

class Topics {
public:
    // Both names are [a-z0-9-]+ (the site file is checked for it).
    Topics(std::string_view venue, std::string gate);

    [[nodiscard]] const std::string& gate() const { return gate_; }
    [[nodiscard]] std::string status() const { return base_ + "status"; }
    [[nodiscard]] std::string info() const { return base_ + "info"; }
    [[nodiscard]] std::string health() const { return base_ + "health"; }
    [[nodiscard]] std::string count() const { return base_ + "count"; }
    [[nodiscard]] std::string entry() const { return base_ + "entry"; }
    [[nodiscard]] std::string lane(std::string_view name) const;
    [[nodiscard]] std::string alarm(std::string_view code) const;
    [[nodiscard]] std::string ack(std::string_view collector) const;
    [[nodiscard]] std::string replay() const { return base_ + "replay"; }
    // What a broker's access list has to let this gate write.
    [[nodiscard]] std::string all() const { return base_ + "#"; }

private:
    std::string gate_;
    std::string base_;
};

// [a-z0-9-]{1,63}: safe as one level of a topic, on every broker.
[[nodiscard]] bool is_topic_level(std::string_view name);

}  // namespace stile::sync
