// SPDX-License-Identifier: Apache-2.0
// An audit of the issue log, which changes nothing.
#include "crypto/issue/log_command.hpp"

#include <fmt/format.h>

#include "crypto/issue/log/issue_log.hpp"

namespace stile::crypto {

Result<void> run_log_verify(const LogVerifyOptions& options) {
    const auto report = verify_log(options.log, options.head);
    if (!report) return std::unexpected{report.error()};
    const LogEnd& end = report->end;
    if (end.torn > 0)
        return fail(
            Errc::Corrupt,
            fmt::format("{}: line {} is torn ({} bytes): nothing of it has left the program; "
                        "the next ticket cuts it off and the log says so",
                        options.log.string(), end.lines + 1, end.torn));
    if (options.head && !report->has_head)
        return fail(Errc::Corrupt,
                    fmt::format("{}: {} is not in it: the log was cut off or replaced",
                                options.log.string(), to_hex(*options.head)));
    const LogTotals& totals = report->totals;
    const char* const form =
        options.print == Print::Json
            ? "{{\"ok\":true,\"issuer\":\"{}\",\"lines\":{},\"tickets\":{},\"copies\":{},"
              "\"revoked\":{},\"mended\":{},\"head\":\"{}\"}}\n"
            : "issuer   {}\nlines    {}\ntickets  {}\ncopies   {}\nrevoked  {}\nmended   {}\n"
              "head     {}\n";
    fmt::print(fmt::runtime(form), end.issuer, end.lines, totals.tickets, totals.copies,
               totals.revoked, totals.mended, to_hex(end.head));
    return {};
}

}  // namespace stile::crypto
