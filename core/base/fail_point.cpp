// SPDX-License-Identifier: Apache-2.0
#include "base/fail_point.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <deque>
#include <string>

#include "base/error.hpp"
#include "base/strings.hpp"

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

std::deque<Rule> read_rules() {
    std::deque<Rule> rules;
    const char* text = ::secure_getenv("HAB_FAIL_POINTS");
    if (text == nullptr) return rules;
    for (const std::string_view part : split(text, ',')) {
        if (!part.empty()) parse_rule(part, rules.emplace_back());
    }
    return rules;
}

}  // namespace

void fail_point(std::string_view name, std::string_view subject) {
    static std::deque<Rule> rules = read_rules();
    for (Rule& rule : rules) {
        if (rule.name != name || subject.find(rule.subject) == subject.npos) continue;
        if (rule.passed.fetch_add(1) + 1 != rule.at) continue;
        if (rule.kill) ::kill(::getpid(), SIGKILL);
        throw Error::from_errno(fmt::format("injected failure at {} on '{}'", name, subject),
                                rule.errnum);
    }
}

}  // namespace hab
