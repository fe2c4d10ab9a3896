// SPDX-License-Identifier: Apache-2.0
#include "host/accounts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hab::host {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Case {
    const char* user;
    const char* group;
    const char* passwd_line;
    const char* group_line;
    std::uint32_t uid;
    std::uint32_t gid;
};

class AccountsTable : public ::testing::TestWithParam<Case> {};

TEST_P(AccountsTable, FollowsUpstream) {
    const Case& given = GetParam();
    const Accounts made = make_accounts(given.user, given.group);
    EXPECT_THAT(made.passwd, HasSubstr(given.passwd_line));
    EXPECT_THAT(made.group, HasSubstr(given.group_line));
    EXPECT_EQ(made.uid, given.uid);
    EXPECT_EQ(made.gid, given.gid);
    EXPECT_THAT(made.passwd, HasSubstr("\nhab:x:")) << "the account hab always exists";
    EXPECT_THAT(made.passwd, ::testing::StartsWith("root:x:0:0:root:/root:/bin/sh\n"));
}

INSTANTIATE_TEST_SUITE_P(
    Combinations, AccountsTable,
    ::testing::Values(
        Case{"hab", "hab", "hab:x:42:42:hab User:/:/bin/false\n", "hab:x:42:hab\n", 42, 42},
        Case{"hab", "web", "hab:x:42:42:", "web:x:42:hab\n", 42, 42},
        Case{"hab", "root", "hab:x:42:84:", "hab:x:84:hab\n", 42, 0},
        Case{"root", "root", "hab:x:84:84:", "hab:x:84:hab\n", 0, 0},
        Case{"root", "hab", "hab:x:84:42:", "hab:x:42:hab\n", 0, 42},
        Case{"root", "web", "hab:x:84:84:", "web:x:42:\n", 0, 42},
        Case{"www", "web", "www:x:42:42:www User:/:/bin/false\n", "web:x:42:www\n", 42, 42},
        Case{"www", "hab", "www:x:42:42:", "hab:x:42:www,hab\n", 42, 42}));

TEST(Accounts, NoNameStandsTwice) {
    for (const char* user : {"hab", "root", "www"}) {
        for (const char* group : {"hab", "root", "web"}) {
            const Accounts made = make_accounts(user, group);
            for (const char* name : {"\nhab:", "\nroot:", "\nweb:", "\nwww:"}) {
                for (const std::string* text : {&made.passwd, &made.group}) {
                    const auto first = text->find(name);
                    if (first == std::string::npos) continue;
                    EXPECT_EQ(text->find(name, first + 1), std::string::npos)
                        << user << group << name;
                }
            }
        }
    }
}

}  // namespace
}  // namespace hab::host
