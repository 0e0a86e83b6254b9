// SPDX-License-Identifier: Apache-2.0
// The venue's collector: its configuration, its program, and what it has in its store.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "tests/simulate/ear.hpp"
#include "tests/simulate/evening_clock.hpp"
#include "tests/simulate/gate_site.hpp"
#include "tests/simulate/plan.hpp"
#include "tests/support/process.hpp"

namespace stile::simulate {

class CollectorSite {
public:
    struct Setup {
        std::filesystem::path folder;  // made anew
        std::uint16_t broker = 0;
        std::size_t people = 0;  // who bought a ticket
    };
    CollectorSite(const Setup& setup, const BoxOffice& office, const EveningClock& clock);

    void start();
    // False: it did not end within half a minute.
    [[nodiscard]] bool stop();

    // As `stile-collector import` does, while it runs; at once, or with an error when the store is
    // not made yet.
    [[nodiscard]] Result<void> import_sold(const Plan& plan);
    [[nodiscard]] Result<void> import_refunds(const Plan& plan);

    // What came of each gate, by its number. Errors: the store's.
    [[nodiscard]] Result<std::map<std::string, Payloads>> entries() const;

private:
    std::filesystem::path folder_;
    const BoxOffice& office_;
    EveningClock clock_;
    std::unique_ptr<test::Process> program_;
};

}  // namespace stile::simulate
