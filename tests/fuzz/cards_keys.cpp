// SPDX-License-Identifier: Apache-2.0
// Fuzzes files of card keys: what is taken is asked without a fault, and a mistake has its line.
#include <cstdlib>

#include "daemon/cards/secret_sections.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stile;  // NOLINT(google-build-using-namespace)
    const auto sections = secret_sections(as_text({data, size}));
    if (!sections) {
        if (sections.error().line == 0 || sections.error().what.empty()) std::abort();
        return 0;
    }
    for (const SecretSection& section : *sections) {
        std::array<std::uint8_t, 4> bytes{};
        Buffer more;
        std::uint8_t number = 0;
        for (const std::string_view key : {"id", "key", "master"}) {
            const bool exact = section.hex(key, bytes).has_value();
            const bool any = section.hex(key, 1, 4, more).has_value();
            if (exact && (!any || more.size() != bytes.size())) std::abort();
            if (section.number(key, 13, number) && number > 13) std::abort();
        }
    }
    return 0;
}
