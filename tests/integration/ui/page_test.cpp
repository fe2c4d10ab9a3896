// SPDX-License-Identifier: Apache-2.0
// What the status page shows, and that it stays true without being loaded again.
#include "base/json.hpp"
#include "integration/ui/ui_fixture.hpp"

namespace hab::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class StatusPage : public UiTest {};

TEST_F(StatusPage, ShowsServicesTheirStateLogConfigurationAndCauses) {
    talking("tide", "the tide is high");
    package("surf", {{"hooks/run", "#!/bin/sh\nexit 3\n"}});
    start_page({"tide", "surf"});
    open();
    ASSERT_TRUE(shows("tide.default") && shows("surf.default")) << log();
    EXPECT_TRUE(browser_->wait("document.getElementById('live').dataset.state === 'on'"));
    browser_->shot("list");

    browser_->click("a[data-group='surf.default']");
    EXPECT_TRUE(shows("exited with code 3")) << panel();
    EXPECT_TRUE(shows("restart"));
    browser_->shot("state");

    browser_->click("a[data-group='tide.default']");
    browser_->click("#tab-log");
    EXPECT_TRUE(shows("the tide is high")) << panel();
    browser_->click("#tab-config");
    EXPECT_TRUE(shows("default.toml:1")) << panel();
    EXPECT_THAT(panel(), AllOf(HasSubstr("(secret)"), Not(HasSubstr("hunter2"))));
    browser_->shot("config");
    browser_->click("#tab-why");
    EXPECT_TRUE(browser_->wait("document.querySelector('article li')")) << panel();
    EXPECT_THAT(panel(), HasSubstr("start"));
    browser_->shot("why");
}

TEST_F(StatusPage, FollowsWhatHappens) {
    talking("tide", "running");
    start_page({"tide"});
    const pid_t first = up("tide");
    open("#/tide.default/config");
    ASSERT_TRUE(shows("default.toml:1")) << log();
    (void)browser_->script("window.sameLoad = true");
    write("/hab/user/tide/config/user.toml", "port = 8081\n");
    EXPECT_TRUE(shows("8081")) << panel();
    EXPECT_TRUE(shows("user.toml:1")) << panel();

    browser_->click("#tab-state");
    ::kill(first, SIGKILL);
    EXPECT_TRUE(shows("1 restart")) << panel();
    browser_->click("#tab-log");
    EXPECT_TRUE(browser_->wait("document.getElementById('log')"));
    const pid_t second = up("tide", first);
    (void)browser_->script("window.linesBefore = document.getElementById('log').children.length");
    ::kill(second, SIGKILL);
    EXPECT_TRUE(browser_->wait("document.getElementById('log').children.length > linesBefore"))
        << "lines come by themselves";
    EXPECT_TRUE(browser_->wait("window.sameLoad"));
}

TEST_F(StatusPage, ComesBackAfterTheSupervisorDid) {
    talking("tide", "running");
    start_page({"tide"});
    ASSERT_GT(up("tide"), 0);
    open();
    ASSERT_TRUE(shows("tide.default"));
    const pid_t before = supervisor_pid();
    ::kill(before, SIGKILL);
    EXPECT_TRUE(browser_->wait("document.getElementById('live').dataset.state !== 'on'"));
    EXPECT_TRUE(browser_->wait("document.getElementById('live').dataset.state === 'on'"));
    EXPECT_TRUE(shows("tide.default"));
}

TEST_F(StatusPage, WhatServicesSayIsTextAndNeverHtml) {
    talking("tide",
            "<script>document.title=\"owned\"</script><img src=x onerror=document.title=1>");
    write("/hab/user/tide/config/user.toml", "name = \"<script>document.title=1</script>\"\n");
    start_page({"tide"});
    ASSERT_GT(up("tide"), 0);
    open("#/tide.default/log");
    EXPECT_TRUE(shows("<script>document.title=\"owned\"</script><img src=x onerror=")) << panel();
    browser_->click("#tab-config");
    EXPECT_TRUE(shows("\"<script>document.title=1</script>\"")) << panel();
    EXPECT_EQ(browser_->text("return document.title"), "tide.default - Supervisor");
    EXPECT_EQ(to_json(browser_->script("return document.scripts.length")), "1");
    EXPECT_EQ(to_json(browser_->script("return document.images.length")), "0");
    // Even a mistake of the page's own could not turn text into HTML.
    EXPECT_EQ(browser_->text("try { document.body.innerHTML = '<b>x</b>'; return 'taken'; } "
                             "catch (error) { return error.name; }"),
              "TypeError");
}

TEST_F(StatusPage, AsksForTheToken) {
    talking("tide", "running");
    RunOptions options;
    options.env = {{"HAB_SUP_GATEWAY_AUTH_TOKEN", "s3cret"}};
    start_page({"tide"}, options);
    EXPECT_EQ(get("/ui").status, 200) << "a browser cannot send a token before it has a page";
    EXPECT_EQ(get("/services").status, 401);
    open();
    ASSERT_TRUE(shows("wants its token"));
    EXPECT_EQ(browser_->text("return document.getElementById('services').innerText"), "");
    browser_->shot("token");
    browser_->type("wrong\n", "#token");
    EXPECT_TRUE(shows("That is not the token."));
    browser_->type("s3cret\n", "#token");
    EXPECT_TRUE(shows("tide.default"));
    EXPECT_THAT(get("/ui").body, Not(HasSubstr("s3cret")));
}

TEST_F(StatusPage, IsOneFileThatAsksNobodyElse) {
    start({});
    const HttpAnswer page = get("/ui");
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.headers,
                AllOf(HasSubstr("default-src 'none'"), HasSubstr("frame-ancestors 'none'"),
                      HasSubstr("nosniff"), Not(HasSubstr("unsafe-"))));
    EXPECT_THAT(page.body, AllOf(Not(HasSubstr("src=\"")), Not(HasSubstr("http://")),
                                 Not(HasSubstr("https://")), Not(HasSubstr("innerHTML"))));
    EXPECT_LT(page.body.size(), 40'000u);
    EXPECT_EQ(get("/ui/").status, 200);
    EXPECT_EQ(get("/ui/page.js").status, 404);
}

}  // namespace
}  // namespace hab::test
