// SPDX-License-Identifier: Apache-2.0
#include "integration/ui/browser.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sodium.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/strings.hpp"
#include "base/unique_fd.hpp"

namespace hab::test {
namespace {

constexpr const char* chromium = "/usr/bin/chromium";
constexpr const char* driver = "/usr/bin/chromedriver";
/// Keys of the object that stands for an element, by the standard.
constexpr const char* element_key = "element-6066-11e4-a52e-4f735466cecf";

/// Whether head and body have arrived: the driver keeps its connections open whatever it is asked.
bool is_whole(const std::string& answer) {
    constexpr std::string_view name = "\r\ncontent-length:";
    const auto head = answer.find("\r\n\r\n");
    if (head == answer.npos) return false;
    const auto length = to_lower(answer.substr(0, head)).find(name);
    if (length == answer.npos) return false;
    return answer.size() >=
           head + 4 + std::strtoull(answer.c_str() + length + name.size(), nullptr, 10);
}

/// One HTTP exchange with the driver; body of the answer, empty if there is none.
std::string exchange(int port, const std::string& method, const std::string& path,
                     const std::string& body) {
    const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval timeout{60, 0};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return {};
    const std::string request = fmt::format(
        "{} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
        "application/json\r\nContent-Length: {}\r\n\r\n{}",
        method, path, body.size(), body);
    if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return {};
    std::string answer;
    char block[16384];
    for (ssize_t n = 0; !is_whole(answer) && (n = ::read(fd.get(), block, sizeof block)) > 0;)
        answer.append(block, static_cast<std::size_t>(n));
    const auto head = answer.find("\r\n\r\n");
    return head == answer.npos ? std::string() : answer.substr(head + 4);
}

Value object(std::initializer_list<std::pair<std::string, Value>> fields) {
    Object out;
    for (const auto& [name, value] : fields)
        out.set(name, value);
    return out;
}

Value list(std::initializer_list<Value> items) {
    Array out;
    for (const Value& item : items)
        out.push_back(item);
    return out;
}

Value capabilities() {
    const Value words = list({"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                              "--disable-dev-shm-usage", "--disable-background-networking",
                              "--user-data-dir=/hab/browser", "--window-size=1100,700"});
    const Value options = object({{"binary", chromium}, {"args", words}});
    return object(
        {{"capabilities", object({{"alwaysMatch", object({{"goog:chromeOptions", options}})}})}});
}

}  // namespace

std::string why_no_browser() {
    for (const char* program : {chromium, driver}) {
        if (::access(program, X_OK) != 0) return fmt::format("{} is not installed", program);
    }
    return {};
}

Browser::Browser() : port_(free_port()) {
    driver_ = std::make_unique<Background>(
        std::vector<std::string>{driver, fmt::format("--port={}", port_)},
        RunOptions{.env = {{"HOME", "/hab"}, {"TMPDIR", "/hab"}}});
    EXPECT_TRUE(eventually([&] { return !exchange(port_, "GET", "/status", "").empty(); }))
        << driver_->output();
    const Value session = call("POST", "/session", capabilities());
    const Value* const id = session.at_path("sessionId");
    if (id != nullptr && id->as_string() != nullptr) session_ = "/session/" + *id->as_string();
    EXPECT_NE(session_, "") << driver_->output();
}

Browser::~Browser() {
    if (!session_.empty()) (void)exchange(port_, "DELETE", session_, "");
}

Value Browser::call(const std::string& method, const std::string& path, Value body) {
    const std::string answer =
        exchange(port_, method, session_ + path, method == "GET" ? "" : to_json(body));
    if (answer.empty()) {
        ADD_FAILURE() << "no answer to " << method << " " << path << "\n" << driver_->output();
        return {};
    }
    const Value document = parse_json(answer, "chromedriver");
    const Value* const value = document.at_path("value");
    if (value == nullptr) return {};
    if (const Value* const error = value->at_path("error"); error != nullptr) {
        const Value* const message = value->at_path("message");
        ADD_FAILURE() << method << " " << path << ": " << to_json(*error) << " "
                      << (message != nullptr ? to_json(*message) : "");
        return {};
    }
    return *value;
}

void Browser::open(const std::string& url) {
    (void)call("POST", "/url", object({{"url", url}}));
}

Value Browser::script(const std::string& body) {
    return call("POST", "/execute/sync", object({{"script", body}, {"args", Value(Array())}}));
}

std::string Browser::text(const std::string& body) {
    const Value value = script(body);
    return value.as_string() != nullptr ? *value.as_string() : std::string();
}

bool Browser::wait(const std::string& condition) {
    return eventually([&] {
        const Value value = script("return Boolean(" + condition + ")");
        return value.as_bool() != nullptr && *value.as_bool();
    });
}

std::string Browser::element(const std::string& selector) {
    const Value found =
        call("POST", "/element", object({{"using", "css selector"}, {"value", selector}}));
    const Value* const id = found.at_path(element_key);
    return id != nullptr && id->as_string() != nullptr ? *id->as_string() : std::string();
}

void Browser::click(const std::string& selector) {
    (void)call("POST", fmt::format("/element/{}/click", element(selector)));
}

void Browser::type(const std::string& keys, const std::string& selector) {
    (void)call("POST", fmt::format("/element/{}/value", element(selector)),
               object({{"text", keys}}));
}

void Browser::resize(int width, int height) {
    // The window of a browser without a head has a smallest width; a device has none.
    const Value parameters = object(
        {{"width", width}, {"height", height}, {"deviceScaleFactor", 1}, {"mobile", width < 600}});
    (void)call("POST", "/goog/cdp/execute",
               object({{"cmd", "Emulation.setDeviceMetricsOverride"}, {"params", parameters}}));
}

void Browser::prefer_dark(bool dark) {
    const Value feature =
        object({{"name", "prefers-color-scheme"}, {"value", dark ? "dark" : "light"}});
    const Value parameters = object({{"features", list({feature})}});
    (void)call("POST", "/goog/cdp/execute",
               object({{"cmd", "Emulation.setEmulatedMedia"}, {"params", parameters}}));
}

void Browser::shot(const std::string& name) {
    const char* const directory = std::getenv("HAB_TEST_SHOTS");
    if (directory == nullptr) return;
    const Value answer = call("GET", "/screenshot");
    if (answer.as_string() == nullptr) return;
    const std::string& base64 = *answer.as_string();
    std::string png(base64.size(), '\0');
    std::size_t size = 0;
    EXPECT_EQ(
        ::sodium_base642bin(reinterpret_cast<unsigned char*>(png.data()), png.size(), base64.data(),
                            base64.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL),
        0);
    png.resize(size);
    write_file_atomic(std::filesystem::path(directory) / (name + ".png"), png);
}

}  // namespace hab::test
