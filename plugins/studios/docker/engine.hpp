// SPDX-License-Identifier: Apache-2.0
// The requests to a Docker engine that a studio needs. Its API: docs.docker.com/engine/api, 1.40.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <hab/http.hpp>
#include <hab/studio.hpp>

namespace docker_studio {

/// Puts the next bytes of a tar stream into the buffer; 0 at the end.
using TarReader = std::function<std::size_t(char* buffer, std::size_t size)>;

/// Speaks over the engine's unix socket through hab.http/1. Every function but ping throws
/// HAB_STATUS_IO with the engine's words when it refuses.
class Engine {
public:
    Engine(hab::sdk::Host host, std::string socket) : host_(host), socket_(std::move(socket)) {}

    [[nodiscard]] const std::string& socket() const noexcept { return socket_; }
    /// Empty if it answers, else why not.
    [[nodiscard]] std::string ping() const;
    [[nodiscard]] bool has_image(const std::string& name) const;
    /// Makes the image NAME:TAG of a tar stream of a root file system.
    void import_image(const std::string& name, const std::string& tag, TarReader reader) const;
    /// Fine if it is not there or in use.
    void remove_image(const std::string& name) const;
    /// Makes a container from the JSON text of its configuration; its id.
    [[nodiscard]] std::string create_container(const std::string& configuration) const;
    void start(const std::string& id) const;
    /// Kills and removes; fine if it is not there.
    void remove_container(const std::string& id) const;
    /// Ids of all containers, running or not, with a label "KEY=VALUE".
    [[nodiscard]] std::vector<std::string> containers_with(const std::string& label) const;
    void resize(const std::string& id, unsigned rows, unsigned columns) const;

private:
    [[nodiscard]] hab::sdk::HttpRequest request(std::string method, std::string_view target) const;
    [[nodiscard]] hab::sdk::HttpResponse send(const hab::sdk::HttpRequest& request) const;
    /// send(), and refusals thrown.
    hab::sdk::HttpResponse must(const hab::sdk::HttpRequest& request, std::string_view what) const;

    hab::sdk::Host host_;
    std::string socket_;
};

/// The text under a key of a flat JSON object, escapes left as they are; empty if it is not there.
[[nodiscard]] std::string json_text(std::string_view json, std::string_view key);
/// The number under a key; `otherwise` if there is none.
[[nodiscard]] std::int64_t json_number(std::string_view json, std::string_view key,
                                       std::int64_t otherwise);

}  // namespace docker_studio
