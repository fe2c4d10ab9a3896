// SPDX-License-Identifier: Apache-2.0
// The services as a plugin calls them: through the tables of the ABI.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <hab/fs.hpp>
#include <hab/process.hpp>
#include <hab/rootfs.hpp>
#include <hab/services.hpp>

#include "base/error.hpp"
#include "store.hpp"

namespace hab::host {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Services : public ::testing::Test {
protected:
    Services() {
        store_.add("libc");
        store_.add("app", {"libc"});
    }
    template <class Service>
    Service get() {
        return sdk::Host(object_.abi()).require<Service>();
    }
    test::Store store_;
    test::HostObject object_{store_};
};

/// Status of the error that `fn` throws; HAB_STATUS_OK if it throws none.
template <class Fn>
hab_status status_of(Fn&& fn) {
    try {
        fn();
        return HAB_STATUS_OK;
    } catch (const sdk::Error& error) {
        EXPECT_FALSE(error.message().empty());
        return error.status();
    }
}

TEST_F(Services, EveryServiceOfTheAbiIsThere) {
    for (const char* id :
         {HAB_SERVICE_PROGRESS, HAB_SERVICE_CONFIG, HAB_SERVICE_PACKAGES, HAB_SERVICE_TEMPLATE,
          HAB_SERVICE_ARTIFACT, HAB_SERVICE_FS, HAB_SERVICE_ROOTFS, HAB_SERVICE_PROCESS,
          HAB_SERVICE_SANDBOX, HAB_SERVICE_HTTP}) {
        EXPECT_NE(object_.abi()->service(object_.abi(), id), nullptr) << id;
    }
    EXPECT_EQ(object_.abi()->service(object_.abi(), "hab.future/1"), nullptr);
}

TEST_F(Services, PackagesResolveAndList) {
    const auto packages = get<sdk::Packages>();
    EXPECT_EQ(packages.resolve("core/app").ident, "core/app/1.0/20260101000000");
    const auto deps = packages.deps("core/app", HAB_DEPS_TRANSITIVE);
    ASSERT_EQ(deps.size(), 1U);
    EXPECT_EQ(deps[0].ident, "core/libc/1.0/20260101000000");
    EXPECT_THAT(packages.metafile("core/app", "IDENT"), HasSubstr("core/app"));
    EXPECT_EQ(status_of([&] { static_cast<void>(packages.metafile("core/app", "EXPOSES")); }),
              HAB_STATUS_NOT_FOUND);
    EXPECT_EQ(status_of([&] {
                  static_cast<void>(packages.metafile("core/app", "../../../../../../etc/passwd"));
              }),
              HAB_STATUS_USAGE);
    EXPECT_EQ(status_of([&] { static_cast<void>(packages.resolve("core/none")); }),
              HAB_STATUS_NOT_FOUND);
}

TEST_F(Services, SettingsComeFromTheEnvironmentAndSecretsDoNot) {
    const auto settings = get<sdk::Settings>();
    ::setenv("HAB_ORIGIN", "acme", 1);
    ::setenv("HAB_AUTH_TOKEN", "secret", 1);
    EXPECT_EQ(settings.get("origin"), "acme");
    EXPECT_EQ(status_of([&] { static_cast<void>(settings.get("auth_token")); }), HAB_STATUS_DENIED);
    EXPECT_EQ(status_of([&] { static_cast<void>(settings.get("nonsense")); }),
              HAB_STATUS_NOT_FOUND);
    ::unsetenv("HAB_ORIGIN");
    ::unsetenv("HAB_AUTH_TOKEN");
}

TEST_F(Services, ProcessRunsAndReportsTheExitCode) {
    std::string out;
    const auto result =
        get<sdk::Process>().run({.argv = {"/bin/sh", "-c", "cat; echo $WORD; exit 4"},
                                 .env = {{"WORD", "hello"}},
                                 .stdin_data = "in ",
                                 .on_stdout = [&](std::string_view bytes) { out += bytes; }});
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_EQ(out, "in hello\n");
}

TEST_F(Services, ProcessThatCannotStartIsAnError) {
    EXPECT_EQ(
        status_of([&] { static_cast<void>(get<sdk::Process>().run({.argv = {"/no/such"}})); }),
        HAB_STATUS_NOT_FOUND);
}

TEST_F(Services, CancellationKillsProcesses) {
    test::HostObject cancelled(store_, [] { return true; });
    const auto process = sdk::Host(cancelled.abi()).require<sdk::Process>();
    EXPECT_EQ(status_of([&] { static_cast<void>(process.run({.argv = {"/bin/sleep", "1000"}})); }),
              HAB_STATUS_CANCELLED);
}

TEST_F(Services, AtomicFileAppearsOnCommitOnly) {
    const TempDir dir;
    const std::string path = (dir.path() / "out").string();
    {
        const auto file = get<sdk::Fs>().create(path);
        file.write("given up");
        EXPECT_FALSE(fs::exists(path));
    }
    EXPECT_TRUE(fs::is_empty(dir.path())) << "nothing may be left behind";
    auto file = get<sdk::Fs>().create(path, 0640);
    file.write("....body");
    file.write_at(0, "head");
    file.commit();
    EXPECT_EQ(read_file(path), "headbody");
    EXPECT_EQ(fs::status(path).permissions(), fs::perms(0640));
}

TEST_F(Services, TempDirectoriesGoWithTheInstance) {
    std::string path;
    {
        test::HostObject other(store_);
        path = sdk::Host(other.abi()).require<sdk::Fs>().temp_dir("x-");
        EXPECT_TRUE(fs::is_directory(path));
    }
    EXPECT_FALSE(fs::exists(path));
}

TEST_F(Services, ArtifactsAreMeasuredAndKept) {
    const TempDir dir;
    write_file_atomic(dir.path() / "a.tar", "abc");
    const auto artifacts = get<sdk::Artifacts>();
    artifacts.announce({.path = (dir.path() / "a.tar").string(),
                        .media_type = "application/x-tar",
                        .role = "archive",
                        .properties = {{"note", "it's"}}});
    const auto all = object_.state().artifacts().all();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].size, 3U);
    EXPECT_EQ(all[0].digest,
              "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const std::string env = results_env("tar", "core/app/1.0/1", all);
    EXPECT_THAT(env, HasSubstr("artifact=a.tar\n"));
    EXPECT_THAT(env, HasSubstr("note='it'\\''s'\n"));
    EXPECT_EQ(status_of([&] {
                  artifacts.announce({.path = "/no/such", .media_type = "x", .role = "y"});
              }),
              HAB_STATUS_NOT_FOUND);
    EXPECT_EQ(
        status_of([&] {
            artifacts.announce(
                {.path = "name", .media_type = "x", .role = "y", .properties = {{"a b", "c"}}});
        }),
        HAB_STATUS_USAGE);
}

TEST_F(Services, RootfsWalkGivesEveryByte) {
    std::uint64_t announced = 0;
    std::uint64_t given = 0;
    int ends = 0;
    int files = 0;
    get<sdk::Rootfs>().walk({"core/app"}, {.flags = 0, .mtime = 7},
                            {.entry =
                                 [&](const sdk::RootfsEntry& entry) {
                                     EXPECT_EQ(entry.mtime, 7U);
                                     EXPECT_EQ(entry.uid, 0U);
                                     announced += entry.size;
                                     if (entry.type == HAB_ENTRY_FILE) ++files;
                                 },
                             .data = [&](std::string_view bytes) { given += bytes.size(); },
                             .file_end = [&] { ++ends; }});
    EXPECT_GT(files, 0);
    EXPECT_EQ(ends, files);
    EXPECT_EQ(given, announced);
}

TEST_F(Services, RootfsWalkStopsWhenTheVisitorDoes) {
    int entries = 0;
    EXPECT_THROW(get<sdk::Rootfs>().walk({"core/app"}, {.flags = 0},
                                         {.entry =
                                              [&](const sdk::RootfsEntry&) {
                                                  ++entries;
                                                  throw std::runtime_error("enough");
                                              }}),
                 std::runtime_error);
    EXPECT_EQ(entries, 1);
}

TEST_F(Services, SandboxProbeIsJson) {
    EXPECT_THAT(get<sdk::Sandbox>().probe(), HasSubstr("\"mount_namespaces\":"));
}

TEST_F(Services, UnknownMountKindIsUnsupported) {
    EXPECT_EQ(status_of([&] {
                  static_cast<void>(get<sdk::Sandbox>().run(
                      {.argv = {"/bin/true"}, .mounts = {{.kind = 99, .target = "/x"}}}));
              }),
              HAB_STATUS_UNSUPPORTED);
}

TEST_F(Services, StructsOfAnOlderPluginAreReadAsFarAsTheyGo) {
    const char* words[] = {"/bin/sh", "-c", "exit 6"};
    std::vector<hab_str> argv;
    for (const char* word : words)
        argv.push_back(plugin::to_abi(word));
    hab_process_spec spec{};
    // As if the struct ended after argv_count; what follows is garbage that must not be read.
    std::memset(static_cast<void*>(&spec), 0xEE, sizeof spec);
    spec.struct_size = offsetof(hab_process_spec, env);
    spec.flags = 0;
    spec.argv = argv.data();
    spec.argv_count = argv.size();
    hab_exec_result result{};
    result.struct_size = offsetof(hab_exec_result, flags);
    result.flags = 0xEEEEEEEE;
    const auto& table = object_.table<hab_process_service>(HAB_SERVICE_PROCESS);
    EXPECT_EQ(table.run(object_.abi(), &spec, &result, nullptr), HAB_STATUS_OK);
    EXPECT_EQ(result.exit_code, 6);
    EXPECT_EQ(result.flags, 0xEEEEEEEE) << "written past the end of the plugin's struct";
}

}  // namespace
}  // namespace hab::host
