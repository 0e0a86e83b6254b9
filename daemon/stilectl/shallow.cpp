// SPDX-License-Identifier: Apache-2.0
// Counts brackets outside strings.
#include "daemon/stilectl/shallow.hpp"

#include <utility>

namespace stile {
namespace {

constexpr std::string_view kTooDeep = R"({"nested too deep":null})";

// Where in the text the reader is.
class Depth {
public:
    void step(char c) {
        const bool escaped = std::exchange(escaped_, false);
        if (quoted_) {
            escaped_ = c == '\\' && !escaped;
            quoted_ = c != '"' || escaped;
        } else if (c == '"') {
            quoted_ = true;
        } else if (c == '[' || c == '{') {
            ++depth_;
        } else if ((c == ']' || c == '}') && depth_ > 0) {
            --depth_;
        }
    }
    [[nodiscard]] bool is_shallow() const { return depth_ <= kShallow; }

private:
    std::size_t depth_ = 0;
    bool quoted_ = false;
    bool escaped_ = false;
};

}  // namespace

std::string made_shallow(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    Depth depth;
    for (const char c : json) {
        const bool was_shallow = depth.is_shallow();
        depth.step(c);
        if (was_shallow && depth.is_shallow()) out += c;
        if (was_shallow && !depth.is_shallow()) out += kTooDeep;
    }
    return out;
}

}  // namespace stile
