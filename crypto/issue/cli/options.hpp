// SPDX-License-Identifier: Apache-2.0
// Options of a type, for the files beside this one that use the library.
#pragma once

#include <memory>
#include <string>

#include "crypto/issue/cli/command.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): the library gives the name.
namespace CLI {
class Option;
}  // namespace CLI

namespace stile::crypto {

CLI::Option* add_file(CLI::App& command, const char* name, std::string& out, const char* what);

// A subcommand that is a member of the program.
class AppSubcommand : public Subcommand {
public:
    AppSubcommand(CLI::App& parent, const char* name, const char* what);
    [[nodiscard]] bool is_chosen() const final;
    [[nodiscard]] std::string name() const final;

protected:
    [[nodiscard]] CLI::App& app() const { return app_; }

private:
    CLI::App& app_;
};

}  // namespace stile::crypto
