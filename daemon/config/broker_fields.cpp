// SPDX-License-Identifier: Apache-2.0
// The table of what is said of a broker.
#include "daemon/config/broker_fields.hpp"

namespace stile::config {

Fields broker_fields(Mqtt& s) {
    using Form = Field::Form;
    return {{.key = "brokers", .target = &s.brokers, .form = Form::Filled},
            {.key = "client_id", .target = &s.client_id},
            {.key = "user", .target = &s.user},
            {.key = "user_file", .target = &s.user_file},
            {.key = "password_file", .target = &s.password_file},
            {.key = "ca_file", .target = &s.ca_file},
            {.key = "certificate_file", .target = &s.certificate_file},
            {.key = "key_file", .target = &s.key_file},
            {.key = "keep_alive_ms", .target = &s.keep_alive, .least = 1000, .most = 600'000},
            {.key = "window", .target = &s.window, .least = 1, .most = 1000},
            {.key = "retry_first_ms", .target = &s.retry_first, .least = 10, .most = 60'000},
            {.key = "retry_longest_ms", .target = &s.retry_longest, .least = 10, .most = 600'000}};
}

}  // namespace stile::config
