// SPDX-License-Identifier: Apache-2.0
// `hab why`, `hab config show`, `hab svc logs` and the local socket, with real services.
#include <signal.h>
#include <sys/stat.h>

#include "base/json.hpp"
#include "integration/gateway/gateway_fixture.hpp"

namespace hab::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const fs::path user_toml = "/hab/user/tide/config/user.toml";

class Why : public GatewayTest {
protected:
    void begin(const Files& more = {}) {
        Files files{{"default.toml", "port = 80\nword = \"one\"\npassword = \"\"\n"},
                    {"config.schema.toml",
                     "[password]\ntype = \"string\"\nsecret = true\n[port]\ntype = \"integer\"\n"
                     "[word]\ntype = \"string\"\n"},
                    {"config/tide.conf", "{{cfg.port}} {{cfg.password}}\n"},
                    {"hooks/run",
                     "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n"}};
        for (const auto& [path, text] : more)
            files[path] = text;
        package("tide", files);
        start({"acme/tide"});
        pid_ = up("tide");
        ASSERT_GT(pid_, 0) << log();
    }
    /// `hab why tide` until it tells `text`.
    [[nodiscard]] std::string why(const std::string& text) {
        std::string told;
        (void)eventually([&] {
            told = hab({"why", "tide"}).out;
            return told.find(text) != std::string::npos;
        });
        return told;
    }
    static RunResult as_nobody(std::vector<std::string> words) {
        std::vector<std::string> argv{"setpriv",
                                      "--reuid",
                                      "65534",
                                      "--regid",
                                      "65534",
                                      "--clear-groups",
                                      program("bin/hab").string()};
        argv.insert(argv.end(), words.begin(), words.end());
        return run(argv, {.env = {{"HOME", "/"}}});
    }
    pid_t pid_ = 0;
};

TEST_F(Why, TellsFromTheLineOfUserTomlToTheNewProcess) {
    begin();
    write(user_toml, "# mine\nport = 81\n");
    const pid_t second = up("tide", pid_);
    ASSERT_GT(second, 0);
    const std::string told = why("process " + std::to_string(second) + " started");
    EXPECT_THAT(told, HasSubstr("restart: its configuration changed\n"));
    EXPECT_THAT(told, HasSubstr("cfg.port: 80 -> 81"));
    EXPECT_THAT(told, HasSubstr(user_toml.string() + ":2"));
    EXPECT_THAT(told, HasSubstr("config/tide.conf read cfg.port; written: config/tide.conf"));
    EXPECT_THAT(told, HasSubstr("process " + std::to_string(pid_) + " was sent SIGTERM"));
    EXPECT_THAT(told, HasSubstr("process " + std::to_string(pid_) + " was terminated by"));
    EXPECT_THAT(told, HasSubstr("| running\n"));
    EXPECT_THAT(told, HasSubstr("start: asked for: load"));

    const Value report = parse_json(hab({"why", "acme/tide", "--format", "json"}).out, "report");
    EXPECT_EQ(*report.at_path("service"), Value("tide"));
    EXPECT_EQ(*report.at_path("now.phase"), Value("up"));
    EXPECT_EQ(parse_json(get("/services/tide/default/why").body, "route")
                  .at_path("chains")
                  ->as_array()
                  ->size(),
              report.at_path("chains")->as_array()->size());
}

TEST_F(Why, TellsACrashAndWhatWasPrintedAndSurvivesTheSupervisor) {
    begin();
    ASSERT_EQ(::kill(pid_, SIGSEGV), 0);
    ASSERT_GT(up("tide", pid_), 0);
    const std::string crash =
        "crash: process " + std::to_string(pid_) + " was terminated by signal 11";
    EXPECT_THAT(why(crash), HasSubstr(crash));
    // What is in the file outlives a supervisor that has no time for a farewell.
    const fs::path file = "/hab/sup/default/data/why/tide.jsonl";
    ASSERT_TRUE(eventually([&] { return read(file).find("\"signal\":11") != std::string::npos; }));
    const pid_t old = supervisor_pid();
    ASSERT_EQ(::kill(old, SIGKILL), 0);
    ASSERT_TRUE(eventually([&] { return supervisor_pid() != 0 && supervisor_pid() != old; }));
    EXPECT_THAT(why("takeover"), HasSubstr(crash));
    EXPECT_EQ(terminate(), 0);
    const auto left = hab({"why", "tide"});
    EXPECT_EQ(left.exit_code, 0) << left.err;
    EXPECT_THAT(left.out, HasSubstr(crash));
    EXPECT_THAT(left.err, HasSubstr("No supervisor runs"));
}

TEST_F(Why, ACrashLoopIsWrittenDown) {
    package("tide", {{"hooks/run", "#!/bin/sh\necho this is why\nexit 3\n"}});
    start({"--service-min-backoff-period=0", "--service-max-backoff-period=0", "acme/tide"});
    ASSERT_TRUE(logged("It failed 5 times in short order; `hab why tide`")) << log();
    const std::string text = read("/hab/sup/default/data/why/tide.crash.txt");
    EXPECT_THAT(text, HasSubstr("exited with code 3\n"));
    EXPECT_THAT(text, HasSubstr("| this is why\n"));
}

TEST_F(Why, NamesWhoAskedAndWhatAReconfigureHookSaid) {
    begin({{"hooks/reconfigure", "#!/bin/sh\necho reread\n"}});
    write(user_toml, "port = 81\n");
    EXPECT_THAT(why("reread"), HasSubstr("reconfigure: its configuration changed"));
    EXPECT_EQ(up("tide"), pid_);
    ASSERT_EQ(hab({"svc", "restart", "acme/tide"}).exit_code, 0);
    ASSERT_GT(up("tide", pid_), 0);
    const std::string told = why("start: asked for by");
    EXPECT_THAT(told, HasSubstr("stop: asked for by uid 0 (process "));
    EXPECT_THAT(told, HasSubstr("start: asked for by uid 0 (process "));
}

TEST_F(Why, SecretsStayWhereTheyAre) {
    begin({{"hooks/reconfigure", "#!/bin/sh\necho now {{cfg.password}}\nexit 0\n"}});
    write(user_toml, "password = \"hunter2\"\n");
    const std::string told = why("now (secret)");
    EXPECT_THAT(told, HasSubstr("cfg.password"));
    EXPECT_THAT(told, HasSubstr("| now (secret)"));
    EXPECT_THAT(told, Not(HasSubstr("hunter2")));
    EXPECT_THAT(read("/hab/sup/default/data/why/tide.jsonl"), Not(HasSubstr("hunter2")));
    const auto shown = hab({"config", "show", "tide"});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_THAT(shown.out, HasSubstr("port = 80\n"));
    EXPECT_THAT(shown.out, HasSubstr("password = \"(secret)\"\n"));
    const auto origins = hab({"config", "show", "tide", "--origin"});
    EXPECT_THAT(origins.out, HasSubstr("port"));
    EXPECT_THAT(origins.out, HasSubstr(user_toml.string() + ":1"));
    EXPECT_THAT(origins.out, Not(HasSubstr("hunter2")));
    EXPECT_EQ(
        *parse_json(hab({"config", "show", "tide", "--format", "json"}).out, "cfg").at_path("port"),
        Value(80));
}

TEST_F(Why, AnybodyMaySeeTheStateButChangeNothing) {
    ASSERT_EQ(::chmod("/hab", 0755), 0);
    begin();
    const auto status = as_nobody({"svc", "status"});
    EXPECT_EQ(status.exit_code, 0) << status.err;
    EXPECT_THAT(status.out, HasSubstr("tide.default"));
    const auto told = as_nobody({"why", "tide"});
    EXPECT_EQ(told.exit_code, 0) << told.err;
    EXPECT_THAT(told.out, HasSubstr("start: asked for: load"));
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"svc", "stop", "acme/tide"},
                                               {"svc", "unload", "acme/tide"},
                                               {"svc", "load", "acme/tide", "--force"},
                                               {"svc", "update", "acme/tide", "--channel", "x"},
                                               {"sup", "restart"},
                                               {"config", "show", "tide"}}) {
        const auto refused = as_nobody(words);
        EXPECT_EQ(refused.exit_code, 1) << words[0] << " " << words[1];
        EXPECT_THAT(refused.err, HasSubstr("only root and the user who runs the supervisor may"));
    }
    EXPECT_EQ(up("tide"), pid_);
}

TEST_F(Why, UnknownServicesAndWrongWordsAreOneSentence) {
    begin();
    const auto unknown = hab({"why", "ebb"});
    EXPECT_EQ(unknown.exit_code, 1);
    EXPECT_THAT(unknown.err, HasSubstr("nothing is known of a service 'ebb'"));
    EXPECT_THAT(hab({"config", "show", "ebb"}).err, HasSubstr("Service not loaded, ebb"));
    EXPECT_THAT(hab({"svc", "logs", "ebb"}).err, HasSubstr("there is no log /hab/svc/ebb/logs"));
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"why", "a b"},
                                               {"why", "tide", "--last", "0"},
                                               {"why", "tide", "--format", "xml"},
                                               {"svc", "logs", "tide", "--since", "noon"},
                                               {"svc", "logs", "tide", "--lines", "-3"}}) {
        EXPECT_EQ(hab(words).exit_code, 2) << words[1];
    }
}

TEST_F(Why, LogsAreShownFromTheirFilesAndFollowed) {
    begin();
    const fs::path file = "/hab/svc/tide/logs/service.log";
    ASSERT_TRUE(eventually([&] { return read(file).find("O running") != std::string::npos; }));
    EXPECT_THAT(hab({"svc", "logs", "tide"}).out, HasSubstr("Z O running\n"));
    EXPECT_EQ(hab({"svc", "logs", "tide", "--lines", "0"}).out, "");
    EXPECT_EQ(hab({"svc", "logs", "tide", "--since", "2099-01-01T00:00:00Z"}).out, "");
    EXPECT_THAT(hab({"svc", "logs", "tide", "--since", "1h"}).out, HasSubstr("O running\n"));
    Background follower({program("bin/hab").string(), "svc", "logs", "-f", "acme/tide"});
    ASSERT_TRUE(
        eventually([&] { return follower.output().find("O running") != std::string::npos; }));
    ASSERT_EQ(::kill(pid_, SIGKILL), 0);
    EXPECT_TRUE(eventually([&] {
        const std::string text = follower.output();
        return text.find("O running") != text.rfind("O running");
    })) << follower.output();
}

TEST_F(Why, ASupportBundleHoldsWhatHelpsAndNoSecrets) {
    begin({{"hooks/reconfigure", "#!/bin/sh\necho now {{cfg.password}}\nexit 0\n"}});
    write(user_toml, "password = \"hunter2\"\n");
    ASSERT_TRUE(logged("now hunter2")) << "the console shows what a service prints";
    write("/hab/sup/default/sup.log", "tide.default(O): now hunter2\n");  // as --daemon keeps it
    const fs::path file = "/hab/bundle.tar";
    const auto made = hab({"supportbundle", "-o", file.string()});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    const std::string names = run({"tar", "-tf", file.string()}).out;
    for (const char* name : {"machine\n", "packages\n", "status\n", "services/tide/spec\n",
                             "services/tide/logs/service.log\n", "sup/sup.log\n", "NOTES\n"})
        EXPECT_THAT(names, HasSubstr(name));
    const std::string all = run({"tar", "-xOf", file.string()}).out;
    EXPECT_THAT(all, HasSubstr("acme/tide/1.0.0/20260101000000"));
    EXPECT_THAT(all, HasSubstr("now (secret)"));
    EXPECT_THAT(all, Not(HasSubstr("hunter2")));
    EXPECT_THAT(all, Not(HasSubstr(read("/hab/sup/default/CTL_SECRET"))));
    struct stat about{};
    ASSERT_EQ(::stat(file.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777u, 0600u);
    EXPECT_EQ(hab({"supportbundle", "-o", "/hab/none/bundle.tar"}).exit_code, 1);
}

TEST_F(Why, TheControlGatewaySpeaksTls) {
    const std::string dir = "/hab/tls";
    EXPECT_EQ(hab({"sup", "secret", "generate-tls", dir}).exit_code, 2);
    const auto made =
        hab({"sup", "secret", "generate-tls", dir, "--subject-alternative-name", "127.0.0.1"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_THAT(made.out, HasSubstr(dir + "/ctl-"));
    long_running("tide");
    start({"--ctl-server-key", dir, "--ctl-server-certificate", dir, "acme/tide"});
    ASSERT_GT(up("tide"), 0) << log();
    const Value listen = parse_json(read("/hab/sup/default/listen.json"), "listen.json");
    RunOptions options;
    options.env = {{"HAB_CTL_SECRET", read("/hab/sup/default/CTL_SECRET")}};
    const std::vector<std::string> words{"svc", "status", "--remote-sup",
                                         *listen.at_path("ctl_gateway")->as_string()};
    const auto plain = hab(words, options);
    EXPECT_EQ(plain.exit_code, 1);
    EXPECT_THAT(plain.err, HasSubstr("both sides must agree about TLS"));
    write("/hab/etc/cli.toml", "ctl_server_ca_certificate = \"" + dir + "\"\n");
    const auto trusted = hab(words, options);
    EXPECT_EQ(trusted.exit_code, 0) << trusted.err;
    EXPECT_THAT(trusted.out, HasSubstr("tide.default"));
    write("/hab/etc/cli.toml", "ctl_server_ca_certificate = \"" + dir +
                                   "\"\nctl_server_name_indication = \"example.org\"\n");
    EXPECT_THAT(hab(words, options).err, HasSubstr("cannot trust the supervisor at 127.0.0.1:"));
}

TEST_F(Why, AKeyThatIsNoneIsRefusedAtTheStart) {
    write("/hab/bad.pem", "no key\n");
    Background refused({program("libexec/hab/hab-launch").string(), "run", "--listen-ctl",
                        "127.0.0.1:0", "--http-disable", "--ctl-server-key", "/hab/bad.pem",
                        "--ctl-server-certificate", "/hab/bad.pem"});
    EXPECT_NE(refused.wait().value_or(0), 0);
    EXPECT_THAT(refused.output(), HasSubstr("/hab/bad.pem"));
}

TEST_F(Why, ANewSecretIsPrinted) {
    const auto one = hab({"sup", "secret", "generate"});
    EXPECT_EQ(one.exit_code, 0);
    EXPECT_EQ(one.out.size(), 89u);
    EXPECT_NE(one.out, hab({"sup", "secret", "generate"}).out);
}

}  // namespace
}  // namespace hab::test
