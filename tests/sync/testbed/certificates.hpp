// SPDX-License-Identifier: Apache-2.0
// Certificates of a small authority, made by the openssl program.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/sync/testbed/child.hpp"

namespace stile::sync::testbed {

// Files NAME.pem and NAME.key in a folder of their own.
class Certificates {
public:
    [[nodiscard]] std::string certificate(const std::string& name) const {
        return folder_.path() / (name + ".pem");
    }
    [[nodiscard]] std::string key(const std::string& name) const {
        return folder_.path() / (name + ".key");
    }

    void make_authority(const std::string& name) const {
        openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-subj", "/CN=" + name, "-days", "2", "-keyout", key(name), "-out",
                 certificate(name)});
    }
    // For the host `name`.
    void issue(const std::string& authority, const std::string& name) const {
        const std::string request = folder_.path() / "request";
        openssl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                 "/CN=" + name, "-keyout", key(name), "-out", request});
        const auto names = folder_.write("names", "subjectAltName=DNS:" + name + "\n");
        openssl({"x509", "-req", "-in", request, "-CA", certificate(authority), "-CAkey",
                 key(authority), "-CAcreateserial", "-days", "2", "-extfile", names, "-out",
                 certificate(name)});
    }
    // Lines of mosquitto's configuration.
    [[nodiscard]] std::string broker(const std::string& authority, const std::string& name) const {
        return "allow_anonymous true\ncafile " + certificate(authority) + "\ncertfile " +
               certificate(name) + "\nkeyfile " + key(name) + "\n";
    }
    [[nodiscard]] const TempFolder& folder() const { return folder_; }

    static void openssl(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "openssl");
        Child child{arguments, Child::Stream::Errors};
        ASSERT_EQ(child.wait(), 0);
    }

private:
    TempFolder folder_;
};

}  // namespace stile::sync::testbed
