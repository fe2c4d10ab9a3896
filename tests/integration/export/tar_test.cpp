// SPDX-License-Identifier: Apache-2.0
// `hab pkg export tar`, from the command line to the program running in an otherwise empty root.
#include <sys/stat.h>

#include "../studio/packages.hpp"
#include "support/mount.hpp"

namespace hab::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* file_name = "core-bash-1-20260101000000.tar.gz";

class TarExport : public PackageWorld {
protected:
    fs::path result(const std::string& name = file_name) { return dir() / "results" / name; }
    RunResult export_bash(std::vector<std::string> more = {}) {
        std::vector<std::string> words = {"pkg", "export", "tar", "core/bash"};
        words.insert(words.end(), more.begin(), more.end());
        return hab(words);
    }
    static std::string listing(const fs::path& archive) {
        return run({"tar", "-tvf", archive.string(), "--numeric-owner"}).out;
    }
};

TEST_F(TarExport, ResultRunsInAnEmptyRoot) {
    const RunResult done = export_bash();
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const fs::path root = dir() / "root";
    make_directories(root);
    ASSERT_EQ(run({"tar", "-xzf", result().string(), "-C", root.string()}).exit_code, 0);
    EXPECT_EQ(run({"ls", root.string()}).out, "hab\n") << "packages and nothing else";
    const RunResult inside =
        run({"chroot", root.string(), prefix_of("bash") + "/bin/bash", "-c", "echo runs in $PWD"});
    EXPECT_EQ(inside.out, "runs in /\n") << inside.err;
}

TEST_F(TarExport, HoldsThePackageAndWhatItNeedsOnly) {
    write_file_atomic(prefix_of("bash") + "/DEPS", "core/coreutils/1/20260101000000\n");
    package("other", {"cat"});
    ASSERT_EQ(export_bash().exit_code, 0);
    const std::string text = listing(result());
    EXPECT_THAT(text, AllOf(HasSubstr("hab/pkgs/core/coreutils/1/20260101000000/bin/cat"),
                            HasSubstr("hab/pkgs/core/bash/1/20260101000000/bin/bash")));
    EXPECT_THAT(text, Not(HasSubstr("core/other")));
    EXPECT_THAT(text, Not(HasSubstr(" ./")));
    EXPECT_LT(text.find("core/coreutils"), text.find("core/bash")) << "dependencies first";
    EXPECT_THAT(text, HasSubstr("2026-01-01")) << "time of the release";
}

TEST_F(TarExport, SameInputGivesSameBytesWhoeverOwnsTheFiles) {
    ASSERT_EQ(export_bash().exit_code, 0);
    const std::string first = read_file(result());
    ASSERT_EQ(run({"chown", "-R", "42:42", prefix_of("bash")}).exit_code, 0);
    ASSERT_EQ(run({"touch", prefix_of("bash") + "/bin/bash"}).exit_code, 0);
    ASSERT_EQ(export_bash({"--overwrite"}).exit_code, 0);
    EXPECT_TRUE(read_file(result()) == first);
}

TEST_F(TarExport, WritesAReportThatAShellCanSource) {
    ASSERT_EQ(export_bash().exit_code, 0);
    const RunResult sourced = run({"sh", "-c",
                                   ". " + (dir() / "results/last_tar_export.env").string() +
                                       "; cd " + (dir() / "results").string() +
                                       "; echo $pkg_ident; echo sha256:$(sha256sum < $artifact "
                                       "| cut -d' ' -f1); echo $digest; stat -c %s $artifact; "
                                       "echo $size"});
    std::istringstream lines(sourced.out);
    std::string ident;
    std::string actual_digest;
    std::string digest;
    std::string actual_size;
    std::string size;
    lines >> ident >> actual_digest >> digest >> actual_size >> size;
    EXPECT_EQ(ident, "core/bash/1/20260101000000");
    EXPECT_EQ(digest, actual_digest);
    EXPECT_EQ(size, actual_size);
}

TEST_F(TarExport, CompressesWithZstdOnRequest) {
    const RunResult done = export_bash({"--compression", "zstd", "--compression-level=3"});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const std::string bytes = read_file(result("core-bash-1-20260101000000.tar.zst"));
    EXPECT_EQ(bytes.substr(0, 4), "\x28\xB5\x2F\xFD");
}

TEST_F(TarExport, DryRunWritesNothing) {
    const RunResult done = export_bash({"--dry-run"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_THAT(done.out, AllOf(HasSubstr(file_name), HasSubstr("\"idents\":[\"core/bash/")));
    EXPECT_FALSE(fs::exists(dir() / "results"));
}

TEST_F(TarExport, HelpShowsTheExportersOptions) {
    const RunResult done = hab({"pkg", "export", "tar", "--help"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_THAT(done.out, AllOf(HasSubstr("--compression"), HasSubstr("--no-hab-bin"),
                                HasSubstr("--output-dir"), HasSubstr("--dry-run")));
}

TEST_F(TarExport, ExistingResultIsKept) {
    ASSERT_EQ(export_bash().exit_code, 0);
    write_file_atomic(result(), "mine");
    const RunResult refused = export_bash();
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.err, AllOf(HasSubstr("it exists"), HasSubstr("overwriting")));
    EXPECT_EQ(read_file(result()), "mine");
}

TEST_F(TarExport, MistakesAreUsageErrors) {
    const RunResult option = export_bash({"--compresion", "zstd"});
    EXPECT_EQ(option.exit_code, 2);
    EXPECT_THAT(option.err, HasSubstr("compression"));
    const RunResult value = export_bash({"--compression", "rar"});
    EXPECT_EQ(value.exit_code, 2);
    EXPECT_THAT(value.err, AllOf(HasSubstr("rar"), HasSubstr("gzip")));
    EXPECT_EQ(export_bash({"--compression-level", "99"}).exit_code, 2);
    EXPECT_FALSE(fs::exists(result()));
}

TEST_F(TarExport, UnknownPackageAndExporterAreNamed) {
    const RunResult package = hab({"pkg", "export", "tar", "core/nothing"});
    EXPECT_EQ(package.exit_code, 1);
    EXPECT_THAT(package.err, HasSubstr("core/nothing"));
    const RunResult exporter = hab({"pkg", "export", "tarr", "core/bash"});
    EXPECT_EQ(exporter.exit_code, 1);
    EXPECT_THAT(exporter.err, HasSubstr("tarr"));
}

TEST_F(TarExport, ArtifactFileIsVerifiedAndInstalledFirst) {
    ASSERT_EQ(hab({"origin", "key", "generate", "acme"}).exit_code, 0);
    write_file_atomic(dir() / "plan.sh",
                      "pkg_name=site\npkg_origin=acme\npkg_version=1.0\ndo_build() { return 0; }\n"
                      "do_install() { echo hello > $pkg_prefix/page; }\n");
    const RunResult built = hab({"pkg", "build", "-N", "."}, {{"HAB_HART_COMPRESSION", "zstd"}});
    ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    fs::path hart;
    for (const auto& entry : fs::directory_iterator(dir() / "results")) {
        if (entry.path().extension() == ".hart") hart = entry.path();
    }
    ASSERT_FALSE(hart.empty());
    fs::remove_all("/hab/pkgs/acme");
    fs::remove_all("/hab/cache/artifacts");
    std::string bytes = read_file(hart);
    std::string damaged = bytes;
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
    write_file_atomic(hart, damaged);
    const RunResult refused = hab({"pkg", "export", "tar", hart.string(), "-o", "out"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_FALSE(fs::exists(dir() / "out"));
    write_file_atomic(hart, bytes);
    const RunResult done = hab({"pkg", "export", "tar", hart.string(), "-o", "out"});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const RunResult listed =
        run({"sh", "-c", "tar -tzf " + (dir() / "out").string() + "/acme-site-*.tar.gz"});
    EXPECT_THAT(listed.out, AllOf(HasSubstr("/page\n"), HasSubstr("hab/pkgs/acme/site/1.0/")));
}

TEST_F(TarExport, FullDiskLeavesNothing) {
    const fs::path small = dir() / "small";
    make_directories(small);
    const SmallDisk disk(small, 256 * 1024);
    const RunResult done = export_bash({"-o", small.string()});
    EXPECT_EQ(done.exit_code, 1);
    EXPECT_THAT(done.err, HasSubstr("No space left"));
    EXPECT_TRUE(fs::is_empty(small)) << run({"ls", "-la", small.string()}).out;
}

}  // namespace
}  // namespace hab::test
