// SPDX-License-Identifier: Apache-2.0
// Many processes on one store at once.
#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "fault_sweep.hpp"
#include "package_maker.hpp"

namespace hab::test {
namespace {

using ::testing::IsEmpty;

class Crowd : public FaultTest {
protected:
    static std::string release(const std::string& name) {
        return "acme/" + name + "/1.0/20260101000000";
    }
    /// Ten applications over ten libraries; neighbours share most of theirs.
    std::vector<std::string> make_applications() const {
        const PackageMaker maker;
        std::vector<std::string> harts;
        for (int i = 0; i < 10; ++i)
            maker.make({.ident = release(fmt::format("lib{}", i))}, "/hab/work");
        for (int i = 0; i < 10; ++i) {
            PackageSpec app{.ident = release(fmt::format("app{}", i))};
            for (int k = 0; k < 4; ++k)
                app.tdeps.push_back(release(fmt::format("lib{}", (i + k) % 10)));
            harts.push_back(maker.make(app, "/hab/work").string());
        }
        return harts;
    }
    /// Nothing torn, nothing without what it needs, nothing hidden left.
    static void judge(const TreeImage& whole) {
        const TreeImage now = TreeImage::take("/hab");
        const auto is_free = [](const std::string& path) { return path.starts_with("cache/"); };
        // From nothing to everything: any set of whole packages is a state in between.
        EXPECT_THAT(wrong_between(TreeImage(), without_times(whole), without_times(now), is_free),
                    IsEmpty());
        for (const auto& [path, entry] : now.entries)
            EXPECT_FALSE(is_hidden(path) && !path.ends_with("/.lock")) << path;
    }
    void run_all(const std::vector<std::vector<std::string>>& commands) const {
        std::deque<Background> running;
        for (std::vector<std::string> words : commands) {
            words.insert(words.begin(), hab_);
            running.emplace_back(words);
        }
        for (std::size_t i = 0; i < running.size(); ++i) {
            const auto code = running[i].wait(std::chrono::seconds(240));
            ASSERT_TRUE(code.has_value()) << "still running: " << commands[i].back();
            EXPECT_EQ(*code, 0) << commands[i][1] << " " << commands[i].back() << "\n"
                                << running[i].output();
        }
    }
    const std::string hab_ = program("bin/hab").string();
};

TEST_F(Crowd, TenInstallsOfOverlappingClosures) {
    const auto harts = make_applications();
    std::vector<std::vector<std::string>> installs;
    for (const std::string& hart : harts)
        installs.push_back({"pkg", "install", hart});
    run_all(installs);
    const TreeImage whole = TreeImage::take("/hab");
    EXPECT_EQ(packages_in(whole).size(), 20u);
    judge(whole);
}

TEST_F(Crowd, InstallsWhileOthersUninstallAndCollect) {
    const auto harts = make_applications();
    for (const std::string& hart : harts)
        hab({"pkg", "install", hart});
    const TreeImage whole = TreeImage::take("/hab");
    for (int round = 0; round < 3; ++round) {
        std::vector<std::vector<std::string>> commands;
        for (std::size_t i = 0; i < harts.size(); i += 2) {
            commands.push_back({"pkg", "install", harts[i]});
            commands.push_back({"pkg", "uninstall", release(fmt::format("app{}", i + 1))});
        }
        commands.push_back({"pkg", "gc", "--keep-latest", "1"});
        run_all(commands);
        judge(whole);
        for (const std::string& hart : harts)
            hab({"pkg", "install", hart});
    }
    EXPECT_EQ(packages_in(TreeImage::take("/hab")), packages_in(whole));
}

/// A whole group killed in the middle of it, at moments that differ from round to round.
TEST_F(Crowd, KilledInTheMiddleLeavesWholePackages) {
    const auto harts = make_applications();
    const TreeImage empty = TreeImage::take("/hab");
    for (const std::string& hart : harts)
        hab({"pkg", "install", hart});
    const TreeImage whole = TreeImage::take("/hab");
    for (std::ptrdiff_t wanted = 2; wanted <= 14; wanted += 6) {
        empty.restore("/hab");
        {
            std::deque<Background> running;
            for (const std::string& hart : harts)
                running.emplace_back(std::vector<std::string>{hab_, "pkg", "install", hart});
            EXPECT_TRUE(eventually([&] {
                const std::string listed = run({hab_, "pkg", "list", "--all"}).out;
                return std::count(listed.begin(), listed.end(), '\n') >= wanted;
            }));
        }  // killed here
        const TreeImage cut = TreeImage::take("/hab");
        EXPECT_THAT(
            wrong_between(without_times(empty), without_times(whole), without_times(cut),
                          [](const std::string& path) { return path.starts_with("cache/"); }),
            IsEmpty());
        for (const std::string& hart : harts)
            hab({"pkg", "install", hart});
        judge(whole);
    }
}

}  // namespace
}  // namespace hab::test
