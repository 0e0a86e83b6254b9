// SPDX-License-Identifier: Apache-2.0
// Findings as JSON, and what other programs say in JSON as facts.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/doctor/facts.hpp"
#include "daemon/doctor/finding.hpp"

namespace stile::doctor {

// One object, as DOCTOR.md says, and a line feed.
[[nodiscard]] std::string findings_json(const Findings& findings);
// One object a line.
[[nodiscard]] std::string findings_lines(const Findings& findings);
// Such lines; those that are something else are left out.
[[nodiscard]] Findings parse_findings(std::string_view lines);

// Of what a program of another version says, what is understood; nothing if it is no such report.
[[nodiscard]] std::optional<GateStatus> parse_status(std::string_view json);
[[nodiscard]] std::optional<CameraFact> parse_camera(std::string_view json);
// By the names of the readers.
[[nodiscard]] std::map<std::string, UsbFact> parse_usb(std::string_view json);

}  // namespace stile::doctor
