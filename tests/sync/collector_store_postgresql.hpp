// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL server of the tests' own: on a Unix socket in a temporary folder, gone with it.
#pragma once

#include <memory>
#include <string>

#include "tests/sync/testbed/child.hpp"

namespace stile::sync::testbed {

class PostgresqlServer {
public:
    // Why there can be none here; empty: there can.
    [[nodiscard]] static std::string missing();

    // Not running yet.
    PostgresqlServer();
    ~PostgresqlServer();
    PostgresqlServer(const PostgresqlServer&) = delete;
    PostgresqlServer& operator=(const PostgresqlServer&) = delete;

    // `extra`: more options of the server. False, with its words in trouble(), when it does not
    // come up.
    [[nodiscard]] bool start(const std::vector<std::string>& extra = {});
    // At once, as by a crash: SIGKILL for the server and all its processes.
    void kill();
    // The same politely, but without waiting for anybody's session.
    void stop();

    // A connection string for the owner, in the schema of that name.
    [[nodiscard]] std::string where(const std::string& schema,
                                    const std::string& user = "stile") const;
    // SQL by the owner, through psql. Its output, or nothing when it failed.
    [[nodiscard]] std::optional<std::string> sql(const std::string& text) const;
    [[nodiscard]] std::string trouble() const;

private:
    TempFolder folder_{quick_parent()};
    std::unique_ptr<Child> child_;
    bool made_ = false;
};

// One for the whole program, started at the first call.
[[nodiscard]] PostgresqlServer& shared_server();

}  // namespace stile::sync::testbed
