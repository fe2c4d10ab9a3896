// SPDX-License-Identifier: Apache-2.0
#include "host/image.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/tree.hpp"
#include "host/closure.hpp"
#include "host/stage.hpp"
#include "store.hpp"

namespace hab::host {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const package::Ident app{"core", "app", {}, {}};
constexpr const char* app_dir = "hab/pkgs/core/app/1.0/20260101000000";

class ImageTest : public ::testing::Test {
protected:
    ImageTest() {
        store_.add("libc");
        store_.add("ssl", {"libc"});
        store_.add("app", {"ssl", "libc"});
    }
    static std::vector<std::string> paths(const Image& image) {
        std::vector<std::string> list;
        for (const ImageEntry& entry : image.entries())
            list.push_back(entry.path);
        return list;
    }
    static const ImageEntry* find(const Image& image, const std::string& path) {
        for (const ImageEntry& entry : image.entries()) {
            if (entry.path == path) return &entry;
        }
        return nullptr;
    }
    test::Store store_;
};

TEST_F(ImageTest, ClosureIsMostBasicFirst) {
    std::vector<std::string> names;
    for (const auto& package : closure(store_.packages(), {app}))
        names.push_back(package.ident().name);
    EXPECT_THAT(names, ElementsAre("libc", "ssl", "app"));
}

TEST_F(ImageTest, MissingDependencyNamesBoth) {
    store_.add("broken", {"nowhere"});
    try {
        static_cast<void>(closure(store_.packages(), {{"core", "broken", {}, {}}}));
        FAIL() << "expected an error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::not_found);
        EXPECT_THAT(error.what(), HasSubstr("core/broken"));
        EXPECT_THAT(error.what(), HasSubstr("core/nowhere"));
        EXPECT_THAT(error.hint(), HasSubstr("hab pkg install"));
    }
}

TEST_F(ImageTest, ParentsComeFirstAndNothingTwice) {
    const Image image(store_.packages(), {app}, {});
    std::vector<std::string> seen;
    for (const ImageEntry& entry : image.entries()) {
        EXPECT_THAT(seen, Not(Contains(entry.path)));
        const auto slash = entry.path.rfind('/');
        if (slash != std::string::npos) {
            EXPECT_THAT(seen, Contains(entry.path.substr(0, slash)));
        }
        seen.push_back(entry.path);
    }
    EXPECT_EQ(seen.front(), "hab");
}

TEST_F(ImageTest, LayersFollowTheClosureAndAreSortedInside) {
    const Image image(store_.packages(), {app}, {});
    const auto in_order = [](const ImageEntry& a, const ImageEntry& b) {
        return std::pair(a.layer, std::string_view(a.path)) <
               std::pair(b.layer, std::string_view(b.path));
    };
    EXPECT_TRUE(std::is_sorted(image.entries().begin(), image.entries().end(), in_order));
    EXPECT_EQ(find(image, "hab/pkgs/core/libc/1.0/20260101000000/bin/libc")->layer, 0U);
    EXPECT_EQ(find(image, std::string(app_dir) + "/bin/app")->layer, 2U);
}

TEST_F(ImageTest, KeepsLinksModesAndSecondNames) {
    const fs::path dir = store_.root() / app_dir;
    fs::create_symlink("app", dir / "bin/alias");
    fs::create_hard_link(dir / "bin/app", dir / "bin/second");
    const Image image(store_.packages(), {app}, {});
    const std::string bin = std::string(app_dir) + "/bin/";
    EXPECT_EQ(find(image, bin + "alias")->type, EntryType::symlink);
    EXPECT_EQ(find(image, bin + "alias")->link, "app");
    EXPECT_EQ(find(image, bin + "app")->mode, 0755U);
    EXPECT_EQ(find(image, bin + "second")->type, EntryType::hardlink);
    EXPECT_EQ(find(image, bin + "second")->link, bin + "app");
}

TEST_F(ImageTest, RefusesPipes) {
    ASSERT_EQ(::mkfifo((store_.root() / app_dir / "pipe").c_str(), 0600), 0);
    EXPECT_THROW(Image(store_.packages(), {app}, {}), Error);
}

TEST_F(ImageTest, AddsWhatIsAskedFor) {
    ImageOptions options;
    options.accounts = options.init = options.binlinks = options.dirs = true;
    const Image image(store_.packages(), {app}, options);
    EXPECT_THAT(paths(image),
                ::testing::IsSupersetOf({"etc/passwd", "init.sh", "tmp", "var/tmp", "bin/app"}));
    EXPECT_EQ(find(image, "tmp")->mode, 01777U);
    EXPECT_EQ(find(image, "bin/app")->link, "/" + std::string(app_dir) + "/bin/app");
    EXPECT_THAT(find(image, "init.sh")->content,
                HasSubstr("exec /hab/bin/hab sup run core/app \"$@\""));
    EXPECT_THAT(paths(Image(store_.packages(), {app}, {})), Not(Contains("etc/passwd")));
}

TEST_F(ImageTest, HabItselfMustBeInstalled) {
    ImageOptions options;
    options.hab = true;
    EXPECT_THROW(Image(store_.packages(), {app}, options), Error);
    store_.add("hab");
    EXPECT_EQ(find(Image(store_.packages(), {app}, options), "hab/bin/hab")->type,
              EntryType::symlink);
}

TEST_F(ImageTest, DescribesItself) {
    package::write_metafile(store_.root() / app_dir, "EXPOSES", "8080 8443");
    package::write_metafile(store_.root() / app_dir, "SVC_USER", "www");
    const Value facts = Image(store_.packages(), {app}, {}).describe();
    EXPECT_EQ(*facts.at_path("primary")->as_string(), "core/app/1.0/20260101000000");
    EXPECT_EQ(*facts.at_path("user")->as_string(), "www");
    EXPECT_EQ(facts.at_path("exposes")->as_array()->size(), 2U);
    EXPECT_GT(*facts.at_path("bytes")->as_int(), 0);
}

TEST_F(ImageTest, FileThatChangesWhileItIsReadIsAConflict) {
    const Image image(store_.packages(), {app}, {});
    const ImageEntry& entry = *find(image, std::string(app_dir) + "/bin/app");
    write_file_atomic(entry.source, "longer than it was before\n");
    EXPECT_THROW(read_entry(entry, [](std::string_view) {}), Error);
    write_file_atomic(entry.source, "");
    EXPECT_THROW(read_entry(entry, [](std::string_view) {}), Error);
}

TEST_F(ImageTest, StagesTheSameContent) {
    const TempDir dir;
    const Image image(store_.packages(), {app}, {});
    stage_image(image, dir.path(), 1'000'000'000, [] {});
    std::vector<std::string> found;
    walk_tree(dir.path(), [&](const TreeEntry& entry) {
        found.push_back(entry.relative);
        EXPECT_EQ(entry.info.st_mtime, 1'000'000'000) << entry.relative;
    });
    std::vector<std::string> wanted = paths(image);
    EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(wanted));
    EXPECT_EQ(read_file(dir.path() / app_dir / "bin/app"), "program app\n");
    EXPECT_THROW(stage_image(image, dir.path(), 0, [] {}), Error) << "not empty any more";
}

}  // namespace
}  // namespace hab::host
