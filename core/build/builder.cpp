// SPDX-License-Identifier: Apache-2.0
#include "build/builder.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>
#include <memory>

#include "base/log.hpp"
#include "base/strings.hpp"
#include "base/tree.hpp"
#include "build/driver.hpp"
#include "build/native_place.hpp"
#include "build/plan_file.hpp"
#include "build/runtime_variables.hpp"
#include "build/session.hpp"
#include "build/studio_place.hpp"
#include "crypto/hash.hpp"

namespace hab::build {
namespace {

/// A plan that asks for packages it was not given is started again, but not for ever.
constexpr int max_starts = 4;

std::string environment_or(const char* name, std::string_view otherwise) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? std::string(value) : std::string(otherwise);
}

bool installs_dependencies() {
    const std::string value = environment_or("NO_INSTALL_DEPS", "false");
    return value == "false";
}

void check_key_origins(const BuildOptions& options, const crypto::KeyCache& keys) {
    for (const std::string& origin : options.key_origins) {
        if (keys.has_secret_key(origin)) continue;
        throw BuildError(exit_codes::no_signing_key,
                         Error(ErrorCode::crypto,
                               fmt::format("there is no secret key of the origin '{}' in '{}'",
                                           origin, keys.dir().string()),
                               fmt::format("make one with: hab origin key generate {}", origin)));
    }
}

std::string duration_text(std::chrono::seconds time) {
    return fmt::format("{}m{}s", time.count() / 60, time.count() % 60);
}

/// ORIGIN/NAME of what is built; empty if the plan could not be read that far.
std::string own_name(const Driver& driver) {
    const std::string& name = driver.plan().text("pkg_name");
    return name.empty() ? name : fmt::format("{}/{}", driver.plan().text("pkg_origin"), name);
}

class Build {
public:
    Build(const BuildOptions& options, const BuildContext& context)
        : options_(options),
          context_(context),
          begun_(context.clock.now()),
          plan_(find_plan(options.context, store_target())),
          keys_(crypto::KeyCache::from(context.paths)),
          resolver_(package::InstalledPackages(context.paths), keys_, context.sources,
                    installs_dependencies(),
                    [this](const package::Ident& ident) {
                        log_.write(fmt::format("   Installed {}\n", ident.to_string()));
                    }),
          results_(options.output_dir, plan_.dir / "plan.sh"),
          sources_(context.paths.source_cache(), context.paths.cache(), context.terminal),
          log_(context.terminal) {
        check_key_origins(options_, keys_);
        sources_.cancel_when([this] { return interrupts_.pending(); });
        place_ = make_place();
    }

    BuildResult run() {
        if (!plan_.warning.empty()) context_.terminal.warn(plan_.warning);
        sources_.lock_cache();  // also what is there already must stay while it is used
        Driver driver(parts());
        try {
            const int code = run_plan(driver);
            if (code != 0 || !driver.artifact()) throw problem(driver, code == 0 ? 1 : code);
        } catch (const Error&) {
            remove_unfinished(driver);
            throw;
        }
        summary(driver);
        place_->clean_up();
        return {driver.ident(), *driver.artifact(), log_.path()};
    }

private:
    [[nodiscard]] static package::Target store_target() { return package::Target::active(); }
    [[nodiscard]] std::unique_ptr<Place> make_place();
    [[nodiscard]] DriverParts parts();
    [[nodiscard]] PlanFiles plan_files() const;
    [[nodiscard]] sandbox::Environment environment() const;
    int run_plan(Driver& driver);
    [[nodiscard]] BuildError problem(const Driver& driver, int code) const;
    void remove_unfinished(const Driver& driver) const;
    void summary(const Driver& driver);

    const BuildOptions& options_;
    const BuildContext& context_;
    SteadyTime begun_;
    Interrupts interrupts_;
    PlanFile plan_;
    crypto::KeyCache keys_;
    Resolver resolver_;
    Results results_;
    Sources sources_;
    BuildLog log_;
    std::unique_ptr<Place> place_;
    bool refused_by_kernel_ = false;  ///< something printed the kernel's word for it
};

std::unique_ptr<Place> Build::make_place() {
    if (!options_.native) {
        return std::make_unique<StudioPlace>(context_.paths, options_, runtime_dir(), plan_.dir,
                                             resolver_, context_.terminal);
    }
    return std::make_unique<NativePlace>(
        context_.paths, runtime_dir(), plan_.dir,
        environment_or("HAB_SRC_PATH", options_.source_root.string()), options_.output_dir);
}

/// What runs in a studio may have made links in the source directory; they must not lead out of it.
PlanFiles Build::plan_files() const {
    if (options_.native) return {SourceTree("/", false), plan_.dir.relative_path()};
    return {SourceTree(options_.source_root, true),
            plan_.dir.lexically_relative(options_.source_root)};
}

DriverParts Build::parts() {
    const WallTime date = source_date(context_.clock);
    const std::string now = compact_utc(context_.clock.wall());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(date.time_since_epoch());
    return {.paths = context_.paths,
            .resolver = resolver_,
            .keys = keys_,
            .results = results_,
            .sources = sources_,
            .place = *place_,
            .log = log_,
            .interrupts = interrupts_,
            .target = store_target(),
            .plan_source = read_file(plan_.dir / "plan.sh"),
            .plan_files = plan_files(),
            .program = options_.native ? (install_prefix() / "bin" / "hab").string() : "hab",
            .release = compact_utc(date),
            .log_stamp = fmt::format("{}-{}-{}-{}", now.substr(0, 4), now.substr(4, 2),
                                     now.substr(6, 2), now.substr(8)),
            .source_date = fmt::format("{}", seconds.count()),
            .source_date_fixed = !environment_or("SOURCE_DATE_EPOCH", "").empty(),
            .compression = options_.compression};
}

sandbox::Environment Build::environment() const {
    sandbox::Environment env{{"HAB_BUILD_CONTROL", place_->layout().control.string()},
                             {"LC_ALL", "POSIX"},
                             {"TZ", "UTC"}};
    if (place_->is_closed()) {
        env["STUDIO_TYPE"] = place_->studio_type();
    } else {
        env["HAB_NATIVE_PACKAGE"] = "true";
    }
    if (context_.terminal.is_tty()) env["HAB_BUILD_COLOR"] = "1";
    return env;
}

int Build::run_plan(Driver& driver) {
    const SessionHandlers handlers{[&](const Request& request) { return driver.handle(request); },
                                   [&](std::string_view text) {
                                       log_.write(text);
                                       refused_by_kernel_ |=
                                           text.find("Invalid argument") != std::string_view::npos;
                                   }};
    if (place_->is_closed()) {
        place_->open({}, {});
        driver.start(Mode::probe);
        if (const int code = run_session(*place_, environment(), handlers, interrupts_);
            code != 0) {
            return code;
        }
    }
    for (int starts = 0; starts < max_starts; ++starts) {
        place_->open(driver.wanted(), own_name(driver));
        driver.start(Mode::build);
        const int code = run_session(*place_, environment(), handlers, interrupts_);
        if (!driver.restart()) return code;
    }
    throw Error(ErrorCode::failed, "the plan asks for other dependencies each time it is read",
                "pkg_deps and pkg_build_deps must not depend on chance or time");
}

/// A place where not everything works explains what a plan was refused there.
BuildError Build::problem(const Driver& driver, int code) const {
    const BuildError error = driver.problem(code);
    const std::vector<std::string> limits = place_->limits();
    if (!refused_by_kernel_ || limits.empty()) return error;
    return {error.exit_code(),
            error.with_hint(fmt::format("{}; {}", join(limits, "; "), error.hint()))};
}

/// A native build writes where packages are installed; half of one must not stay there. Studios
/// keep theirs for inspection.
void Build::remove_unfinished(const Driver& driver) const {
    if (place_->is_closed() || driver.artifact() || !driver.tree()) return;
    try {
        remove_tree(*driver.tree());
    } catch (const Error& error) {
        log::warn("build", "cannot remove the unfinished package: {}", error.what());
    }
}

void Build::summary(const Driver& driver) {
    const auto line = [&](std::string_view key, const std::string& value) {
        log_.write(fmt::format("   {}: {}: {}\n", driver.ident().name, key, value));
    };
    const auto spent =
        std::chrono::duration_cast<std::chrono::seconds>(context_.clock.now() - begun_);
    line("Source Path",
         (place_->layout().source_cache / driver.plan().text("pkg_dirname")).string());
    if (options_.native) line("Installed Path", "/" + driver.ident().relative_path());
    line("Artifact", driver.artifact()->string());
    line("Build Report", (results_.dir() / "last_build.env").string());
    line("SHA256 Checksum", crypto::sha256_hex_of_file(driver.artifact()->string()));
    line("Blake2b Checksum", crypto::blake2b_hex_of_file(driver.artifact()->string()));
    line("Build log", log_.path().string());
    line("Build time", duration_text(spent));
}

}  // namespace

BuildResult build_package(const BuildOptions& options, const BuildContext& context) {
    return Build(options, context).run();
}

}  // namespace hab::build
