// SPDX-License-Identifier: Apache-2.0
// The journal when systemd connected it, standard error when a person runs the program.
#include "daemon/runtime/log.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

namespace stile::log {
namespace {

std::string& program() {
    static std::string name = "stile";
    return name;
}

// Whether standard error is the journal. The variable alone proves nothing: it is inherited by a
// program that a person or a script starts with its own standard error.
bool journal_listens() {
    const char* const stream = std::getenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe)
    struct stat error{};
    if (stream == nullptr || ::fstat(STDERR_FILENO, &error) != 0) return false;
    return fmt::format("{}:{}", error.st_dev, error.st_ino) == stream;
}

void to_journal(Level level, std::string_view text, std::initializer_list<Field> fields) {
    std::vector<std::string> lines{fmt::format("MESSAGE={}", text),
                                   fmt::format("PRIORITY={}", static_cast<int>(level))};
    for (const auto& [name, value] : fields)
        lines.push_back(fmt::format("{}={}", name, value));
    std::vector<iovec> parts;
    parts.reserve(lines.size());
    for (std::string& line : lines)
        parts.push_back({line.data(), line.size()});
    (void)sd_journal_sendv(parts.data(),
                           static_cast<int>(parts.size()));  // never fails by contract
}

// Fields are for machines: the text says everything.
void to_stderr(Level level, std::string_view text) {
    constexpr std::string_view kNames[] = {"", "", "", "error: ", "warning: ", "", "", ""};
    std::string line = fmt::format("{}: {}{}", program(), kNames[static_cast<int>(level)], text);
    std::ranges::replace_if(line, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
    line += '\n';
    (void)!::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

void set_program(std::string_view name) {
    program() = name;
}

void write(Level level, std::string_view text, std::initializer_list<Field> fields) {
    static const bool journal = journal_listens();
    if (journal) {
        to_journal(level, text, fields);
    } else {
        to_stderr(level, text);
    }
}

}  // namespace stile::log
