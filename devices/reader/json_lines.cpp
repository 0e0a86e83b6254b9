// SPDX-License-Identifier: Apache-2.0
// nlohmann-json, in the order in which the contract names the fields.
#include "devices/reader/json_lines.hpp"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "devices/usb/usb_advice.hpp"

namespace stile::devices {
namespace {

using Json = nlohmann::ordered_json;

std::string line(const Json& object) {
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

double milliseconds(std::chrono::nanoseconds time) {
    return std::round(static_cast<double>(time.count()) / 1e3) / 1e3;
}

constexpr std::string_view kFormat = "QRCode";

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

std::string four_digits(std::uint16_t number) {
    return fmt::format("{:04x}", number);
}

Json device_of(const UsbFact& fact, const UsbVerdict& verdict) {
    const UsbIdentity& is = fact.device.identity;
    return {{"port", is.port},
            {"vendor", four_digits(is.vendor)},
            {"product", four_digits(is.product)},
            {"name", text_or_null(is.name)},
            {"serial", text_or_null(is.serial)},
            {"release", four_digits(is.release)},
            {"kind", kind_of(fact.device)},
            {"drivers", fact.drivers},
            {"programs", fact.programs},
            {"fate", name_of(verdict.fate)},
            {"reader", text_or_null(verdict.reader)},
            {"why", verdict.why},
            {"advice", verdict.advice},
            {"udev_rule", udev_rule(fact.device)}};
}

}  // namespace

std::string json_codes(std::string_view file, const std::vector<Code>& codes,
                       std::chrono::nanoseconds decoding) {
    Json texts = Json::array();
    Json bytes = Json::array();
    for (const Code& code : codes) {
        texts.push_back(code.text);
        bytes.push_back(to_hex(code.bytes));
    }
    return line({{"file", file},
                 {"texts", std::move(texts)},
                 {"bytes_hex", std::move(bytes)},
                 {"format", codes.empty() ? Json() : Json(kFormat)},
                 {"ms", milliseconds(decoding)}});
}

std::string json_unreadable(std::string_view file, std::string_view error) {
    return line({{"file", file}, {"error", error}});
}

std::string json_scan(std::uint64_t frame, std::string_view file, const Code& code,
                      std::chrono::nanoseconds decoding) {
    return line({{"frame", frame},
                 {"file", file},
                 {"text", code.text},
                 {"bytes_hex", to_hex(code.bytes)},
                 {"format", kFormat},
                 {"ms", milliseconds(decoding)}});
}

std::string json_findings(const Findings& found) {
    const Json asked{{"pixel_format", name_of(found.asked.format)},
                     {"width", found.asked.width},
                     {"height", found.asked.height},
                     {"rate", found.asked.rate},
                     {"exposure_us", found.asked.exposure.count()}};
    const Json given{
        {"pixel_format", found.given.format},
        {"width", found.given.width},
        {"height", found.given.height},
        {"rate", found.given.rate},
        {"exposure_us", found.given.exposure ? Json(found.given.exposure->count()) : Json()}};
    const bool seen = found.pictures > 0;
    const auto known = [seen](int value) { return seen ? Json(value) : Json(); };
    return line({{"source", found.source},
                 {"state", name_of(found.condition)},
                 {"reason", found.failure ? Json(found.failure->context) : Json()},
                 {"asked", asked},
                 {"given", found.given.width == 0 ? Json() : given},
                 {"width", known(found.width)},
                 {"height", known(found.height)},
                 {"pictures", found.pictures},
                 {"damaged", found.damaged},
                 {"pictures_a_second", std::round(found.pictures_a_second * 10) / 10},
                 {"brightness", known(found.look.mean)},
                 {"darkest", known(found.look.darkest)},
                 {"brightest", known(found.look.brightest)},
                 {"sharpness", found.sharpness ? Json(*found.sharpness) : Json()},
                 {"noise", found.look.noise ? Json(*found.look.noise / 100.0) : Json()},
                 {"pictures_with_code", found.pictures_with_code},
                 {"code_bytes", found.code_bytes},
                 {"advice", advice(found)}});
}

std::string json_usb(const UsbFindings& found) {
    Json devices = Json::array();
    for (std::size_t i = 0; i < found.facts.size(); ++i)
        devices.push_back(device_of(found.facts[i], found.verdicts[i]));
    Json readers = Json::array();
    for (const UsbFindings::Reader& reader : found.readers)
        readers.push_back(
            {{"name", reader.name}, {"source", reader.source}, {"found", reader.found}});
    return line({{"trouble", text_or_null(found.trouble)},
                 {"devices", std::move(devices)},
                 {"readers", std::move(readers)}});
}

}  // namespace stile::devices
