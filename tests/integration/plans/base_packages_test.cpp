// SPDX-License-Identifier: Apache-2.0
// Builds a shell and the basic commands down to their C library from Debian's packages, and runs
// them where nothing else is.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <set>

#include "base/files.hpp"
#include "base/strings.hpp"
#include "base/temp_dir.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using testing::HasSubstr;

class BasePackages : public WorldTest {
protected:
    void SetUp() override {
        WorldTest::SetUp();
        if (IsSkipped() || HasFatalFailure()) {
            return;
        }
        for (const auto* tool : {"apt-get", "dpkg-deb", "patchelf"}) {
            HAB_REQUIRE(run({"sh", "-c", std::string("command -v ") + tool}).exit_code == 0,
                        std::string("this test needs ") + tool);
        }
        options.env["HAB"] = program("bin/hab").string();
        options.env["HAB_HART_COMPRESSION"] = "zstd";
        options.env["HAB_OUTPUT_PATH"] = results().string();
        // Shared by runs of this build tree, so that the mirror is asked once a day.
        options.env["HAB_DEB_CACHE_PATH"] = (build_dir() / "test-cache/deb").string();
        options.deadline = std::chrono::seconds(500);
    }

    [[nodiscard]] RunResult build_all(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), (source_dir() / "plans/build-all").string());
        return run(arguments, options);
    }
    [[nodiscard]] fs::path results() const { return temp.path() / "results"; }
    /// Newest prefix of core/NAME.
    [[nodiscard]] fs::path prefix(const std::string& name) const {
        const auto result =
            run({program("bin/hab").string(), "pkg", "path", "core/" + name}, options);
        EXPECT_EQ(result.exit_code, 0) << result.err;
        return std::string(trim(result.out));
    }

    TempDir temp{"base-packages-"};
    RunOptions options;
};

std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> out;
    for (const auto line : split(text, '\n')) {
        if (!line.empty()) {
            out.emplace_back(line);
        }
    }
    return out;
}

bool is_elf(const fs::path& file) {
    const auto fd = open_file(file, O_RDONLY);
    std::array<char, 4> magic{};
    return ::read(fd.get(), magic.data(), magic.size()) == 4 && std::string_view(magic.data(), 4) ==
                                                                    "\x7f"
                                                                    "ELF";
}

std::string patchelf(const std::string& question, const fs::path& file) {
    const auto result = run({"patchelf", question, file.string()});
    return result.exit_code == 0 ? std::string(trim(result.out)) : "";
}

/// What the loader will do with a file, worked out independently of the scaffolding.
void expect_resolves(const fs::path& file, const fs::path& glibc_lib) {
    const auto interpreter = patchelf("--print-interpreter", file);
    const bool of_glibc = file.parent_path() == glibc_lib;
    if (!interpreter.empty() && !of_glibc) {
        EXPECT_EQ(interpreter, (glibc_lib / "ld-linux-x86-64.so.2").string()) << file;
    }
    auto dirs = lines(replace_all(patchelf("--print-rpath", file), ":", "\n"));
    if (of_glibc) {
        dirs.push_back(glibc_lib.string());
    }
    for (const auto& name : lines(patchelf("--print-needed", file))) {
        bool found = false;
        for (const auto& dir : dirs) {
            EXPECT_TRUE(dir.starts_with("/hab/pkgs/core/")) << file << " searches " << dir;
            found = found || fs::exists(fs::path(dir) / name);
        }
        EXPECT_TRUE(found) << file << " does not find " << name;
    }
}

/// Runs a shell line in a root that holds /hab and nothing else.
RunResult in_empty_root(const fs::path& root, const fs::path& bash, const std::string& path,
                        const std::string& line) {
    make_directories(root / "hab");
    return run(
        {"sh", "-c",
         "mount --bind /hab \"$0/hab\" && env -i \"PATH=$2\" \"$(command -v chroot)\" \"$0\" "
         "\"$1\" -c \"$3\"; status=$?; umount \"$0/hab\"; exit $status",
         root.string(), (bash / "bin/bash").string(), path, line});
}

/// Every ELF file below /hab/pkgs.
void expect_all_resolve(const fs::path& glibc_lib) {
    std::size_t elf_files = 0;
    for (const auto& entry : fs::recursive_directory_iterator("/hab/pkgs")) {
        if (entry.is_regular_file() && !entry.is_symlink() && is_elf(entry.path())) {
            ++elf_files;
            expect_resolves(entry.path(), glibc_lib);
        }
    }
    EXPECT_GT(elf_files, 150u);
}

/// nginx, configured by hand, where there is nothing but packages, accounts, /tmp and /dev/null.
void expect_nginx_serves(const fs::path& root, const fs::path& nginx, RunOptions options) {
    const int port = free_port();
    for (const auto* dir : {"hab", "etc", "tmp", "dev", "srv"}) {
        make_directories(root / dir);
    }
    write_file_atomic(root / "dev/null", "");
    write_file_atomic(root / "etc/passwd", "root:x:0:0::/:\n");
    write_file_atomic(root / "etc/group", "root:x:0:\n");
    write_file_atomic(root / "srv/index.html", "from an empty root");
    std::string config = "user root; daemon off; pid /tmp/pid; events {}\nhttp { access_log off;";
    for (const auto* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
        config += std::string(kind) + "_temp_path /tmp/" + kind + ";";
    }
    config += "server { listen 127.0.0.1:" + std::to_string(port) + "; root /srv; } }\n";
    write_file_atomic(root / "etc/nginx.conf", config);
    options.env["ROOT"] = root.string();
    Background server({"unshare", "-m", "sh", "-c",
                       "mount --bind /hab $ROOT/hab; mount --bind /dev/null $ROOT/dev/null; "
                       "exec chroot $ROOT \"$0\" -e stderr -c /etc/nginx.conf",
                       (nginx / "bin/nginx").string()},
                      options);
    EXPECT_TRUE(eventually([&] { return http_get(port, "/").status == 200; })) << server.output();
    EXPECT_EQ(http_get(port, "/").body, "from an empty root");
    server.signal(SIGTERM);
    EXPECT_EQ(server.wait(), 0) << server.output();
}

TEST_F(BasePackages, AreBuiltAndRunInAnEmptyRoot) {
    const auto first = build_all({"bash", "coreutils", "sed", "nginx"});
    ASSERT_EQ(first.exit_code, 0) << first.out << first.err;
    EXPECT_THAT(first.out, HasSubstr("build-all: 15 built, 0 already current"));
    expect_all_resolve(prefix("glibc") / "lib");

    const auto bash = prefix("bash");
    const auto path = (prefix("coreutils") / "bin").string();
    const auto inside = in_empty_root(temp.path() / "root", bash, path,
                                      "ls /; echo three | tr e 3 | sha256sum | cut -c 1-8; id -u");
    EXPECT_EQ(inside.exit_code, 0) << inside.err;
    EXPECT_EQ(inside.out,
              "hab\n" + run({"sh", "-c", "echo thr33 | sha256sum | cut -c 1-8"}).out + "0\n");
    EXPECT_EQ(inside.err, "");
    expect_nginx_serves(temp.path() / "nginx", prefix("nginx"), options);

    const auto second = build_all({"bash", "coreutils", "sed", "nginx"});
    EXPECT_EQ(second.exit_code, 0) << second.err;
    EXPECT_EQ(second.out, "build-all: 0 built, 15 already current\n");

    // With these packages a studio can build others, and needs nothing of the machine.
    options.cwd = (source_dir() / "plans/motd").string();
    options.env["DO_CHECK"] = "1";
    const auto motd =
        run({program("bin/hab").string(), "pkg", "build", ".", "--backend", "chroot"}, options);
    EXPECT_EQ(motd.exit_code, 0) << motd.out << motd.err;
    EXPECT_THAT(read_file(results() / "last_build.env"), HasSubstr("pkg_name=motd"));
}

TEST_F(BasePackages, SameDebianPackagesGiveTheSameBytes) {
    ASSERT_EQ(build_all({"attr"}).exit_code, 0);
    const auto ident = read_file(prefix("attr") / "IDENT");
    std::set<std::string> artifacts;
    for (const auto& entry : fs::directory_iterator(results())) {
        if (entry.path().filename().string().starts_with("core-attr-")) {
            artifacts.insert(entry.path().string());
        }
    }
    ASSERT_EQ(artifacts.size(), 1u);
    const auto before = read_file(*artifacts.begin());
    const auto again = run(
        {program("bin/hab").string(), "pkg", "build", "-N", (source_dir() / "plans/attr").string()},
        options);
    ASSERT_EQ(again.exit_code, 0) << again.out << again.err;
    EXPECT_EQ(read_file(prefix("attr") / "IDENT"), ident);
    EXPECT_TRUE(read_file(*artifacts.begin()) == before) << "the bytes differ";
}

TEST_F(BasePackages, ImportedPlansBuildAndRun) {
    ASSERT_EQ(build_all({"glibc"}).exit_code, 0);
    const auto plans = temp.path() / "plans";
    fs::copy(source_dir() / "plans", plans, fs::copy_options::recursive);
    const auto hab = program("bin/hab").string();
    const auto imported =
        run({hab, "plan", "import", "deb", "jq", "--plans", plans.string()}, options);
    ASSERT_EQ(imported.exit_code, 0) << imported.err;
    EXPECT_THAT(read_file(plans / "jq/plan.sh"), HasSubstr("pkg_deps=(core/libjq1 core/glibc)"));
    for (const auto* plan : {"libonig5", "libjq1", "jq"}) {
        const auto built = run({hab, "pkg", "build", "-N", (plans / plan).string()}, options);
        ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    }
    const auto answer =
        run({(prefix("jq") / "bin/jq").string(), "-c", ".a"}, {.input = "{\"a\": [1, 2]}"});
    EXPECT_EQ(answer.out, "[1,2]\n") << answer.err;
    const auto again =
        run({hab, "plan", "import", "deb", "jq", "--plans", plans.string()}, options);
    EXPECT_EQ(again.exit_code, 1);
    EXPECT_THAT(again.err, HasSubstr("already made of the Debian package 'jq'"));
}

TEST_F(BasePackages, CAndCxxCompileInStudiosWithPackagesAlone) {
    if (std::getenv("HAB_EXHAUSTIVE") == nullptr)
        GTEST_SKIP() << "60 MB of compilers: only with HAB_EXHAUSTIVE";
    const auto tools = build_all({"gcc", "make", "diffutils", "coreutils", "sed", "grep", "gawk",
                                  "findutils", "tar", "gzip", "xz"});
    ASSERT_EQ(tools.exit_code, 0) << tools.out << tools.err;
    ASSERT_EQ(run({program("bin/hab").string(), "origin", "key", "generate", "acme"}).exit_code, 0);
    const auto plan = temp.path() / "zlib";
    make_directories(plan);
    write_file_atomic(plan / "plan.sh", R"(
pkg_name=zlib
pkg_origin=acme
pkg_version=1.2.13
pkg_source=deb-src:zlib
pkg_deps=(core/glibc)
pkg_build_deps=(core/gcc core/make core/diffutils)
pkg_lib_dirs=(lib)
do_check() {
  make test
  printf '#include <iostream>\n#include <zlib.h>\nint main() { std::cout << zlibVersion() << std::endl; }' >t.cc
  g++ t.cc -I. -L. -lz -o t && LD_LIBRARY_PATH=. ./t
}
)");
    options.cwd = plan.string();
    options.env["DO_CHECK"] = "1";
    for (const auto* backend : {"chroot", "userns"}) {
        const auto built =
            run({program("bin/hab").string(), "pkg", "build", "--backend", backend, "."}, options);
        EXPECT_EQ(built.exit_code, 0) << built.out << built.err;
        EXPECT_THAT(built.out, HasSubstr("zlib shared test OK"));
        EXPECT_THAT(built.out, HasSubstr("\n1.2.13\n"));
    }
}

TEST_F(BasePackages, AMissingDependencyEndsTheBuildWithTheLibrarysName) {
    ASSERT_EQ(build_all({"glibc"}).exit_code, 0);
    const auto plan = temp.path() / "plan";
    fs::copy(source_dir() / "plans/bash", plan);
    write_file_atomic(plan / "plan.sh",
                      replace_all(read_file(plan / "plan.sh"), " core/ncurses", ""));
    const auto result =
        run({program("bin/hab").string(), "pkg", "build", "-N", plan.string()}, options);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.out + result.err,
                HasSubstr("bin/bash needs libtinfo.so.6, which is not in pkg_deps"));
    EXPECT_NE(run({program("bin/hab").string(), "pkg", "path", "core/bash"}, options).exit_code, 0)
        << "a failed build has left a package behind";
}

}  // namespace
}  // namespace hab::test
