// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target without libFuzzer: files and folders given as arguments, then mutations of
// them and random bytes. The same inputs every time, so that a failure comes back.
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "tests/fuzz/target.hpp"

namespace {

using Input = std::vector<std::uint8_t>;

constexpr int kRandomInputs = 3000;
constexpr int kMutationsOfEachSeed = 500;
constexpr std::size_t kMaxRandomSize = 700;

void feed(const Input& input) {
    (void)LLVMFuzzerTestOneInput(input.data(), input.size());
}

void read_into(std::vector<Input>& seeds, const std::filesystem::path& path) {
    if (std::filesystem::is_directory(path)) {
        for (const auto& entry : std::filesystem::directory_iterator{path})
            read_into(seeds, entry.path());
        return;
    }
    std::ifstream file{path, std::ios::binary};
    if (!file) throw std::filesystem::filesystem_error{"cannot read", path, {}};
    seeds.emplace_back(std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{});
}

class Chance {
public:
    // From 0 to `limit` - 1; a modulo is even enough here, and the same on every machine.
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : engine_() % limit; }
    std::uint8_t byte() { return static_cast<std::uint8_t>(engine_()); }

private:
    std::mt19937 engine_{1};  // NOLINT(bugprone-random-generator-seed): the same inputs every time
};

// Changes a few bytes, and sometimes cuts, repeats or appends.
Input mutate(Input input, Chance& chance) {
    for (std::size_t changes = 1 + chance.below(4); changes > 0 && !input.empty(); --changes)
        input[chance.below(input.size())] = chance.byte();
    const std::size_t what = chance.below(8);
    if (what == 0) input.resize(chance.below(input.size() + 1));
    if (what == 1) input.resize(input.size() + chance.below(80), chance.byte());
    if (what == 2) input.push_back(chance.byte());
    return input;
}

void run(const std::vector<Input>& seeds) {
    Chance chance;
    for (const Input& seed : seeds) {
        feed(seed);
        for (int i = 0; i < kMutationsOfEachSeed; ++i)
            feed(mutate(seed, chance));
    }
    feed({});
    for (int i = 0; i < kRandomInputs; ++i) {
        Input input(chance.below(kMaxRandomSize));
        for (std::uint8_t& byte : input)
            byte = chance.byte();
        feed(input);
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        std::vector<Input> seeds;
        for (int i = 1; i < argc; ++i)
            read_into(seeds, argv[i]);
        run(seeds);
        std::printf("%zu seeds and their mutations, %d random inputs\n", seeds.size(),
                    kRandomInputs);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
