// SPDX-License-Identifier: Apache-2.0
// An order as the catalog keeps it: one record with all its positions (CATALOG.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "daemon/core/position.hpp"

namespace stile {

inline constexpr std::size_t kMaxOrderCode = 64;  // bytes
inline constexpr std::size_t kMaxIdentities = 250;

struct Order {
    std::string code;
    std::optional<WallTime> last_modified;
    std::string text;                      // of all its positions, shown at check-in
    std::vector<KnownPosition> positions;  // `order_code` and `order_text` are those of the order
};

// A position's own name for entry memory, the same at every gate.
[[nodiscard]] crypto::Identity position_identity(std::uint32_t event, std::string_view order_code,
                                                 std::uint64_t position);

// Errors: Invalid (a list is too long for its count).
[[nodiscard]] Result<Buffer> encode(const Order& order);

// A record that can be read a position at a time. Holds a view; allocates nothing itself.
class OrderRecord {
public:
    // Errors: Corrupt.
    [[nodiscard]] static Result<OrderRecord> open(Bytes stored, std::uint32_t event);

    [[nodiscard]] std::string_view code() const { return code_; }
    [[nodiscard]] std::optional<WallTime> last_modified() const { return last_modified_; }
    [[nodiscard]] std::size_t positions() const { return positions_; }

    // What a look-up compares before it reads the rest. Errors: Corrupt.
    struct Head {
        std::uint64_t id = 0;
        std::uint64_t addon_to = 0;
        std::string_view secret;
    };
    [[nodiscard]] Result<Head> head(std::size_t index) const;
    // Fills every field of `into`. Errors: Corrupt.
    [[nodiscard]] Result<void> read(std::size_t index, KnownPosition& into) const;

private:
    OrderRecord() = default;
    [[nodiscard]] Bytes position(std::size_t index) const;

    Bytes stored_;
    Bytes offsets_;
    std::uint32_t event_ = 0;
    std::string_view code_;
    std::string_view text_;
    std::optional<WallTime> last_modified_;
    std::size_t positions_ = 0;
};

// Errors: Corrupt.
[[nodiscard]] Result<Order> decode_order(Bytes stored, std::uint32_t event);

// A medium as the catalog keeps it.
[[nodiscard]] Buffer encode(const KnownMedium& medium);
// Fills every field of `into`. Errors: Corrupt.
[[nodiscard]] Result<void> decode_medium(Bytes stored, KnownMedium& into);

}  // namespace stile
