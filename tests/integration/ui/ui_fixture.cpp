// SPDX-License-Identifier: Apache-2.0
#include "integration/ui/ui_fixture.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace hab::test {

void UiTest::SetUp() {
    WorldTest::SetUp();
    if (IsSkipped()) return;
    const std::string reason = why_no_browser();
    HAB_REQUIRE(reason.empty(), reason);
}

void UiTest::TearDown() {
    browser_.reset();
    SupervisorTest::TearDown();
}

void UiTest::talking(const std::string& name, const std::string& says) {
    package(name,
            {{"hooks/run", fmt::format("#!/bin/sh\nexec {{{{pkg.path}}}}/bin/misbehave say '{}' "
                                       "sleep-forever\n",
                                       says)},
             {"config/conf", "port {{cfg.port}}\n"},
             {"config.schema.toml",
              "[password]\ntype = \"string\"\nsecret = true\n\n[port]\ntype = "
              "\"integer\"\n"},
             {"default.toml", "port = 80\npassword = \"hunter2\"\n"}});
}

void UiTest::start_page(std::vector<std::string> services, const RunOptions& options) {
    port_ = free_port();
    std::vector<std::string> words{fmt::format("--listen-http=127.0.0.1:{}", port_)};
    for (std::size_t i = 0; i < services.size(); ++i) {
        if (i == 0) continue;
        write("/hab/sup/default/specs/" + services[i] + ".spec",
              fmt::format("ident = \"acme/{}\"\n", services[i]));
    }
    if (!services.empty()) words.push_back("acme/" + services.front());
    start(words, options);
    browser_.emplace();
}

void UiTest::open(const std::string& place) {
    browser_->open(fmt::format("http://127.0.0.1:{}/ui{}", port_, place));
}

bool UiTest::shows(const std::string& text) {
    return browser_->wait("document.body.innerText.includes(" + to_json(Value(text)) + ")");
}

std::string UiTest::panel() {
    return browser_->text("return document.getElementById('panel').innerText");
}

}  // namespace hab::test
