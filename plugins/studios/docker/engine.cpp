// SPDX-License-Identifier: Apache-2.0
#include "engine.hpp"

#include <charconv>

namespace docker_studio {

using namespace hab::sdk;
using hab::sdk::detail::json_string;

namespace {

constexpr std::string_view version = "/v1.40";

/// Everything but letters, digits and a few marks as %XX.
std::string escaped(std::string_view text) {
    static constexpr std::string_view plain = "-._~/:=";
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            plain.find(c) != std::string_view::npos) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

/// Position of the value of "key" in a JSON text; npos if there is none.
std::size_t value_of(std::string_view json, std::string_view key) {
    const std::string quoted = "\"" + std::string(key) + "\"";
    const auto at = json.find(quoted);
    return at == std::string_view::npos ? at : json.find_first_not_of(" \t\n:", at + quoted.size());
}

}  // namespace

std::string json_text(std::string_view json, std::string_view key) {
    const auto begin = value_of(json, key);
    if (begin == std::string_view::npos || json[begin] != '"') return {};
    auto end = begin + 1;
    while (end < json.size() && json[end] != '"')
        end += json[end] == '\\' ? 2 : 1;
    return std::string(json.substr(begin + 1, end - begin - 1));
}

std::int64_t json_number(std::string_view json, std::string_view key, std::int64_t otherwise) {
    const auto begin = value_of(json, key);
    if (begin == std::string_view::npos) return otherwise;
    std::int64_t number = 0;
    const auto done = std::from_chars(json.data() + begin, json.data() + json.size(), number);
    return done.ec == std::errc{} ? number : otherwise;
}

HttpRequest Engine::request(std::string method, std::string_view target) const {
    HttpRequest made;
    made.method = std::move(method);
    made.url = "http://engine" + std::string(version) + std::string(target);
    made.unix_socket = socket_;
    return made;
}

HttpResponse Engine::send(const HttpRequest& request) const {
    return host_.require<Http>().request(request);
}

HttpResponse Engine::must(const HttpRequest& request, std::string_view what) const {
    HttpResponse answer = send(request);
    if (answer.status < 400) return answer;
    const std::string words = json_text(answer.body, "message");
    raise(HAB_STATUS_IO, "the engine at '" + socket_ + "' cannot " + std::string(what) + ": " +
                             (words.empty() ? "status " + std::to_string(answer.status) : words));
}

std::string Engine::ping() const {
    if (!host_.find<Http>()) return "this hab does not offer HTTP";
    try {
        HttpRequest probe = request("GET", "/_ping");
        probe.timeout_ms = 1500;
        const HttpResponse answer = send(probe);
        if (answer.status == 200) return {};
        return "what listens at '" + socket_ + "' is no engine of API 1.40: it answers " +
               std::to_string(answer.status);
    } catch (const Error& error) {
        return "no engine answers at '" + socket_ + "': " + error.what();
    }
}

bool Engine::has_image(const std::string& name) const {
    return send(request("GET", "/images/" + escaped(name) + "/json")).status == 200;
}

void Engine::import_image(const std::string& name, const std::string& tag, TarReader reader) const {
    HttpRequest import =
        request("POST", "/images/create?fromSrc=-&repo=" + escaped(name) + "&tag=" + escaped(tag));
    import.headers.push_back({"Content-Type", "application/x-tar"});
    import.read_body = std::move(reader);
    const HttpResponse answer = must(import, "import the image of the studio");
    // The status is sent before the work: what goes wrong later is in the body.
    if (answer.body.find("\"errorDetail\"") != std::string::npos) {
        raise(HAB_STATUS_IO,
              "the engine at '" + socket_ +
                  "' cannot import the image of the studio: " + json_text(answer.body, "error"));
    }
}

void Engine::remove_image(const std::string& name) const {
    const HttpResponse answer = send(request("DELETE", "/images/" + escaped(name)));
    if (answer.status < 400 || answer.status == 404 || answer.status == 409) return;
    raise(HAB_STATUS_IO, "the engine at '" + socket_ + "' cannot remove the image '" + name +
                             "': " + json_text(answer.body, "message"));
}

std::string Engine::create_container(const std::string& configuration) const {
    HttpRequest create = request("POST", "/containers/create");
    create.headers.push_back({"Content-Type", "application/json"});
    create.body = configuration;
    return json_text(must(create, "make a container").body, "Id");
}

void Engine::start(const std::string& id) const {
    must(request("POST", "/containers/" + id + "/start"), "start the container");
}

void Engine::remove_container(const std::string& id) const {
    const HttpResponse answer = send(request("DELETE", "/containers/" + id + "?force=true&v=true"));
    // 409: it is being removed already, because it was made so that it goes with its end.
    if (answer.status < 400 || answer.status == 404 || answer.status == 409) return;
    raise(HAB_STATUS_IO, "the engine at '" + socket_ +
                             "' cannot remove a container: " + json_text(answer.body, "message"));
}

std::vector<std::string> Engine::containers_with(const std::string& label) const {
    const std::string filter = R"({"label":[)" + json_string(label) + "]}";
    const std::string json =
        must(request("GET", "/containers/json?all=true&filters=" + escaped(filter)),
             "list containers")
            .body;
    std::vector<std::string> ids;
    for (auto at = json.find("\"Id\":"); at != std::string::npos; at = json.find("\"Id\":", at + 1))
        ids.push_back(json_text(std::string_view(json).substr(at), "Id"));
    return ids;
}

void Engine::resize(const std::string& id, unsigned rows, unsigned columns) const {
    // Refused when the program has just ended; there is nothing to resize then.
    static_cast<void>(
        send(request("POST", "/containers/" + id + "/resize?h=" + std::to_string(rows) +
                                 "&w=" + std::to_string(columns))));
}

}  // namespace docker_studio
