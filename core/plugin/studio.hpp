// SPDX-License-Identifier: Apache-2.0
// A studio plugin, typed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugin/metadata.hpp"

namespace hab::plugin {

class Instance;

/// See hab_mount.
struct StudioMount {
    std::uint32_t kind = 1;   ///< HAB_MOUNT_BIND …
    std::uint32_t flags = 0;  ///< HAB_MOUNT_READ_ONLY …
    std::string source = {};
    std::string target = {};
    std::string options = {};
};

/// See hab_limits; 0 = none.
struct StudioLimits {
    std::uint32_t cpu_millis = 0;
    std::uint64_t memory_bytes = 0;
    std::uint64_t pids = 0;
    std::uint64_t open_files = 0;
};

using Environment = std::vector<std::pair<std::string, std::string>>;

struct StudioSpec {
    std::filesystem::path root_dir = {};
    std::string name = {};
    std::string type = {};  ///< empty: of the studio that is there, else "default"
    std::vector<StudioMount> mounts = {};
    Environment env = {};
    std::optional<StudioLimits> limits = {};
    bool network = false;
    bool fresh = false;        ///< an existing studio is removed first
    bool for_removal = false;  ///< make and refresh nothing: it is opened only to be removed
};

struct StudioExec {
    std::vector<std::string> argv = {};
    Environment env = {};  ///< added to the studio's
    std::string cwd = "/";
    int stdin_fd = -1;  ///< -1 = /dev/null; stays the caller's, as the next two
    int stdout_fd = -1;
    int stderr_fd = -1;
    std::uint64_t timeout_ms = 0;
    bool tty = false;
};

struct StudioResult {
    int exit_code = 0;  ///< 128 + signal if a signal ended it
    int term_signal = 0;
    bool timed_out = false;
    bool cancelled = false;
    bool out_of_memory = false;
    std::uint64_t wall_ms = 0;
};

struct StudioProbe {
    bool usable = false;
    std::vector<std::string> reasons = {};  ///< why not; if usable: what does not work in it
};

/// One open studio. Movable; closes its handle when it goes and leaves the studio on disk.
class OpenStudio {
public:
    OpenStudio(std::shared_ptr<Instance> instance, void* handle) noexcept;
    OpenStudio(OpenStudio&& other) noexcept;
    OpenStudio& operator=(OpenStudio&&) = delete;
    ~OpenStudio();

    /// Runs a program inside and waits; a non-zero exit code is not an error.
    [[nodiscard]] StudioResult run(const StudioExec& exec) const;
    /// Removes the studio from disk; idempotent.
    void remove() const;

private:
    std::shared_ptr<Instance> instance_;
    void* handle_;
};

/// Shares its instance when copied. Every function throws hab::Error with the plugin's label.
class Studio {
public:
    explicit Studio(std::shared_ptr<Instance> instance);

    [[nodiscard]] const PluginMeta& meta() const noexcept;
    /// Whether it is usable on this machine. Runs in this process: for a plugin that may hang use
    /// the child-process probe of cli/plugin.
    [[nodiscard]] StudioProbe probe() const;
    /// Makes the studio, or opens the one that is at root_dir.
    [[nodiscard]] OpenStudio open(const StudioSpec& spec) const;
    /// JSON array of the studios below a directory. Throws unsupported if the plugin cannot tell.
    [[nodiscard]] std::string list(const std::filesystem::path& home) const;

private:
    std::shared_ptr<Instance> instance_;
};

}  // namespace hab::plugin
