// SPDX-License-Identifier: Apache-2.0
// The deb-src: source against an apt-get that is a script, with a real source package.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "base/temp_dir.hpp"
#include "build/deb_source.hpp"
#include "sandbox/run.hpp"

namespace hab::build {
namespace {

using ::testing::HasSubstr;

TEST(AsSourcePackages, OneLineForms) {
    EXPECT_EQ(as_source_packages("# comment\ndeb http://a stable main\n"
                                 "deb-src http://a stable main\ndeb [arch=amd64] http://b x y\n",
                                 false),
              "deb-src http://a stable main\ndeb-src [arch=amd64] http://b x y\n");
}

TEST(AsSourcePackages, Deb822) {
    EXPECT_THAT(as_source_packages("Types: deb\nURIs: http://a\nSuites: stable\n", true),
                HasSubstr("Types: deb-src\nURIs: http://a\nSuites: stable\n"));
}

TEST(DebSrcSpec, IsParsed) {
    EXPECT_EQ(parse_deb_src_source("deb-src:zlib=1:1.2.13.dfsg-1").text(), "zlib=1:1.2.13.dfsg-1");
    EXPECT_FALSE(is_deb_source("deb-src:zlib"));
    EXPECT_TRUE(is_deb_src_source("deb-src:zlib"));
    EXPECT_THROW(static_cast<void>(parse_deb_src_source("deb-src:../x")), Error);
}

class DebSrcTest : public ::testing::Test {
protected:
    void SetUp() override {
        // A package of the oldest format: a tar file and a description.
        shell(
            "mkdir -p demo-1.0/debian/source apt bin pool && cd demo-1.0 && echo text >file && "
            "printf '#!/bin/sh\\n' >configure && chmod 755 configure && "
            "echo '1.0' >debian/source/format && "
            "printf 'Source: demo\\nMaintainer: A <a@b.c>\\n\\nPackage: demo\\nArchitecture: "
            "all\\n' >debian/control && "
            "printf 'demo (1.0) unstable; urgency=low\\n\\n  * x\\n\\n -- A <a@b.c>  Tue, 14 Nov "
            "2023 22:13:20 +0000\\n' >debian/changelog && cd ../pool && dpkg-source -b ../demo-1.0 "
            ">/dev/null 2>&1 && echo 'deb http://one.test stable main' >../apt/sources.list");
        write_file_atomic(dir_ / "bin/apt-get", R"sh(#!/bin/sh
D=)sh" + dir_.string() + R"sh(
echo "$*" >>$D/calls
case "$*" in
*update) [ ! -e $D/offline ] ;;
*--print-uris*demo) cd $D/pool; for f in *; do
    echo "'http://one.test/$f' $f $(stat -c %s $f) SHA256:$(sha256sum $f | cut -c1-64)"; done ;;
*--download-only*demo) [ ! -e $D/offline ] && cp $D/pool/* . ;;
*) echo "E: Unable to find a source package" >&2; exit 100 ;;
esac
)sh",
                          {.mode = 0755});
    }
    std::string shell(const std::string& text) {
        sandbox::Spec spec;
        spec.argv = {"sh", "-ec", text};
        spec.env = sandbox::current_environment();
        spec.cwd = dir_;
        const auto done = sandbox::run_captured(spec);
        EXPECT_EQ(done.result.status.exit_code, 0) << text << done.err;
        return std::string(trim(done.out));
    }
    std::string fetch(const std::string& name, const std::string& file) {
        DebSourceOptions options;
        options.state_dir = dir_ / "state";
        options.apt_etc = dir_ / "apt";
        options.env = sandbox::current_environment();
        options.env["PATH"] = (dir_ / "bin").string() + ":" + options.env["PATH"];
        return DebSource(std::move(options)).fetch_source({name, {}}, "demo-1.0", dir_ / file);
    }
    TempDir temp_{"deb-src-"};
    fs::path dir_ = temp_.path();
};

TEST_F(DebSrcTest, TheTreeIsHandedOnAsOneTarFile) {
    EXPECT_EQ(fetch("demo", "out.tar"), "demo_1.0.dsc");
    EXPECT_EQ(shell("tar -xOf out.tar demo-1.0/file"), "text");
    EXPECT_THAT(shell("TZ=UTC tar -tvf out.tar --numeric-owner demo-1.0/configure"),
                HasSubstr("-rwxr-xr-x 0/0"));
    EXPECT_THAT(shell("TZ=UTC tar -tvf out.tar demo-1.0/configure"), HasSubstr("2023-11-14 22:13"));
    EXPECT_EQ(read_file(dir_ / "state/etc/sources.list"), "deb-src http://one.test stable main\n");
    // Cut off, the same bytes come from what is here.
    shell("touch offline");
    fetch("demo", "again.tar");
    EXPECT_EQ(read_file(dir_ / "out.tar"), read_file(dir_ / "again.tar"));
    EXPECT_EQ(shell("grep -c -- --download-only calls"), "1");
}

TEST_F(DebSrcTest, UnknownAndChangedPackagesAreRefused) {
    try {
        fetch("nope", "out.tar");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::not_found);
        EXPECT_THAT(error.message(), HasSubstr("cannot fetch the Debian source package 'nope'"));
    }
    fetch("demo", "out.tar");
    shell("for f in state/archives/*.tar.gz; do echo x >>$f; done; touch offline");
    EXPECT_THROW(fetch("demo", "out.tar"), Error);  // the damaged copy is not used
}

}  // namespace
}  // namespace hab::build
