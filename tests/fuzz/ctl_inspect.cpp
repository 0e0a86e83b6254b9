// SPDX-License-Identifier: Apache-2.0
// Fuzzes a line for `ticket inspect`, and its file of keys: every line gets one line of answer.
#include <cstdlib>
#include <string>

#include <nlohmann/json.hpp>

#include "daemon/stilectl/inspect.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const stile::NamedKeys keys =
        stile::parse_named_keys(R"({"totp_master":")" + stile::to_hex(stile::tests::kTotpMaster) +
                                R"(","main":")" +
                                stile::to_hex(stile::tests::test_key(1).public_key()) + R"("})")
            .value();
    const std::string_view text = stile::as_text({data, size});
    const std::string line = stile::inspect_ticket(text, keys, stile::tests::at(1'760'000'000));
    const auto said = nlohmann::json::parse(line, nullptr, false);
    const bool whole = said.is_object() && said["format"].is_string() &&
                       said["valid"].is_boolean() && said["reason"].is_string();
    if (!whole || line.find('\n') != std::string::npos) std::abort();
    if (said["valid"].get<bool>() != (said["reason"] == "VALID")) std::abort();
    (void)stile::parse_named_keys(text);
    return 0;
}
