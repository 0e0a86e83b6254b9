// SPDX-License-Identifier: Apache-2.0
// Options of `stile-issue device show` and `device enrol`.
#include <CLI/CLI.hpp>

#include "crypto/issue/cli/options.hpp"
#include "crypto/issue/device_command.hpp"

namespace stile::crypto {
namespace {

// Both subcommands stand below one word.
CLI::App& devices_of(CLI::App& program) {
    for (CLI::App* known : program.get_subcommands({})) {
        if (known->get_name() == "device") return *known;
    }
    auto* const device = program.add_subcommand("device", "Know the gates by their keys");
    device->require_subcommand(1);
    return *device;
}

class DeviceShow final : public AppSubcommand {
public:
    explicit DeviceShow(CLI::App& program)
        : AppSubcommand{devices_of(program), "show",
                        "Prove a gate's enrolment request, and show its fingerprint"} {
        add_file(app(), "REQUEST", request_, "What stilectl setup wrote: enrolment.toml")
            ->required();
        app().add_flag("--json", json_, "Print JSON");
        app().footer("");
    }

    [[nodiscard]] Result<Work> prepare(std::chrono::sys_seconds) const override {
        return work_of(
            DeviceShowOptions{.request = request_, .print = json_ ? Print::Json : Print::Text},
            run_device_show);
    }

private:
    std::string request_;
    bool json_ = false;
};

class DeviceEnrol final : public AppSubcommand {
public:
    explicit DeviceEnrol(CLI::App& program)
        : AppSubcommand{devices_of(program), "enrol", "Put a gate into the list of devices"} {
        add_file(app(), "REQUEST", request_, "What stilectl setup wrote: enrolment.toml")
            ->required();
        add_file(app(), "--out", out_, "The list; it is made when it is missing")->required();
        app().add_flag("--replace", replace_,
                       "The gate has new keys: its controller was replaced, and the fingerprints "
                       "were compared");
        app().add_flag("--json", json_, "Print JSON");
        app().footer("");
    }

    [[nodiscard]] Result<Work> prepare(std::chrono::sys_seconds now) const override {
        return work_of(DeviceEnrolOptions{.request = request_,
                                          .out = out_,
                                          .known = replace_ ? KnownGate::Replace : KnownGate::Keep,
                                          .now = now,
                                          .print = json_ ? Print::Json : Print::Text},
                       run_device_enrol);
    }

private:
    std::string request_, out_;
    bool replace_ = false, json_ = false;
};

}  // namespace

std::unique_ptr<Subcommand> make_device_show(CLI::App& program) {
    return std::make_unique<DeviceShow>(program);
}

std::unique_ptr<Subcommand> make_device_enrol(CLI::App& program) {
    return std::make_unique<DeviceEnrol>(program);
}

}  // namespace stile::crypto
