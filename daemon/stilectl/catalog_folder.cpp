// SPDX-License-Identifier: Apache-2.0
// Names of files to headers, and their bytes behind them.
#include "daemon/stilectl/catalog_folder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

namespace stile {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::unexpected<Error> system_error(std::string_view what) {
    const Errc code = errno == ENOSPC ? Errc::Full : errno == ENOENT ? Errc::NotFound : Errc::Io;
    return fail(code, fmt::format("{}: {}", what, std::system_category().message(errno)));
}

// The letters at the beginning: "orders-2.json" holds orders.
std::string resource_word(const fs::path& file) {
    const std::string name = file.filename();
    const auto end = std::ranges::find_if(name, [](char c) { return c < 'a' || c > 'z'; });
    return {name.begin(), end};
}

bool is_hidden(const fs::path& path) {
    return path.filename().native().starts_with('.');
}

// Every file, in order of its name.
Result<std::vector<fs::path>> files_of(const std::vector<fs::path>& paths) {
    std::vector<fs::path> out;
    std::error_code failed;
    for (const fs::path& path : paths) {
        if (!fs::is_directory(path, failed)) {
            out.push_back(path);
            continue;
        }
        const auto first = std::ssize(out);
        for (auto it = fs::recursive_directory_iterator{path, failed};
             !failed && it != fs::recursive_directory_iterator{}; it.increment(failed))
            if (it->is_regular_file(failed) && !is_hidden(it->path())) out.push_back(it->path());
        if (failed) return fail(Errc::Io, path.native() + ": " + failed.message());
        std::sort(out.begin() + first, out.end());
    }
    return out;
}

// Appends to an unlinked file.
class Packer {
public:
    Result<void> begin(UpdateKind kind) {
        const std::string folder = fs::temp_directory_path();
        out_.file.reset(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
        if (!out_.file) return system_error(folder);
        const char* update = kind == UpdateKind::Full ? "full" : "difference";
        return line(Json{{"catalog", 1}, {"update", update}});
    }
    Result<void> add(const fs::path& path, Json header) {
        const UniqueFd in{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
        struct stat about{};
        if (!in || ::fstat(in.get(), &about) != 0) return system_error(path.native());
        if (!S_ISREG(about.st_mode))
            return fail(Errc::Invalid, path.native() + ": not a regular file");
        header["bytes"] = about.st_size;
        if (auto put = line(header); !put) return put;
        return copy(in.get(), static_cast<std::size_t>(about.st_size), path);
    }
    PackedCatalog take() && { return std::move(out_); }

private:
    Result<void> line(const Json& header) {
        const std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
        return put(text);
    }
    Result<void> put(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t count = ::write(out_.file.get(), bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) return system_error("temporary file");
            bytes.remove_prefix(static_cast<std::size_t>(count));
            out_.size += static_cast<std::uint64_t>(count);
        }
        return {};
    }
    Result<void> copy(int in, std::size_t size, const fs::path& path) {
        std::vector<char> block(std::size_t{1} << 18U);
        while (size > 0) {
            const ssize_t count = ::read(in, block.data(), std::min(block.size(), size));
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return system_error(path.native());
            if (count == 0) return fail(Errc::Io, path.native() + ": it became shorter");
            const auto bytes = static_cast<std::size_t>(count);
            if (auto done = put({block.data(), bytes}); !done) return done;
            size -= bytes;
        }
        return {};
    }

    PackedCatalog out_;
};

Result<Json> header_of(const fs::path& file, const std::map<std::string, std::uint32_t>& numbers) {
    const std::string word = resource_word(file);
    const auto resource = resource_from(word);
    if (!resource)
        return fail(Errc::Invalid, file.native() + ": its name does not say what it holds");
    Json out{{"resource", word}};
    if (*resource == Resource::Media) return out;
    const std::string event = fs::absolute(file).parent_path().filename();
    out["event"] = event;
    const auto number = numbers.find(event);
    if (number != numbers.end()) out["number"] = number->second;
    return out;
}

}  // namespace

Result<PackedCatalog> pack_catalog(const CatalogFiles& files) {
    const auto list = files_of(files.paths);
    if (!list) return std::unexpected{list.error()};
    if (list->empty()) return fail(Errc::NotFound, "there is no file to import");
    Packer packer;
    if (auto begun = packer.begin(files.kind); !begun)
        return std::unexpected{std::move(begun.error())};
    for (const fs::path& file : *list) {
        auto header = header_of(file, files.numbers);
        if (!header) return std::unexpected{std::move(header.error())};
        if (auto added = packer.add(file, std::move(*header)); !added)
            return std::unexpected{std::move(added.error())};
    }
    return std::move(packer).take();
}

}  // namespace stile
