// SPDX-License-Identifier: Apache-2.0
// A catalog in a folder of its own, lists as texts, and tickets to ask for.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "crypto/key_ring.hpp"
#include "daemon/catalog/catalog.hpp"
#include "daemon/catalog/revocation_import.hpp"
#include "daemon/catalog/revocations.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::test {

inline constexpr std::size_t kMapBytes = 256U << 20U;
inline constexpr std::string_view kIssuer = "acme";  // serials 0..999,999 of event 7 are dense

// Small enough that a few thousand lines go through every path.
inline constexpr ImportLimits kSmallLimits{
    .run_records = 1'000, .batch_bytes = 64U << 10U, .removed_keys = 500};

inline std::vector<DenseRange> acme_range(std::uint64_t first = 0, std::uint64_t last = 999'999) {
    return {{crypto::issuer_id(kIssuer), 7, first, last}};
}

inline crypto::Ticket ticket(std::string_view issuer, std::uint32_t event, std::uint64_t serial) {
    crypto::Ticket out{};
    out.issuer = crypto::issuer_id(issuer);
    out.event = event;
    out.serial = serial;
    out.identity = crypto::identity_of(out.issuer, event, serial);
    return out;
}

inline crypto::Ticket secret(std::uint32_t event, std::string_view text) {
    crypto::Ticket out{};
    out.event = event;
    out.identity = secret_identity(event, text);
    return out;
}

// An unlinked file that holds `text`.
inline UniqueFd file_of(std::string_view text) {
    UniqueFd fd{::memfd_create("list", MFD_CLOEXEC)};
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t count = ::write(fd.get(), text.data() + done, text.size() - done);
        if (count <= 0) std::abort();
        done += static_cast<std::size_t>(count);
    }
    return fd;
}

class Catalog {
public:
    explicit Catalog(std::size_t map_bytes = kMapBytes) : map_bytes_{map_bytes} { reopen(); }

    void close() {
        revocations_.reset();
        environment_.reset();
    }
    void reopen() {
        close();
        auto opened = open_catalog(folder(), map_bytes_);
        if (!opened) std::abort();
        environment_ = std::make_unique<lmdb::Environment>(std::move(*opened));
        revocations_ = std::make_unique<Revocations>(*environment_);
    }

    [[nodiscard]] std::filesystem::path folder() const { return dir_.path() / "catalog"; }
    [[nodiscard]] lmdb::Environment& environment() { return *environment_; }
    [[nodiscard]] Revocations& revocations() { return *revocations_; }

    Result<RevocationList> import(std::string_view text,
                                  std::vector<DenseRange> dense = acme_range(),
                                  const RevocationImport::Progress& progress = {},
                                  const std::stop_token& stop = {}) {
        const UniqueFd fd = file_of(text);
        RevocationImport import{*environment_, folder(), kSmallLimits};
        const auto quiet = [](std::uint64_t, std::uint64_t) {};
        return import.run({.fd = fd.get(),
                           .size = text.size(),
                           .at = std::chrono::sys_seconds{std::chrono::seconds{1'800'000'000}},
                           .dense = std::move(dense)},
                          progress ? progress : quiet, stop);
    }

    RevocationStatus status(const crypto::Ticket& of) {
        const auto found = revocations_->look_up(of);
        EXPECT_TRUE(found) << found.error().context;
        return found.value_or(RevocationStatus{});
    }
    bool revoked(const crypto::Ticket& of) { return status(of).revoked; }

    // Keys of all generations.
    std::uint64_t keys(CatalogTable table) {
        const auto reader = environment_->read();
        const auto size = reader->size(table_of(*environment_, table));
        return size.value_or(~std::uint64_t{0});
    }
    void put(CatalogTable table, Bytes key, Bytes value) {
        auto writer = environment_->write();
        ASSERT_TRUE(writer);
        ASSERT_TRUE(writer->put(table_of(*environment_, table), key, value));
        ASSERT_TRUE(std::move(*writer).commit());
    }

private:
    TempDir dir_;
    std::size_t map_bytes_;
    std::unique_ptr<lmdb::Environment> environment_;
    std::unique_ptr<Revocations> revocations_;
};

// The error's text, or what is wrong with there being none.
template <class T>
std::string error_text(const Result<T>& result) {
    return result ? "no error" : result.error().context;
}

}  // namespace stile::test
