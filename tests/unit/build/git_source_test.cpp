// SPDX-License-Identifier: Apache-2.0
// The git+ source against real repositories on this machine.
#include "build/git_source.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "base/temp_dir.hpp"
#include "sandbox/run.hpp"

namespace hab::build {
namespace {

using ::testing::HasSubstr;

TEST(GitSpec, IsParsed) {
    const GitSpec spec = parse_git_source("git+https://host/repo.git#v1.0/x-y");
    EXPECT_EQ(spec.url, "https://host/repo.git");
    EXPECT_EQ(spec.revision, "v1.0/x-y");
    EXPECT_FALSE(spec.is_pinned());
    EXPECT_TRUE(parse_git_source("git+ssh://h/r#" + std::string(40, 'a')).is_pinned());
    EXPECT_FALSE(parse_git_source("git+ssh://h/r#" + std::string(39, 'a')).is_pinned());
}

TEST(GitSpec, BadOnesAreRefusedBeforeGitSeesThem) {
    for (const char* bad :
         {"git+https://h/r", "git+https://h/r#", "git+https://h/r#--upload-pack=x", "git+ext::sh#a",
          "git+-x#a", "git+https://h/r#a b", "git+file://relative#a", "git+https://h/r#a..b"}) {
        try {
            static_cast<void>(parse_git_source(bad));
            ADD_FAILURE() << bad;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::invalid_input) << bad;
            EXPECT_THAT(error.hint(), HasSubstr("git+URL#COMMIT"));
        }
    }
}

class GitSourceTest : public ::testing::Test {
protected:
    void SetUp() override {
        shell(
            "git init -q -b main up && cd up && echo one >file && mkdir d && echo x >d/run && "
            "chmod 755 d/run && git add . && git commit -qm one && git tag v1");
        first_ = shell("git -C up rev-parse HEAD");
        shell("cd up && echo two >file && git commit -qam two");
    }
    std::string shell(const std::string& text) {
        sandbox::Spec spec;
        spec.argv = {"sh", "-ec", text};
        spec.env = env_;
        spec.cwd = dir_.path();
        const auto done = sandbox::run_captured(spec);
        EXPECT_EQ(done.result.status.exit_code, 0) << text << done.err;
        return std::string(trim(done.out));
    }
    void fetch(const std::string& revision, const std::string& name = "out.tar") {
        GitSource(dir_.path() / "repositories", env_)
            .fetch({"file://" + (dir_.path() / "up").string(), revision}, "app-1",
                   dir_.path() / name);
    }
    static sandbox::Environment environment() {
        sandbox::Environment env = sandbox::current_environment();
        for (const char* name :
             {"GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"})
            env[name] = "test";
        env["GIT_CONFIG_GLOBAL"] = "/dev/null";
        env["GIT_CONFIG_SYSTEM"] = "/dev/null";
        return env;
    }
    TempDir dir_;
    sandbox::Environment env_ = environment();
    std::string first_;
};

TEST_F(GitSourceTest, ACommitGivesTheSameBytesEachTimeAndNeedsNoNetworkTwice) {
    fetch(first_);
    EXPECT_EQ(shell("tar -xOf out.tar app-1/file"), "one");
    EXPECT_THAT(shell("tar -tvf out.tar app-1/d/run"), HasSubstr("-rwxr-xr-x"));
    fs::remove_all(dir_.path() / "up");
    fetch(first_, "again.tar");
    EXPECT_EQ(read_file(dir_.path() / "out.tar"), read_file(dir_.path() / "again.tar"));
}

TEST_F(GitSourceTest, TagsAndBranchesAreAskedForEachTime) {
    fetch("v1");
    EXPECT_EQ(shell("tar -xOf out.tar app-1/file"), "one");
    fetch("main");
    EXPECT_EQ(shell("tar -xOf out.tar app-1/file"), "two");
    shell("cd up && echo three >file && git commit -qam three");
    fetch("main");
    EXPECT_EQ(shell("tar -xOf out.tar app-1/file"), "three");
}

TEST_F(GitSourceTest, WhatIsNotThereIsNamed) {
    try {
        fetch(std::string(40, '0'));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::not_found);
        EXPECT_THAT(error.message(), HasSubstr("has no revision '0000"));
    }
    fs::remove_all(dir_.path() / "up");
    try {
        fetch("v1");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::io);
        EXPECT_THAT(error.message(), HasSubstr("cannot fetch 'file://"));
    }
    EXPECT_FALSE(fs::exists(dir_.path() / "out.tar"));
}

TEST_F(GitSourceTest, ABranchNamedLikeACommitIsNone) {
    const std::string name(64, 'a');  // a commit id only where commits have SHA-256
    shell("git -C up branch " + name);
    try {
        fetch(name);
        FAIL() << "what this names can change";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::not_found);
        EXPECT_THAT(error.message(), HasSubstr("has no revision 'aaaa"));
    }
    EXPECT_FALSE(fs::exists(dir_.path() / "out.tar"));
}

TEST_F(GitSourceTest, TheVariablesOfAnotherRepositoryMeanNothing) {
    env_["GIT_OBJECT_DIRECTORY"] = "/nonexistent";
    env_["GIT_COMMON_DIR"] = "/nonexistent";
    env_["GIT_DIR"] = "/nonexistent";
    fetch("v1");
    env_ = environment();
    EXPECT_EQ(shell("tar -xOf out.tar app-1/file"), "one");
}

TEST_F(GitSourceTest, WhoWaitsForARepositoryCanBeInterrupted) {
    fetch("v1");
    const fs::path repository = fs::directory_iterator(dir_.path() / "repositories")->path();
    const UniqueFd held = open_file(repository, O_RDONLY | O_DIRECTORY);
    ASSERT_EQ(::flock(held.get(), LOCK_EX), 0);
    int asked = 0;
    try {
        GitSource(dir_.path() / "repositories", env_, [&] { return ++asked > 1; })
            .fetch({"file://" + (dir_.path() / "up").string(), "v1"}, "app-1",
                   dir_.path() / "other.tar");
        FAIL() << "somebody else uses the repository";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::cancelled);
    }
    EXPECT_EQ(asked, 2);
}

TEST_F(GitSourceTest, WithoutGitTheSentenceSaysSo) {
    env_["PATH"] = "/nonexistent";
    try {
        fetch("v1");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::unsupported);
        EXPECT_THAT(error.message(), HasSubstr("there is no git here"));
    }
}

}  // namespace
}  // namespace hab::build
