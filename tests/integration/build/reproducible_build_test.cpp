// SPDX-License-Identifier: Apache-2.0
// The same input gives the same bytes, wherever, whenever and by whomever it is built.
#include <sys/stat.h>

#include "build_world.hpp"

namespace hab::test {
namespace {

class ReproducibleBuild : public BuildWorld {
protected:
    void make_plan(const std::string& dir) {
        file(dir + "/plan.sh",
             "pkg_name=app\npkg_origin=acme\npkg_version=1.0\npkg_bin_dirs=(bin)\n"
             "pkg_binds=([a]=x [b]=y [c]=z [Ä]=u)\npkg_exports=([b]=two [a]=one)\n"
             "do_setup_environment() { for i in ONE TWO THREE FOUR; do set_runtime_env $i $i; "
             "done; }\n"
             "do_build() { return 0; }\n"
             "do_install() {\n"
             "  for name in z a Ärger B; do echo $name >$pkg_prefix/bin/$name; done\n"
             "  mkdir -m 0700 $pkg_prefix/private; ln -s a $pkg_prefix/bin/link\n"
             "  printf '%s\\n' $pkg_prefix/bin/* >$pkg_prefix/sorted; date >/dev/null\n}\n");
        file(dir + "/config/x.conf", "x");
        file(dir + "/config/y/z.conf", "z", 0600);
        file(dir + "/hooks/run", "#!/bin/sh\n");
        file(dir + "/default.toml", "one = 1\ntwo = 2\n");
    }
    /// The artifact's bytes.
    std::string build_in(const std::string& dir, const std::string& locale, mode_t mask,
                         const std::string& compression) {
        make_plan(dir);
        const mode_t before = ::umask(mask);
        const auto built = build(dir, {{"SOURCE_DATE_EPOCH", "1700000000"},
                                       {"LC_ALL", locale},
                                       {"LANG", locale},
                                       {"TZ", dir == "one" ? "UTC" : "Asia/Tokyo"},
                                       {"HAB_HART_COMPRESSION", compression}});
        ::umask(before);
        EXPECT_EQ(built.exit_code, 0) << built.out << built.err;
        return built.exit_code == 0 ? read_file(results(last("pkg_artifact"))) : "";
    }
};

TEST_F(ReproducibleBuild, InOtherDirectoriesUnderOtherMasksAndLocales) {
    for (const char* compression : {"xz", "zstd"}) {
        const std::string first = build_in("one", "C", 0077, compression);
        const std::string second = build_in("quite/another/place", "C.UTF-8", 0, compression);
        ASSERT_FALSE(first.empty());
        EXPECT_TRUE(first == second) << compression;
    }
}

}  // namespace
}  // namespace hab::test
