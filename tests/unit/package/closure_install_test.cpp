// SPDX-License-Identifier: Apache-2.0
// Installing packages together with what they need: order, sharing, interference.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "package/archive_module.hpp"
#include "package/artifact_directory.hpp"
#include "package/install.hpp"
#include "package/install_status.hpp"
#include "unit/package/fixture.hpp"

namespace hab::package {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Ident lib = ident("acme/lib/1/20260101000000");
const Ident mid = ident("acme/mid/1/20260101000000");
const Ident app = ident("acme/app/1/20260101000000");

Ident nth(int i) {
    return ident(fmt::format("acme/p{}/1/20260101000000", i));
}

class ClosureTest : public PackageTest {
protected:
    InstallOptions options() {
        InstallOptions options;
        options.cache_artifact = false;
        options.progress = [this](InstallStep step, const Ident& i) {
            steps_.emplace_back(step, i);
        };
        return options;
    }
    Installer installer(std::vector<PackageSource*> sources = {}) {
        return Installer(store_, keys_, std::move(sources), options());
    }
    /// Installed packages in the order in which they got their names.
    [[nodiscard]] std::vector<Ident> order() const {
        std::vector<Ident> idents;
        for (const auto& [step, ident] : steps_) {
            if (step == InstallStep::installed) idents.push_back(ident);
        }
        return idents;
    }
    [[nodiscard]] bool saw(InstallStep wanted) const {
        return std::any_of(steps_.begin(), steps_.end(),
                           [&](const auto& step) { return step.first == wanted; });
    }
    /// A chain of packages: each needs all after it. The artifact of the first.
    fs::path make_chain(int count) {
        std::vector<Ident> tdeps;
        fs::path hart;
        for (int i = count - 1; i >= 0; --i) {
            hart = make_hart(nth(i), tdeps);
            tdeps.insert(tdeps.begin(), nth(i));
        }
        return hart;
    }
    std::vector<std::pair<InstallStep, Ident>> steps_;
};

TEST_F(ClosureTest, ManyInParallelGetTheirNamesInOrder) {
    constexpr int count = 30;
    const auto done = installer().install_file(make_chain(count));
    EXPECT_EQ(done.new_packages, static_cast<unsigned>(count));
    std::vector<Ident> expected;
    for (int i = count - 1; i >= 0; --i)
        expected.push_back(nth(i));
    EXPECT_EQ(order(), expected);
}

TEST_F(ClosureTest, FailureOfOneNamesItAndLeavesNothing) {
    const fs::path hart = make_chain(12);
    const fs::path bad = hart.parent_path() / nth(7).archive_name(Target::active());
    std::string bytes = read_file(bad);
    bytes[bytes.size() - 40] ^= 1;
    write_file_atomic(bad, bytes);
    const Error error = error_of([&] { installer().install_file(hart); });
    EXPECT_EQ(error.code(), ErrorCode::crypto);
    EXPECT_THAT(error.message(), HasSubstr("cannot install 'acme/p7/1/20260101000000': "));
    EXPECT_TRUE(store_is_empty());
}

TEST_F(ClosureTest, InstalledPackageIsCompletedWithWhatItNeeds) {
    make_hart(lib);
    const fs::path hart = make_hart(app, {lib});
    install_tree(app, {lib});
    ArtifactDirectory source(hart.parent_path());
    const auto done = installer({&source}).install_ident(ident("acme/app"));
    EXPECT_TRUE(done.was_there);
    EXPECT_EQ(done.new_packages, 1u);
    EXPECT_TRUE(store_.has(lib));
}

TEST_F(ClosureTest, InstalledPackageThatCannotBeCompletedIsAnError) {
    install_tree(app, {lib});
    const Error error = error_of([&] { installer().install_ident(app); });
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_THAT(error.message(), HasSubstr("it needs acme/lib/1/20260101000000"));
}

TEST_F(ClosureTest, WhatTdepsLeaveOutIsInstalledToo) {
    make_hart(lib);
    make_hart(mid, {lib});
    const auto done = installer().install_file(make_hart(app, {mid}));
    EXPECT_EQ(done.new_packages, 3u);
    EXPECT_THAT(order(), ElementsAre(lib, mid, app));
}

TEST_F(ClosureTest, PackagesThatNeedEachOtherAreInstalled) {
    make_hart(mid, {app});
    EXPECT_EQ(installer().install_file(make_hart(app, {mid})).new_packages, 2u);
}

TEST_F(ClosureTest, PackageThatNeedsItselfIsInstalledOnce) {
    make_hart(lib, {lib});
    const fs::path hart = make_hart(app, {app, lib});
    const auto done = installer().install_file(hart);
    EXPECT_EQ(done.new_packages, 2u);
    EXPECT_FALSE(done.was_there);
    EXPECT_THAT(order(), ElementsAre(lib, app));
    EXPECT_FALSE(saw(InstallStep::waiting));  // for itself: that would never end
    EXPECT_TRUE(installer().install_file(hart).was_there);
}

TEST_F(ClosureTest, PackageThatNeedsItselfIsInstalledFromAnyFileName) {
    const fs::path elsewhere = dir_.path() / "elsewhere.hart";
    fs::rename(make_hart(app, {app}), elsewhere);
    EXPECT_EQ(installer().install_file(elsewhere).new_packages, 1u);
}

TEST_F(ClosureTest, ArtifactUnderAWrongName) {
    make_hart(mid);
    const fs::path hart = make_hart(app, {lib});
    fs::rename(hart.parent_path() / mid.archive_name(Target::active()),
               hart.parent_path() / lib.archive_name(Target::active()));
    const Error error = error_of([&] { installer().install_file(hart); });
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    EXPECT_THAT(error.message(),
                HasSubstr("holds the package 'acme/mid/1/20260101000000', not 'acme/lib/1/"));
    EXPECT_TRUE(store_is_empty());
}

TEST_F(ClosureTest, WaitsForAnotherProcessAndTakesItsPackage) {
    make_hart(lib);
    const fs::path hart = make_hart(app, {lib});
    // What another process that is unpacking acme/lib holds.
    const fs::path version_dir = store_.dir_of(lib).parent_path();
    const fs::path busy = version_dir / ".hab-pkg-install-20260101000000-0123456789ab";
    fs::create_directories(busy);
    UniqueFd fd = open_file(busy, O_RDONLY | O_DIRECTORY);
    ASSERT_EQ(::flock(fd.get(), LOCK_EX), 0);
    auto with_other = options();
    std::atomic<bool> waiting{false};
    with_other.progress = [&](InstallStep step, const Ident& i) {
        if (step == InstallStep::waiting) {
            EXPECT_EQ(i, lib);
            waiting = true;
        }
    };
    std::thread other([&] {
        EXPECT_TRUE(becomes_true(waiting));
        EXPECT_FALSE(store_.has(app));
        fs::remove(busy);
        install_tree(lib);
        fd.reset();
    });
    const auto done = Installer(store_, keys_, {}, with_other).install_file(hart);
    other.join();
    EXPECT_EQ(done.new_packages, 1u);
    EXPECT_TRUE(store_.has(lib));
}

TEST_F(ClosureTest, TakesOverWhenTheOtherProcessGivesUp) {
    make_hart(lib);
    const fs::path hart = make_hart(app, {lib});
    const fs::path busy =
        store_.dir_of(lib).parent_path() / ".hab-pkg-install-20260101000000-0123456789ab";
    fs::create_directories(busy);
    UniqueFd fd = open_file(busy, O_RDONLY | O_DIRECTORY);
    ASSERT_EQ(::flock(fd.get(), LOCK_EX), 0);
    auto with_other = options();
    std::atomic<bool> waiting{false};
    with_other.progress = [&](InstallStep step, const Ident&) {
        waiting = waiting || step == InstallStep::waiting;
    };
    std::thread other([&] {
        EXPECT_TRUE(becomes_true(waiting));
        fd.reset();
    });
    const auto done = Installer(store_, keys_, {}, with_other).install_file(hart);
    other.join();
    EXPECT_EQ(done.new_packages, 2u);
    EXPECT_FALSE(fs::exists(busy));
}

TEST_F(ClosureTest, InstallersOfOverlappingClosuresShareTheWork) {
    constexpr int count = 8;
    std::vector<fs::path> harts;
    for (int i = 0; i < count; ++i)
        make_hart(nth(i));
    for (int i = 0; i < count; ++i) {
        harts.push_back(make_hart(ident(fmt::format("acme/app{}/1/20260101000000", i)),
                                  {nth(i), nth((i + 1) % count), nth((i + 2) % count)}));
    }
    std::atomic<unsigned> installed{0};
    std::vector<std::thread> threads;
    for (const fs::path& hart : harts) {
        threads.emplace_back([&, hart] {
            InstallOptions quiet;
            quiet.cache_artifact = false;
            quiet.workers = 2;
            installed += Installer(store_, keys_, {}, quiet).install_file(hart).new_packages;
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(installed, 2u * count);  // each by one of them only
    EXPECT_EQ(store_.list().size(), 2u * count);
}

TEST_F(ClosureTest, FileReplacedDuringTheInstallChangesNothing) {
    const fs::path hart = make_hart(lib);
    const fs::path evil = dir_.path() / "evil";
    write_file_atomic(evil, "not what was signed");
    auto swapping = options();
    swapping.cache_artifact = true;
    swapping.progress = [&](InstallStep step, const Ident&) {
        if (step == InstallStep::verifying) fs::rename(evil, hart);
    };
    EXPECT_EQ(Installer(store_, keys_, {}, swapping).install_file(hart).new_packages, 1u);
    EXPECT_EQ(read_file(store_.dir_of(lib) / "bin" / "hello"), "#!/bin/sh\necho hello\n");
    // What lies there now is not kept under the package's name.
    EXPECT_FALSE(fs::exists(store_.paths().artifact_cache() / lib.archive_name(Target::active())));
}

TEST_F(ClosureTest, FileRewrittenInPlaceDuringTheInstallIsRefused) {
    // Large enough that not all of it has been read when its directory is made.
    const fs::path tree = make_tree(lib);
    std::string noise(8u << 20, '\0');
    std::uint32_t state = 1;
    for (char& c : noise)
        c = static_cast<char>((state = state * 1664525u + 1013904223u) >> 24);
    write_file_atomic(tree / "noise", noise);
    const fs::path hart =
        write_hart(tree, lib, pair_.secret_key, dir_.path() / "big.hart", fast_).path;
    auto rewriting = options();
    rewriting.progress = [&](InstallStep step, const Ident&) {
        if (step != InstallStep::verifying) return;
        const UniqueFd fd = open_file(hart, O_WRONLY);
        const off_t near_end = static_cast<off_t>(fs::file_size(hart)) - 4096;
        ASSERT_EQ(::pwrite(fd.get(), "evil", 4, near_end), 4);
    };
    const Error error =
        error_of([&] { Installer(store_, keys_, {}, rewriting).install_file(hart); });
    EXPECT_EQ(error.code(), ErrorCode::crypto) << error.message();
    EXPECT_TRUE(store_is_empty());
}

TEST_F(ClosureTest, IgnoringWhatIsInstalled) {
    const fs::path hart = make_hart(ident("acme/lib/1/20260101000000"));
    install_tree(ident("acme/lib/2/20260101000000"));
    ArtifactDirectory source(hart.parent_path());
    auto ignoring = options();
    ignoring.ignore_local = true;
    Installer with(store_, keys_, {&source}, ignoring);
    EXPECT_EQ(with.install_ident(ident("acme/lib")).package.ident().version, "1");
    EXPECT_EQ(installer({&source}).install_ident(ident("acme/lib")).package.ident().version, "2");
    const Error error = error_of([&] { with.install_ident(ident("acme/lib/2")); });
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_THAT(error.message(), HasSubstr("what is installed was not to be looked at"));
}

TEST_F(ClosureTest, OfflineWithoutArtifactOrKey) {
    auto offline = options();
    offline.offline = true;
    Installer with(store_, keys_, {}, offline);
    const Error missing = error_of([&] { with.install_ident(ident("acme/none")); });
    EXPECT_EQ(missing.code(), ErrorCode::not_found);
    EXPECT_THAT(missing.hint(), HasSubstr("without --offline"));
    const fs::path hart = make_hart(lib);
    fs::remove_all(keys_.dir());
    const Error no_key = error_of([&] { with.install_file(hart); });
    EXPECT_EQ(no_key.code(), ErrorCode::not_found);
    EXPECT_THAT(no_key.message(), HasSubstr("offline: the public key 'acme-20260101000000' is"));
}

TEST_F(ClosureTest, HookStatusIsReadAndWritten) {
    const fs::path dir = install_tree(lib);
    const InstalledPackage package(lib, dir);
    EXPECT_THAT(pending_install_hooks(package, store_), IsEmpty());
    fs::create_directories(dir / "hooks");
    write_file_atomic(dir / "hooks" / "install", "#!/bin/sh\n");
    EXPECT_EQ(install_hook_status(package), std::nullopt);
    EXPECT_EQ(pending_install_hooks(package, store_).size(), 1u);
    write_install_hook_status(package, 3);
    EXPECT_EQ(install_hook_status(package), 3);
    EXPECT_EQ(read_file(dir / "INSTALL_HOOK_STATUS"), "3");
    EXPECT_EQ(pending_install_hooks(package, store_).size(), 1u);
    write_install_hook_status(package, 0);
    EXPECT_THAT(pending_install_hooks(package, store_), IsEmpty());
    write_file_atomic(dir / "INSTALL_HOOK_STATUS", "yes");
    const Error error = error_of([&] { (void)install_hook_status(package); });
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    EXPECT_THAT(error.message(), HasSubstr("holds no exit code"));
}

}  // namespace
}  // namespace hab::package
