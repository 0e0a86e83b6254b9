// SPDX-License-Identifier: Apache-2.0
// An environment with a few hundred records of several sizes, and children that may die.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/lmdb/environment.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::test {

inline lmdb::Environment::Options lmdb_options(const std::filesystem::path& folder,
                                               std::size_t map_bytes = 64U << 20U) {
    return {
        .folder = folder,
        .map_bytes = map_bytes,
        .reserve_bytes = 0,
        .tables = {{.name = "plain"}, {.name = "fixed", .kind = lmdb::TableKind::FixedDuplicates}}};
}

// Record `i`: up to three pages long, and all its bytes tell its number.
inline Buffer lmdb_value(std::uint32_t i) {
    return Buffer(1 + i * 131 % 12'000, static_cast<std::uint8_t>(i));
}

inline Result<void> put_records(lmdb::Environment& environment, std::uint32_t first,
                                std::uint32_t end) {
    auto writer = environment.write();
    if (!writer) return std::unexpected{writer.error()};
    for (std::uint32_t i = first; i < end; ++i) {
        if (auto put = writer->put(environment.table(0), big_endian(i), lmdb_value(i)); !put)
            return put;
        if (auto put =
                writer->put(environment.table(1), big_endian(i % 3), big_endian(std::uint64_t{i}));
            !put)
            return put;
    }
    return std::move(*writer).commit();
}

// Whether records 0 to `end` are there, whole, and nothing else is.
inline Result<bool> has_records(const lmdb::Environment& environment, std::uint32_t end) {
    auto reader = environment.read();
    if (!reader) return std::unexpected{reader.error()};
    for (std::uint32_t i = 0; i < end; ++i) {
        const auto found = reader->get(environment.table(0), big_endian(i));
        if (!found) return std::unexpected{found.error()};
        const std::optional<Bytes>& value = *found;
        if (!value || as_text(*value) != as_text(lmdb_value(i))) return false;
        const auto among =
            reader->has(environment.table(1), big_endian(i % 3), big_endian(std::uint64_t{i}));
        if (!among) return std::unexpected{among.error()};
        if (!*among) return false;
    }
    const auto size = reader->size(environment.table(0));
    return size && *size == end;
}

// A folder with records 0 to `end`, closed again.
inline void make_environment(const std::filesystem::path& folder, std::uint32_t end) {
    auto environment = lmdb::Environment::open(lmdb_options(folder));
    ASSERT_TRUE(environment) << environment.error().context;
    for (std::uint32_t i = 0; i < end; i += 50)
        ASSERT_TRUE(put_records(*environment, i, std::min(i + 50, end)));
}

// What `function` returns, run in a child process; -1 when a signal ended it.
template <class Function>
int in_child(Function function) {
    const pid_t child = ::fork();
    if (child == 0) {
        const rlimit no_core{0, 0};
        (void)::setrlimit(RLIMIT_CORE, &no_core);
        ::_exit(function());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace stile::test
