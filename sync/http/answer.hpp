// SPDX-License-Identifier: Apache-2.0
// What goes back to somebody who asked over HTTP.
#pragma once

#include <string>

namespace stile::sync {

struct HttpAnswer {
    unsigned status = 200;
    std::string content_type;
    std::string body;
};

}  // namespace stile::sync
