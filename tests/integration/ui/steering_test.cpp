// SPDX-License-Identifier: Apache-2.0
// The status page with a keyboard, on a telephone, in the dark, and for those who do not see it.
#include <fmt/format.h>

#include "base/json.hpp"
#include "integration/ui/ui_fixture.hpp"

namespace hab::test {
namespace {

constexpr const char* escape = "\xEE\x80\x8C";
constexpr const char* arrow_right = "\xEE\x80\x94";

class Steering : public UiTest {
protected:
    /// Two services, one of which fails, so that all colours are on the page.
    void begin() {
        talking("tide", "running");
        package("surf", {{"hooks/run", "#!/bin/sh\nexit 3\n"}});
        start_page({"tide", "surf"});
        open();
        ASSERT_TRUE(shows("tide.default") && shows("surf.default") && shows("restart")) << log();
    }
    std::string place() { return browser_->text("return location.hash"); }
};

/// Smallest contrast of any text on the page to what is behind it, by WCAG 2.1.
constexpr const char* smallest_contrast = R"js(
const light = (colour) => {
  const [r, g, b] = colour.match(/[\d.]+/g).map(Number).map((v) => v / 255)
    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const colour = getComputedStyle(e).backgroundColor;
    if (!colour.startsWith('rgba(') ) return colour;
  }
  return 'rgb(255, 255, 255)';
};
let least = 21, where = '';
for (const element of document.body.querySelectorAll('*')) {
  const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  if (!own || !element.offsetParent || element.tagName === 'SCRIPT') continue;
  const a = light(getComputedStyle(element).color), b = light(behind(element));
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < least) { least = ratio; where = element.tagName + ' ' + element.className; }
}
return (least >= 4.5 ? 'good' : 'bad') + ' ' + least.toFixed(2) + ' ' + where;
)js";

TEST_F(Steering, WithTheKeyboard) {
    begin();
    browser_->type("j");
    EXPECT_TRUE(browser_->wait("location.hash === '#/surf.default'")) << place();
    browser_->type("j");
    EXPECT_TRUE(browser_->wait("location.hash === '#/tide.default'")) << place();
    browser_->type("2");
    EXPECT_TRUE(browser_->wait("location.hash === '#/tide.default/log'")) << place();
    browser_->type(arrow_right, "#tab-log");
    EXPECT_TRUE(browser_->wait("location.hash === '#/tide.default/config'")) << place();
    EXPECT_TRUE(browser_->wait("document.activeElement.id === 'tab-config'"));
    browser_->type("k");
    EXPECT_TRUE(browser_->wait("location.hash === '#/surf.default/config'")) << place();
    browser_->type(escape);
    EXPECT_TRUE(browser_->wait("document.getElementById('detail').hidden"));
}

TEST_F(Steering, OnATelephone) {
    begin();
    browser_->resize(390, 800);
    browser_->shot("phone-list");
    EXPECT_TRUE(browser_->wait("document.documentElement.scrollWidth <= 390"));
    browser_->click("a[data-group='tide.default']");
    EXPECT_TRUE(browser_->wait("!document.querySelector('nav').offsetParent"));
    for (const char* const tab : {"state", "log", "config", "why"}) {
        browser_->click(fmt::format("#tab-{}", tab));
        EXPECT_TRUE(browser_->wait("document.documentElement.scrollWidth <= 390")) << tab;
        EXPECT_TRUE(browser_->wait(
            fmt::format("document.getElementById('tab-{}').offsetHeight >= 40", tab)));
    }
    browser_->shot("phone-why");
    browser_->click(".back a");
    EXPECT_TRUE(browser_->wait("document.querySelector('nav').offsetParent"));
}

TEST_F(Steering, InTheLightAndInTheDark) {
    begin();
    browser_->click("a[data-group='surf.default']");
    for (const bool dark : {false, true}) {
        browser_->prefer_dark(dark);
        for (const char* const tab : {"state", "log", "why"}) {
            browser_->click(fmt::format("#tab-{}", tab));
            EXPECT_TRUE(browser_->wait("document.getElementById('panel').children.length"));
            EXPECT_THAT(browser_->text(smallest_contrast), ::testing::StartsWith("good"))
                << tab << (dark ? " in the dark" : "");
            browser_->shot(fmt::format("{}-{}", dark ? "dark" : "light", tab));
        }
    }
}

TEST_F(Steering, WithoutSeeing) {
    begin();
    browser_->click("a[data-group='tide.default']");
    // Everything that can be used has a name, and what is chosen is said.
    EXPECT_EQ(to_json(browser_->script(
                  "return [...document.querySelectorAll('a, button, input, nav, ol, [role]')]"
                  ".filter((e) => e.offsetParent && !(e.textContent.trim() || e.ariaLabel "
                  "|| e.labels?.length || e.getAttribute('aria-labelledby')))"
                  ".map((e) => e.outerHTML)")),
              "[]");
    EXPECT_TRUE(
        browser_->wait("document.querySelectorAll('[role=tab][aria-selected=true]').length === 1"));
    EXPECT_TRUE(
        browser_->wait("document.querySelector('a[aria-current=true]').dataset.group === "
                       "'tide.default'"));
    EXPECT_TRUE(browser_->wait("document.activeElement.id === 'detail'"))
        << "the focus follows to what was chosen";
    EXPECT_EQ(browser_->text("return document.documentElement.lang"), "en");
}

}  // namespace
}  // namespace hab::test
