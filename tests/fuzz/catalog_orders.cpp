// SPDX-License-Identifier: Apache-2.0
// Fuzzes the platform's rows: whatever they say, an order can be kept and read again as it was.
#include <cstdlib>

#include "daemon/catalog/pretix/event_rows.hpp"
#include "daemon/catalog/pretix/order_rows.hpp"

namespace stile::pretix {
namespace {

void check_order(JsonView json) {
    const auto row = order_row(json, 7);
    if (!row) return;
    for (const KnownPosition& position : row->order.positions)
        if (!position.understood && position.status != OrderStatus::Canceled) std::abort();
    const auto stored = encode(row->order);
    const auto again = stored ? decode_order(*stored, 7) : fail(Errc::Invalid, "too large");
    if (stored && (!again || *encode(*again) != *stored)) std::abort();
}

}  // namespace
}  // namespace stile::pretix

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stile::pretix;  // NOLINT(google-build-using-namespace): one function
    const auto json = JsonDocument::parse(stile::as_text({data, size}));
    if (!json) return 0;
    check_order(json->root());
    (void)medium_row(json->root());
    (void)secret_row(json->root(), 7);
    (void)event_row(json->root(), 7);
    (void)subevent_row(json->root());
    (void)product_row(json->root());
    (void)list_row(json->root(), 7);
    (void)question_row(json->root(), 7);
    return 0;
}
