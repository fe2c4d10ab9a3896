// SPDX-License-Identifier: Apache-2.0
// Hostile names and links against the commands that read artifacts, in a world of its own: whatever they
// do, nothing of that world changes outside the package's own directory.
#include <gmock/gmock.h>

#include "base/files.hpp"
#include "crypto/key_cache.hpp"
#include "hostile/corpus.hpp"
#include "hostile/snapshot.hpp"
#include "hostile/tar_bytes.hpp"
#include "package/artifact.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;

class Hostile : public WorldTest {
protected:
    void SetUp() override {
        WorldTest::SetUp();
        if (IsSkipped()) return;
        keys_.store(pair_);
        fs::create_directories(outside_);
        write_file_atomic(outside_ / "victim", "s3cret");
    }
    RunResult hab(const char* command) {
        return run({program("bin/hab").string(), "pkg", command, hart_.string()});
    }
    void refuses(const char* command, const std::string& sentence) {
        const RunResult result = hab(command);
        EXPECT_EQ(result.exit_code, sentence.empty() ? 0 : 1) << command << ": " << result.err;
        EXPECT_THAT(result.err, HasSubstr(sentence)) << command;
        EXPECT_EQ((result.out + result.err).find("s3cret"), std::string::npos) << command;
    }
    /// All of /hab but packages and trust, and the places of the machine that programs write to.
    hostile::Snapshot world() const {
        hostile::Snapshot all;
        for (const char* place : {"/hab", "/etc", "/opt", "/srv", "/home", "/usr/local"}) {
            all.merge(hostile::snapshot(
                place, {"/hab/pkgs", "/hab/cache", "/hab/etc", "/hab/hostile.hart"}));
        }
        return all;
    }

    const fs::path outside_ = "/hab/outside";
    const fs::path hart_ = "/hab/hostile.hart";
    const crypto::KeyCache keys_{"/hab/cache/keys"};
    const crypto::SigningKeyPair pair_ =
        crypto::SigningKeyPair::generate("acme", SystemClock().wall());
};

TEST_F(Hostile, NothingChangesOutsideThePackage) {
    // The others are tried by the unit test, in one process: here every archive costs two starts.
    std::vector<hostile::HostileArchive> archives;
    hostile::add_names(archives, outside_.string());
    hostile::add_links(archives, outside_.string());
    const auto before = world();
    for (const auto& archive : archives) {
        SCOPED_TRACE(archive.name);
        write_file_atomic(hart_, package::sign_text(archive.payload(), pair_.secret_key),
                          WriteOptions{.durable = false});
        refuses("info", archive.info);
        refuses("install", archive.install);
        fs::remove_all("/hab/pkgs");
    }
    EXPECT_EQ(hostile::difference(before, world()), "");
}

}  // namespace
}  // namespace hab::test
