// SPDX-License-Identifier: Apache-2.0
// Damaged, truncated and healthy files: what check() says, and that nothing dies of them.
#include <algorithm>
#include <fstream>
#include <random>

#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>

#include "daemon/lmdb/check.hpp"
#include "tests/daemon/lmdb_fixture.hpp"

namespace stile::test {
namespace {

constexpr std::uint32_t kRecords = 300;
constexpr int kDamages = 100;

class LmdbCheck : public testing::Test {
protected:
    LmdbCheck() { make_environment(folder, kRecords); }

    [[nodiscard]] std::string bytes() const {
        std::ifstream in{file, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    void write(std::string_view bytes) const {
        std::ofstream{file, std::ios::binary | std::ios::trunc} << bytes;
    }
    void expect_corrupt(std::string_view words) const {
        const auto checked = lmdb::check(folder);
        ASSERT_FALSE(checked);
        EXPECT_EQ(checked.error().code, Errc::Corrupt);
        EXPECT_NE(checked.error().context.find(words), std::string::npos)
            << checked.error().context;
    }

    TempDir dir;
    std::filesystem::path folder = dir.path() / "env";
    std::filesystem::path file = folder / "data.mdb";
};

TEST_F(LmdbCheck, AcceptsAHealthyFile) {
    EXPECT_TRUE(lmdb::check(folder));
}

TEST_F(LmdbCheck, AcceptsAFolderOrFileThatIsMissingOrEmpty) {
    EXPECT_TRUE(lmdb::check(dir.path() / "none"));
    EXPECT_TRUE(lmdb::check(dir.path()));
    write("");
    EXPECT_TRUE(lmdb::check(folder));
}

TEST_F(LmdbCheck, AcceptsAReservedFile) {
    auto options = lmdb_options(dir.path() / "reserved");
    options.reserve_bytes = 4U << 20U;
    {
        auto environment = lmdb::Environment::open(options);
        ASSERT_TRUE(environment) << environment.error().context;
        ASSERT_TRUE(put_records(*environment, 0, 10));
    }
    struct stat about{};
    ASSERT_EQ(::stat((options.folder / "data.mdb").c_str(), &about), 0);
    EXPECT_LT(about.st_size, 4 << 20);
    EXPECT_GE(about.st_blocks * 512, 4 << 20);
    EXPECT_TRUE(lmdb::check(options.folder));
}

TEST_F(LmdbCheck, ReservesAFileThatACrashLeftEmpty) {
    auto options = lmdb_options(folder);
    options.reserve_bytes = 4U << 20U;
    write("");
    ASSERT_TRUE(lmdb::Environment::open(options));
    struct stat about{};
    ASSERT_EQ(::stat((options.folder / "data.mdb").c_str(), &about), 0);
    EXPECT_GE(about.st_blocks * 512, 4 << 20);
}

// Puts and removes so much in one transaction that pages at the end are taken and given back.
void grow_and_shrink(const std::filesystem::path& folder, unsigned seed) {
    auto environment = lmdb::Environment::open(lmdb_options(folder));
    ASSERT_TRUE(environment) << environment.error().context;
    std::mt19937 random{seed};
    for (int transaction = 0; transaction < 4; ++transaction) {
        auto writer = environment->write();
        ASSERT_TRUE(writer);
        const auto table = environment->table(0);
        const auto key = [&] { return big_endian(static_cast<std::uint32_t>(random() % 2'000)); };
        for (int i = 0; i < 200; ++i)
            ASSERT_TRUE(writer->put(table, key(), Buffer(random() % 6'000)));
        for (int i = 0; i < 1'000; ++i)
            ASSERT_TRUE(writer->remove(table, key()));
        ASSERT_TRUE(std::move(*writer).commit());
    }
}

std::uint64_t counted_bytes(const std::filesystem::path& folder) {
    const auto environment = lmdb::Environment::open(lmdb_options(folder));
    return environment ? environment->used_bytes() : 0;
}

// LMDB counts such pages and never writes them.
TEST_F(LmdbCheck, AcceptsAFileThatEndsBeforeItsUnusedPages) {
    int shorter = 0;
    for (unsigned seed = 0; seed < 20; ++seed) {
        const TempDir fresh;
        grow_and_shrink(fresh.path() / "env", seed);
        const auto checked = lmdb::check(fresh.path() / "env");
        ASSERT_TRUE(checked) << checked.error().context;
        const auto size = std::filesystem::file_size(fresh.path() / "env" / "data.mdb");
        if (size < counted_bytes(fresh.path() / "env")) ++shorter;
    }
    EXPECT_GT(shorter, 0);
}

TEST_F(LmdbCheck, NamesATruncatedFileAtEverySize) {
    const std::string whole = bytes();
    std::vector<std::size_t> sizes{1, 16, 100, 4'095, 4'096, 4'097, 8'191, 8'192, 8'193};
    for (std::size_t part = 1; part < 40; ++part)
        sizes.push_back(whole.size() * part / 40);
    for (const std::size_t size : sizes) {
        write(whole.substr(0, size));
        const auto checked = lmdb::check(folder);
        ASSERT_FALSE(checked) << size;
        EXPECT_EQ(checked.error().code, Errc::Corrupt) << size;
        EXPECT_EQ(std::filesystem::file_size(file), size);
        EXPECT_FALSE(lmdb::Environment::open(lmdb_options(folder))) << size;
    }
    write(whole.substr(0, whole.size() / 2));
    expect_corrupt("truncated");
    write(whole.substr(0, 100));
    expect_corrupt("first page");
    write(whole);
    EXPECT_TRUE(lmdb::check(folder));
}

TEST_F(LmdbCheck, NamesAFileOfAnotherKind) {
    write(std::string(100'000, '\0'));
    expect_corrupt("first page");
    write(std::string(100'000, 'x'));
    expect_corrupt("first page");
}

TEST_F(LmdbCheck, NamesADamagedMetaPage) {
    std::string damaged = bytes();
    damaged[4'096 + 16] ^= 1;
    write(damaged);
    expect_corrupt("second page");
    damaged = bytes();
    for (const std::size_t at : {40U, 41U, 42U, 43U})
        damaged[at] = '\xFF';  // the page size
    write(damaged);
    expect_corrupt("page size");
}

TEST_F(LmdbCheck, NamesDamagedPages) {
    std::string damaged = bytes();
    std::fill(damaged.begin() + 8'192, damaged.end(), '\xFF');
    write(damaged);
    expect_corrupt("damaged");
}

constexpr std::uint32_t kSmallRecords = 5'000;

// Many small records: most pages are part of the trees.
void make_small_records(const std::filesystem::path& folder, std::uint32_t count = kSmallRecords) {
    auto environment = lmdb::Environment::open(lmdb_options(folder));
    ASSERT_TRUE(environment) << environment.error().context;
    auto writer = environment->write();
    for (std::uint32_t i = 0; i < count; ++i) {
        ASSERT_TRUE(writer->put(environment->table(0), big_endian(i), Buffer(i % 100)));
        ASSERT_TRUE(writer->put(environment->table(1), big_endian(i % 3),
                                big_endian(std::uint64_t{i} << 40U)));
    }
    ASSERT_TRUE(std::move(*writer).commit());
}

constexpr std::uint32_t kManyRecords = 100'000;

// Commits small changes all over the tables until it is ended.
[[noreturn]] void commit_for_ever(const std::filesystem::path& folder, int ready) {
    std::mt19937 random{3};  // NOLINT(bugprone-random-generator-seed): the same run each time
    auto environment = lmdb::Environment::open(lmdb_options(folder));
    for (bool told = false; environment;) {
        auto writer = environment->write();
        if (!writer) break;
        for (int i = 0; i < 30; ++i) {
            const auto key = big_endian(static_cast<std::uint32_t>(random() % kManyRecords));
            const bool puts = random() % 2 == 0;
            if (!(puts ? writer->put(environment->table(0), key, Buffer(random() % 100))
                       : writer->remove(environment->table(0), key)))
                ::_exit(1);
        }
        if (!std::move(*writer).commit()) break;
        if (!told) (void)!::write(ready, "x", 1);
        told = true;
    }
    ::_exit(1);
}

// In memory, where a commit takes less time than a look at all pages.
TEST(LmdbCheckBesideAWriter, AcceptsAHealthyFile) {
    std::string folder = "/dev/shm/stile-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) GTEST_SKIP() << "no file system in memory";
    make_small_records(folder, kManyRecords);
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t writer = ::fork();
    if (writer == 0) commit_for_ever(folder, ready[1]);
    const UniqueFd told{ready[0]};
    ::close(ready[1]);
    char byte = 0;
    EXPECT_EQ(::read(told.get(), &byte, 1), 1);
    for (int i = 0; i < 20; ++i) {
        const auto checked = lmdb::check(folder);
        EXPECT_TRUE(checked) << checked.error().context;
    }
    EXPECT_EQ(::waitpid(writer, nullptr, WNOHANG), 0) << "the writer ended";
    ::kill(writer, SIGKILL);
    ::waitpid(writer, nullptr, 0);
    std::filesystem::remove_all(folder);
}

// A reader that nobody knows to be dead would keep the writer from using pages again.
TEST_F(LmdbCheck, LeavesNoDeadReaderToAWriter) {
    auto environment = lmdb::Environment::open(lmdb_options(folder));
    ASSERT_TRUE(environment) << environment.error().context;
    const std::string whole = bytes();
    write(whole.substr(0, whole.size() / 2));
    expect_corrupt("truncated");
    write(whole);
    const auto before = environment->used_bytes();
    for (int i = 0; i < 50; ++i)
        ASSERT_TRUE(put_records(*environment, 0, 10));
    EXPECT_LT(environment->used_bytes(), before + before / 2);
}

// Opens what check() let pass and reads all of it, in order and by key. 0: read (the bytes of
// values carry no checksum), 1: refused.
int open_and_read(const std::filesystem::path& folder) {
    auto environment = lmdb::Environment::open(lmdb_options(folder));
    if (!environment) return 1;
    auto reader = environment->read();
    if (!reader) return 1;
    for (const std::size_t table : {0U, 1U}) {
        auto cursor = lmdb::Cursor::open(*reader, environment->table(table));
        if (!cursor) return 1;
        for (auto pair = cursor->first();; pair = cursor->next()) {
            if (!pair) return 1;
            if (!*pair) break;
        }
    }
    for (std::uint32_t i = 0; i < kSmallRecords; ++i) {
        if (!reader->get(environment->table(0), big_endian(i))) return 1;
        if (!reader->has(environment->table(1), big_endian(i % 3), big_endian(std::uint64_t{i})))
            return 1;
    }
    return 0;
}

// A byte in the header of a random page, a byte anywhere, or a page of noise.
void damage(std::string& bytes, std::mt19937& random) {
    const std::size_t page = random() % (bytes.size() / 4'096) * 4'096;
    switch (random() % 3) {
        case 0:
            bytes[page + random() % 64] = static_cast<char>(random());
            return;
        case 1:
            bytes[random() % bytes.size()] = static_cast<char>(random());
            return;
        default:
            for (std::size_t at = page; at < page + 4'096; ++at)
                bytes[at] = static_cast<char>(random());
    }
}

TEST(LmdbDamage, AtRandomPlacesIsRefusedOrHarmless) {
    const TempDir dir;
    const auto folder = dir.path() / "env";
    make_small_records(folder);
    std::ifstream file{folder / "data.mdb", std::ios::binary};
    const std::string whole{std::istreambuf_iterator<char>{file}, {}};
    std::mt19937 random{7};  // NOLINT(bugprone-random-generator-seed): the same run each time
    int refused = 0;
    for (int round = 0; round < kDamages; ++round) {
        std::string damaged = whole;
        for (unsigned i = 0; i <= random() % 4; ++i)
            damage(damaged, random);
        std::ofstream{folder / "data.mdb", std::ios::binary | std::ios::trunc} << damaged;
        const int ended = in_child([&] { return open_and_read(folder); });
        EXPECT_TRUE(ended == 0 || ended == 1) << "round " << round << ": " << ended;
        refused += ended;
    }
    EXPECT_GT(refused, kDamages / 4);
}

// Becomes the user nobody, who may not read what root made.
bool drop_root() {
    if (::geteuid() != 0) return true;
    const passwd* nobody = ::getpwnam("nobody");  // NOLINT(concurrency-mt-unsafe): in a child
    return nobody != nullptr && ::setgroups(0, nullptr) == 0 && ::setgid(nobody->pw_gid) == 0 &&
           ::setuid(nobody->pw_uid) == 0;
}

void set_mode(const std::filesystem::path& of, mode_t mode) {
    ASSERT_EQ(::chmod(of.c_str(), mode), 0);
}

// 0: refused with Denied; 1: anything else; 2: the test cannot be done here.
int open_without_permission(const std::filesystem::path& folder) {
    if (!drop_root()) return 2;
    const auto opened = lmdb::Environment::open(lmdb_options(folder));
    return !opened && opened.error().code == Errc::Denied ? 0 : 1;
}

TEST_F(LmdbCheck, AFolderWithoutPermissionIsDenied) {
    set_mode(dir.path(), 0755);
    set_mode(folder, 0);
    EXPECT_EQ(in_child([&] { return open_without_permission(folder); }), 0);
    set_mode(folder, 0700);
}

TEST_F(LmdbCheck, AFileWithoutPermissionIsDenied) {
    set_mode(dir.path(), 0755);
    set_mode(folder, 0755);
    set_mode(file, 0);
    EXPECT_EQ(in_child([&] { return open_without_permission(folder); }), 0);
    set_mode(file, 0600);
}

// Nothing is wrong with its pages.
TEST_F(LmdbCheck, ALockFileWithoutPermissionIsDenied) {
    set_mode(dir.path(), 0755);
    set_mode(folder, 0755);
    set_mode(file, 0644);
    set_mode(folder / "lock.mdb", 0);
    EXPECT_EQ(in_child([&] { return open_without_permission(folder); }), 0);
}

TEST_F(LmdbCheck, ALockFileThatRootMakesBelongsToWhomTheFolderBelongs) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
    set_mode(dir.path(), 0755);
    for (const auto& path : {folder, file})
        ASSERT_EQ(::chown(path.c_str(), 4711, 4712), 0);
    std::filesystem::remove(folder / "lock.mdb");
    auto options = lmdb_options(folder);
    options.access = lmdb::Access::ReadOnly;
    const auto opened = lmdb::Environment::open(options);
    ASSERT_TRUE(opened) << opened.error().context;
    struct stat owner{};
    ASSERT_EQ(::stat((folder / "lock.mdb").c_str(), &owner), 0);
    EXPECT_EQ(owner.st_uid, 4711U);
    std::ofstream{dir.path() / "mine"} << "root is root again";
    ASSERT_EQ(::stat((dir.path() / "mine").c_str(), &owner), 0);
    EXPECT_EQ(owner.st_uid, 0U);
}

TEST_F(LmdbCheck, RootReadsAlsoWhereTheOwnerCannotGo) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
    set_mode(dir.path(), 0700);
    for (const auto& path : {folder, file})
        ASSERT_EQ(::chown(path.c_str(), 4711, 4712), 0);
    auto options = lmdb_options(folder);
    options.access = lmdb::Access::ReadOnly;
    EXPECT_TRUE(lmdb::Environment::open(options));
}

TEST_F(LmdbCheck, AnEmptyFolderWithoutPermissionIsDenied) {
    set_mode(dir.path(), 0755);
    const auto empty = dir.path() / "empty";
    std::filesystem::create_directory(empty);
    set_mode(empty, 0500);
    EXPECT_EQ(in_child([&] { return open_without_permission(empty); }), 0);
    EXPECT_EQ(in_child([&] { return open_without_permission(dir.path() / "new"); }), 0);
}

}  // namespace
}  // namespace stile::test
