// SPDX-License-Identifier: Apache-2.0
// The plugin's class: one engine per package.
#pragma once

#include <array>
#include <hab/template_engine.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "data.hpp"
#include "parser.hpp"
#include "patterns.hpp"
#include "render.hpp"

namespace handlebars {

class Engine {
public:
    static constexpr auto options = std::array{
        hab::sdk::Option{.name = "mode",
                         .value_name = "MODE",
                         .help = "how white space is treated: classic as from 2016 to 2024, modern "
                                 "as in handlebars.js",
                         .default_value = "classic",
                         .choices = {"classic", "modern"}},
        hab::sdk::Option{.name = "strict",
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

    using Data = handlebars::Data;

    /// A compiled text; registered as partial under its name while it lives.
    class Template {
    public:
        Template(Engine& engine, std::unique_ptr<Program> program);
        ~Template();
        Template(const Template&) = delete;
        Template& operator=(const Template&) = delete;
        [[nodiscard]] Program& program() const noexcept { return *program_; }

    private:
        Engine& engine_;
        std::unique_ptr<Program> program_;
    };

    std::unique_ptr<Template> compile(std::string_view name, std::string_view text);
    std::unique_ptr<Data> load(std::string_view json);
    void update(Data& data, std::string_view pointer, std::string_view json);
    void render(const Template& compiled, const Data& data, hab::sdk::Sink out,
                hab::sdk::Reads reads);
    void inspect(const Template& compiled, hab::sdk::References references);
    [[nodiscard]] std::string pattern(std::uint32_t id) const { return patterns_.text(id); }

private:
    Names names_;
    Patterns patterns_;
    std::map<std::string, Program*, std::less<>> partials_;
    Environment environment_;
    OutputBuffer buffer_;
};

}  // namespace handlebars
