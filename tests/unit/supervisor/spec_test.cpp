// SPDX-License-Identifier: Apache-2.0
#include "supervisor/spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "base/temp_dir.hpp"
#include "supervisor/spec_store.hpp"

namespace hab::supervisor {
namespace {

std::string failure(const std::string& text) {
    try {
        (void)parse_spec(text, "x.spec");
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_input);
        return error.message();
    }
    return "";
}

TEST(Spec, DefaultsAreUpstreams) {
    const auto spec = parse_spec("ident = \"core/redis\"\n", "x.spec");
    EXPECT_EQ(spec.ident.to_string(), "core/redis");
    EXPECT_EQ(spec.group, "default");
    EXPECT_EQ(spec.bldr_url, "https://bldr.habitat.sh");
    EXPECT_EQ(spec.channel, "stable");
    EXPECT_EQ(spec.topology, "standalone");
    EXPECT_EQ(spec.update_strategy, "none");
    EXPECT_EQ(spec.update_condition, "latest");
    EXPECT_EQ(spec.binding_mode, "strict");
    EXPECT_TRUE(spec.desired_up);
    EXPECT_FALSE(spec.shutdown_timeout);
    EXPECT_EQ(spec.health_check_interval, std::chrono::seconds(30));
}

TEST(Spec, EverythingComesBackAsItWasWritten) {
    ServiceSpec spec;
    spec.ident = package::Ident::parse("core/redis/3.2/20260101000000");
    spec.group = "prod";
    spec.channel = "unstable";
    spec.topology = "leader";
    spec.update_strategy = "rolling";
    spec.update_condition = "track-channel";
    spec.binds = {ServiceBind::parse("db:postgresql.default@acme")};
    spec.binding_mode = "relaxed";
    spec.config_from = "/src/redis";
    spec.desired_up = false;
    spec.shutdown_timeout = 7;
    spec.health_check_interval = std::chrono::seconds(5);
    EXPECT_EQ(parse_spec(spec_to_toml(spec), "x.spec"), spec);
}

TEST(Spec, UnknownKeysAreSkipped) {
    const auto spec =
        parse_spec("ident = \"a/b\"\nsvc_encrypted_password = \"x\"\nnew = 1\n", "x.spec");
    EXPECT_EQ(spec.ident.name, "b");
}

TEST(Spec, ErrorsNameFileAndKey) {
    EXPECT_EQ(failure("group = \"x\"\n"), "x.spec: key 'ident' is missing");
    EXPECT_EQ(failure("ident = 3\n"), "x.spec: key 'ident' is a integer, not a string");
    EXPECT_THAT(failure("ident = \"redis\"\n"),
                ::testing::HasSubstr("'redis', which is no package"));
    EXPECT_EQ(failure("ident = \"a/b\"\nupdate_strategy = \"now\"\n"),
              "x.spec: key 'update_strategy' is 'now', but may be none, at-once, rolling");
    EXPECT_EQ(failure("ident = \"a/b\"\nshutdown_timeout = -1\n"),
              "x.spec: key 'shutdown_timeout' must be a whole number from 0 to 4294967295");
    EXPECT_THAT(failure("ident = \"a/b\"\nbinds = [\"x\"]\n"),
                ::testing::HasSubstr("'x' is no bind"));
    EXPECT_THAT(failure("ident = \n"), ::testing::StartsWith("x.spec:1:"));
}

TEST(Spec, OptionsAreCheckedAgainstTheWordsThatExist) {
    ServiceSpec spec;
    spec.ident = package::Ident::parse("a/b");
    ServiceOptions options;
    options.binding_mode = "loose";
    try {
        apply_options(spec, options);
        FAIL() << "took a binding mode that does not exist";
    } catch (const Error& error) {
        EXPECT_EQ(error.message(), "'loose' is no binding mode");
        EXPECT_EQ(error.hint(), "use one of: strict, relaxed");
    }
    options = {};
    options.group = "bad.group";
    EXPECT_THROW(apply_options(spec, options), Error);
}

TEST(Spec, KnowsWhichChangesTouchTheProcess) {
    ServiceSpec running;
    running.ident = package::Ident::parse("a/b");
    ServiceSpec wanted = running;
    wanted.channel = "unstable";
    wanted.update_strategy = "at-once";
    wanted.desired_up = false;
    EXPECT_FALSE(needs_restart(running, wanted));
    wanted.shutdown_timeout = 1;
    EXPECT_TRUE(needs_restart(running, wanted));
}

TEST(SpecStore, SkipsBadFilesAndSaysWhich) {
    const TempDir dir;
    const SpecStore store(dir.path());
    ServiceSpec spec;
    spec.ident = package::Ident::parse("acme/good");
    store.save(spec);
    write_file_atomic(dir.path() / "bad.spec", "ident = [\n");
    write_file_atomic(dir.path() / "other.spec", "ident = \"acme/name\"\n");
    write_file_atomic(dir.path() / "notes.txt", "nothing");
    const auto contents = store.load_all();
    ASSERT_EQ(contents.specs.size(), 1u);
    EXPECT_EQ(contents.specs.at("good"), spec);
    EXPECT_EQ(contents.errors.size(), 2u);
    EXPECT_THAT(contents.broken, ::testing::UnorderedElementsAre("bad", "other"));
    write_file_atomic(dir.path() / "old.spec", "ident = \"acme/old\"\n");
    EXPECT_THAT(store.load_all(true).dated, ::testing::ElementsAre("old"));
    store.remove("old");
    store.remove("good");
    store.remove("good");
    EXPECT_TRUE(store.load_all().specs.empty());
}

TEST(ServiceGroup, ReadsAndRefuses) {
    const auto group = ServiceGroup::parse("app.env#redis.prod@acme");
    EXPECT_EQ(group.service, "redis");
    EXPECT_EQ(group.group, "prod");
    EXPECT_EQ(group.organization, "acme");
    EXPECT_EQ(group.to_string(), "redis.prod@acme");
    for (const char* bad :
         {"redis", "redis.", ".default", "a.b.c", "a.b@", "a.b@c@d", "a b.c", ""}) {
        EXPECT_THROW((void)ServiceGroup::parse(bad), Error) << bad;
    }
    EXPECT_EQ(ServiceBind::parse("db:pg.default").to_string(), "db:pg.default");
    for (const char* bad : {"pg.default", ":pg.default", "a:b:pg.default", "db:pg"}) {
        EXPECT_THROW((void)ServiceBind::parse(bad), Error) << bad;
    }
}

TEST(Spec, AnInstanceHasANameOfItsOwn) {
    const auto spec = parse_spec("ident = \"core/nginx\"\nname = \"web-2\"\n", "web-2.spec");
    EXPECT_EQ(spec.service(), "web-2");
    EXPECT_EQ(spec.service_group().to_string(), "web-2.default");
    EXPECT_EQ(parse_spec(spec_to_toml(spec), "again").name, "web-2");
    const auto plain = parse_spec("ident = \"core/nginx\"\nname = \"nginx\"\n", "nginx.spec");
    EXPECT_TRUE(plain.name.empty()) << "the package's own name is no other name";
    EXPECT_EQ(spec_to_toml(plain).find("name ="), std::string::npos);
    EXPECT_TRUE(needs_restart(plain, spec));
}

TEST(Spec, LimitsComeBackAsTheyWereWritten) {
    const auto spec = parse_spec(
        "ident = \"core/nginx\"\n[limits]\nmemory = \"512M\"\nopen_files = 1024\npids = \"none\"\n",
        "nginx.spec");
    EXPECT_EQ(spec.limits.memory, 512u << 20);
    EXPECT_EQ(spec.limits.open_files, 1024u);
    EXPECT_EQ(spec.limits.pids, package::ServiceLimits::none);
    EXPECT_FALSE(spec.limits.cpu);
    EXPECT_EQ(parse_spec(spec_to_toml(spec), "again"), spec);
    auto changed = spec;
    ServiceOptions options;
    options.limits.cpu = 50;
    apply_options(changed, options);
    EXPECT_EQ(changed.limits.memory, 512u << 20) << "what is not said stays";
    EXPECT_EQ(changed.limits.cpu, 50u);
    EXPECT_TRUE(needs_restart(spec, changed));
}

TEST(Spec, WrongLimitsAreNamedWithTheFile) {
    const auto refused = [](const std::string& limits) {
        try {
            (void)parse_spec("ident = \"core/nginx\"\n" + limits, "nginx.spec");
        } catch (const Error& error) {
            return error.message();
        }
        return std::string("accepted");
    };
    EXPECT_EQ(refused("[limits]\nmemory = \"lots\"\n"), "nginx.spec: 'lots' is no limit of memory");
    EXPECT_EQ(refused("[limits]\npids = -1\n"), "nginx.spec: '-1' is no limit of pids");
    EXPECT_EQ(refused("[limits]\nram = 5\n"), "nginx.spec: there is no limit 'ram'");
    EXPECT_EQ(refused("limits = 5\n"), "nginx.spec: key 'limits' is not a table");
    EXPECT_EQ(refused("[limits]\ncpu = true\n"),
              "nginx.spec: key 'limits.cpu' must be a text or a whole number");
}

TEST(Spec, ANameThatCannotBeADirectoryOrAGroupIsRefused) {
    for (const char* name : {"a.b", "../up", "-x", "_x", "a b", "a/b", ""}) {
        EXPECT_THROW(require_service_name(name), Error) << name;
    }
    EXPECT_THROW((void)parse_spec("ident = \"core/nginx\"\nname = \"a.b\"\n", "x"), Error);
    EXPECT_NO_THROW(require_service_name("7up_Web-2"));
}

}  // namespace
}  // namespace hab::supervisor
