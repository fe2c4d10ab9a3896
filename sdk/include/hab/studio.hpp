// SPDX-License-Identifier: Apache-2.0
//
// Writing a studio:
//
//   class Jail {
//   public:
//       class Studio {                                           // one open studio
//       public:
//           ExecResult run(const StudioExec& exec);
//           void remove();
//       };
//       explicit Jail(Host host);
//       Probe probe();
//       std::unique_ptr<Studio> open(const StudioSpec& spec);    // makes it, or opens what is
//       there std::vector<StudioListing> list(std::string_view home);  // optional
//   };
//   HAB_STUDIO(Jail, "jail", "1.0.0", "…");
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin.hpp"
#include "process.hpp"

namespace hab::sdk {

/// Whether a studio can be used on this machine, and why not; the reasons of a usable one are what
/// does not work in it.
struct Probe {
    bool usable = true;
    std::vector<std::string> reasons = {};
};

/// A studio found on disk.
struct StudioListing {
    std::string name;
    std::string root;
    std::string type;
};

/// A studio to open; copies, so it may be kept. See hab_studio_spec.
struct StudioSpec {
    std::string root_dir;
    std::string name;
    std::string type;
    std::vector<Mount> mounts;
    std::vector<KeyValue> env;
    std::optional<Limits> limits;
    bool network = false;
    bool fresh = false;
    bool for_removal = false;  ///< make and refresh nothing

    explicit StudioSpec(const hab_studio_spec& raw)
        : root_dir(from_abi(raw.root_dir)),
          name(from_abi(raw.name)),
          type(from_abi(raw.type)),
          env(copy_pairs(raw.env, raw.env_count)),
          network((raw.flags & HAB_STUDIO_NETWORK) != 0),
          fresh((raw.flags & HAB_STUDIO_FRESH) != 0),
          for_removal((raw.flags & HAB_STUDIO_FOR_REMOVAL) != 0) {
        for (std::size_t i = 0; i < raw.mount_count; ++i) {
            const hab_mount& mount = *raw.mounts[i];
            mounts.push_back({mount.kind, mount.flags, std::string(from_abi(mount.source)),
                              std::string(from_abi(mount.target)),
                              std::string(from_abi(mount.options))});
        }
        if (raw.limits != nullptr) {
            limits = Limits{raw.limits->cpu_millis, raw.limits->memory_bytes, raw.limits->pids,
                            raw.limits->open_files};
        }
    }
};

/// A program to run inside; see hab_studio_exec.
struct StudioExec {
    std::vector<std::string> argv;
    std::vector<KeyValue> env;  ///< added to the studio's, replacing same names
    std::string cwd;
    int stdin_fd = -1;
    int stdout_fd = -1;
    int stderr_fd = -1;
    std::uint64_t timeout_ms = 0;
    bool tty = false;

    explicit StudioExec(const hab_studio_exec& raw)
        : argv(copy_list(raw.argv, raw.argv_count)),
          env(copy_pairs(raw.env, raw.env_count)),
          cwd(from_abi(raw.cwd)),
          stdin_fd(raw.stdin_fd),
          stdout_fd(raw.stdout_fd),
          stderr_fd(raw.stderr_fd),
          timeout_ms(raw.timeout_ms),
          tty((raw.flags & HAB_STUDIO_EXEC_TTY) != 0) {}
};

template <class Plugin>
concept HasStudioProbe = requires(Plugin plugin) {
    { plugin.probe() } -> std::same_as<Probe>;
};
template <class Plugin>
concept HasStudioOpen = requires(Plugin plugin, const StudioSpec& spec) {
    { plugin.open(spec) } -> std::same_as<std::unique_ptr<typename Plugin::Studio>>;
};
template <class Plugin>
concept HasStudioRun = requires(typename Plugin::Studio studio, const StudioExec& exec) {
    { studio.run(exec) } -> std::same_as<ExecResult>;
};
template <class Plugin>
concept HasStudioRemove = requires(typename Plugin::Studio studio) { studio.remove(); };
template <class Plugin>
concept HasStudioList = requires(Plugin plugin, std::string_view home) {
    { plugin.list(home) } -> std::same_as<std::vector<StudioListing>>;
};

namespace detail {

[[nodiscard]] inline std::string to_json(const Probe& probe) {
    std::string json =
        probe.usable ? R"({"usable":true,"reasons":[)" : R"({"usable":false,"reasons":[)";
    for (std::size_t i = 0; i < probe.reasons.size(); ++i) {
        if (i != 0) json += ',';
        json += json_string(probe.reasons[i]);
    }
    return json + "]}";
}

[[nodiscard]] inline std::string to_json(const std::vector<StudioListing>& studios) {
    std::string json = "[";
    for (const auto& studio : studios) {
        if (json.size() > 1) json += ',';
        json += R"({"name":)" + json_string(studio.name) + R"(,"root":)" +
                json_string(studio.root) + R"(,"type":)" + json_string(studio.type) + '}';
    }
    return json + ']';
}

/// Writes as much of a result as the host's struct has room for.
inline void store(const ExecResult& result, hab_exec_result* raw) noexcept {
    hab_exec_result full{};
    full.struct_size = raw->struct_size;
    full.exit_code = result.exit_code;
    full.term_signal = result.term_signal;
    full.flags = result.flags;
    full.wall_ms = result.wall_ms;
    full.max_rss = result.max_rss;
    __builtin_memcpy(raw, &full, raw->struct_size < sizeof(full) ? raw->struct_size : sizeof(full));
}

/// The studio table of a class.
template <class Plugin>
struct StudioGlue {
    static_assert(CreatablePlugin<Plugin>,
                  "a studio needs a constructor (hab::sdk::Host, const hab::sdk::Options&), "
                  "(hab::sdk::Host) or ()");
    static_assert(HasStudioProbe<Plugin>, "a studio needs `hab::sdk::Probe probe()`");
    static_assert(HasStudioOpen<Plugin>,
                  "a studio needs a nested class Studio and "
                  "`std::unique_ptr<Studio> open(const hab::sdk::StudioSpec&)`");
    static_assert(HasStudioRun<Plugin>,
                  "Studio needs `hab::sdk::ExecResult run(const hab::sdk::StudioExec&)`");
    static_assert(HasStudioRemove<Plugin>, "Studio needs `void remove()`");

    using Open = typename Plugin::Studio;

    static hab_status probe(void* self, hab_sink json, hab_error* error) noexcept {
        return Instance<Plugin>::run(
            self, error, [&](Plugin& plugin) { Sink(json).write(to_json(plugin.probe())); });
    }
    static hab_status create(void* self, const hab_studio_spec* spec, void** studio,
                             hab_error* error) noexcept {
        return Instance<Plugin>::run(self, error, [&](Plugin& plugin) {
            *studio = plugin.open(StudioSpec(*spec)).release();
        });
    }
    static hab_status run(void* self, void* studio, const hab_studio_exec* spec,
                          hab_exec_result* result, hab_error* error) noexcept {
        return Instance<Plugin>::run(self, error, [&](Plugin&) {
            store(static_cast<Open*>(studio)->run(StudioExec(*spec)), result);
        });
    }
    static hab_status remove(void* self, void* studio, hab_error* error) noexcept {
        return Instance<Plugin>::run(self, error,
                                     [&](Plugin&) { static_cast<Open*>(studio)->remove(); });
    }
    static void close(void*, void* studio) noexcept {
        std::unique_ptr<Open>(static_cast<Open*>(studio)).reset();
    }
    static hab_status list(void* self, hab_str home, hab_sink json, hab_error* error) noexcept {
        return Instance<Plugin>::run(self, error, [&](Plugin& plugin) {
            if constexpr (HasStudioList<Plugin>) {
                Sink(json).write(to_json(plugin.list(from_abi(home))));
            }
        });
    }

    static constexpr hab_studio_api api{.struct_size = sizeof(hab_studio_api),
                                        .probe = &probe,
                                        .create = &create,
                                        .run = &run,
                                        .remove = &remove,
                                        .close = &close,
                                        .list = HasStudioList<Plugin> ? &list : nullptr};
};

}  // namespace detail
}  // namespace hab::sdk

/// HAB_STUDIO(Class, "id", "version", "summary" [, .field = value …]): makes the class a plugin.
#define HAB_STUDIO(CLASS, ID, VERSION, SUMMARY, ...)                                       \
    HAB_DETAIL_PLUGIN(HAB_KIND_STUDIO, ::hab::sdk::detail::StudioGlue<CLASS>, CLASS,       \
                      HAB_DETAIL_JOIN(studio_, __COUNTER__), .id = ID, .version = VERSION, \
                      .summary = SUMMARY __VA_OPT__(, ) __VA_ARGS__)
