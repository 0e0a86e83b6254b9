// SPDX-License-Identifier: Apache-2.0
// initdb, postgres and psql. A server refuses to run as root: then it runs as nobody.
#include "tests/sync/collector_store_postgresql.hpp"

#include <csignal>
#include <cstdio>
#include <filesystem>

#include <pwd.h>
#include <unistd.h>

namespace stile::sync::testbed {
namespace {

const std::filesystem::path kPrograms = "/usr/lib/postgresql/15/bin";

std::vector<std::string> as_nobody(std::vector<std::string> command) {
    if (::getuid() != 0) return command;
    std::vector<std::string> all{"setpriv", "--reuid",        "nobody",      "--regid",
                                 "nogroup", "--clear-groups", "--pdeathsig", "KILL"};
    all.insert(all.end(), command.begin(), command.end());
    return all;
}

}  // namespace

std::string PostgresqlServer::missing() {
    if (std::filesystem::exists(kPrograms / "initdb")) return {};
    return "there is no PostgreSQL 15 (package postgresql-15)";
}

PostgresqlServer::PostgresqlServer() {
    const passwd* const nobody = ::getuid() == 0 ? ::getpwnam("nobody") : nullptr;
    if (nobody == nullptr) return;
    if (::chown(folder_.path().c_str(), nobody->pw_uid, nobody->pw_gid) != 0)
        std::perror("the folder of the database");
}

PostgresqlServer::~PostgresqlServer() {
    stop();
}

bool PostgresqlServer::start(const std::vector<std::string>& extra) {
    const std::string data = folder_.path() / "data";
    if (!made_) {
        Child make{as_nobody({kPrograms / "initdb", "-D", data, "-A", "trust", "-U", "stile",
                              "--no-sync", "-E", "UTF8", "--locale", "C.UTF-8"}),
                   Child::Stream::Output};
        made_ = make.wait() == 0;
    }
    std::vector<std::string> command{kPrograms / "postgres",
                                     "-D",
                                     data,
                                     "-k",
                                     folder_.path(),
                                     "-c",
                                     "listen_addresses=",
                                     "-c",
                                     "shared_buffers=16MB",
                                     "-c",
                                     "autovacuum=off"};
    command.insert(command.end(), extra.begin(), extra.end());
    child_ = std::make_unique<Child>(as_nobody(command), Child::Stream::Errors);
    return made_ && child_->lines().wait_for("ready to accept connections");
}

void PostgresqlServer::kill() {
    child_.reset();  // the other processes see that it is gone, and end
}

void PostgresqlServer::stop() {
    if (!child_) return;
    child_->signal(SIGQUIT);
    (void)child_->wait();
    child_.reset();
}

std::string PostgresqlServer::where(const std::string& schema, const std::string& user) const {
    return "host=" + folder_.path().native() + " user=" + user +
           " dbname=postgres options=-csearch_path=" + schema;
}

std::optional<std::string> PostgresqlServer::sql(const std::string& text) const {
    Child psql{
        {kPrograms / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", where("public"), "-c", text},
        Child::Stream::Output};
    if (psql.wait() != 0) return std::nullopt;
    std::string out;
    for (const std::string& line : psql.lines().to_the_end())
        out += line + "\n";
    return out;
}

std::string PostgresqlServer::trouble() const {
    std::string out;
    if (child_) {
        for (const std::string& line : child_->lines().all())
            out += line + "\n";
    }
    return out;
}

PostgresqlServer& shared_server() {
    static const auto server = [] {
        auto made = std::make_unique<PostgresqlServer>();
        if (!made->start()) std::fprintf(stderr, "no server: %s", made->trouble().c_str());
        return made;
    }();
    return *server;
}

}  // namespace stile::sync::testbed
