// SPDX-License-Identifier: Apache-2.0
#include "supervisor/ring/peer_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/temp_dir.hpp"

namespace hab::supervisor {
namespace {

using testing::Contains;
using testing::HasSubstr;

class PeerFiles : public ::testing::Test {
protected:
    void watch() {
        watched_ = std::make_unique<PeerFile>(
            loop_, file_,
            [this](const ring::Endpoint& peer) { peers_.push_back(peer.to_string()); },
            [this](const std::string& problem) { problems_.push_back(problem); });
    }
    bool comes(const std::function<bool()>& happened) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!happened() && std::chrono::steady_clock::now() < deadline) {
            loop_.restart();
            loop_.run_one_for(std::chrono::milliseconds(100));
        }
        return happened();
    }
    bool told(const std::string& peer) {
        return comes([&] { return std::count(peers_.begin(), peers_.end(), peer) > 0; });
    }

    TempDir dir_;
    fs::path file_ = dir_.path() / "peers";
    boost::asio::io_context loop_;
    std::vector<std::string> peers_, problems_;
    std::unique_ptr<PeerFile> watched_;
};

TEST_F(PeerFiles, AddressesAndNamesAreTold) {
    write_file_atomic(file_, "10.0.0.1\nlocalhost:9\n10.0.0.3:x\n");
    watch();
    EXPECT_TRUE(peers_.empty()) << "the loop does not wait for a name";
    EXPECT_TRUE(told("10.0.0.1:9638"));
    EXPECT_TRUE(told("127.0.0.1:9"));
    ASSERT_EQ(problems_.size(), 1u);
    EXPECT_THAT(problems_[0], HasSubstr("10.0.0.3:x"));
}

TEST_F(PeerFiles, AChangeDuringTheLookupIsReadAfterIt) {
    watch();
    EXPECT_THAT(problems_, Contains(HasSubstr("does not exist yet")));
    for (const char* text : {"10.0.0.1\n", "10.0.0.2\n", "10.0.0.3\n"})
        write_file_atomic(file_, text);
    EXPECT_TRUE(told("10.0.0.3:9638"));
    write_file_atomic(file_, "10.0.0.4\n");
    EXPECT_TRUE(told("10.0.0.4:9638"));
}

TEST_F(PeerFiles, TheEndWaitsForNoLookup) {
    write_file_atomic(file_, "10.0.0.1\n");
    watch();
    watched_.reset();
    loop_.restart();
    loop_.run_for(std::chrono::milliseconds(50));
    EXPECT_TRUE(peers_.empty());
}

}  // namespace
}  // namespace hab::supervisor
