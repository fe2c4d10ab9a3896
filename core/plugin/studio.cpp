// SPDX-License-Identifier: Apache-2.0
#include "plugin/studio.hpp"

#include <hab/plugin.h>

#include "base/json.hpp"
#include "plugin/instance.hpp"

namespace hab::plugin {
namespace {

std::vector<hab_kv> to_abi_list(const Environment& env) {
    std::vector<hab_kv> list;
    list.reserve(env.size());
    for (const auto& [name, value] : env)
        list.push_back({to_abi(name), to_abi(value)});
    return list;
}

StudioProbe parse_probe(const Instance& instance, const std::string& json) {
    const auto label = instance.meta().label();
    const Value value = parse_json(json, label + "'s probe");
    const auto* object = value.as_object();
    const auto* usable = object == nullptr ? nullptr : object->find("usable");
    if (usable == nullptr || usable->as_bool() == nullptr) {
        throw Error(ErrorCode::bug, label + " broke: its probe does not say whether it is usable",
                    "this is a bug of the plugin; tell its vendor");
    }
    StudioProbe probe;
    probe.usable = *usable->as_bool();
    if (const auto* reasons = object->find("reasons"); reasons != nullptr && reasons->as_array()) {
        for (const auto& reason : *reasons->as_array()) {
            if (const auto* text = reason.as_string()) probe.reasons.push_back(*text);
        }
    }
    return probe;
}

}  // namespace

OpenStudio::OpenStudio(std::shared_ptr<Instance> instance, void* handle) noexcept
    : instance_(std::move(instance)), handle_(handle) {}

OpenStudio::OpenStudio(OpenStudio&& other) noexcept
    : instance_(std::move(other.instance_)), handle_(std::exchange(other.handle_, nullptr)) {}

OpenStudio::~OpenStudio() {
    if (!instance_) return;
    const auto guard = instance_->lock();
    instance_->api<hab_studio_api>()->close(instance_->self(), handle_);
}

StudioResult OpenStudio::run(const StudioExec& exec) const {
    std::vector<hab_str> argv;
    for (const auto& word : exec.argv)
        argv.push_back(to_abi(word));
    const auto env = to_abi_list(exec.env);
    const hab_studio_exec raw{.struct_size = sizeof(hab_studio_exec),
                              .flags = exec.tty ? HAB_STUDIO_EXEC_TTY : 0u,
                              .argv = argv.data(),
                              .argv_count = argv.size(),
                              .env = env.data(),
                              .env_count = env.size(),
                              .cwd = to_abi(exec.cwd),
                              .stdin_fd = exec.stdin_fd,
                              .stdout_fd = exec.stdout_fd,
                              .stderr_fd = exec.stderr_fd,
                              .timeout_ms = exec.timeout_ms};
    hab_exec_result result{};
    result.struct_size = sizeof(result);
    instance_->call([&](hab_error* error) {
        return instance_->api<hab_studio_api>()->run(instance_->self(), handle_, &raw, &result,
                                                     error);
    });
    return {.exit_code = result.exit_code,
            .term_signal = result.term_signal,
            .timed_out = (result.flags & HAB_EXEC_TIMED_OUT) != 0,
            .cancelled = (result.flags & HAB_EXEC_CANCELLED) != 0,
            .out_of_memory = (result.flags & HAB_EXEC_OOM) != 0,
            .wall_ms = result.wall_ms};
}

void OpenStudio::remove() const {
    instance_->call([&](hab_error* error) {
        return instance_->api<hab_studio_api>()->remove(instance_->self(), handle_, error);
    });
}

Studio::Studio(std::shared_ptr<Instance> instance) : instance_(std::move(instance)) {
    const auto* api = instance_->api<hab_studio_api>();
    if (!offers(api, &hab_studio_api::probe) || !offers(api, &hab_studio_api::create) ||
        !offers(api, &hab_studio_api::run) || !offers(api, &hab_studio_api::remove) ||
        !offers(api, &hab_studio_api::close)) {
        instance_->lacks("be used as a studio: it misses a mandatory function");
    }
}

const PluginMeta& Studio::meta() const noexcept {
    return instance_->meta();
}

StudioProbe Studio::probe() const {
    TextSink json;
    instance_->call([&](hab_error* error) {
        return instance_->api<hab_studio_api>()->probe(instance_->self(), json.abi(), error);
    });
    return parse_probe(*instance_, json.text());
}

OpenStudio Studio::open(const StudioSpec& spec) const {
    const auto root = spec.root_dir.string();
    const auto env = to_abi_list(spec.env);
    std::vector<hab_mount> mounts;
    mounts.reserve(spec.mounts.size());
    std::vector<const hab_mount*> pointers;
    for (const auto& mount : spec.mounts) {
        mounts.push_back({sizeof(hab_mount), mount.kind, mount.flags, to_abi(mount.source),
                          to_abi(mount.target), to_abi(mount.options)});
        pointers.push_back(&mounts.back());
    }
    const StudioLimits some = spec.limits.value_or(StudioLimits{});
    const hab_limits limits{sizeof(hab_limits), some.cpu_millis, some.memory_bytes, some.pids,
                            some.open_files};
    const hab_studio_spec raw{.struct_size = sizeof(hab_studio_spec),
                              .flags = (spec.network ? HAB_STUDIO_NETWORK : 0u) |
                                       (spec.fresh ? HAB_STUDIO_FRESH : 0u) |
                                       (spec.for_removal ? HAB_STUDIO_FOR_REMOVAL : 0u),
                              .root_dir = to_abi(root),
                              .name = to_abi(spec.name),
                              .type = to_abi(spec.type),
                              .mounts = pointers.data(),
                              .mount_count = pointers.size(),
                              .env = env.data(),
                              .env_count = env.size(),
                              .limits = spec.limits ? &limits : nullptr};
    void* handle = nullptr;
    instance_->call([&](hab_error* error) {
        return instance_->api<hab_studio_api>()->create(instance_->self(), &raw, &handle, error);
    });
    return {instance_, handle};
}

std::string Studio::list(const std::filesystem::path& home) const {
    const auto* api = instance_->api<hab_studio_api>();
    if (!offers(api, &hab_studio_api::list)) instance_->lacks("list studios");
    const auto path = home.string();
    TextSink json;
    instance_->call([&](hab_error* error) {
        return api->list(instance_->self(), to_abi(path), json.abi(), error);
    });
    return std::move(json.text());
}

}  // namespace hab::plugin
