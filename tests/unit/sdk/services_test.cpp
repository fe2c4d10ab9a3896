// SPDX-License-Identifier: Apache-2.0
// The typed services: what reaches the table, what comes back, and exceptions inside callbacks.
#include <gmock/gmock.h>
#include <hab/fs.hpp>
#include <hab/http.hpp>
#include <hab/process.hpp>
#include <hab/rootfs.hpp>
#include <hab/services.hpp>

#include "fake_host.hpp"

namespace hab::sdk::test {
namespace {

using ::testing::ElementsAre;

/// Runs a call that must throw; returns "<status>: <message> (<hint>)".
template <class Fn>
std::string failure(Fn&& fn) {
    try {
        fn();
    } catch (const Error& error) {
        return std::to_string(error.status()) + ": " + error.message() + " (" + error.hint() + ")";
    }
    return "no error";
}

TEST(HostWrapper, MissingServices) {
    const FakeHost fake;
    const Host host(fake.abi());
    EXPECT_EQ(host.find<Packages>(), std::nullopt);
    EXPECT_EQ(failure([&] { (void)host.require<Packages>(); }),
              "3: this hab does not offer hab.packages/1 (update hab, or use a version of the "
              "plugin made for it)");
    EXPECT_TRUE(host.logs(HAB_LOG_WARN));
    EXPECT_FALSE(host.logs(HAB_LOG_DEBUG));
}

hab_status resolve(const hab_host* host, hab_str ident, hab_sink full, hab_sink path,
                   hab_error* error) {
    if (text(ident) == "none") {
        host->error_set(error, HAB_STATUS_NOT_FOUND, to_abi("none is not installed"));
        host->error_hint(error, to_abi("install it"));
        return HAB_STATUS_NOT_FOUND;
    }
    if (text(ident) == "silent") return HAB_STATUS_IO;
    give(full, text(ident) + "/1/2");
    give(path, "/hab/pkgs/" + text(ident));
    return HAB_STATUS_OK;
}

hab_status deps(const hab_host*, hab_str, std::uint32_t which, void* ctx,
                hab_status (*each)(void*, hab_str, hab_str), hab_error*) {
    each(ctx, to_abi(which == HAB_DEPS_TRANSITIVE ? "a/t" : "a/d"), to_abi("/p"));
    return each(ctx, to_abi("b"), to_abi("/q"));
}

TEST(PackagesWrapper, ValuesAndFailures) {
    FakeHost fake;
    const hab_packages_service table{sizeof table, resolve, deps, nullptr};
    fake.services[HAB_SERVICE_PACKAGES] = &table;
    const auto packages = Host(fake.abi()).require<Packages>();
    const auto found = packages.resolve("core/x");
    EXPECT_EQ(found.ident, "core/x/1/2");
    EXPECT_EQ(found.path, "/hab/pkgs/core/x");
    EXPECT_EQ(failure([&] { (void)packages.resolve("none"); }),
              "6: none is not installed (install it)");
    EXPECT_EQ(failure([&] { (void)packages.resolve("silent"); }),
              "5: hab.packages/1 failed with status 5 ()");
    const auto all = packages.deps("core/x", HAB_DEPS_TRANSITIVE);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].ident + all[1].path, "a/t/q");
    EXPECT_EQ(failure([&] { (void)packages.metafile("core/x", "DEPS"); }),
              "3: this hab's hab.packages/1 lacks a function ()");
}

hab_status walk(const hab_host* host, const hab_str* idents, size_t count,
                const hab_rootfs_options* options, const hab_rootfs_visitor* visitor, hab_error*) {
    FakeHost::of(host).calls.push_back(text(idents[count - 1]) + text(options->user) +
                                       text(options->extra_idents[0]));
    hab_rootfs_entry entry{};
    entry.struct_size = sizeof entry;
    entry.type = HAB_ENTRY_FILE;
    entry.path = to_abi("hab/x");
    entry.size = 3;
    if (const auto status = visitor->entry(visitor->ctx, &entry)) return status;
    if (visitor->data != nullptr) {
        if (const auto status = visitor->data(visitor->ctx, "abc", 3)) return status;
    }
    return visitor->file_end != nullptr ? visitor->file_end(visitor->ctx) : HAB_STATUS_OK;
}

class RootfsWrapper : public ::testing::Test {
protected:
    RootfsWrapper() { fake.services[HAB_SERVICE_ROOTFS] = &table; }
    const hab_rootfs_service table{sizeof(hab_rootfs_service), walk, nullptr, nullptr};
    FakeHost fake;
    RootfsOptions options{.user = "|u|", .extra_idents = {"e"}};
};

TEST_F(RootfsWrapper, VisitsEverything) {
    std::vector<std::string> seen;
    Host(fake.abi())
        .require<Rootfs>()
        .walk({"a", "b"}, options,
              {.entry = [&](const RootfsEntry& entry) { seen.emplace_back(entry.path); },
               .data = [&](std::string_view bytes) { seen.emplace_back(bytes); },
               .file_end = [&] { seen.emplace_back("end"); }});
    EXPECT_THAT(seen, ElementsAre("hab/x", "abc", "end"));
    EXPECT_THAT(fake.calls, ElementsAre("b|u|e"));
}

TEST_F(RootfsWrapper, ExceptionsOfTheVisitorComeOutUnchanged) {
    const auto rootfs = Host(fake.abi()).require<Rootfs>();
    EXPECT_THROW(rootfs.walk({"a"}, options,
                             {.entry = [](const RootfsEntry&) { throw std::out_of_range("x"); }}),
                 std::out_of_range);
    EXPECT_EQ(failure([&] {
                  rootfs.walk({"a"}, options, {.entry = [](const RootfsEntry&) {
                                  raise(HAB_STATUS_IO, "disk is full");
                              }});
              }),
              "5: disk is full ()");
}

hab_status run_process(const hab_host* host, const hab_process_spec* spec, hab_exec_result* result,
                       hab_error*) {
    FakeHost::of(host).calls.push_back(text(spec->argv[0]) + text(spec->env[0].value) +
                                       text(spec->stdin_data));
    give(spec->stdout_sink, "out");
    if (spec->stderr_sink.put != nullptr) return HAB_STATUS_BUG;  // nobody asked for it
    result->exit_code = 3;
    result->flags = HAB_EXEC_OOM;
    return HAB_STATUS_OK;
}

TEST(ProcessWrapper, OutputAndResult) {
    FakeHost fake;
    const hab_process_service table{sizeof table, run_process};
    fake.services[HAB_SERVICE_PROCESS] = &table;
    std::string out;
    const auto result = Host(fake.abi())
                            .require<Process>()
                            .run({.argv = {"tool"},
                                  .env = {{"K", "v"}},
                                  .stdin_data = "in",
                                  .on_stdout = [&](std::string_view bytes) { out += bytes; }});
    EXPECT_EQ(out, "out");
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_EQ(result.flags, HAB_EXEC_OOM);
    EXPECT_THAT(fake.calls, ElementsAre("toolvin"));
}

hab_status run_sandbox(const hab_host* host, const hab_sandbox_spec* spec, hab_exec_result*,
                       hab_error*) {
    FakeHost::of(host).calls.push_back(
        text(spec->mounts[1]->target) + std::to_string(spec->uid) +
        std::to_string(spec->flags & HAB_SANDBOX_HAS_IDS) + std::to_string(spec->limits->pids) +
        std::to_string(spec->uid_maps[0].outside) + std::to_string(spec->groups[0]));
    return HAB_STATUS_OK;
}

TEST(SandboxWrapper, EverythingReachesTheSpec) {
    FakeHost fake;
    const hab_sandbox_service table{sizeof table, run_sandbox, nullptr, nullptr};
    fake.services[HAB_SERVICE_SANDBOX] = &table;
    (void)Host(fake.abi())
        .require<Sandbox>()
        .run({.argv = {"x"},
              .mounts = {{.target = "/a"}, {.target = "/b"}},
              .identity = Identity{.uid = 42, .gid = 43, .groups = {5}},
              .uid_maps = {{0, 1000, 1}},
              .limits = Limits{.pids = 9}});
    EXPECT_THAT(fake.calls, ElementsAre("/b428910005"));
}

hab_status exchange(const hab_host* host, const hab_http_request* request,
                    hab_http_response* response, hab_error*) {
    std::string sent;
    if (request->read_body != nullptr) {
        char buffer[8];
        std::size_t got = 0;
        do {
            if (const auto status = request->read_body(request->read_ctx, buffer, 8, &got)) {
                return status;
            }
            sent.append(buffer, got);
        } while (got != 0);
    }
    FakeHost::of(host).calls.push_back(text(request->method) + text(request->url) + sent);
    response->status = 206;
    response->resumed_at = request->resume_from;
    response->on_header(response->header_ctx, to_abi("etag"), to_abi("x"));
    return response->body.put(response->body.ctx, "body", 4);
}

TEST(HttpWrapper, StreamsBothWays) {
    FakeHost fake;
    const hab_http_service table{sizeof table, exchange};
    fake.services[HAB_SERVICE_HTTP] = &table;
    const auto http = Host(fake.abi()).require<Http>();
    bool first = true;
    const auto answer = http.request({.method = "PUT",
                                      .url = "http://h/",
                                      .read_body = [&](char* buffer, std::size_t) -> std::size_t {
                                          if (!std::exchange(first, false)) return 0;
                                          buffer[0] = 'u';
                                          return 1;
                                      },
                                      .resume_from = 5});
    EXPECT_EQ(answer.status, 206u);
    EXPECT_EQ(answer.body, "body");
    EXPECT_EQ(answer.resumed_at, 5u);
    ASSERT_EQ(answer.headers.size(), 1u);
    EXPECT_EQ(answer.headers[0].key, "etag");
    EXPECT_THAT(fake.calls, ElementsAre("PUThttp://h/u"));
    EXPECT_THROW((void)http.request(
                     {.url = "http://h/",
                      .on_body = [](std::string_view) { throw std::length_error("too long"); }}),
                 std::length_error);
}

TEST(FsWrapper, AFileThatIsNotCommittedIsDiscarded) {
    FakeHost fake;
    static std::vector<std::string> calls;
    calls.clear();
    hab_fs_service table{};
    table.struct_size = sizeof table;
    table.open = [](const hab_host* host, hab_str path, std::uint32_t mode, hab_file** file,
                    hab_error*) -> hab_status {
        calls.push_back("open " + text(path) + " " + std::to_string(mode));
        *file = reinterpret_cast<hab_file*>(const_cast<hab_host*>(host));
        return HAB_STATUS_OK;
    };
    table.write = [](hab_file*, const void* data, std::size_t size, hab_error*) -> hab_status {
        calls.push_back("write " + std::string(static_cast<const char*>(data), size));
        return size == 4 ? HAB_STATUS_IO : HAB_STATUS_OK;
    };
    table.commit = [](hab_file*, hab_error*) -> hab_status {
        calls.emplace_back("commit");
        return HAB_STATUS_OK;
    };
    table.discard = [](hab_file*) { calls.emplace_back("discard"); };
    fake.services[HAB_SERVICE_FS] = &table;
    const auto fs = Host(fake.abi()).require<Fs>();
    {
        auto file = fs.create("/a", 0600);
        file.write("one");
        file.commit();
    }
    EXPECT_EQ(failure([&] {
                  const auto file = fs.create("/b");
                  file.write("full");
              }),
              "5: hab.fs/1 failed with status 5 ()");
    EXPECT_THAT(calls, ElementsAre("open /a 384", "write one", "commit", "open /b 420",
                                   "write full", "discard"));
}

TEST(ProgressWrapper, EndsAsFailedUnlessDone) {
    FakeHost fake;
    static std::vector<hab_status> ends;
    ends.clear();
    hab_progress_service table{};
    table.struct_size = sizeof table;
    table.begin = [](const hab_host*, hab_str, std::uint64_t, hab_str) -> std::uint64_t {
        return 1;
    };
    table.end = [](const hab_host*, std::uint64_t, hab_status status) { ends.push_back(status); };
    fake.services[HAB_SERVICE_PROGRESS] = &table;
    const auto progress = Host(fake.abi()).require<Progress>();
    {
        auto step = progress.begin("t", 1, "bytes");
        step.done();
        auto moved = std::move(step);
    }
    {
        const auto step = progress.begin("t", 1, "bytes");
    }
    EXPECT_THAT(ends, ElementsAre(HAB_STATUS_OK, HAB_STATUS_FAILED));
}

}  // namespace
}  // namespace hab::sdk::test
