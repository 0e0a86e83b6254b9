// SPDX-License-Identifier: Apache-2.0
// Fuzzes the lines of a revocation list: what is read can be written, and reads the same again.
#include <cstdlib>
#include <string>

#include "daemon/catalog/revocation_text.hpp"

namespace stile {
namespace {

std::string spelled(const NoRecord& /*blank*/) {
    return "#";
}
std::string spelled(const RevokedSerial& record) {
    if (record.issuer.empty() || record.below == 0) std::abort();
    return std::string{record.issuer} + ',' + std::to_string(record.event) + ',' +
           std::to_string(record.serial) +
           (record.below ? ",<" + std::to_string(*record.below) : "");
}
std::string spelled(const RevokedSecret& record) {
    return "secret " + std::to_string(record.event) + ' ' + std::string{record.text};
}

void check_line(std::string_view line) {
    const auto spell = [](const auto& record) { return spelled(record); };
    const auto parsed = parse_revocation_line(line);
    if (!parsed) return;
    const std::string text = std::visit(spell, *parsed);
    const auto again = parse_revocation_line(text);
    if (!again || std::visit(spell, *again) != text) std::abort();
}

}  // namespace
}  // namespace stile

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = stile::as_text({data, size});
    for (std::size_t at = 0, end = 0; at <= size; at = end + 1) {
        end = std::min(text.find('\n', at), size);
        stile::check_line(text.substr(at, end - at));
    }
    return 0;
}
