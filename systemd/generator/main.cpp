// SPDX-License-Identifier: Apache-2.0
// stile-generator: run by systemd at boot and at daemon-reload, before anything else is there. It
// never waits, never fails the boot, and writes into the first folder that it is given only.
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "systemd/generator/generate.hpp"

namespace {

using namespace stile;  // NOLINT(google-build-using-namespace)

constexpr unsigned kPatience = 10;  // seconds, of a disk that does not answer

// Under systemd to the kernel's log, which is the only one that there is so early.
void say(std::string_view what) {
    const std::string line = "stile-generator: " + std::string{what} + "\n";
    (void)!::write(STDERR_FILENO, line.data(), line.size());
    if (std::getenv("SYSTEMD_SCOPE") == nullptr) return;  // NOLINT(concurrency-mt-unsafe)
    const UniqueFd kernel{::open("/dev/kmsg", O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
    const std::string record = "<4>" + line;
    if (kernel) (void)!::write(kernel.get(), record.data(), record.size());
}

// What an option would be in another program: the tests' own places.
std::string place(const char* variable, const char* usual) {
    const char* const other = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
    return other == nullptr ? usual : other;
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 2 && argc != 4) {
        say("it is for systemd: stile-generator NORMAL-DIR [EARLY-DIR LATE-DIR]");
        return kExitUsage;
    }
    ::alarm(kPatience);
    for (const Error& mistake :
         generate({.site = place("STILE_SITE", "/etc/stile/stile.toml"),
                   .encrypted = place("STILE_CREDSTORE_ENCRYPTED", "/etc/credstore.encrypted"),
                   .out = argv[1]}))
        say(mistake.context);
    return kExitDone;
} catch (const std::exception& error) {
    say(error.what());
    return kExitFailed;
}
