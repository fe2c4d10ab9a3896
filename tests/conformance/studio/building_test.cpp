// SPDX-License-Identifier: Apache-2.0
// `hab pkg build` in each studio.
#include <sys/stat.h>

#include <csignal>

#include "fixture.hpp"
#include "support/mount.hpp"

namespace hab::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class StudioBuilds : public StudioConformance {
protected:
    [[nodiscard]] std::size_t artifacts() const {
        std::size_t count = 0;
        std::error_code none;
        for (const auto& entry : fs::directory_iterator(source() / "results", none))
            count += entry.path().extension() == ".hart" ? 1 : 0;
        return count;
    }
};

TEST_P(StudioBuilds, ArtifactsAndNothingElse) {
    const auto mounts = mounts_below("/");
    plan(R"sh(
do_prepare() {
  [[ $STUDIO_TYPE == default && $PLAN_CONTEXT == /src/app && $SECRET == "two words" ]]
  for path in /hab/cache/keys /usr/bin/gcc /work; do
    if [[ -e $path ]]; then exit_with "$path is visible" 90; fi
  done
  if touch /hab/pkgs/core/bash/1/20260101000000/evil 2>/dev/null; then exit_with "packages are writable" 91; fi
}
)sh");
    const RunResult built = build({{"HAB_STUDIO_SECRET_SECRET", "two words"}});
    ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
    EXPECT_EQ(artifacts(), 1U);
    EXPECT_FALSE(fs::exists("/hab/pkgs/acme"));
    struct stat info{};
    ASSERT_EQ(::stat((source() / "results/last_build.env").c_str(), &info), 0);
    EXPECT_EQ(info.st_uid, as_user() ? 4242U : 0U);
    EXPECT_TRUE(eventually([&] { return is_directory() ? mounts_below("/") == mounts : true; }));
    plan("do_build() { exit_with 'not today' 44; }\n");
    const RunResult failed = build();
    EXPECT_EQ(failed.exit_code, 44);
    EXPECT_THAT(failed.err, HasSubstr("failed in do_build with status 44: not today"));
}

TEST_P(StudioBuilds, KilledAtAnyPhaseTheyLeaveNothing) {
    ASSERT_EQ(hab({"studio", "new"}).exit_code, 0);
    const auto mounts = mounts_below("/");
    for (const char* phase : {"before", "build", "install", "after"}) {
        const std::string nap = std::string("sleep 5") + std::to_string(phase[0]);
        plan(std::string("do_") + phase + "() { touch /src/" + phase + "; " + nap + "; }\n");
        Background running(words({"pkg", "build", "app"}), options());
        ASSERT_TRUE(eventually([&] { return fs::exists(source() / phase); })) << running.output();
        if (std::string_view(phase) == "build") {
            const RunResult second = build();
            EXPECT_EQ(second.exit_code, 1);
            EXPECT_THAT(second.err, HasSubstr("another build uses the studio"));
        }
        running.signal(SIGKILL);
        ASSERT_TRUE(running.wait().has_value());
        EXPECT_TRUE(ends(nap)) << "killed in do_" << phase;
        EXPECT_EQ(artifacts(), 0U);
        EXPECT_FALSE(fs::exists("/hab/pkgs/acme"));
        if (is_directory()) {
            EXPECT_EQ(mounts_below("/"), mounts);
        }
    }
    plan("");
    const RunResult again = build();
    EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
    EXPECT_EQ(artifacts(), 1U);
}

TEST_P(StudioBuilds, OwnersAreWhatTheStudioCanGive) {
    plan("do_install() { touch $pkg_prefix/a; chown 42:42 $pkg_prefix/a; }\n");
    const RunResult built = build();
    if (!as_user()) {
        EXPECT_EQ(built.exit_code, 0) << built.out << built.err;
        return;
    }
    EXPECT_NE(built.exit_code, 0);
    EXPECT_THAT(built.err, AllOf(HasSubstr("failed in do_install"),
                                 HasSubstr("only one id exists in the userns studio")));
}

INSTANTIATE_TEST_SUITE_P(Backend, StudioBuilds, ::testing::ValuesIn(backends_under_test()),
                         [](const auto& backend) { return backend.param; });

}  // namespace
}  // namespace hab::test
