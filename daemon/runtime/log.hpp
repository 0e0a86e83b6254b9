// SPDX-License-Identifier: Apache-2.0
// Structured log lines: to the journal with fields under systemd, as text to standard error
// otherwise.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace stile::log {

enum class Level { Error = 3, Warning = 4, Notice = 5, Info = 6, Debug = 7 };

// A journal field: upper-case name and value. Ticket content never goes in here, only short ids.
using Field = std::pair<std::string_view, std::string>;

// Names the program in lines on standard error. Call once, before other threads start.
void set_program(std::string_view name);

// Thread-safe. Never fails: a line that cannot be written is dropped.
void write(Level level, std::string_view text, std::initializer_list<Field> fields = {});

inline void error(std::string_view text, std::initializer_list<Field> fields = {}) {
    write(Level::Error, text, fields);
}
// Something is wrong and the program goes on.
inline void warning(std::string_view text, std::initializer_list<Field> fields = {}) {
    write(Level::Warning, text, fields);
}
// Something changed that alters verdicts.
inline void notice(std::string_view text, std::initializer_list<Field> fields = {}) {
    write(Level::Notice, text, fields);
}
inline void info(std::string_view text, std::initializer_list<Field> fields = {}) {
    write(Level::Info, text, fields);
}

}  // namespace stile::log
