// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/file.h>

#include <map>

#include "package/garbage_collector.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::HasSubstr;

constexpr const char* lib1 = "acme/lib/1.0/20260101000000";
constexpr const char* lib2 = "acme/lib/2.0/20260101000000";
constexpr const char* app1 = "acme/app/1.0/20260101000000";

class GarbageCachesTest : public PackageTest {
protected:
    GarbageCachesTest() {
        fs::create_directories(proc_);
        for (const fs::path& dir : watched_caches(store_.paths()))
            fs::create_directories(dir);
    }
    std::map<std::string, GarbageItem> collect(std::vector<GarbageRoot> roots = {}) {
        GarbageCollector::Options options;
        options.rules.now = SystemClock().wall();
        options.roots = [&] { return roots; };
        options.proc = proc_;
        std::map<std::string, GarbageItem> by_name;
        for (GarbageItem& item : GarbageCollector(store_, options).collect())
            by_name.emplace(item.name, item);
        return by_name;
    }
    fs::path cached(const char* text) {
        return store_.paths().artifact_cache() / ident(text).archive_name(Target::active());
    }
    void cache(const char* text, const std::vector<Ident>& tdeps = {}) {
        fs::copy_file(make_hart(ident(text), tdeps), cached(text));
    }

    const fs::path proc_ = dir_.path() / "proc";
};

TEST_F(GarbageCachesTest, ArtifactsOfKeptPackagesAndTheNewestStay) {
    cache(lib1);
    cache(lib2);
    install_tree(ident(lib1));
    auto items = collect();
    EXPECT_EQ(items.at(cached(lib1).filename()).reason, "its package is installed and kept");
    EXPECT_EQ(items.at(cached(lib2).filename()).reason, "it is the newest artifact of its name");
    install_tree(ident(lib2));
    items = collect();
    EXPECT_FALSE(items.at(cached(lib1).filename()).keep);
    EXPECT_FALSE(fs::exists(cached(lib1)));
    EXPECT_TRUE(fs::exists(cached(lib2)));
}

TEST_F(GarbageCachesTest, WhatAKeptArtifactNeedsStaysInstallable) {
    cache(lib1);
    cache(lib2);
    cache("acme/lib/1.5/20260101000000");
    cache(app1, {ident(lib1)});
    const auto items = collect();
    EXPECT_THAT(items.at(cached(lib1).filename()).reason, HasSubstr("needs it"));
    EXPECT_FALSE(fs::exists(cached("acme/lib/1.5/20260101000000")));
}

TEST_F(GarbageCachesTest, RootsProtectArtifacts) {
    cache(lib1);
    cache(lib2);
    const auto items = collect({{ident("acme/lib/1.0"), false, "it is pinned"}});
    EXPECT_EQ(items.at(cached(lib1).filename()).reason, "it is pinned");
}

TEST_F(GarbageCachesTest, WhatIsNoArtifactIsLeftAlone) {
    write_file_atomic(store_.paths().artifact_cache() / "strange.hart", "?");
    write_file_atomic(store_.paths().artifact_cache() / "notes.txt", "?");
    const auto items = collect();
    EXPECT_THAT(items.at("strange.hart").reason, HasSubstr("it is not understood"));
    EXPECT_FALSE(items.contains("notes.txt"));
}

TEST_F(GarbageCachesTest, SourcesOfKeptPackagesStay) {
    const fs::path src = store_.paths().source_cache();
    const fs::path app = install_tree(ident(app1));
    cache(app1);
    write_metafile(app, metafile::manifest,
                   "# acme / app\n\n* __Source__: "
                   "[http://example.org/app-1.0.tar.gz](http://example.org/app-1.0.tar.gz)\n");
    write_file_atomic(src / "app-1.0.tar.gz", "x");
    write_file_atomic(src / "app-0.9.tar.gz", "x");
    fs::create_directories(src / "app-1.0" / "deep");
    {
        // A build shares the lock of the source cache while it runs.
        const UniqueFd build = open_file(src, O_RDONLY | O_DIRECTORY);
        ASSERT_EQ(::flock(build.get(), LOCK_SH), 0);
        EXPECT_EQ(collect().at("app-1.0").reason, "a build is running");
        EXPECT_TRUE(fs::exists(src / "app-0.9.tar.gz"));
    }
    const auto items = collect();
    EXPECT_EQ(items.at("app-1.0.tar.gz").reason, app1 + std::string(" was made from it"));
    EXPECT_FALSE(fs::exists(src / "app-0.9.tar.gz"));
    EXPECT_FALSE(fs::exists(src / "app-1.0"));
}

TEST_F(GarbageCachesTest, BuildsThatRunKeepTheirPlaces) {
    const fs::path builds = store_.paths().cache() / "build";
    fs::create_directories(builds / "old" / "src");
    fs::create_directories(builds / "running" / "src");
    write_file_atomic(builds / "old.lock", "");
    write_file_atomic(builds / "running.lock", "");
    const UniqueFd lock = open_file(builds / "running.lock", O_RDWR);
    ASSERT_EQ(::flock(lock.get(), LOCK_EX), 0);
    const auto items = collect();
    EXPECT_EQ(items.at("running").reason, "a build is using it");
    EXPECT_TRUE(fs::exists(builds / "running"));
    EXPECT_FALSE(fs::exists(builds / "old"));
    EXPECT_TRUE(fs::exists(builds / "old.lock"));
}

TEST_F(GarbageCachesTest, StudiosStayWhileTheirSourceDoes) {
    const fs::path studios = store_.paths().studios();
    fs::create_directories(dir_.path() / "work-1" / "my app");
    const auto studio = [&](std::string name) {
        fs::create_directories(studios / name);
        write_file_atomic(studios / name / ".studio", "studio_type=default\n");
        return name;
    };
    const auto name_of = [](std::string path) {
        std::string name;
        for (const char c : path.substr(1))
            name += c == '/' ? "--" : std::string(1, c == ' ' ? '-' : c);
        return name;
    };
    const std::string there = studio(name_of((dir_.path() / "work-1" / "my app").string()));
    const std::string gone = studio(name_of((dir_.path() / "elsewhere").string()));
    fs::create_directories(studios / "not-a-studio");
    const auto items = collect();
    EXPECT_EQ(items.at(there).reason, "the source it was made for is there");
    EXPECT_FALSE(fs::exists(studios / gone));
    EXPECT_TRUE(fs::exists(studios / "not-a-studio"));
    EXPECT_FALSE(items.contains("not-a-studio"));
}

TEST_F(GarbageCachesTest, PluginCachesKeepWhatIsNamedAfterAKeptPackage) {
    const fs::path plugins = store_.paths().cache() / "plugins";
    install_tree(ident(app1));
    fs::create_directories(plugins / "exporter-container");
    const fs::path kept = plugins / "exporter-container" / "acme-app-1.0-20260101000000.tar.zst";
    const fs::path old = plugins / "exporter-container" / "acme-app-0.9-20250101000000.tar.zst";
    write_file_atomic(kept, "x");
    write_file_atomic(old, "x");
    const auto items = collect();
    EXPECT_TRUE(fs::exists(kept));
    EXPECT_FALSE(fs::exists(old));
    EXPECT_FALSE(items.at("exporter-container/" + old.filename().string()).keep);
}

TEST_F(GarbageCachesTest, AnOpenFileStays) {
    const fs::path src = store_.paths().source_cache();
    write_file_atomic(src / "being-read.tar.gz", "x");
    const fs::path process = proc_ / "7";
    fs::create_directories(process / "fd");
    for (const char* name : {"comm", "maps", "environ", "cmdline"})
        write_file_atomic(process / name, "reader\n");
    fs::create_symlink("/", process / "root");
    fs::create_symlink("/", process / "cwd");
    fs::create_symlink(src / "being-read.tar.gz", process / "fd" / "4");
    EXPECT_EQ(collect().at("being-read.tar.gz").reason, "process 7 (reader) has it open");
}

}  // namespace
}  // namespace hab::package
