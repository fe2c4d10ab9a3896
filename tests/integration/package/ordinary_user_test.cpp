// SPDX-License-Identifier: Apache-2.0
// A user without privileges on root's store: reading works, changing is refused in one sentence.
#include <sys/stat.h>
#include <unistd.h>

#include "base/strings.hpp"
#include "base/temp_dir.hpp"
#include "integration/package/package_world.hpp"
#include "support/tree_image.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class OrdinaryUser : public PackageWorld {
protected:
    void SetUp() override {
        PackageWorld::SetUp();
        if (IsSkipped()) return;
        ASSERT_EQ(::chmod("/hab", 0755), 0);
        ASSERT_EQ(::chown(home_.path().c_str(), nobody, nobody), 0);
        make(lib_);
        const RunResult done = hab({"pkg", "install", make(app_, {lib_}).string()});
        ASSERT_EQ(done.exit_code, 0) << done.err;
        before_ = TreeImage::take("/hab");
    }
    RunResult as_nobody(std::vector<std::string> words) {
        const std::string id = std::to_string(nobody);
        std::vector<std::string> argv{
            "setpriv", "--reuid", id, "--regid", id, "--clear-groups", program("bin/hab").string()};
        argv.insert(argv.end(), words.begin(), words.end());
        return run(argv, {.env = {{"HOME", home_.path().string()}}, .cwd = home_.path().string()});
    }
    void expect_untouched(const std::string& what) {
        EXPECT_THAT(differences(before_, TreeImage::take("/hab")), IsEmpty()) << what;
    }

    static constexpr uid_t nobody = 65534;
    const TempDir home_;
    TreeImage before_;
};

TEST_F(OrdinaryUser, Reads) {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"pkg", "list", "--all"},
             {"pkg", "path", "acme/app"},
             {"pkg", "env", "acme/app"},
             {"pkg", "dependencies", "acme/app"},
             {"pkg", "provides", "app"},
             {"pkg", "graph", "acme/app"},
             {"pkg", "info",
              (work_ / package::Ident::parse(app_).archive_name(package::Target::active()))
                  .string()},
             {"pkg", "gc", "--dryrun"}}) {
        const RunResult result = as_nobody(words);
        EXPECT_EQ(result.exit_code, 0) << words[1] << "\n" << result.err;
        EXPECT_FALSE(result.out.empty()) << words[1];
        expect_untouched(words[1]);
    }
}

TEST_F(OrdinaryUser, ChangesNothing) {
    const std::string newer = "acme/app/2.0/20260202000000";
    const std::string hart = make(newer, {lib_}).string();
    ASSERT_EQ(hab({"pkg", "install", hart}).exit_code, 0);  // app_ is superseded by it
    ASSERT_EQ(hab({"pkg", "uninstall", newer}).exit_code, 0);
    // With the key, so that it is not its lack that stops the install.
    const fs::path keys = home_.path() / ".hab/cache/keys";
    fs::create_directories(keys);
    for (const auto& entry : fs::directory_iterator("/hab/cache/keys")) {
        if (entry.path().extension() == ".pub")
            fs::copy_file(entry.path(), keys / entry.path().filename());
    }
    before_ = TreeImage::take("/hab");
    using Words = std::vector<std::string>;
    for (const auto& [words, sentence] : std::vector<std::pair<Words, const char*>>{
             {{"pkg", "install", hart}, "Permission denied"},
             {{"pkg", "uninstall", "acme/app"}, "Permission denied"},
             {{"pkg", "gc", "--keep-latest", "0"}, "Permission denied"},
             {{"pkg", "binlink", "acme/app", "-d", "/hab/bin"}, "Permission denied"},
             {{"svc", "load", "acme/app"}, "cannot find the control secret"}}) {
        const RunResult result = as_nobody(words);
        EXPECT_EQ(result.exit_code, 1) << words[1] << "\n" << result.out << result.err;
        std::size_t sentences = 0;
        for (const std::string_view line : split(result.err, '\n'))
            sentences += line.starts_with("✗✗✗ ") && !line.starts_with("✗✗✗ hint: ") ? 1 : 0;
        EXPECT_EQ(sentences, 1u) << words[1] << "\n" << result.err;
        EXPECT_THAT(result.err, HasSubstr(sentence)) << words[1];
        expect_untouched(words[1]);
    }
}

}  // namespace
}  // namespace hab::test
