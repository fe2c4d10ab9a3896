// SPDX-License-Identifier: Apache-2.0
// What one supervisor's services see of another's: members, binds, configurations, files.
#include "ring_fixture.hpp"

namespace hab::test {
namespace {

using testing::HasSubstr;

const std::string forever =
    "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n";

class Binds : public RingOfSupervisors {
protected:
    void make_db(int host) {
        package(host, "db",
                {{"default.toml", "[server]\nport = 5432\n"},
                 {"EXPORTS", "port=server.port\n"},
                 {"config/members",
                  "{{#each svc.members as |m|}}{{m.sys.ip}}:{{m.cfg.port}} {{/each}}"},
                 {"hooks/reconfigure", "#!/bin/sh\nexit 0\n"},
                 {"hooks/file-updated", "#!/bin/sh\necho file-updated\n"},
                 {"hooks/run", forever}});
    }
    void make_web(int host) {
        // Today's names and those of 2016.
        package(host, "web",
                {{"BINDS", "database=port\n"},
                 {"config/upstreams",
                  "{{#each bind.database.members as |m|}}{{m.sys.ip}}:{{m.cfg.port}} {{/each}}"},
                 {"config/of_2016",
                  "{{#if bind.has_database}}{{#each bind.database.members}}"
                  "{{ip}}:{{port}} {{/each}}{{/if}}"},
                 {"hooks/reconfigure", "#!/bin/sh\nexit 0\n"},
                 {"hooks/run", forever}});
    }
    /// Members are sorted by their ids, which are random.
    static bool both_become(const fs::path& path, const std::string& end) {
        const std::string one = "192.168.33.12" + end;
        const std::string two = "192.168.33.13" + end;
        return eventually([&] { return read(path) == one + two || read(path) == two + one; });
    }
    static fs::path upstreams(int host) { return hab_of(host) / "svc/web/config/upstreams"; }
    static fs::path members(int host) { return hab_of(host) / "svc/db/config/members"; }
};

TEST_F(Binds, AServiceWaitsForItsBindThenFollowsItsMembers) {
    make_web(0);
    make_db(1);
    make_db(2);
    start(0, {"acme/web", "--bind", "database:db.default"});
    ASSERT_TRUE(logged(0,
                       "The specified service group 'db.default' for binding 'database' is not "
                       "(yet?) present in the census data."));
    EXPECT_FALSE(fs::exists(upstreams(0))) << "nothing is rendered before it can be right";

    start(1, {"acme/db"});
    ASSERT_TRUE(file_becomes(upstreams(0), "192.168.33.12:5432 ")) << log(0) << log(1);
    EXPECT_TRUE(file_becomes(hab_of(0) / "svc/web/config/of_2016", "192.168.33.12:5432 "));
    EXPECT_TRUE(logged(0, "running"));
    const auto why = hab(0, {"why", "web"});
    EXPECT_EQ(why.exit_code, 0) << why.err;

    // Another member; then a configuration for all of them.
    start(2, {"acme/db"});
    for (const int host : {1, 2}) {
        EXPECT_TRUE(both_become(members(host), ":5432 ")) << read(members(host));
    }
    const auto applied = hab(0, {"config", "apply", "db.default", "7"}, "[server]\nport = 6000\n");
    ASSERT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_TRUE(both_become(upstreams(0), ":6000 ")) << read(upstreams(0));
    EXPECT_THAT(hab(1, {"config", "show", "db", "--origin"}).out, HasSubstr("ring version 7"));

    // One that stops is out at once; its health in the ring is not asked.
    ASSERT_EQ(hab(1, {"svc", "stop", "acme/db"}).exit_code, 0);
    EXPECT_TRUE(file_becomes(upstreams(0), "192.168.33.13:6000 "));
    ASSERT_EQ(hab(1, {"svc", "start", "acme/db"}).exit_code, 0);
    EXPECT_TRUE(eventually([&] { return read(upstreams(0)).size() > 25; }));
    // So is a whole supervisor that stops in order.
    ASSERT_EQ(::kill(sups_[2]->pid(), SIGTERM), 0);
    EXPECT_TRUE(file_becomes(upstreams(0), "192.168.33.12:6000 "));
    EXPECT_EQ(log(0).find("Service failed"), std::string::npos) << log(0);
}

TEST_F(Binds, ABindWithoutWhatItNeedsIsSaid) {
    make_web(0);
    package(1, "db", {{"hooks/run", forever}});
    start(0, {"acme/web", "--bind", "database:db.default"});
    start(1, {"acme/db"});
    EXPECT_TRUE(logged(0,
                       "cannot satisfy the `database` bind because it does not export the "
                       "following required fields: port"));
    const auto status = hab(0, {"svc", "status"});
    EXPECT_THAT(status.out + status.err, HasSubstr("Waiting for service binds"));
}

TEST_F(Binds, FilesAndConfigurationsWaitForServicesThatComeLater) {
    make_db(1);
    start(0);
    start(1);
    ASSERT_TRUE(becomes(1, 0, "alive"));
    ASSERT_EQ(hab(0, {"config", "apply", "db.default", "3"}, "[server]\nport = 7000\n").exit_code,
              0);
    write_text("/hab/.hosts/hab-host-0/motd", "hello\n");
    ASSERT_EQ(hab(0, {"file", "upload", "db.default", "1", "/hab/motd"}).exit_code, 0);
    ASSERT_TRUE(eventually([&] {
        const Value status = ring(1);
        const Value* const groups = status.at_path("groups");
        return groups != nullptr && !groups->as_array()->empty() &&
               !groups->as_array()->front().at_path("files")->as_array()->empty();
    }));
    ASSERT_EQ(hab(1, {"svc", "load", "acme/db"}).exit_code, 0);
    EXPECT_TRUE(file_becomes(members(1), "192.168.33.12:7000 ")) << log(1);
    EXPECT_TRUE(file_becomes(hab_of(1) / "svc/db/files/motd", "hello\n"));
    // A running one is told.
    write_text("/hab/.hosts/hab-host-0/motd", "good bye\n");
    ASSERT_EQ(hab(0, {"file", "upload", "db.default", "2", "/hab/motd"}).exit_code, 0);
    EXPECT_TRUE(file_becomes(hab_of(1) / "svc/db/files/motd", "good bye\n"));
    EXPECT_TRUE(logged(1, "file-updated"));
    // What is not newer is refused, with the version in force.
    const auto refused = hab(0, {"file", "upload", "db.default", "2", "/hab/motd"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("is not above the one in force, 2"));
    // What cannot be written now is tried again.
    const fs::path motd = hab_of(1) / "svc/db/files/motd";
    fs::remove(motd);
    fs::create_directories(motd / "in the way");
    ASSERT_EQ(hab(0, {"file", "upload", "db.default", "3", "/hab/motd"}).exit_code, 0);
    ASSERT_TRUE(logged(1, "cannot take over the file 'motd' from the ring")) << log(1);
    fs::remove_all(motd);
    EXPECT_TRUE(file_becomes(motd, "good bye\n")) << log(1);
}

}  // namespace
}  // namespace hab::test
