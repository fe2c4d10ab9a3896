// SPDX-License-Identifier: Apache-2.0
// A real Chromium without a window, steered by W3C WebDriver (https://www.w3.org/TR/webdriver2/).
#pragma once

#include <memory>
#include <string>

#include "base/value.hpp"
#include "support/run.hpp"

namespace hab::test {

/// Why there is no browser here, or empty.
[[nodiscard]] std::string why_no_browser();

/// One window. Both programs are killed when the object goes; they end with the test's world if it
/// is killed. Failures of the driver are test failures, and then values are null.
class Browser {
public:
    Browser();
    Browser(const Browser&) = delete;
    Browser& operator=(const Browser&) = delete;
    ~Browser();

    void open(const std::string& url);
    /// Runs the body of a function in the page: "return document.title".
    Value script(const std::string& body);
    /// The script's answer as a text; "" for anything else.
    std::string text(const std::string& body);
    /// Polls until the script says true.
    bool wait(const std::string& condition);
    /// As a person does: moved to, and pressed. The element is named by a CSS selector.
    void click(const std::string& selector);
    /// Keys to the element that has the focus, or to a named one. "\xEE\x80\x8C" is Escape.
    void type(const std::string& keys, const std::string& selector = "body");
    void resize(int width, int height);
    void prefer_dark(bool dark);
    /// Writes a PNG to HAB_TEST_SHOTS, if that is set: for people who want to look.
    void shot(const std::string& name);

private:
    /// "value" of the answer.
    Value call(const std::string& method, const std::string& path, Value body = Value(Object()));
    std::string element(const std::string& selector);

    int port_;
    std::unique_ptr<Background> driver_;
    std::string session_;
};

}  // namespace hab::test
