// SPDX-License-Identifier: Apache-2.0
#include "package/garbage.hpp"

#include <algorithm>
#include <map>

#include "package/garbage_collector.hpp"
#include "package/pins.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr const char* lib1 = "acme/lib/1.0/20260101000000";
constexpr const char* lib2 = "acme/lib/2.0/20260101000000";
constexpr const char* app1 = "acme/app/1.0/20260101000000";
constexpr const char* app2 = "acme/app/2.0/20260101000000";

class GarbageTest : public PackageTest {
protected:
    GarbageTest() {
        fs::create_directories(proc_);
        rules_.now = SystemClock().wall();
    }

    GarbageCollector::Options options() {
        return {.rules = rules_,
                .roots = [this] { return roots_; },
                .done = [this](const GarbageItem& item) { gone_.push_back(item.name); },
                .waiting = {},
                .proc = proc_};
    }
    /// Reasons of what is kept, by name.
    std::map<std::string, std::string> kept(const std::vector<GarbageItem>& items) const {
        std::map<std::string, std::string> reasons;
        for (const GarbageItem& item : items) {
            if (item.keep) reasons[item.name] = item.reason;
        }
        return reasons;
    }
    std::map<std::string, std::string> plan_kept() {
        return kept(GarbageCollector(store_, options()).plan());
    }
    /// Two versions of a library, each needed by a version of a program.
    void two_generations() {
        install_tree(ident(lib1));
        install_tree(ident(lib2));
        install_tree(ident(app1), {ident(lib1)});
        install_tree(ident(app2), {ident(lib2)});
    }
    /// A process of the fake /proc with this environment and open file.
    void process(const std::string& pid, const std::string& environment,
                 const std::string& open_file = "/dev/null") {
        const fs::path dir = proc_ / pid;
        fs::create_directories(dir / "fd");
        write_file_atomic(dir / "comm", "daemon\n");
        write_file_atomic(dir / "maps", "7f00-7f01 r-xp 0000 08:01 1   /usr/lib/libc.so.6\n");
        write_file_atomic(dir / "environ", environment);
        write_file_atomic(dir / "cmdline", "daemon");
        fs::create_symlink("/", dir / "root");
        fs::create_symlink("/", dir / "cwd");
        fs::create_symlink(open_file, dir / "fd" / "3");
    }

    const fs::path proc_ = dir_.path() / "proc";
    GarbageRules rules_;
    std::vector<GarbageRoot> roots_;
    std::vector<std::string> gone_;
};

TEST_F(GarbageTest, KeepsTheNewestOfEachNameAndWhatItNeeds) {
    two_generations();
    EXPECT_THAT(
        plan_kept(),
        ElementsAre(std::pair(std::string(app2), std::string("it is the newest acme/app")),
                    std::pair(std::string(lib2), std::string("it is the newest acme/lib"))));
    const auto items = GarbageCollector(store_, options()).collect();
    EXPECT_THAT(gone_, ElementsAre(app1, lib1));
    EXPECT_EQ(store_.list().size(), 2u);
    EXPECT_FALSE(fs::exists(store_.dir_of(ident(lib1)).parent_path()));
    EXPECT_GT(items[0].bytes, 0u);
    EXPECT_EQ(items[0].reason, "nothing needs it");
}

TEST_F(GarbageTest, WithoutNewestOnlyRootsAndTheirNeedsStay) {
    two_generations();
    rules_.keep_latest = 0;
    roots_ = {{ident("acme/app/1.0"), true, "the service app is loaded"}};
    EXPECT_THAT(plan_kept(),
                ElementsAre(std::pair(std::string(app1), std::string("the service app "
                                                                     "is loaded")),
                            std::pair(std::string(lib1), app1 + std::string(" needs it"))));
    roots_ = {{ident("acme/app"), true, "the service app is loaded"}};
    EXPECT_THAT(plan_kept(), ElementsAre(testing::Key(app2), testing::Key(lib2)));
    roots_ = {{ident("acme/app"), false, "pinned"}};
    EXPECT_EQ(plan_kept().size(), 4u);
    rules_.keep_latest = 2;
    roots_.clear();
    EXPECT_EQ(plan_kept()[app1], "it is one of the 2 newest acme/app");
}

TEST_F(GarbageTest, KeepsWhatProcessesUse) {
    two_generations();
    rules_.keep_latest = 0;
    process("41",
            std::string("HOME=/\0PATH=/bin:/hab/pkgs/acme/app/1.0/20260101000000/bin:/x", 58));
    process("42", "", (store_.dir_of(ident(lib2)) / "lib/libx.so").string());
    const auto reasons = plan_kept();
    EXPECT_THAT(reasons, ElementsAre(testing::Key(app1), testing::Key(lib1), testing::Key(lib2)));
    EXPECT_EQ(reasons.at(app1), "process 41 (daemon) has it in its environment");
    EXPECT_EQ(reasons.at(lib2), "process 42 (daemon) has it open");
}

TEST_F(GarbageTest, PutsBackWhatComesIntoUseMeanwhile) {
    two_generations();
    fs::create_directories(store_.paths().artifact_cache());
    for (const char* text : {app1, app2}) {
        fs::copy_file(make_hart(ident(text)),
                      store_.paths().artifact_cache() / ident(text).archive_name(Target::active()));
    }
    GarbageCollector::Options asked = options();
    int asked_times = 0;
    asked.roots = [&]() -> std::vector<GarbageRoot> {
        if (++asked_times == 1) return {};
        // The look before the last: names are gone, files are not.
        EXPECT_FALSE(store_.has(ident(app1)));
        return {{ident(app1), false, "the service app is loaded"}};
    };
    const auto items = GarbageCollector(store_, asked).collect();
    EXPECT_EQ(asked_times, 2);
    EXPECT_THAT(gone_, IsEmpty());
    EXPECT_EQ(store_.list().size(), 4u);
    EXPECT_EQ(kept(items)[lib1], app1 + std::string(" needs it"));
    EXPECT_TRUE(fs::exists(store_.dir_of(ident(app1)) / "bin/hello"));
    EXPECT_EQ(kept(items)[ident(app1).archive_name(Target::active())],
              "its package is installed and kept");
}

TEST_F(GarbageTest, WhatCannotBePutBackIsNotRemoved) {
    two_generations();
    GarbageCollector::Options asked = options();
    int asked_times = 0;
    asked.roots = [&]() -> std::vector<GarbageRoot> {
        if (++asked_times == 1) return {};
        // Somebody took the name meanwhile.
        fs::create_directories(store_.dir_of(ident(app1)) / "x");
        return {{ident(app1), false, "the service app is loaded"}};
    };
    const Error error = error_of([&] { (void)GarbageCollector(store_, asked).collect(); });
    EXPECT_EQ(error.code(), ErrorCode::conflict) << error.message();
    EXPECT_THAT(gone_, IsEmpty());
    int hidden = 0;
    for (const auto& entry : fs::recursive_directory_iterator(store_.paths().pkgs()))
        hidden += entry.path().filename() == "hello" ? 1 : 0;
    EXPECT_EQ(hidden, 4) << "all four packages have their files, one of them below a hidden name";
}

TEST_F(GarbageTest, PutsEverythingBackWhenNobodyKnowsWhatIsUsed) {
    two_generations();
    GarbageCollector::Options asked = options();
    int asked_times = 0;
    asked.roots = [&]() -> std::vector<GarbageRoot> {
        if (++asked_times == 2) throw Error(ErrorCode::conflict, "the Supervisor does not answer");
        return {};
    };
    const Error error = error_of([&] { (void)GarbageCollector(store_, asked).collect(); });
    EXPECT_EQ(error.code(), ErrorCode::conflict);
    EXPECT_EQ(store_.list().size(), 4u);
}

TEST_F(GarbageTest, RemovesMoreThanOneRoundHolds) {
    for (int i = 0; i < 450; ++i) {
        const fs::path dir =
            store_.dir_of(ident("acme/many/1.0/" + std::to_string(20260101000000 + i)));
        fs::create_directories(dir);
        write_metafile(dir, metafile::target, Target::active().name());
    }
    GarbageCollector::Options in_rounds = options();
    in_rounds.max_hidden = 200;
    const auto items = GarbageCollector(store_, in_rounds).collect();
    EXPECT_EQ(gone_.size(), 449u);
    EXPECT_TRUE(std::is_sorted(gone_.begin(), gone_.end())) << "told in another order";
    EXPECT_EQ(items.size(), 450u);
    EXPECT_EQ(store_.list().size(), 1u);
}

TEST_F(GarbageTest, KeepsTheYoung) {
    two_generations();
    rules_.keep_latest = 0;
    rules_.min_age = std::chrono::minutes(10);
    EXPECT_EQ(plan_kept()[app1], "it was installed less than 10 minutes ago");
    rules_.now += std::chrono::minutes(11);
    EXPECT_THAT(plan_kept(), IsEmpty());
}

TEST_F(GarbageTest, RefusesWhenNeedsCannotBeRead) {
    two_generations();
    write_file_atomic(store_.dir_of(ident(app2)) / "DEPS", "not an ident\n");
    const Error error = error_of([&] { (void)GarbageCollector(store_, options()).collect(); });
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    EXPECT_THAT(error.message(), HasSubstr("DEPS"));
    EXPECT_EQ(store_.list().size(), 4u);
}

TEST_F(GarbageTest, BeyondAMissingPackageTdepsTell) {
    // app needs mid (gone), which needed lib1: only app's TDEPS still say so.
    install_tree(ident(lib1));
    install_tree(ident(lib2));
    const fs::path app = install_tree(ident(app2), {ident("acme/mid/1/20260101000000")});
    write_metafile(app, metafile::tdeps,
                   std::vector{ident("acme/mid/1/20260101000000"), ident(lib1)});
    EXPECT_EQ(plan_kept()[lib1], app2 + std::string(" needs it"));
}

TEST_F(GarbageTest, SweepsWhatKilledCollectionsLeft) {
    two_generations();
    const fs::path hidden =
        store_.dir_of(ident(app2)).parent_path() / ".hab-pkg-removed-20260101000000-abc";
    const fs::path studio = store_.paths().studios() / ".hab-pkg-removed-x-abc";
    fs::create_directories(hidden / "bin");
    fs::create_directories(studio / "etc");
    (void)GarbageCollector(store_, options()).plan();
    EXPECT_TRUE(fs::exists(hidden));
    (void)GarbageCollector(store_, options()).collect();
    EXPECT_FALSE(fs::exists(hidden));
    EXPECT_FALSE(fs::exists(studio));
}

TEST(PackagesNamedIn, FindsWholeIdents) {
    EXPECT_THAT(packages_named_in("PATH=/hab/pkgs/a/b/1/2/bin:/hab/pkgs/a/b/1/2/sbin:/hab/pkgs/c/d/"
                                  "3/4"),
                ElementsAre("a/b/1/2", "c/d/3/4"));
    EXPECT_THAT(packages_named_in("exec '/srv/root/hab/pkgs/a/b/1/2'"), ElementsAre("a/b/1/2"));
    EXPECT_THAT(packages_named_in("/hab/pkgs/a/b/1 /hab/pkgs/a//1/2 /hab/pkgs/"), IsEmpty());
}

TEST(PathUseTest, UnreadableProcListIsAnError) {
    const Error error = error_of([] { PathUse({}, "/nowhere"); });
    EXPECT_THAT(error.message(), StartsWith("cannot tell what is in use: cannot list '/nowhere'"));
}

TEST_F(GarbageTest, NothingIsTooLargeToBeLookedAt) {
    two_generations();
    rules_.keep_latest = 0;
    // 20 MB without an end, then a package: first of a part of its own, then in the middle of one.
    process("7", std::string(20u << 20, 'x') + '\0' + "APP=/hab/pkgs/" + app1 + '\0');
    EXPECT_EQ(plan_kept()[app1], "process 7 (daemon) has it in its environment");
    fs::remove_all(proc_ / "7");
    for (std::size_t before = 65500; before < 65536; ++before) {
        write_file_atomic(proc_ / "env", std::string(before, 'x') + "/hab/pkgs/" + app2);
        process("8", read_file(proc_ / "env"));
        EXPECT_EQ(plan_kept()[app2], "process 8 (daemon) has it in its environment") << before;
        fs::remove_all(proc_ / "8");
    }
}

TEST_F(GarbageTest, WhatCannotBeReadStopsIt) {
    two_generations();
    process("7", "");
    fs::remove(proc_ / "7" / "environ");
    fs::create_directories(proc_ / "7" / "environ");  // EISDIR: neither gone nor forbidden
    const Error error = error_of([&] { (void)GarbageCollector(store_, options()).collect(); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_THAT(error.message(), StartsWith("cannot tell what is in use: cannot read '" +
                                            (proc_ / "7" / "environ").string() + "': "));
    EXPECT_EQ(store_.list().size(), 4u);
}

TEST_F(GarbageTest, Pins) {
    const Pins pins(store_.paths());
    EXPECT_THAT(pins.list(), IsEmpty());
    EXPECT_TRUE(pins.add(ident("acme/app")));
    EXPECT_FALSE(pins.add(ident("acme/app")));
    EXPECT_TRUE(pins.add(ident("acme/app/1.0")));
    EXPECT_EQ(pins.list().size(), 2u);
    EXPECT_TRUE(pins.remove(ident("acme/app")));
    EXPECT_FALSE(pins.remove(ident("acme/app")));
    EXPECT_THAT(pins.list(), ElementsAre(ident("acme/app/1.0")));
    write_file_atomic(pins.dir() / "acme%2Fbad", "what is this\n");
    const Error error = error_of([&] { (void)pins.list(); });
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    EXPECT_THAT(error.message(), HasSubstr("acme%2Fbad' is not a pin"));
}

}  // namespace
}  // namespace hab::package
