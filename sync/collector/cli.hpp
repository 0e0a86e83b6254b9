// SPDX-License-Identifier: Apache-2.0
// The commands of stile-collector that work on its store, beside the running program.
#pragma once

#include <string>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace stile::sync {

// One run of the program. Callbacks set the exit code (DESIGN section 8).
struct CollectorRun {
    std::string config = "/etc/stile/collector.toml";
    int code = 0;
};

// keygen, ticket, receipt, import, check, report. `run` outlives the parser.
void add_store_commands(CLI::App& app, CollectorRun& run);

}  // namespace stile::sync
