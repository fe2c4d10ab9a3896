// SPDX-License-Identifier: Apache-2.0
// hab pkg gc, pin, verify --deep, diff and graph on a real /hab.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <map>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/tree.hpp"
#include "crypto/hash.hpp"
#include "crypto/key_cache.hpp"
#include "package/artifact.hpp"
#include "package/hart_writer.hpp"
#include "package/metafiles.hpp"
#include "package/origin_trust.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using package::Ident;
using package::Target;
using ::testing::HasSubstr;
using ::testing::Not;

class Gc : public WorldTest {
protected:
    void SetUp() override {
        WorldTest::SetUp();
        if (IsSkipped()) return;
        keys_.store(pair_);
        package::OriginTrust::from(Paths()).trust(pair_.public_key,
                                                  package::TrustReason::generated);
        fs::create_directories(work_);
    }
    RunResult hab(std::vector<std::string> words, RunOptions options = {}) {
        words.insert(words.begin(), program("bin/hab").string());
        return run(words, options);
    }
    /// An artifact with a program, a signed FILES and these dependencies.
    fs::path make(const std::string& text, const std::vector<std::string>& deps = {}) {
        const Ident ident = Ident::parse(text);
        const fs::path tree = work_ / "tree" / ident.relative_path();
        fs::remove_all(tree);
        fs::create_directories(tree / "bin");
        std::vector<Ident> needed;
        for (const std::string& dep : deps)
            needed.push_back(Ident::parse(dep));
        package::write_metafile(tree, "IDENT", ident.to_string());
        package::write_metafile(tree, "TARGET", Target::active().name());
        package::write_metafile(tree, "DEPS", needed);
        package::write_metafile(tree, "TDEPS", needed);
        package::write_metafile(tree, "PATH", "/" + ident.relative_path() + "/bin");
        fs::copy_file("/bin/sleep", tree / "bin" / ("wait-" + ident.name));
        std::string list;
        walk_tree(tree, [&](const TreeEntry& entry) {
            if (S_ISREG(entry.info.st_mode))
                list += crypto::blake2b_hex_of_file(entry.path.string()) + "  /" +
                        ident.relative_path() + "/" + entry.relative + "\n";
        });
        write_file_atomic(tree / "FILES", package::sign_text(list, pair_.secret_key));
        package::HartWriteOptions options;
        options.compression = {package::Compression::zstd, 1};
        const fs::path out = work_ / ident.archive_name(Target::active());
        (void)package::write_hart(tree, ident, pair_.secret_key, out, options);
        return out;
    }
    void install(const fs::path& hart) {
        const RunResult result = hab({"pkg", "install", hart.string()});
        ASSERT_EQ(result.exit_code, 0) << result.err;
    }
    /// Two versions of a library, each needed by a version of a program, all installed.
    void two_generations() {
        make(lib1_);
        make(lib2_);
        install(make(app1_, {lib1_}));
        install(make(app2_, {lib2_}));
        ASSERT_EQ(list(), app1_ + "\n" + app2_ + "\n" + lib1_ + "\n" + lib2_ + "\n");
    }
    std::string list() { return hab({"pkg", "list", "--all"}).out; }
    static fs::path dir_of(const std::string& ident) { return "/hab/pkgs/" + ident; }
    static void write_spec(const std::string& content) {
        fs::create_directories("/hab/sup/default/specs");
        write_file_atomic("/hab/sup/default/specs/app.spec", content);
    }

    const fs::path work_ = "/hab/work";
    const crypto::KeyCache keys_{"/hab/cache/keys"};
    const crypto::SigningKeyPair pair_ =
        crypto::SigningKeyPair::generate("acme", SystemClock().wall());
    const std::string lib1_ = "acme/lib/1.0/20260101000000";
    const std::string lib2_ = "acme/lib/2.0/20260101000000";
    const std::string app1_ = "acme/app/1.0/20260101000000";
    const std::string app2_ = "acme/app/2.0/20260101000000";
};

TEST_F(Gc, SaysAndRemovesWhatIsSuperseded) {
    two_generations();
    const RunResult dry = hab({"pkg", "gc", "--dryrun"});
    EXPECT_EQ(dry.exit_code, 0) << dry.err;
    EXPECT_THAT(dry.out, HasSubstr("Would remove " + app1_ + ": nothing needs it ("));
    EXPECT_THAT(dry.out, HasSubstr("Kept " + app2_ + ": it is the newest acme/app"));
    EXPECT_THAT(dry.out, HasSubstr("Would remove 2 packages, 2 artifacts;"));
    EXPECT_THAT(list(), HasSubstr(app1_));
    const RunResult result = hab({"pkg", "gc"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("Removed " + lib1_ + ": nothing needs it ("));
    EXPECT_THAT(result.out, HasSubstr("Removed 2 packages, 2 artifacts;"));
    EXPECT_EQ(list(), app2_ + "\n" + lib2_ + "\n");
    EXPECT_FALSE(
        fs::exists("/hab/cache/artifacts/" + Ident::parse(app1_).archive_name(Target::active())));
    EXPECT_FALSE(fs::exists("/hab/pkgs/acme/app/1.0"));
    EXPECT_TRUE(fs::exists("/hab/cache/keys"));
    EXPECT_THAT(hab({"pkg", "gc"}).out, HasSubstr("Removed nothing; 0 B freed."));
}

TEST_F(Gc, JsonHasEveryItem) {
    two_generations();
    const RunResult result = hab({"pkg", "gc", "--keep-latest", "0", "--format", "json"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const Value json = parse_json(result.out, "gc");
    EXPECT_EQ(json.at_path("items")->as_array()->size(), 8u);
    EXPECT_GT(*json.at_path("freed")->as_int(), 0);
    EXPECT_EQ(list(), "");
}

TEST_F(Gc, PinsServicesAndLinksProtect) {
    two_generations();
    EXPECT_EQ(hab({"pkg", "pin", "acme/app/1.0"}).exit_code, 0);
    EXPECT_EQ(hab({"pkg", "pins"}).out, "acme/app/1.0\n");
    EXPECT_THAT(hab({"pkg", "gc"}).out,
                HasSubstr("Kept " + app1_ + ": the pin acme/app/1.0 names it"));
    EXPECT_EQ(hab({"pkg", "unpin", "acme/app/1.0"}).exit_code, 0);
    write_spec("ident = \"" + app1_ + "\"\ndesired_state = \"down\"\n");
    const RunResult service = hab({"pkg", "gc"});
    EXPECT_THAT(service.out, HasSubstr("Kept " + app1_ + ": the service app is loaded"));
    EXPECT_THAT(service.out, HasSubstr("Kept " + lib1_ + ": " + app1_ + " needs it"));
    fs::remove("/hab/sup/default/specs/app.spec");
    fs::create_directories("/hab/bin");
    fs::create_symlink(dir_of(lib1_) / "bin/wait-lib", "/hab/bin/wait-lib");
    EXPECT_THAT(hab({"pkg", "gc"}).out,
                HasSubstr("Kept " + lib1_ + ": /hab/bin/wait-lib leads to it"));
    EXPECT_EQ(list(), app2_ + "\n" + lib1_ + "\n" + lib2_ + "\n");
}

TEST_F(Gc, RunningProgramsProtect) {
    two_generations();
    {
        Background old({(dir_of(app1_) / "bin/wait-app").string(), "600"});
        ASSERT_TRUE(eventually([&] {
            return read_link("/proc/" + std::to_string(old.pid()) + "/exe").value_or("") ==
                   dir_of(app1_) / "bin/wait-app";
        }));
        const RunResult result = hab({"pkg", "gc", "--keep-latest", "0"});
        EXPECT_THAT(result.out, HasSubstr("Kept " + app1_ + ": process "));
        EXPECT_THAT(result.out, HasSubstr("(wait-app) runs it"));
        EXPECT_EQ(list(), app1_ + "\n" + lib1_ + "\n");
    }
    EXPECT_EQ(hab({"pkg", "gc", "--keep-latest", "0"}).exit_code, 0);
    EXPECT_EQ(list(), "");
}

TEST_F(Gc, RefusesWhatItCannotJudge) {
    two_generations();
    const auto refused = [&](const std::string& sentence) {
        const RunResult result = hab({"pkg", "gc"});
        EXPECT_EQ(result.exit_code, 1);
        EXPECT_THAT(result.err, HasSubstr(sentence));
        EXPECT_THAT(list(), HasSubstr(app1_));
    };
    write_spec("ident = nonsense\n");
    refused("cannot tell which packages services need: ");
    fs::remove("/hab/sup/default/specs/app.spec");
    fs::create_directories("/hab/etc/pins");
    write_file_atomic("/hab/sup/default/specs.old", "");
    fs::remove_all("/hab/sup/default/specs");
    fs::rename("/hab/sup/default/specs.old", "/hab/sup/default/specs");
    refused("cannot read /hab/sup/default/specs: Not a directory");
    fs::remove("/hab/sup/default/specs");
    fs::create_symlink("/hab/bin", "/hab/bin");
    refused("cannot tell which packages programs lead to: cannot read '/hab/bin': Too many");
    fs::remove("/hab/bin");
    write_file_atomic("/hab/etc/pins/x", "?");
    refused("'/hab/etc/pins/x' is not a pin");
    fs::remove("/hab/etc/pins/x");
    write_file_atomic(dir_of(app2_) / "DEPS", "?");
    refused("DEPS");
    for (const auto& words :
         std::vector<std::vector<std::string>>{{"pkg", "gc", "--keep-latest", "many"},
                                               {"pkg", "gc", "--min-age", "-1"},
                                               {"pkg", "gc", "--format", "xml"},
                                               {"pkg", "pin", "nonsense"}}) {
        EXPECT_EQ(hab(words).exit_code, 2) << words.back();
    }
    EXPECT_THAT(hab({"pkg", "pin", "acme/none"}).err, HasSubstr("'acme/none' is not installed"));
    EXPECT_EQ(hab({"pkg", "pin", "acme/none"}).exit_code, 1);
    EXPECT_THAT(hab({"pkg", "unpin", "acme/lib"}).err, HasSubstr("'acme/lib' is not pinned"));
}

TEST_F(Gc, ReadOnlyStoreIsOneSentence) {
    two_generations();
    ASSERT_EQ(run({"mount", "--bind", "/hab/pkgs", "/hab/pkgs"}).exit_code, 0);
    ASSERT_EQ(run({"mount", "-o", "remount,ro,bind", "/hab/pkgs"}).exit_code, 0);
    const RunResult dry = hab({"pkg", "gc", "--dryrun"});
    EXPECT_EQ(dry.exit_code, 0) << dry.err;
    const RunResult result = hab({"pkg", "gc"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("Read-only file system"));
    EXPECT_THAT(list(), HasSubstr(app1_));
    EXPECT_EQ(run({"umount", "/hab/pkgs"}).exit_code, 0);
}

TEST_F(Gc, DeathAtAnyStepLeavesWholePackages) {
    const fs::path lib = make(lib1_);
    make(lib2_);
    const fs::path old = make(app1_, {lib1_});
    install(make(app2_, {lib2_}));
    for (const char* point :
         {"removal.rename=kill", "removal.rename=kill@2", "removal.sync=kill", "gc.hidden=kill",
          "removal.tree=kill", "removal.tree=kill@2", "files.remove=kill@3", "removal.parents=kill",
          "gc.unlink=kill", "gc.unlink=kill@2"}) {
        install(old);
        const RunResult killed = hab({"pkg", "gc"}, {.env = {{"HAB_FAIL_POINTS", point}}});
        EXPECT_EQ(killed.exit_code, 128 + SIGKILL) << point;
        for (const std::string& ident : {lib1_, app1_}) {
            if (!fs::exists(dir_of(ident))) continue;
            EXPECT_EQ(hab({"pkg", "verify", "--deep", ident}).exit_code, 0) << point;
        }
        EXPECT_EQ(hab({"pkg", "gc"}).exit_code, 0) << point;
        EXPECT_EQ(list(), app2_ + "\n" + lib2_ + "\n") << point;
        EXPECT_FALSE(fs::exists("/hab/pkgs/acme/lib/1.0")) << "leavings of " << point;
        EXPECT_FALSE(fs::exists("/hab/pkgs/acme/app/1.0")) << "leavings of " << point;
    }
    EXPECT_TRUE(fs::exists(lib));
}

TEST_F(Gc, ErrorsAtAnyStepAreToldAndNothingIsHalf) {
    make(lib1_);
    make(lib2_);
    const fs::path old = make(app1_, {lib1_});
    install(make(app2_, {lib2_}));
    for (const auto& [point, reason] : std::map<std::string, std::string>{
             {"removal.rename=error:ENOSPC", "No space left on device"},
             {"removal.rename=error:EACCES@2", "Permission denied"},
             {"removal.tree=error:EIO", "Input/output error"},
             {"removal.sync=error:EIO", "Input/output error"},
             {"gc.unlink=error:EROFS", "Read-only file system"}}) {
        install(old);
        const RunResult result = hab({"pkg", "gc"}, {.env = {{"HAB_FAIL_POINTS", point}}});
        EXPECT_EQ(result.exit_code, 1) << point;
        const std::string place = point.substr(0, point.find('='));
        EXPECT_THAT(result.err, HasSubstr("✗✗✗ injected failure at " + place)) << point;
        EXPECT_THAT(result.err, HasSubstr(reason)) << point;
        for (const std::string& ident : {lib1_, app1_, lib2_, app2_}) {
            const bool there = fs::exists(dir_of(ident));
            EXPECT_TRUE(there || ident == lib1_ || ident == app1_) << point;
            if (!there) continue;
            EXPECT_EQ(hab({"pkg", "verify", "--deep", ident}).exit_code, 0) << point << ident;
        }
        EXPECT_TRUE(!fs::exists(dir_of(app1_)) || fs::exists(dir_of(lib1_))) << point;
        EXPECT_EQ(hab({"pkg", "gc"}).exit_code, 0) << point;
        EXPECT_EQ(list(), app2_ + "\n" + lib2_ + "\n") << point;
    }
}

TEST_F(Gc, NeverTakesWhatAnInstallIsUsing) {
    make(lib1_);
    install(make(lib2_));
    const std::string app3 = "acme/tool/1.0/20260101000000";
    const fs::path tool = make(app3, {lib1_});
    for (int round = 0; round < 8; ++round) {
        // lib 1.0 is superseded, and alone nothing needs it: the install beside must win.
        install(work_ / Ident::parse(lib1_).archive_name(Target::active()));
        Background gc({program("bin/hab").string(), "pkg", "gc"});
        Background installing({program("bin/hab").string(), "pkg", "install", tool.string()});
        EXPECT_EQ(gc.wait(), 0) << gc.output();
        EXPECT_EQ(installing.wait(), 0) << installing.output();
        EXPECT_TRUE(fs::exists(dir_of(lib1_) / "IDENT")) << round;
        EXPECT_TRUE(fs::exists(dir_of(app3) / "IDENT")) << round;
        fs::remove_all("/hab/pkgs/acme/tool");
    }
}

TEST_F(Gc, VerifyDeepFindsWhatIsNotSigned) {
    two_generations();
    const RunResult good = hab({"pkg", "verify", "--deep", "acme/app"});
    EXPECT_EQ(good.exit_code, 0) << good.err;
    EXPECT_THAT(good.out, HasSubstr("Verified installed package " + app2_));
    write_file_atomic(dir_of(app2_) / "bin/wait-app", "#!/bin/sh\n", WriteOptions{.mode = 0755});
    write_file_atomic(dir_of(app2_) / "bin/\x1b[2Jextra", "");
    const RunResult bad = hab({"pkg", "verify", "--deep", app2_});
    EXPECT_EQ(bad.exit_code, 1);
    EXPECT_THAT(bad.out, HasSubstr("Changed bin/wait-app"));
    EXPECT_THAT(bad.out, HasSubstr("Added bin/\\x1b[2Jextra"));
    EXPECT_THAT(bad.err, HasSubstr("is not what was signed: 2 files differ"));
    fs::remove(dir_of(app1_) / "FILES");
    EXPECT_THAT(hab({"pkg", "verify", "--deep", app1_}).err, HasSubstr("it has no FILES"));
    EXPECT_EQ(hab({"pkg", "verify", "--deep", "acme/none"}).exit_code, 1);
    EXPECT_EQ(hab({"pkg", "verify", "--deep", "nonsense"}).exit_code, 2);
}

TEST_F(Gc, DiffOfInstalledPackagesAndArtifacts) {
    two_generations();
    const std::string hart = (work_ / Ident::parse(app2_).archive_name(Target::active())).string();
    const RunResult same = hab({"pkg", "diff", app2_, hart});
    EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
    const RunResult other = hab({"pkg", "diff", app1_, hart});
    EXPECT_EQ(other.exit_code, 3);
    EXPECT_THAT(other.out, HasSubstr("--- " + app1_ + "\n+++ " + app2_ + "\n"));
    EXPECT_THAT(other.out, HasSubstr("  - " + lib1_ + "\n  + " + lib2_ + "\n"));
    fs::create_symlink("\x1b]0;evil\a", dir_of(app1_) / "\x1b[2Jlink");
    EXPECT_THAT(hab({"pkg", "diff", app1_, hart}).out,
                HasSubstr("  - \\x1b[2Jlink (link to \\x1b]0;evil\\x07)\n"));
    const RunResult json = hab({"pkg", "diff", "--format", "json", app1_, app2_});
    EXPECT_EQ(json.exit_code, 3);
    EXPECT_FALSE(*parse_json(json.out, "diff").at_path("same")->as_bool());
    EXPECT_EQ(hab({"pkg", "diff", app1_}).exit_code, 2);
    EXPECT_EQ(hab({"pkg", "diff", app1_, "/hab/none.hart"}).exit_code, 1);
    EXPECT_THAT(hab({"pkg", "diff", app1_, "acme/none"}).err, HasSubstr("is not installed"));
}

TEST_F(Gc, GraphIsWrittenWhole) {
    two_generations();
    const RunResult result = hab({"pkg", "graph", "acme/app", "-o", "/hab/app.svg"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const std::string svg = read_file("/hab/app.svg");
    EXPECT_THAT(svg, HasSubstr("What " + app2_ + " depends on"));
    EXPECT_EQ(hab({"pkg", "graph", "acme/app"}).out, svg);
    EXPECT_THAT(hab({"pkg", "graph", "--reverse", "--format", "dot", lib1_}).out,
                HasSubstr("\"" + app1_ + "\" -> \"" + lib1_ + "\";"));
    EXPECT_EQ(hab({"pkg", "graph", "--format", "png", "acme/app"}).exit_code, 2);
    EXPECT_EQ(hab({"pkg", "graph", "--depth", "x", "acme/app"}).exit_code, 2);
    EXPECT_EQ(hab({"pkg", "graph", "acme/none"}).exit_code, 1);
    EXPECT_EQ(hab({"pkg", "graph", "acme/app", "-o", "/hab/none/x.svg"}).exit_code, 1);
}

}  // namespace
}  // namespace hab::test
