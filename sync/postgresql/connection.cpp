// SPDX-License-Identifier: Apache-2.0
// The calls into libpq.
#include "sync/postgresql/connection.hpp"

#include <algorithm>
#include <charconv>

#include <libpq-fe.h>

namespace stile::sync {
namespace {

// One line, single blanks, without the word in front of it.
std::string sentence(const char* message) {
    std::string text;
    for (const char c : std::string_view{message == nullptr ? "" : message}) {
        const bool blank = c == '\n' || c == '\t' || c == ' ';
        if (!blank) text += c;
        if (blank && !text.empty() && text.back() != ' ') text += ' ';
    }
    while (text.ends_with(' '))
        text.pop_back();
    for (const std::string_view front : {"ERROR: ", "FATAL: "}) {
        if (text.starts_with(front)) text.erase(0, front.size());
    }
    return text;
}

// By the classes of SQLSTATE.
Errc errc_of(std::string_view state) {
    if (state == "53100") return Errc::Full;
    if (state == "42501" || state.starts_with("28")) return Errc::Denied;
    if (state.starts_with("08") || state.starts_with("57P")) return Errc::Closed;
    if (state.starts_with("40") || state == "55P03" || state == "57014") return Errc::Timeout;
    if (state.starts_with("XX")) return Errc::Corrupt;
    return Errc::Io;
}

bool is_refusal(std::string_view message) {
    return std::ranges::any_of(
        std::initializer_list<std::string_view>{"authentication failed", "permission denied",
                                                "no pg_hba.conf entry", "does not exist"},
        [message](std::string_view part) { return message.contains(part); });
}

}  // namespace

void PgRows::Clear::operator()(pg_result* result) const {
    PQclear(result);
}

int PgRows::count() const {
    return PQntuples(result_.get());
}

std::string_view PgRows::text(int row, int column) const {
    return {PQgetvalue(result_.get(), row, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::int64_t PgRows::number(int row, int column) const {
    const std::string_view digits = text(row, column);
    std::int64_t value = 0;
    (void)std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

Buffer PgRows::blob(int row, int column) const {
    std::string_view hex = text(row, column);
    if (hex.starts_with("\\x")) hex.remove_prefix(2);
    return from_hex(hex).value_or(Buffer{});
}

bool PgRows::is_null(int row, int column) const {
    return PQgetisnull(result_.get(), row, column) != 0;
}

void PgConnection::Finish::operator()(pg_conn* connection) const {
    PQfinish(connection);
}

Result<PgConnection> PgConnection::open(const std::string& where) {
    // What stands behind `dbname` counts more than what it says, what stands before counts less.
    const char* const keys[] = {"connect_timeout",
                                "tcp_user_timeout",
                                "keepalives_idle",
                                "application_name",
                                "dbname",
                                "client_encoding",
                                nullptr};
    const char* const values[] = {"4",           "15000", "10",   "stile-collector",
                                  where.c_str(), "UTF8",  nullptr};
    PgConnection out;
    out.connection_.reset(PQconnectdbParams(keys, values, 1));
    // Notices are for people at a prompt.
    PQsetNoticeProcessor(out.connection_.get(), [](void*, const char*) {}, nullptr);
    if (out.works()) return out;
    const std::string why = sentence(PQerrorMessage(out.connection_.get()));
    return fail(is_refusal(why) ? Errc::Denied : Errc::Closed,
                "the PostgreSQL server cannot be used: " + why);
}

Error PgConnection::error(const pg_result* result) {
    const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (state == nullptr || !works()) {  // nothing that the server said
        ended_ = true;
        return {Errc::Closed, "the connection to the PostgreSQL server is gone: " +
                                  sentence(PQerrorMessage(connection_.get()))};
    }
    const Errc code = errc_of(state);
    ended_ = code == Errc::Closed;  // said so, though the socket may still be open
    return {code, "the PostgreSQL server: " +
                      sentence(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY))};
}

Result<PgRows> PgConnection::checked(pg_result* result) {
    PgRows rows{result};
    const auto status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return rows;
    return std::unexpected{error(result)};
}

Result<PgRows> PgConnection::ask(const std::string& sql, const PgValues& values) {
    std::vector<const char*> texts;
    for (const auto& value : values.all())
        texts.push_back(value ? value->c_str() : nullptr);
    return checked(PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(texts.size()),
                                nullptr, texts.data(), nullptr, nullptr, 0));
}

Result<void> PgConnection::run(const std::string& sql, const PgValues& values) {
    auto rows = ask(sql, values);
    if (!rows) return std::unexpected{std::move(rows.error())};
    return {};
}

Result<void> PgConnection::run_all(const char* sql) {
    auto rows = checked(PQexec(connection_.get(), sql));
    if (!rows) return std::unexpected{std::move(rows.error())};
    return {};
}

bool PgConnection::works() const {
    return !ended_ && PQstatus(connection_.get()) == CONNECTION_OK;
}

PgTransaction::~PgTransaction() {
    if (open_ && connection_.works()) (void)connection_.run("ROLLBACK");
}

Result<void> PgTransaction::begin() {
    auto begun = connection_.run("BEGIN");
    open_ = begun.has_value();
    return begun;
}

Result<void> PgTransaction::commit() {
    auto committed = connection_.run("COMMIT");
    open_ = false;  // a COMMIT that fails has rolled back
    return committed;
}

}  // namespace stile::sync
