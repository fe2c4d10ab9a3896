// SPDX-License-Identifier: Apache-2.0
#include "plugin/package_dirs.hpp"

#include <gmock/gmock.h>

#include "fixtures.hpp"
#include "plugin/catalogue.hpp"

namespace hab::plugin::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PackageDirsTest : public ::testing::Test {
protected:
    /// File systems stamp with a clock that ticks every few milliseconds: what is changed after
    /// this has a later stamp than what was changed before.
    void tick() const {
        const auto stamp = [this] {
            write_file_atomic(probe_.path() / "probe", "", {.durable = false});
            struct stat status{};
            EXPECT_EQ(::stat((probe_.path() / "probe").c_str(), &status), 0);
            return std::pair(status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
        };
        const auto before = stamp();
        while (stamp() == before) {
        }
    }
    void release(const std::string& ident, bool ships) {
        tick();
        fs::create_directories(pkgs_.path() / ident / "lib/hab/plugins/1");
        if (!ships) return;
        write_file_atomic(pkgs_.path() / ident / "PLUGINS", "exporter/x\n", {.durable = false});
    }
    [[nodiscard]] fs::path dir(const std::string& ident) const {
        return pkgs_.path() / ident / "lib/hab/plugins/1";
    }
    [[nodiscard]] PackageDirs find(std::string_view remembered) const {
        return find_package_dirs(pkgs_.path(), remembered, later_);
    }

    TempDir pkgs_;
    TempDir probe_;
    /// Everything in the store was there long before.
    WallTime later_ = SystemClock().wall() + std::chrono::hours(1);
};

TEST_F(PackageDirsTest, NewestReleaseThatShipsPlugins) {
    release("acme/x/1.9.0/20260101000000", true);
    release("acme/x/1.10.0/20260101000000", true);
    release("acme/x/1.10.0/20260201000000", true);
    release("acme/x/1.11.0/20260101000000", false);
    release("acme/plain/1.0/20260101000000", false);
    release("zoo/y/1/20260101000000", true);
    EXPECT_THAT(package_plugin_dirs(pkgs_.path()),
                ElementsAre(dir("acme/x/1.10.0/20260201000000"), dir("zoo/y/1/20260101000000")));
    EXPECT_THAT(package_plugin_dirs("/nonexistent"), IsEmpty());
    EXPECT_THAT(find_package_dirs("/nonexistent", "", later_).to_remember, IsEmpty());
}

TEST_F(PackageDirsTest, WhatHasNotChangedIsRemembered) {
    release("acme/x/1/1", true);
    release("acme/plain/1/1", false);
    const auto first = find("");
    EXPECT_THAT(first.plugin_dirs, ElementsAre(dir("acme/x/1/1")));
    ASSERT_THAT(first.to_remember, ::testing::Not(IsEmpty()));
    // Gone without a trace in the directories above: still the remembered answer.
    fs::remove(pkgs_.path() / "acme/x/1/1/PLUGINS");
    const auto again = find(first.to_remember);
    EXPECT_THAT(again.plugin_dirs, ElementsAre(dir("acme/x/1/1")));
    EXPECT_THAT(again.to_remember, IsEmpty());
}

TEST_F(PackageDirsTest, AChangeOnAnyLevelIsSeen) {
    release("acme/x/1/1", false);
    const std::pair<const char*, std::size_t> steps[] = {
        {"acme/x/1/2", 1}, {"acme/x/2/1", 1}, {"acme/y/1/1", 2}, {"zoo/z/1/1", 3}};
    auto known = find("");
    EXPECT_THAT(known.plugin_dirs, IsEmpty());
    for (const auto& [ident, count] : steps) {
        release(ident, true);
        known = find(known.to_remember);
        EXPECT_EQ(known.plugin_dirs.size(), count) << ident;
        EXPECT_THAT(known.plugin_dirs, ::testing::Contains(dir(ident)));
        ASSERT_THAT(known.to_remember, ::testing::Not(IsEmpty())) << ident;
    }
    tick();
    fs::remove_all(pkgs_.path() / "acme/x/2");
    known = find(known.to_remember);
    EXPECT_THAT(known.plugin_dirs,
                ElementsAre(dir("acme/x/1/2"), dir("acme/y/1/1"), dir("zoo/z/1/1")));
}

TEST_F(PackageDirsTest, AChangeOfThisMomentIsNotReliedUpon) {
    release("acme/x/1/1", true);
    const auto now = find_package_dirs(pkgs_.path(), "", SystemClock().wall());
    EXPECT_THAT(now.plugin_dirs, ElementsAre(dir("acme/x/1/1")));
    EXPECT_THAT(now.to_remember, IsEmpty());
}

TEST_F(PackageDirsTest, WhatIsNoMemoryIsIgnored) {
    release("acme/x/1/1", true);
    const auto known = find("").to_remember;
    for (const std::string& text :
         {std::string("plugin-dirs 2\n"), std::string("plugin-dirs 1\nnothing"),
          std::string("plugin-dirs 1\nten acme\n"), known + "7 acme/gone\n", "x" + known}) {
        EXPECT_EQ(find(text).to_remember, known) << text;
    }
}

}  // namespace
}  // namespace hab::plugin::test
