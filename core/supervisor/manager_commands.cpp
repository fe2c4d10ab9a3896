// SPDX-License-Identifier: Apache-2.0
// The commands of the control gateway.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/files.hpp"
#include "base/json.hpp"
#include "config/toml.hpp"
#include "package/install_status.hpp"
#include "supervisor/manager.hpp"
#include "supervisor/not_loaded.hpp"
#include "supervisor/why_answer.hpp"

namespace hab::supervisor {

namespace {

/// ORIGIN/SERVICE of each; a template because the type of entries is the manager's own.
template <typename Entries>
std::vector<std::string> names_of(const Entries& entries) {
    std::vector<std::string> names;
    for (const auto& [name, entry] : entries)
        names.push_back(fmt::format("{}/{}", entry.spec.ident.origin, name));
    return names;
}

bool names(const std::vector<package::Bind>& binds, const std::string& name) {
    return std::any_of(binds.begin(), binds.end(),
                       [&](const package::Bind& bind) { return bind.name == name; });
}

/// Every bind the package needs is given, and none that it does not know.
void check_binds(const package::InstalledPackage& package, const ServiceSpec& spec) {
    const auto needed = package.meta().binds(package::metafile::binds);
    const auto optional = package.meta().binds(package::metafile::binds_optional);
    for (const auto& given : spec.binds) {
        if (names(needed, given.name) || names(optional, given.name)) continue;
        throw Error(ErrorCode::invalid_input, fmt::format("{} has no bind named '{}'",
                                                          package.ident().to_string(), given.name));
    }
    for (const auto& bind : needed) {
        const bool given =
            std::any_of(spec.binds.begin(), spec.binds.end(),
                        [&](const ServiceBind& one) { return one.name == bind.name; });
        if (given) continue;
        throw Error(ErrorCode::invalid_input,
                    fmt::format("{} needs the bind '{}', which was not given",
                                package.ident().to_string(), bind.name),
                    fmt::format("add --bind {}:SERVICE.GROUP", bind.name));
    }
}

std::string service_name(const LoadRequest& request, const package::Ident& ident) {
    if (!request.options.name) return ident.name;
    require_service_name(*request.options.name);
    return *request.options.name;
}

}  // namespace

void Manager::answer(const ReplyPtr& reply, const std::function<void()>& command) {
    try {
        command();
    } catch (const Error& error) {
        reply->done(&error);
    }
}

void Manager::refuse_while_ending() const {
    if (ending_) throw Error(ErrorCode::conflict, "the Supervisor is shutting down");
}

/// By the name of the service; an instance is also found by its package if it is the only one.
Manager::Entries::const_iterator Manager::find_loaded(const package::Ident& wanted) const {
    const auto exact = entries_.find(wanted.name);
    if (exact != entries_.end() && exact->second.spec.ident.origin == wanted.origin) return exact;
    auto only = entries_.end();
    std::string instances;
    for (auto at = entries_.begin(); at != entries_.end(); ++at) {
        const auto& ident = at->second.spec.ident;
        if (ident.origin != wanted.origin || ident.name != wanted.name) continue;
        only = at;
        instances += (instances.empty() ? "" : ", ") + wanted.origin + "/" + at->first;
    }
    if (instances.find(',') != std::string::npos) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("{} runs under several names", wanted.to_string()),
                    fmt::format("name one of {}", instances));
    }
    return only;
}

const Manager::Entry& Manager::loaded(const std::string& ident) const {
    const auto wanted = package::Ident::try_parse(ident);
    if (!wanted) {
        throw Error(ErrorCode::invalid_input, fmt::format("'{}' is no package identifier", ident),
                    "write it as ORIGIN/NAME");
    }
    const auto found = find_loaded(*wanted);
    if (found == entries_.end() || (found->second.leaving && !found->second.next)) {
        throw not_loaded(ident, names_of(entries_));
    }
    return found->second;
}

Manager::Entry& Manager::loaded(const std::string& ident) {
    return const_cast<Entry&>(std::as_const(*this).loaded(ident));
}

void Manager::load(const LoadRequest& request, ReplyPtr reply) {
    answer(reply, [&] {
        refuse_while_ending();
        const auto ident = package::Ident::try_parse(request.ident);
        if (!ident) {
            throw Error(ErrorCode::invalid_input,
                        fmt::format("'{}' is no package identifier", request.ident),
                        "write it as ORIGIN/NAME[/VERSION[/RELEASE]]");
        }
        const auto existing = entries_.find(service_name(request, *ident));
        if (existing != entries_.end() && !existing->second.leaving && !request.force) {
            throw Error(
                ErrorCode::conflict,
                fmt::format("Service already loaded. Unload '{0}' and try again, or load with "
                            "the --force flag to reload and restart the service.",
                            existing->second.spec.ident.to_string()));
        }
        (void)spec_for(request);  // a wrong option is told before anything is installed
        const auto found = around_.store.find(*ident);
        if (!found) {
            install_then(request.ident, request, reply);
        } else if (!package::pending_install_hooks(*found, around_.store).empty()) {
            install_then(found->ident().to_string(), request, reply);
        } else {
            load_installed(request, reply);
        }
    });
}

void Manager::install_then(const std::string& wanted, const LoadRequest& request,
                           const ReplyPtr& reply) {
    installer_.install(
        wanted, request.options.channel.value_or(""), request.options.bldr_url.value_or(""),
        [reply](std::string_view line) { reply->line(line); },
        [this, request, reply](const Error* error) {
            if (error != nullptr) {
                reply->done(error);
                return;
            }
            answer(reply, [&] {
                refuse_while_ending();
                load_installed(request, reply);
            });
        });
}

ServiceSpec Manager::spec_for(const LoadRequest& request) const {
    ServiceSpec spec;
    const auto ident = package::Ident::parse(request.ident);
    const std::string name = service_name(request, ident);
    const auto existing = entries_.find(name);
    if (existing != entries_.end() && (!existing->second.leaving || existing->second.next)) {
        spec = existing->second.spec;
        spec.channel = ServiceSpec{}.channel;
        spec.desired_up = true;
    }
    spec.ident = ident;
    spec.name = name == ident.name ? std::string() : name;
    apply_options(spec, request.options);
    return spec;
}

void Manager::load_installed(const LoadRequest& request, const ReplyPtr& reply) {
    const ServiceSpec spec = spec_for(request);
    const auto package = around_.store.load(spec.ident);
    if (!package.is_runnable()) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("{} is not a service: it has neither a run hook nor a run file",
                                package.ident().to_string()));
    }
    check_binds(package, spec);
    const std::string name = spec.service();
    specs_.save(spec);
    const auto cause = asked(name, "load", reply->who());
    const auto existing = entries_.find(name);
    if (existing == entries_.end()) {
        add(spec, {}, cause);
    } else {
        leave(name, std::nullopt, spec);
    }
    const auto entry = entries_.find(name);
    if (entry != entries_.end() && !entry->second.service && !entry->second.failure.empty()) {
        throw Error(ErrorCode::failed, fmt::format("{} is loaded, but cannot be started: {}",
                                                   spec.ident.to_string(), entry->second.failure));
    }
    reply->line(fmt::format("The {} service was successfully loaded", spec.ident.to_string()));
    reply->done(nullptr);
}

void Manager::update(const std::string& ident, const ServiceOptions& options, ReplyPtr reply) {
    answer(reply, [&] {
        refuse_while_ending();
        const Entry& entry = loaded(ident);
        ServiceSpec spec = entry.next.value_or(entry.spec);
        apply_options(spec, options);
        specs_.save(spec);
        (void)asked(spec.service(), "update", reply->who());
        reconcile(spec.service(), spec);
        reply->done(nullptr);
    });
}

void Manager::unload(const std::string& ident, std::optional<std::chrono::seconds> timeout,
                     ReplyPtr reply) {
    answer(reply, [&] {
        refuse_while_ending();
        const std::string name = loaded(ident).spec.service();
        specs_.remove(name);
        (void)asked(name, "unload", reply->who());
        leave(name, timeout, std::nullopt, [reply, ident] {
            reply->line(fmt::format("Unloaded {}", ident));
            reply->done(nullptr);
        });
    });
}

void Manager::start(const std::string& ident, ReplyPtr reply) {
    answer(reply, [&] {
        refuse_while_ending();
        Entry& entry = loaded(ident);
        ServiceSpec spec = entry.next.value_or(entry.spec);
        spec.desired_up = true;
        specs_.save(spec);
        (void)asked(spec.service(), "start", reply->who());
        if (!entry.service && !entry.leaving) {
            entry.spec = spec;
            set_up(entry);
            if (!entry.service) {
                throw Error(ErrorCode::failed,
                            fmt::format("{} cannot be started: {}", ident, entry.failure));
            }
        } else {
            reconcile(spec.service(), spec);
        }
        reply->done(nullptr);
    });
}

void Manager::stop(const std::string& ident, std::optional<std::chrono::seconds> timeout,
                   ReplyPtr reply) {
    answer(reply, [&] {
        refuse_while_ending();
        Entry& entry = loaded(ident);
        ServiceSpec spec = entry.next.value_or(entry.spec);
        spec.desired_up = false;
        specs_.save(spec);
        (void)asked(spec.service(), "stop", reply->who());
        if (entry.leaving || !entry.service) {
            reconcile(spec.service(), spec);
            reply->done(nullptr);
            return;
        }
        entry.spec = spec;
        entry.service->set_desired(false, timeout, [reply] { reply->done(nullptr); });
    });
}

void Manager::check_group_config(const std::string& group, const std::string& text) const {
    const Value layer = config::parse_toml(text, "the configuration");
    for (const auto& [name, entry] : entries_) {
        if (entry.service && entry.spec.service_group().to_string() == group)
            entry.service->check_ring_config(layer);
    }
}

std::string Manager::config_json(const std::string& name) const {
    const std::string service = service_in(name);
    const auto found = entries_.find(service);
    if (found == entries_.end()) throw not_loaded(service, names_of(entries_));
    if (!found->second.service) {
        throw Error(ErrorCode::not_found,
                    fmt::format("{} cannot be set up: {}", service, found->second.failure),
                    "`hab svc status` lists what is loaded");
    }
    Array rows;
    for (const config::OriginRow& row : found->second.service->config_rows()) {
        Object one;
        one.set("path", row.path);
        one.set("value", row.value);
        one.set("origin", row.origin);
        rows.emplace_back(std::move(one));
    }
    const auto shown = found->second.service->snapshot();
    Object out;
    out.set("service", service);
    out.set("group", shown.group);
    out.set("cfg", *shown.cfg);
    out.set("rows", std::move(rows));
    return to_json(Value(std::move(out)));
}

std::string Manager::default_config(const std::string& ident) const {
    const Entry& entry = loaded(ident);
    if (!entry.service) {
        throw Error(ErrorCode::not_found,
                    fmt::format("{} cannot be set up: {}", ident, entry.failure));
    }
    return read_file_if_exists(entry.service->default_toml()).value_or("");
}

}  // namespace hab::supervisor
