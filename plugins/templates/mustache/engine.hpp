// SPDX-License-Identifier: Apache-2.0
// Mustache by kainjow as a template engine of Habitat.
#pragma once

#include <array>
#include <boost/json/value.hpp>
#include <hab/template_engine.hpp>
#include <kainjow/mustache.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strict.hpp"
#include "syntax.hpp"

namespace mustache_plugin {

class Engine {
public:
    static constexpr auto options =
        std::array{hab::sdk::Option{.name = "strict",
                                    .type = HAB_OPTION_BOOL,
                                    .help = "a missing value is an error",
                                    .default_value = "false"},
                   hab::sdk::Option{.name = "output-limit",
                                    .type = HAB_OPTION_SIZE,
                                    .value_name = "SIZE",
                                    .help = "largest output of one template",
                                    .default_value = "67108864"}};

    Engine(hab::sdk::Host host, const hab::sdk::Options& options);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// A compiled text; known to the others as a partial while it lives.
    class Template {
    public:
        Template(Engine& engine, std::string name, std::string_view text);
        ~Template();
        Template(const Template&) = delete;
        Template& operator=(const Template&) = delete;

        std::string name;
        std::string source;
        std::vector<Tag> tags;
        std::size_t number;            ///< of those that this engine compiled
        kainjow::mustache::data text;  ///< as a partial; marked in a strict engine
        std::size_t longest_line = 0;  ///< bytes
        std::unique_ptr<kainjow::mustache::mustache> program;

    private:
        Engine& engine_;
    };

    class Data {
    public:
        explicit Data(std::string_view json);
        void update(std::string_view pointer, std::string_view json);
        /// Converted on first use after a change.
        [[nodiscard]] const kainjow::mustache::data& get();
        [[nodiscard]] const boost::json::value& json() const noexcept { return json_; }

    private:
        boost::json::value json_;
        std::optional<kainjow::mustache::data> converted_;
    };

    std::unique_ptr<Template> compile(std::string_view name, std::string_view text);
    std::unique_ptr<Data> load(std::string_view json) { return std::make_unique<Data>(json); }
    void update(Data& data, std::string_view pointer, std::string_view json) {
        data.update(pointer, json);
    }
    void render(Template& compiled, Data& data, hab::sdk::Sink out, hab::sdk::Reads reads);
    void inspect(const Template& compiled, hab::sdk::References references) const;
    [[nodiscard]] std::string pattern(std::uint32_t id) const;

private:
    std::uint32_t pattern_id(const std::string& name);
    [[noreturn]] void fail_missing(const Mark& mark, const char* what, const Data& data) const;

    std::map<std::string, const Template*, std::less<>> templates_;
    std::vector<std::string> patterns_;
    std::map<std::string, std::uint32_t, std::less<>> pattern_ids_;
    std::size_t output_limit_;
    bool is_strict_;
    std::size_t compiled_ = 0;  ///< templates so far
};

}  // namespace mustache_plugin
