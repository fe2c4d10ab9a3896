// SPDX-License-Identifier: Apache-2.0
#include "supervisor/sup_state.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/temp_dir.hpp"

namespace hab::supervisor {
namespace {

class SupState : public ::testing::Test {
protected:
    SupState() : paths(dir.path()) { make_directories(paths.sup()); }
    TempDir dir;
    Paths paths;
    SeededEntropy entropy{1};
};

TEST_F(SupState, TheLockIsExclusiveAndTellsWhoHoldsIt) {
    const auto file = paths.sup() / "LOCK";
    EXPECT_FALSE(running_launcher(paths));
    {
        const SupervisorLock lock(file, 4711);
        EXPECT_EQ(running_launcher(paths), 4711);
        EXPECT_EQ(running_launcher(paths), 4711) << "asking does not disturb it";
        try {
            const SupervisorLock second(file, 4712);
            FAIL() << "took a lock that is held";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::conflict);
            EXPECT_THAT(error.message(),
                        ::testing::EndsWith("Is another Supervisor process running?"));
        }
        EXPECT_EQ(running_launcher(paths), 4711);
    }
    EXPECT_TRUE(std::filesystem::exists(file));
    EXPECT_FALSE(running_launcher(paths)) << "a stale file means nothing";
    const SupervisorLock again(file, 9);
    EXPECT_EQ(read_file(file), "9") << "shorter than the text before";
}

TEST_F(SupState, AForkedChildOfAKilledSupervisorIsWaitedForByTheNextOfItsLauncherOnly) {
    const auto file = paths.sup() / "LOCK";
    std::optional<SupervisorLock> killed(std::in_place, file, 4711);
    int end[2];
    ASSERT_EQ(::pipe2(end, O_CLOEXEC), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        // Not yet a hook: has the lock's file open, too.
        ::close(end[1]);
        char byte = 0;
        (void)!::read(end[0], &byte, 1);
        ::poll(nullptr, 0, 50);
        ::_exit(0);
    }
    ASSERT_GT(child, 0);
    ::close(end[0]);
    killed.reset();
    EXPECT_THROW(SupervisorLock(file, 4712), Error);
    ::close(end[1]);
    EXPECT_NO_THROW(SupervisorLock(file, 4711));
    EXPECT_EQ(::waitpid(child, nullptr, 0), child);
}

TEST_F(SupState, MemberIdIsMadeOnceAndKept) {
    const auto file = paths.sup() / "MEMBER_ID";
    const auto id = load_member_id(file, entropy);
    EXPECT_EQ(id.size(), 32u);
    EXPECT_EQ(load_member_id(file, entropy), id);
    write_file_atomic(file, "nonsense");
    EXPECT_THROW((void)load_member_id(file, entropy), Error);
}

TEST_F(SupState, AnIdentityThatAPowerCutTookIsMadeAnew) {
    for (const auto& left : {std::string(), std::string(33, '\0')}) {
        write_file_atomic(paths.sup() / "MEMBER_ID", left);
        write_file_atomic(paths.sup() / "CTL_SECRET", left);
        EXPECT_EQ(load_member_id(paths.sup() / "MEMBER_ID", entropy).size(), 32u);
        EXPECT_EQ(load_ctl_secret(paths.sup() / "CTL_SECRET", entropy).size(), 88u);
        EXPECT_NO_THROW(sync_identity(paths.sup()));
    }
}

TEST_F(SupState, TheSecretIsPrivateAndLong) {
    const auto file = paths.sup() / "CTL_SECRET";
    const auto secret = load_ctl_secret(file, entropy);
    EXPECT_EQ(secret.size(), 88u);
    EXPECT_EQ(from_base64(secret)->size(), 64u);
    EXPECT_EQ(load_ctl_secret(file, entropy), secret);
    struct stat info{};
    ASSERT_EQ(::stat(file.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0600u);
}

TEST_F(SupState, ListenFileComesBackAsWritten) {
    EXPECT_FALSE(read_listen_file(paths));
    ListenAddresses addresses;
    addresses.ctl = net::Endpoint::parse("127.0.0.1:4000", 0, "test");
    write_listen_file(paths, addresses);
    const auto back = read_listen_file(paths);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->ctl, addresses.ctl);
    EXPECT_FALSE(back->http);
    EXPECT_EQ(back->http_certificate, "");
    addresses.http = net::Endpoint::parse("127.0.0.1:4001", 0, "test");
    addresses.http_certificate = "/etc/hab/http.pem";
    addresses.http_asks_clients = true;
    write_listen_file(paths, addresses);
    EXPECT_EQ(read_listen_file(paths)->http_certificate, "/etc/hab/http.pem");
    EXPECT_TRUE(read_listen_file(paths)->http_asks_clients);
    write_file_atomic(paths.sup() / "listen.json", "{\"ctl_gateway\": 3}");
    EXPECT_THROW((void)read_listen_file(paths), Error);
}

}  // namespace
}  // namespace hab::supervisor
