// SPDX-License-Identifier: Apache-2.0
// Programs by their places.
#include "daemon/doctor/run.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "daemon/doctor/probes.hpp"
#include "daemon/runtime/child.hpp"

namespace stile::doctor {

std::string program_of_ours(const std::string& name) {
    std::error_code error;
    const auto here = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    for (const auto& folder : {here, here / "../libexec/stile"}) {
        if (std::filesystem::exists(folder / name, error)) return (folder / name).native();
    }
    return name;
}

std::vector<std::string> as_reader(std::vector<std::string> words, const std::string& user) {
    if (::geteuid() != 0 || !has_user(user)) return words;
    words.insert(words.begin(),
                 {"setpriv", "--reuid=" + user, "--regid=" + user, "--groups=video,dialout", "--"});
    return words;
}

ProgramFact run(std::vector<std::string> words, std::chrono::milliseconds limit,
                const std::vector<std::string>& environment) {
    ChildEnd child =
        run_child(std::move(words), {.limit = limit, .environment = environment, .input = {}});
    return {.exit_code = child.exit_code,
            .out = std::move(child.out),
            .err = std::move(child.err),
            .started = child.started};
}

}  // namespace stile::doctor
