// SPDX-License-Identifier: Apache-2.0
// hab-sup and hab-launch killed at every labelled point of starting, reconfiguring, restarting,
// stopping, loading and unloading. What the spec files ask for is reached all the same.
#include <fmt/format.h>
#include <signal.h>

#include <optional>
#include <set>

#include "base/files.hpp"
#include "base/strings.hpp"
#include "invariants.hpp"
#include "sup_fixture.hpp"
#include "supervisor/spec.hpp"

namespace hab::test {
namespace {

const fs::path rules = "/hab/fault";
const fs::path spec_file = "/hab/sup/default/specs/tide.spec";

enum class Change { load, unload, stop, reconfigure, restart, crash, supervisor_dies };

struct Point {
    const char* label;  ///< with the subject it is narrowed to, if any
    Change change;
};

std::string name_of(const Point& point) {
    static constexpr const char* words[] = {"Load",    "Unload", "Stop",          "Reconfigure",
                                            "Restart", "Crash",  "SupervisorDies"};
    std::string name = words[static_cast<int>(point.change)];
    bool upper = true;
    for (const char c : std::string_view(point.label)) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter) name += upper && c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
        upper = !letter;
    }
    return name;
}

/// Long enough that a write in pieces would be seen.
const std::string long_config =
    "begin {{cfg.word}}\n" + std::string(40'000, '.') + "\nend {{cfg.word}}\n";

bool whole_config(const std::string& text) {
    const auto first = text.find('\n');
    if (!text.starts_with("begin ") || first == text.npos) return false;
    return text.ends_with("\nend " + text.substr(6, first - 6) + "\n");
}

bool whole_number(const std::string& text) {
    return parse_u64(trim(text)).has_value();
}

bool whole_spec(const std::string& text) {
    try {
        return !supervisor::parse_spec(text, "a reader").ident.name.empty();
    } catch (const Error&) {
        return false;
    }
}

class KilledAt : public SupervisorTest, public ::testing::WithParamInterface<Point> {
protected:
    void make_package() {
        Files files{
            {"default.toml", "word = \"one\"\n"},
            {"config/tide.conf", long_config},
            {"hooks/init", "#!/bin/sh\nexit 0\n"},
            {"hooks/post-run", "#!/bin/sh\nexit 0\n"},
            {"hooks/post-stop", "#!/bin/sh\ntouch {{pkg.svc_data_path}}/stopped\n"},
            {"hooks/run",
             "#!/bin/sh\nhead -n 1 {{pkg.svc_config_path}}/tide.conf > {{pkg.svc_data_path}}/seen\n"
             "{{pkg.path}}/bin/misbehave sleep-forever &\n"
             "exec {{pkg.path}}/bin/misbehave sleep-forever\n"}};
        if (GetParam().change == Change::reconfigure) {
            files["hooks/reconfigure"] =
                "#!/bin/sh\nhead -n 1 {{pkg.svc_config_path}}/tide.conf > "
                "{{pkg.svc_data_path}}/seen\n";
        }
        // Without it the next process is asked for before the one that died is forgotten.
        if (is_between_processes()) files.erase("hooks/post-stop");
        package("tide", files);
    }
    static bool is_between_processes() {
        return GetParam().change == Change::crash &&
               std::string_view(GetParam().label) == "service.spawn_asked";
    }

    void begin() {
        start({}, {.env = {{"HAB_FAIL_POINTS", "@" + rules.string()}}});
        readers_.emplace(std::vector<Readers::File>{
            {svc("tide") / "config/tide.conf", whole_config},
            {svc("tide") / "hooks/run",
             [](const std::string& text) { return text.ends_with("sleep-forever\n"); }},
            {svc("tide") / "PID", whole_number},
            {spec_file, whole_spec},
            {"/hab/sup/default/LOCK", whole_number},
            {"/hab/launcher/PID", whole_number}});
    }

    static void arm(const char* label) { write(rules, std::string(label) + "=kill"); }
    [[nodiscard]] static bool fired() {
        return eventually([] { return !fs::exists(rules); });
    }

    static int hab(std::vector<std::string> words) {
        words.insert(words.begin(), program("bin/hab").string());
        return run(words).exit_code;
    }
    /// As an operator whose connection broke: looks what came of it, and says it again if need be.
    static bool until(const std::function<bool()>& there, const std::vector<std::string>& words) {
        return eventually([&] { return there() || (hab(words) == 0 && there()); });
    }

    static bool loaded() { return fs::exists(spec_file); }
    static bool wants_up() {
        return loaded() && supervisor::parse_spec(read(spec_file), "the test").desired_up;
    }
    [[nodiscard]] static std::string seen() {
        return std::string(trim(read(svc("tide") / "data/seen")));
    }
    [[nodiscard]] static pid_t pid() {
        return static_cast<pid_t>(parse_u64(read(svc("tide") / "PID")).value_or(0));
    }

    void load() { ASSERT_TRUE(until(loaded, {"svc", "load", "acme/tide"})) << log(); }
    void change();
    void expect_effect();

    std::optional<Readers> readers_;
    pid_t before_ = 0;
};

void KilledAt::change() {
    switch (GetParam().change) {
        case Change::load:
            load();
            break;
        case Change::unload:
            ASSERT_TRUE(until([] { return !loaded(); }, {"svc", "unload", "acme/tide"})) << log();
            break;
        case Change::stop:
            ASSERT_TRUE(until([] { return !wants_up(); }, {"svc", "stop", "acme/tide"})) << log();
            break;
        case Change::reconfigure:
        case Change::restart:
            write("/hab/user/tide/config/user.toml", "word = \"two\"\n");
            break;
        case Change::crash:
            ASSERT_EQ(::kill(before_, SIGKILL), 0);
            break;
        case Change::supervisor_dies:
            ASSERT_EQ(::kill(supervisor_pid(), SIGKILL), 0);
            break;
    }
}

/// Beyond the invariants: the change itself.
void KilledAt::expect_effect() {
    const Change change = GetParam().change;
    if (change == Change::reconfigure || change == Change::restart) {
        EXPECT_TRUE(eventually([] { return seen() == "begin two"; })) << seen() << log();
    }
    // Who dies while the files are being replaced leaves it open which: a restart is on the safe
    // side.
    if (change == Change::reconfigure &&
        std::string_view(GetParam().label).starts_with("service.hook")) {
        EXPECT_EQ(pid(), before_) << "it was not restarted\n" << log();
    }
    if (change == Change::crash || change == Change::restart) {
        EXPECT_TRUE(eventually([&] { return pid() > 0 && pid() != before_; })) << log();
    }
    if (is_between_processes()) {
        EXPECT_TRUE(logged("Reattaching to tide.default")) << log();
        EXPECT_EQ(number("tide", "restart_count"), 1);
        EXPECT_EQ(number("tide", "last_process_state.pid"), before_);
        EXPECT_EQ(count("Child for service 'tide'"), 1u) << "the second one lives\n" << log();
    }
    if (change == Change::supervisor_dies) {
        EXPECT_EQ(pid(), before_) << log();
    }
    if (change == Change::stop || change == Change::unload) {
        EXPECT_TRUE(eventually([&] { return !alive(before_); })) << log();
    }
    if (change == Change::stop || change == Change::restart) {
        EXPECT_TRUE(eventually([] { return fs::exists(svc("tide") / "data/stopped"); }))
            << "post-stop has not run\n"
            << log();
    }
}

class SupervisorKilledAt : public KilledAt {};

TEST_P(SupervisorKilledAt, TheDesiredStateIsReached) {
    make_package();
    begin();
    if (GetParam().change != Change::load) {
        load();
        ASSERT_TRUE(all_is_well(sup_->pid())) << log();
        // Else its first word could be written after the next one.
        ASSERT_TRUE(eventually([] { return !seen().empty(); })) << log();
        before_ = pid();
    }
    arm(GetParam().label);
    ASSERT_NO_FATAL_FAILURE(change());
    ASSERT_TRUE(fired()) << "nobody came to " << GetParam().label << '\n' << log();
    expect_effect();
    EXPECT_TRUE(all_is_well(sup_->pid())) << log();
    if (loaded() && wants_up()) {
        EXPECT_TRUE(eventually([] { return !seen().empty(); })) << log();
    }
    // What was reached is not only on paper: it can be stopped and everything goes.
    EXPECT_EQ(terminate(), 0) << log();
    EXPECT_THAT(marked_processes(), ::testing::IsEmpty());
    EXPECT_EQ(readers_->torn(), "");
    EXPECT_GT(readers_->reads(), 0u);
}

constexpr Point supervisor_points[] = {{"spec.save", Change::load},
                                       {"files.rename:tide.spec", Change::load},
                                       {"spec.saved", Change::load},
                                       {"service.tree", Change::load},
                                       {"service.render", Change::load},
                                       {"files.rename:tide.conf", Change::load},
                                       {"files.rename:hooks/init", Change::load},
                                       {"service.rendered", Change::load},
                                       {"service.hook:init", Change::load},
                                       {"service.hook_started:init", Change::load},
                                       {"service.hook_ended:init", Change::load},
                                       {"service.spawn", Change::load},
                                       {"service.spawn_asked", Change::load},
                                       {"service.spawned", Change::load},
                                       {"files.rename:PID", Change::load},
                                       {"service.started", Change::load},
                                       {"service.hook_started:post-run", Change::load},
                                       {"spec.remove", Change::unload},
                                       {"spec.removed", Change::unload},
                                       {"service.signal", Change::unload},
                                       {"service.signalled", Change::unload},
                                       {"service.exited", Change::unload},
                                       {"service.hook_started:post-stop", Change::unload},
                                       {"service.left", Change::unload},
                                       {"spec.save", Change::stop},
                                       {"spec.saved", Change::stop},
                                       {"service.signal", Change::stop},
                                       {"service.signalled", Change::stop},
                                       {"service.exited", Change::stop},
                                       {"service.forgotten", Change::stop},
                                       {"service.hook:post-stop", Change::stop},
                                       {"service.hook_started:post-stop", Change::stop},
                                       {"service.hook_ended:post-stop", Change::stop},
                                       {"service.render", Change::reconfigure},
                                       {"files.rename:tide.conf", Change::reconfigure},
                                       {"service.rendered", Change::reconfigure},
                                       {"service.hook:reconfigure", Change::reconfigure},
                                       {"service.hook_started:reconfigure", Change::reconfigure},
                                       {"service.hook_ended:reconfigure", Change::reconfigure},
                                       {"service.rendered", Change::restart},
                                       {"service.signal", Change::restart},
                                       {"service.signalled", Change::restart},
                                       {"service.exited", Change::restart},
                                       {"service.forgotten", Change::restart},
                                       {"service.hook_started:post-stop", Change::restart},
                                       {"service.spawn", Change::restart},
                                       {"service.spawned", Change::restart},
                                       {"service.exited", Change::crash},
                                       {"service.forgotten", Change::crash},
                                       {"service.spawn", Change::crash},
                                       {"service.spawn_asked", Change::crash},
                                       {"supervisor.locked", Change::supervisor_dies},
                                       {"supervisor.connected", Change::supervisor_dies},
                                       {"files.rename:listen.json", Change::supervisor_dies},
                                       {"supervisor.listening", Change::supervisor_dies},
                                       {"supervisor.begun", Change::supervisor_dies}};

INSTANTIATE_TEST_SUITE_P(Points, SupervisorKilledAt, ::testing::ValuesIn(supervisor_points),
                         [](const auto& point) { return name_of(point.param); });

class LauncherKilledAt : public KilledAt {};

TEST_P(LauncherKilledAt, NothingIsLeftAndTheNextOneReachesTheDesiredState) {
    make_package();
    begin();
    if (GetParam().change != Change::load) {
        load();
        ASSERT_TRUE(all_is_well(sup_->pid())) << log();
        before_ = pid();
    }
    arm(GetParam().label);
    if (GetParam().change == Change::load) {
        (void)hab({"svc", "load", "acme/tide"});
    } else {
        ASSERT_NO_FATAL_FAILURE(change());
    }
    ASSERT_TRUE(fired()) << "nobody came to " << GetParam().label << '\n' << log();
    ASSERT_EQ(sup_->wait(), 128 + SIGKILL) << log();
    // When hab-sup is dead as well, the next launcher has to do it.
    if (GetParam().change != Change::supervisor_dies) {
        EXPECT_TRUE(eventually([] { return marked_processes().empty(); })) << log();
    }
    readers_.reset();
    fs::remove("/hab/sup/default/listen.json");
    begin();
    EXPECT_TRUE(all_is_well(sup_->pid())) << log();
    if (GetParam().change == Change::restart) {
        EXPECT_TRUE(eventually([] { return seen() == "begin two"; })) << seen() << log();
    }
    EXPECT_EQ(terminate(), 0) << log();
    EXPECT_EQ(readers_->torn(), "");
}

constexpr Point launcher_points[] = {{"launcher.spawn", Change::load},
                                     {"launcher.spawned", Change::load},
                                     {"launcher.signal", Change::restart},
                                     {"launcher.exited", Change::crash},
                                     {"launcher.signal", Change::stop},
                                     {"launcher.signal", Change::unload},
                                     {"launcher.respawn", Change::supervisor_dies},
                                     {"launcher.welcome", Change::supervisor_dies}};

INSTANTIATE_TEST_SUITE_P(Points, LauncherKilledAt, ::testing::ValuesIn(launcher_points),
                         [](const auto& point) { return name_of(point.param); });

class FailPoints : public SupervisorTest {};

TEST_F(FailPoints, ALauncherKilledWhileItTakesOverLeavesNothing) {
    for (const char* label : {"launcher.marked", "launcher.welcome"}) {
        write(rules, std::string(label) + "=kill");
        const auto result = run({program("libexec/hab/hab-launch").string(), "run", "--listen-http",
                                 "127.0.0.1:0", "--listen-ctl", "127.0.0.1:0"},
                                {.env = {{"HAB_FAIL_POINTS", "@" + rules.string()}}});
        EXPECT_EQ(result.exit_code, 128 + SIGKILL) << label;
        EXPECT_TRUE(eventually([] { return marked_processes().empty(); })) << label;
    }
    start();
    EXPECT_TRUE(all_is_well(sup_->pid())) << log();
}

TEST_F(FailPoints, ALauncherKilledWhileItShutsDownLeavesNothing) {
    package("tide", {{"hooks/run", "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave sleep-forever\n"}});
    start({"acme/tide"}, {.env = {{"HAB_FAIL_POINTS", "@" + rules.string()}}});
    ASSERT_GT(up("tide"), 0);
    write(rules, "launcher.shutdown=kill");
    EXPECT_EQ(terminate(), 128 + SIGKILL);
    EXPECT_TRUE(eventually([] { return marked_processes().empty(); })) << log();
    sup_.reset();
}

/// A label in the sources that no test knows would be a place where nobody looks.
TEST_F(FailPoints, EveryLabelOfSupervisorAndLauncherIsSwept) {
    std::set<std::string> swept{"launcher.marked", "launcher.shutdown"};
    const auto note = [&](const Point& point) {
        const std::string_view label(point.label);
        swept.emplace(label.substr(0, label.find(':')));
    };
    for (const Point& point : supervisor_points)
        note(point);
    for (const Point& point : launcher_points)
        note(point);
    const std::string call = "fail_point(\"";
    int labels = 0;
    for (const char* room : {"core/supervisor", "core/launcher"}) {
        for (const auto& entry : fs::recursive_directory_iterator(source_dir() / room)) {
            if (entry.path().extension() != ".cpp") continue;
            const std::string text = read_file(entry.path());
            for (auto at = text.find(call); at != text.npos; at = text.find(call, at + 1)) {
                const auto from = at + call.size();
                const std::string label = text.substr(from, text.find('"', from) - from);
                EXPECT_TRUE(swept.contains(label)) << label << " in " << entry.path();
                ++labels;
            }
        }
    }
    EXPECT_GT(labels, 20);
}

}  // namespace
}  // namespace hab::test
