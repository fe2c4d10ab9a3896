// SPDX-License-Identifier: Apache-2.0
// `hab plan render`: what a supervisor would write, without one.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "cli/plan/commands.hpp"
#include "cli/plan/render_context.hpp"
#include "cli/plan/render_output.hpp"
#include "cli/plan/render_source.hpp"
#include "config/layers.hpp"
#include "config/template_choice.hpp"
#include "plugin/registry.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {ArgumentSpec{
    .name = "CONTEXT", .help = "Directory with plan.sh or habitat/plan.sh, or one template"}};

constexpr OptionSpec flag(std::string_view name, char letter, std::string_view help) {
    OptionSpec spec;
    spec.name = name;
    spec.letter = letter;
    spec.help = help;
    return spec;
}

constexpr OptionSpec value(std::string_view name, char letter, std::string_view value_name,
                           std::string_view help, std::string_view default_value = {},
                           std::string_view env = {}) {
    OptionSpec spec = flag(name, letter, help);
    spec.kind = OptionKind::value;
    spec.value_name = value_name;
    spec.default_value = default_value;
    spec.env = env;
    return spec;
}

constexpr std::array options = {
    value("default-toml", 'd', "FILE", "Defaults (default: default.toml of the plan)"),
    value("user-toml", 'u', "FILE", "The operator's layer"),
    value("mock-data", 'm', "FILE", "JSON that is laid over everything that templates see"),
    value("render-dir", 'r', "DIR", "Where the results go", "results"),
    value("engine", '\0', "ENGINE", "Template plugin (default: what the plan says)"),
    value("mode", '\0', "MODE", "classic or modern; tells where the two differ"),
    value("config-order", '\0', "ORDER", "Order of the layers: current or 2016", "current",
          config::layer_order_variable),
    flag("strict", '\0', "A missing value is an error (default: what the plan says)"),
    flag("check", '\0', "Render nothing; look for mistakes that show without data"),
    flag("origins", '\0', "Render nothing; show each value of the configuration and its origin"),
    flag("print", 'p', "Print the results, too"),
    flag("no-render", 'n', "Write nothing"),
    flag("quiet", 'q', "Tell only what is wrong"),
    value("format", '\0', "FORMAT", "human or json", "human"),
};

fs::path existing_file(const std::string& path, std::string_view what) {
    std::error_code none;
    if (fs::exists(path, none)) return path;
    throw Error(ErrorCode::not_found, fmt::format("there is no {} '{}'", what, path),
                "leave the option out, or give a file that exists");
}

void require_one_of(const std::string& given, std::string_view option, std::string_view a,
                    std::string_view b) {
    if (given == a || given == b) return;
    throw Error(ErrorCode::usage, fmt::format("--{} '{}' is not known", option, given),
                fmt::format("it is {} or {}", a, b));
}

config::ServiceConfig load_config(const Arguments& args, const RenderSource& source) {
    config::LayerSources from;
    from.service = source.plan.text("pkg_name");
    from.default_toml = source.default_toml;
    if (const auto given = args.get("default-toml")) {
        from.default_toml = existing_file(*given, "default.toml");
    }
    if (const auto given = args.get("user-toml")) {
        from.user_toml = existing_file(*given, "user.toml");
    }
    if (source.plan_dir)
        from.schema_toml = (*source.plan_dir / config::schema_file_name).lexically_normal();
    if (from.service.empty()) from.environment = [](const std::string&) { return std::nullopt; };
    from.order = config::layer_order_from(args.require("config-order"));
    from.may_lack_values = args.flag("check") || args.flag("origins");
    return config::ServiceConfig::load(std::move(from));
}

Value load_context(const Arguments& args, const RenderSource& source, const Value& cfg) {
    Value context = render_context(source.plan, cfg);
    const auto mock = args.get("mock-data");
    if (!mock) return context;
    Value over = parse_json(read_file(existing_file(*mock, "file of mock data"), 64u << 20), *mock);
    if (over.as_object() == nullptr) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("{}: the data must be an object, not a value of type {}", *mock,
                                over.type_name()),
                    R"(for example {"cfg": {"port": 80}, "bind": {"db": {"members": []}}})");
    }
    return config::merge(std::move(context), over);
}

/// What the command line says about the engine wins over what the plan says.
config::TemplateChoice choose_engine(const Arguments& args, const PlanSketch& plan) {
    config::TemplateChoice choice;
    const auto take = [&](std::string_view option, const char* variable, std::string& into) {
        std::string text = args.get(option).value_or(plan.text(variable));
        if (!text.empty()) into = std::move(text);
    };
    take("engine", "pkg_template_engine", choice.engine);
    take("mode", "pkg_template_mode", choice.mode);
    if (args.get("mode")) require_one_of(choice.mode, "mode", "classic", "modern");
    choice.strict = args.flag("strict") || plan.text("pkg_template_strict") == "true";
    return choice;
}

/// Throws usage for an option of the command line that the engine does not have.
void require_engine_knows(const plugin::Registry& plugins, const std::string& engine,
                          std::string_view option) {
    const auto& declared =
        plugins.catalogue().require(plugin::Kind::template_engine, engine).meta.options;
    if (std::any_of(declared.begin(), declared.end(),
                    [&](const auto& each) { return each.name == option; })) {
        return;
    }
    throw Error(ErrorCode::usage, fmt::format("the engine '{}' has no --{}", engine, option),
                "leave the option out");
}

/// Whether two problems are the same but for the column.
bool same_line(const RenderProblem& a, const RenderProblem& b) {
    return a.message == b.message &&
           a.place.substr(0, a.place.rfind(':')) == b.place.substr(0, b.place.rfind(':'));
}

class Rendering {
public:
    Rendering(const Invocation& invocation, const Arguments& args, const RenderSource& source)
        : args_(args),
          source_(source),
          plugins_(plugin::Catalogue::discover(plugin::SearchPlan::from_environment(
                       {invocation.plugin_files.begin(), invocation.plugin_files.end()},
                       plugin::package_plugin_dirs(invocation.paths.pkgs()))),
                   plugin::no_services()),
          choice_(choose_engine(args_, source.plan)) {
        if (args_.get("mode")) require_engine_knows(plugins_, choice_.engine, "mode");
        if (args_.flag("strict")) require_engine_knows(plugins_, choice_.engine, "strict");
    }

    void check(const CheckKnowledge& known, RenderFindings& findings) {
        for (const RenderSet& set : source_.sets) {
            const auto renderer = compile(set, choice_);
            for (const RenderFile& file : set) {
                if (!file.wanted) continue;
                ++findings.checked;
                for (auto& problem : check_template(renderer, file.name, known)) {
                    const auto& so_far = findings.problems;
                    // What is included is looked at more than once, and what is wrong about a
                    // list is wrong about its elements.
                    if (std::none_of(so_far.begin(), so_far.end(), [&](const auto& other) {
                            return same_line(problem, other);
                        })) {
                        findings.problems.push_back(std::move(problem));
                    }
                }
            }
        }
    }

    void render(const Value& context, RenderFindings& findings) {
        for (const RenderSet& set : source_.sets) {
            auto renderer = compile(set, choice_);
            renderer.set_data(context);
            for (const RenderFile& file : set) {
                if (file.wanted) {
                    findings.files.push_back({file.target, {}, renderer.render(file.name), false});
                }
            }
            if (args_.get("mode")) compare_modes(set, context, findings);
        }
        if (args_.flag("no-render")) return;
        const fs::path dir = args_.require("render-dir");
        for (RenderedFile& file : findings.files)
            write(dir, file);
    }

private:
    static config::Renderer compile(const RenderSet& set, plugin::TemplateEngine engine) {
        config::Renderer renderer(std::move(engine));
        for (const RenderFile& file : set)
            renderer.add_file(file.name, file.source, file.target, {});
        return renderer;
    }
    config::Renderer compile(const RenderSet& set, const config::TemplateChoice& choice) {
        return compile(set, config::make_template_engine(choice, plugins_));
    }

    void compare_modes(const RenderSet& set, const Value& context, RenderFindings& findings) {
        config::TemplateChoice other = choice_;
        other.mode = choice_.mode == "classic" ? "modern" : "classic";
        try {
            auto renderer = compile(set, other);
            renderer.set_data(context);
            for (const RenderedFile& file : findings.files) {
                const auto found = std::find_if(set.begin(), set.end(), [&](const auto& each) {
                    return each.wanted && each.target == file.target;
                });
                if (found == set.end()) continue;
                const auto place =
                    first_difference(file.target, file.text, renderer.render(found->name));
                if (place.empty()) continue;
                findings.warnings.push_back(fmt::format(
                    "{}: the text is another one in {} mode from this line on", place, other.mode));
            }
        } catch (const Error& error) {
            findings.warnings.push_back(
                fmt::format("cannot be rendered in {} mode: {}", other.mode, error.message()));
        }
    }

    static void write(const fs::path& dir, RenderedFile& file) {
        const fs::path path = dir / file.target;
        // Configuration may hold secrets: for the one who renders it only.
        make_directories(path.parent_path(), 0750);
        const bool hook = file.target.starts_with("hooks/");
        file.changed = write_file_if_changed(path, file.text,
                                             {.mode = hook ? 0750u : 0640u, .durable = false});
        file.path = path.string();
    }

    const Arguments& args_;
    const RenderSource& source_;
    plugin::Registry plugins_;
    config::TemplateChoice choice_;
};

RenderFindings find_out(const Invocation& invocation, const Arguments& args) {
    const RenderSource source = RenderSource::find(args.require("CONTEXT"));
    const auto config = load_config(args, source);
    RenderFindings findings;
    if (!source.warning.empty()) findings.warnings.push_back(source.warning);
    for (std::string& warning : config.warnings())
        findings.warnings.push_back(std::move(warning));
    if (args.flag("origins")) {
        findings.origins = config::origin_rows(config.merged(), config.schema());
    }
    const bool only_look = args.flag("origins") || args.flag("check");
    if (args.flag("check") || !only_look) {
        const Value context = load_context(args, source, config.merged());
        Rendering rendering(invocation, args, source);
        if (args.flag("check")) {
            rendering.check({context, config.schema(), source.plan_dir.has_value()}, findings);
        } else {
            rendering.render(context, findings);
        }
    }
    return findings;
}

int run(Invocation& invocation) {
    const Arguments& args = invocation.args;
    const std::string format = args.require("format");
    require_one_of(format, "format", "human", "json");
    const RenderFindings findings = find_out(invocation, args);
    tell(invocation.terminal, findings,
         {format == "json" ? RenderFormat::json : RenderFormat::human, args.flag("quiet"),
          args.flag("print")});
    return findings.problems.empty() ? 0 : 1;
}

}  // namespace

RenderFindings check_templates(const Invocation& invocation, const fs::path& context) {
    Arguments args;
    args.put("CONTEXT", {context.string()}, ValueSource::built_in);
    args.put("config-order", {"current"}, ValueSource::built_in);
    args.put("check", {"true"}, ValueSource::built_in);
    return find_out(invocation, args);
}

const Command& plan_render_command() {
    static constexpr Command command = {
        .path = "plan render",
        .summary = "Render a plan's templates without a supervisor",
        .description =
            "Renders config/, hooks/ and config_install/ of a plan, or one template, with the\n"
            "configuration that default.toml, HAB_<NAME> and --user-toml give, and stand-ins for\n"
            "what only a running supervisor knows. The plan is read, not run. Nothing is written\n"
            "unless every template renders.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
