// SPDX-License-Identifier: Apache-2.0
// Every file of ours that a document names is there.
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"
#include "tree.hpp"

namespace stile::test {
namespace {

using std::filesystem::path;

const std::set<std::string> kRooms{"crypto",  "devices", "daemon", "sync",
                                   "systemd", "tests",   ".ci"};

std::vector<std::string> matches(const File& file, const std::regex& pattern) {
    std::vector<std::string> found;
    for (const std::string& line : file.lines) {
        for (std::sregex_iterator at{line.begin(), line.end(), pattern}, end; at != end; ++at)
            found.push_back((*at)[1]);
    }
    return found;
}

// [text](target); addresses and places inside the page do not count.
std::vector<std::string> links_of(const File& file) {
    static const std::regex link{R"(\]\(([^)#\s]+)[^)]*\))"};
    std::vector<std::string> found = matches(file, link);
    std::erase_if(found,
                  [](const std::string& target) { return target.find(':') != std::string::npos; });
    return found;
}

// `path/of/ours.hpp`: a word in code marks that begins like a path of ours or ends like a file of
// ours. Names of a user's files and of topics do neither.
std::vector<std::string> named_paths_of(const File& file) {
    static const std::regex code{"`([A-Za-z0-9_./-]+)( [^`]*)?`"};
    static const std::regex file_name{R"([A-Za-z0-9_./-]+\.(md|hpp|cpp))"};
    std::vector<std::string> found = matches(file, code);
    std::erase_if(found, [](const std::string& word) {
        const bool slash = word.find('/') != std::string::npos;
        const bool ours = slash && kRooms.contains(word.substr(0, word.find('/')));
        const bool relative = word.starts_with("./") || word.starts_with("../");
        return word.starts_with("/") || !(ours || relative || std::regex_match(word, file_name));
    });
    return found;
}

// Relative to the document or to the top, and not outside of the project.
bool is_there(const File& document, const std::string& target) {
    const path folder = path{document.path}.parent_path();
    for (const path& candidate : {folder / target, path{target}}) {
        const path inside = candidate.lexically_normal();
        const bool outside = inside.native().starts_with("..");
        if (!outside && std::filesystem::exists(top() / inside)) return true;
    }
    return false;
}

std::vector<File> documents() {
    std::vector<File> found;
    for (const File& file : project_files()) {
        if (file.ends_with(".md")) found.push_back(file);
    }
    return found;
}

TEST(HouseDocuments, LinkToWhatIsThere) {
    for (const File& document : documents()) {
        for (const std::string& target : links_of(document))
            EXPECT_TRUE(is_there(document, target)) << document.path << " links to " << target;
    }
}

TEST(HouseDocuments, NameFilesThatAreThere) {
    for (const File& document : documents()) {
        for (const std::string& target : named_paths_of(document))
            EXPECT_TRUE(is_there(document, target)) << document.path << " names " << target;
    }
}

TEST(HouseDocuments, AreInstalledWithWhatTheyLinkTo) {
    const TempDir installed;
    const std::string install =
        "cd '" + top().native() + "' && debian/handbook.sh '" + installed.path().native() + "'";
    ASSERT_EQ(std::system(install.c_str()), 0);
    for (const File& page : documents()) {
        for (const std::string& target : links_of(page)) {
            const path file = installed.path() / path{page.path}.parent_path() / target;
            EXPECT_TRUE(std::filesystem::exists(file)) << page.path << " links to " << target;
        }
    }
}

TEST(HouseDocuments, FindWhatTheyShouldFind) {
    const File sample{"daemon/X.md",
                      {"See [a](../crypto/FORMAT.md#top), [b](https://example.org/x.md) and `core/"
                       "reason.hpp`, `/run/stile`, `stile/v1/x`, `daemon/core`, `./stile demo`."}};
    EXPECT_EQ(links_of(sample), std::vector<std::string>{"../crypto/FORMAT.md"});
    EXPECT_EQ(named_paths_of(sample),
              (std::vector<std::string>{"core/reason.hpp", "daemon/core", "./stile"}));
    EXPECT_TRUE(is_there(sample, "core/reason.hpp"));
    EXPECT_FALSE(is_there(sample, "core/absent.hpp"));
    EXPECT_FALSE(is_there(sample, "../../etc/passwd"));
}

}  // namespace
}  // namespace stile::test
