// SPDX-License-Identifier: Apache-2.0
// Answers are read by the tables of the site file, so every key of it is an answer.
#include "daemon/setup/answers.hpp"

#include "daemon/config/document.hpp"
#include "daemon/config/site_fields.hpp"
#include "daemon/runtime/secret_file.hpp"
#include "daemon/setup/plan.hpp"

namespace stile {
namespace {

constexpr std::string_view kTemplateHead =
    R"(# Answers for: stilectl setup --answers FILE
# Everything of a site file, and in [setup] the files that you bring. Keys that are left out have
# the value that is shown behind the "#" sign; an unknown key is an error. Relative paths in [setup]
# begin at this file's folder.

[setup]
# issuer_keys = ["demo.toml"]      # of stile-issue keygen; added to those there are
# event_secret = "event.secret"    # 64 hex digits, the same at all gates; default: keep or make
# broker_password = "password.txt" # its first line becomes a credential; see mqtt.user
# broker_ca = "ca.pem"             # for ssl://: authorities to trust; default: the system's
# policy = "policy.toml"           # areas, capacity, ...; default: keep it, or none

)";

config::Section setup_section(SetupAnswers& answers) {
    const auto fields = [&answers] {
        return config::Fields{{.key = "issuer_keys", .target = &answers.issuer_keys},
                              {.key = "event_secret", .target = &answers.event_secret},
                              {.key = "broker_password", .target = &answers.broker_password},
                              {.key = "broker_ca", .target = &answers.broker_ca},
                              {.key = "policy", .target = &answers.policy}};
    };
    return {"setup", fields, config::Section::Count::One};
}

void begin_at(const std::filesystem::path& folder, std::string& path) {
    if (!path.empty()) path = (folder / path).lexically_normal().native();
}

// A secret that gets another place: two gates with different ones name one ticket in two ways.
Result<void> keep_secret(SetupAnswers& answers, const config::Site& before, const GateRoot& place) {
    if (!answers.event_secret.empty() || !event_secret_of(answers.site, place).empty()) return {};
    const std::filesystem::path there = event_secret_of(before, place);
    if (is_credential(before.paths.secret) &&
        there == sealed_credential_of(place, before.paths.secret)) {
        return fail(Errc::Invalid,
                    there.native() +
                        ": the event secret is sealed in it, and paths.secret names another "
                        "place; bring it with setup.event_secret");
    }
    answers.event_secret = there;
    return {};
}

}  // namespace

Result<SetupAnswers> read_answers(const std::filesystem::path& file) {
    const auto document = config::Document::read(file);
    if (!document) return std::unexpected{document.error()};
    SetupAnswers answers;
    auto sections = config::sections_of(answers.site);
    sections.push_back(setup_section(answers));
    if (auto filled = document->fill(sections); !filled)
        return std::unexpected{std::move(filled.error())};
    const auto folder = std::filesystem::absolute(file).parent_path();
    for (std::string* path :
         {&answers.event_secret, &answers.broker_password, &answers.broker_ca, &answers.policy}) {
        begin_at(folder, *path);
    }
    for (std::string& path : answers.issuer_keys)
        begin_at(folder, path);
    return answers;
}

Result<void> keep_what_is_there(SetupAnswers& answers, const GateRoot& place) {
    answers.site_stamp = stamp_of(place.site_on_disk());
    const auto there = load_site_at(place);
    if (!there && there.error().code == Errc::NotFound)
        return keep_secret(answers, {.paths = {.state = answers.site.paths.state}}, place);
    if (!there)
        return fail("what is there cannot be kept; mend it, or move it away", there.error());
    config::Site& site = answers.site;
    if (site.paths.secret.empty()) site.paths.secret = there->paths.secret;
    if (site.paths.policy.empty()) site.paths.policy = there->paths.policy;
    const bool user = !site.mqtt.user.empty() || !site.mqtt.user_file.empty();
    if (user && site.mqtt.password_file.empty())
        site.mqtt.password_file = there->mqtt.password_file;
    return keep_secret(answers, *there, place);
}

std::string answers_template() {
    const std::string_view sample = sample_site();
    return std::string{kTemplateHead} + std::string{sample.substr(sample.find("[site]"))};
}

}  // namespace stile
