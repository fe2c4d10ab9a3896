// SPDX-License-Identifier: Apache-2.0
// A service as a member of its group: what it tells the ring, and what the ring changes for it.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/plain_file.hpp"
#include "base/strings.hpp"
#include "config/toml.hpp"
#include "supervisor/ring/ring_membership.hpp"
#include "supervisor/service.hpp"

namespace hab::supervisor {
namespace {

/// Addresses of the active members, as a change of them is told.
std::string addresses(const RingGroupPtr& group) {
    Array list;
    if (group != nullptr) {
        for (const RingMember& member : group->members) {
            if (member.is_active()) list.emplace_back(member.ip);
        }
    }
    return to_json(Value(std::move(list)));
}

/// Why a bind to this group is not satisfied; empty if it is. Upstream's sentences.
std::string complaint(const ServiceBind& bind, const RingGroupPtr& group,
                      const PackageState& package) {
    const std::string name = bind.group.to_string();
    if (group == nullptr || group->members.empty()) {
        return fmt::format(
            "The specified service group '{}' for binding '{}' is not (yet?) "
            "present in the census data.",
            name, bind.name);
    }
    const RingMember* const first = group->first();
    if (first == nullptr) {
        return fmt::format(
            "The specified service group '{}' for binding '{}' is present in the "
            "census, but currently has no active members.",
            name, bind.name);
    }
    const auto known =
        std::find_if(package.binds.begin(), package.binds.end(),
                     [&](const package::Bind& one) { return one.name == bind.name; });
    if (known == package.binds.end()) return {};
    std::vector<std::string> absent;
    for (const std::string& key : known->exports) {
        const Object* const exports = first->config.as_object();
        if (exports == nullptr || exports->find(key) == nullptr) absent.push_back(key);
    }
    if (absent.empty()) return {};
    return fmt::format(
        "The group '{}' cannot satisfy the `{}` bind because it does not export the "
        "following required fields: {}",
        name, bind.name, join(absent, ", "));
}

bool same(const RingContext& a, const RingContext& b) {
    return a.group == b.group &&
           std::equal(a.binds.begin(), a.binds.end(), b.binds.begin(), b.binds.end(),
                      [](const RingContext::Bind& x, const RingContext::Bind& y) {
                          return x.name == y.name && x.group == y.group;
                      });
}

}  // namespace

void Service::announce_later() {
    if (around_.ring == nullptr || std::exchange(announce_due_, true)) return;
    later([](Service& self) {
        self.announce_due_ = false;
        try {
            self.announce();
        } catch (const Error& error) {
            self.say(LineSource::supervisor, "SR",
                     fmt::format("cannot tell the ring of this service: {}", error.message()));
        }
    });
}

void Service::announce() {
    if (!wanted()) {
        leave_group();
        return;
    }
    announced_initialized_ = machine_.initialized();
    around_.ring->announce(group_,
                           {package_.state.ident,
                            config::to_toml(Value(exported_config(package_.state, files_->cfg()))),
                            announced_initialized_, 0});
}

void Service::leave_group() {
    if (around_.ring == nullptr) return;
    around_.ring->withdraw(group_);
}

std::optional<Value> Service::ring_layer() {
    if (around_.ring == nullptr) return std::nullopt;
    const auto text = around_.ring->config(group_);
    if (!text) return std::nullopt;
    ring_config_version_ = text->version;
    return config::parse_ring_layer(text->text, text->version);
}

/// Looks at the ring anew; true if it is another for this service.
bool Service::look_at_ring() {
    if (around_.ring == nullptr) return false;
    auto fresh = std::make_shared<RingContext>();
    if (!around_.ring->is_mine_alone(group_)) fresh->group = around_.ring->group(group_);
    bind_complaints_.clear();
    for (const ServiceBind& bind : spec_.binds) {
        auto group = around_.ring->group(bind.group.to_string());
        std::string why = complaint(bind, group, package_.state);
        if (group != nullptr && group->is_active())
            fresh->binds.push_back({bind.name, std::move(group)});
        if (!why.empty()) bind_complaints_.push_back(std::move(why));
    }
    if (ring_ == nullptr ? fresh->group == nullptr && fresh->binds.empty() : same(*ring_, *fresh))
        return false;
    ring_ = std::move(fresh);
    return true;
}

bool Service::binds_ready() const {
    // Once it has begun, changes are its templates' business.
    if (spec_.binds.empty() || spec_.binding_mode == "relaxed" || machine_.initialized())
        return true;
    return around_.ring != nullptr && bind_complaints_.empty();
}

void Service::say_bind_complaints() {
    if (bind_complaints_ == said_complaints_) return;
    said_complaints_ = bind_complaints_;
    for (const std::string& sentence : bind_complaints_)
        say(LineSource::supervisor, "SR", sentence);
}

void Service::ring_changed(const std::set<std::string>& groups) {
    const bool mine = groups.contains(group_);
    const bool bound = std::any_of(
        spec_.binds.begin(), spec_.binds.end(),
        [&](const ServiceBind& bind) { return groups.contains(bind.group.to_string()); });
    if (!mine && !bound) return;
    if (mine) take_from_ring();
    const ContextInput before = context_input();
    if (!look_at_ring()) return;
    say_bind_complaints();
    if (awaits_binds_) {
        if (binds_ready()) begin_after_binds();
    } else if (may_start_) {
        show_ring(before);
    }
    step();
}

/// The templates see another ring.
void Service::show_ring(const ContextInput& before) {
    const ContextInput after = context_input();
    const auto changes = ring_changes(before, after);
    if (changes.empty()) return;
    InputChanged event{spec_.service(), {}};
    const auto tell = [&event](std::string path, const RingGroupPtr& old,
                               const RingGroupPtr& fresh) {
        if (old == fresh) return;
        event.changes.push_back({std::move(path), "ring", addresses(old), addresses(fresh)});
    };
    const auto group_of = [](const ContextInput& input, const std::string& name) -> RingGroupPtr {
        if (input.ring == nullptr) return nullptr;
        for (const RingContext::Bind& bind : input.ring->binds) {
            if (bind.name == name) return bind.group;
        }
        return nullptr;
    };
    tell("svc.members", before.ring == nullptr ? nullptr : before.ring->group, after.ring->group);
    for (const ServiceBind& bind : spec_.binds)
        tell("bind." + bind.name, group_of(before, bind.name), group_of(after, bind.name));
    causes_.input = around_.events.publish(std::move(event));
    if (checks_config()) {
        check_config();
    } else {
        render(changes);
    }
}

void Service::begin_after_binds() {
    awaits_binds_ = false;
    try {
        if (checks_config()) {
            ask_config_check();
        } else {
            first_render();
        }
    } catch (const Error& error) {
        refuse(error, "the service is not started");
        if (is_of_the_disk(error)) render_again_later();
    }
}

void Service::take_from_ring() {
    ring_owes_ = false;
    take_ring_config();
    take_ring_files();
    if (ring_owes_) {
        take_ring_later();
        return;
    }
    ring_timer_.cancel();
    ring_backoff_.reset();
    ring_complaints_.clear();
}

void Service::take_ring_later() {
    const auto wait = ring_backoff_.next(around_.entropy);
    arm(ring_timer_, around_.clock.now() + wait, [](Service& self) {
        self.take_from_ring();
        self.step();
    });
}

/// Whether it may be taken over another time: a disk may get room, a key may still come. What is
/// wrong in itself stays so until there is another version.
bool Service::stays_owed(const Error& error) {
    if (error.code() == ErrorCode::invalid_input) return false;
    ring_owes_ = true;
    return true;
}

void Service::take_ring_config() {
    const auto version = around_.ring->config_version(group_);
    if (!version || version == ring_config_version_) return;
    try {
        // Said once, and not at every attempt.
        (void)around_.ring->config(group_);
    } catch (const Error& error) {
        if (!stays_owed(error)) ring_config_version_ = version;
        layer_refused_ = true;
        if (ring_complaints_.insert(error.message()).second)
            refuse(error, "the configuration before it stays in use");
        return;
    }
    ring_config_version_ = version;
    layer_changed([this] { return files_->set_ring(ring_layer()); });
}

void Service::take_ring_files() {
    bool written = false;
    for (const auto& file : around_.ring->files(group_)) {
        const auto known = ring_files_.find(file.name);
        if (known != ring_files_.end() && known->second == file.version) continue;
        try {
            written = write_ring_file(file.name, file.version) || written;
            ring_files_[file.name] = file.version;
        } catch (const Error& error) {
            if (!stays_owed(error)) ring_files_[file.name] = file.version;
            if (!ring_complaints_.insert(error.message()).second) continue;
            say(LineSource::supervisor, "SR",
                fmt::format("cannot take over the file '{}' from the ring: {}", file.name,
                            error.message()));
        }
    }
    if (written && machine_.initialized() && package_.hooks.contains(Hook::file_updated))
        perform(RunHook{Hook::file_updated});
}

bool Service::write_ring_file(const std::string& name, std::uint64_t version) {
    const auto path = tree_.files() / name;
    WriteOptions options;
    options.mode = 0640;
    if (user_.change) {
        options.owner = user_.uid;
        options.group = user_.gid;
    }
    const std::string body = around_.ring->file_body(group_, name);
    // The directory is that of the service's user.
    if (plain_file_holds(path, body)) return false;
    write_file_atomic(path, body, options);
    say(LineSource::supervisor, "SR",
        fmt::format("Wrote version {} of the file {}", version, path.string()));
    causes_.input = around_.events.publish(InputChanged{
        spec_.service(), {{"files." + name, fmt::format("ring version {}", version), {}, {}}}});
    return true;
}

}  // namespace hab::supervisor
