// SPDX-License-Identifier: Apache-2.0
#include "base/fail_point.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "base/unique_fd.hpp"

namespace hab {
namespace {

struct Rule {
    std::string name;
    std::string subject;
    bool kill = false;
    int errnum = EIO;
    int at = 1;
    std::atomic<int> passed{0};
};

int errno_of(std::string_view word) {
    struct Named {
        std::string_view name;
        int value;
    };
    static constexpr std::array named = {Named{"ENOSPC", ENOSPC}, Named{"EIO", EIO},
                                         Named{"EACCES", EACCES}, Named{"EMFILE", EMFILE},
                                         Named{"ENOMEM", ENOMEM}, Named{"EROFS", EROFS}};
    for (const Named& n : named) {
        if (n.name == word) return n.value;
    }
    return EIO;
}

void parse_rule(std::string_view text, Rule& rule) {
    const auto equals = text.find('=');
    std::string_view place = text.substr(0, equals);
    std::string_view action = equals == text.npos ? "kill" : text.substr(equals + 1);
    if (const auto colon = place.find(':'); colon != place.npos) {
        rule.subject = place.substr(colon + 1);
        place = place.substr(0, colon);
    }
    rule.name = place;
    if (const auto at = action.find('@'); at != action.npos) {
        const std::string_view count = action.substr(at + 1);
        std::from_chars(count.data(), count.data() + count.size(), rule.at);
        action = action.substr(0, at);
    }
    rule.kill = action == "kill";
    if (action.starts_with("error:")) rule.errnum = errno_of(action.substr(6));
}

std::deque<Rule> parse_rules(std::string_view text) {
    std::deque<Rule> rules;
    for (const std::string_view part : split(text, ',')) {
        if (!part.empty()) parse_rule(part, rules.emplace_back());
    }
    return rules;
}

/// The rule whose turn it is at this passage, or null.
const Rule* due(std::deque<Rule>& rules, std::string_view name, std::string_view subject) {
    for (Rule& rule : rules) {
        if (rule.name != name || subject.find(rule.subject) == subject.npos) continue;
        if (rule.passed.fetch_add(1) + 1 == rule.at) return &rule;
    }
    return nullptr;
}

[[noreturn]] void obey(const Rule& rule, std::string_view name, std::string_view subject) {
    if (rule.kill) ::kill(::getpid(), SIGKILL);
    throw Error::from_errno(fmt::format("injected failure at {} on '{}'", name, subject),
                            rule.errnum);
}

/// Rules that a test brings while we run.
class RuleFile {
public:
    explicit RuleFile(std::string path) : path_(std::move(path)) {}

    void pass(std::string_view name, std::string_view subject) {
        const std::lock_guard guard(lock_);
        const std::string text = read();
        if (text != text_) {
            text_ = text;
            rules_ = parse_rules(text_);
        }
        const Rule* rule = due(rules_, name, subject);
        if (rule == nullptr || ::unlink(path_.c_str()) != 0) return;
        obey(*rule, name, subject);
    }

private:
    /// With plain calls: those of files.hpp are fail points themselves.
    [[nodiscard]] std::string read() const {
        const UniqueFd fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
        char buffer[4096];
        const ssize_t got = fd ? ::read(fd.get(), buffer, sizeof buffer) : 0;
        return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : std::string();
    }

    std::string path_;
    std::mutex lock_;
    std::string text_;
    std::deque<Rule> rules_;
};

std::string variable() {
    const char* text = ::secure_getenv("HAB_FAIL_POINTS");
    return text != nullptr ? text : "";
}

}  // namespace

void fail_point(std::string_view name, std::string_view subject) {
    static const std::string given = variable();
    if (given.empty()) return;
    if (given.front() == '@') {
        static RuleFile file(given.substr(1));
        file.pass(name, subject);
        return;
    }
    static std::deque<Rule> rules = parse_rules(given);
    if (const Rule* rule = due(rules, name, subject)) obey(*rule, name, subject);
}

}  // namespace hab
