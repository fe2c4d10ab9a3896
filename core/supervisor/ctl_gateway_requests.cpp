// SPDX-License-Identifier: Apache-2.0
#include "supervisor/ctl_gateway_requests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "supervisor/not_loaded.hpp"
#include "supervisor/service_group.hpp"

namespace hab::supervisor {

namespace {

using control::Frame;
using control::NetErr;
using control::NetErrCode;
using control::NetOk;
using RepliesPtr = std::shared_ptr<CtlReplies>;

/// Carries the lines and the end of a command to the client.
class CommandReply final : public Reply {
public:
    explicit CommandReply(RepliesPtr replies) : replies_(std::move(replies)) {}

    void line(std::string_view text) override {
        replies_->reply(control::ConsoleLine{std::string(text) + "\n", "", false}, false);
    }
    [[nodiscard]] std::string who() const override { return replies_->peer().name; }
    void done(const Error* error) override {
        if (error == nullptr) {
            replies_->reply(NetOk{}, true);
        } else {
            replies_->reply(
                NetErr{control::to_net_code(error->code()), error->message(), error->hint()}, true);
        }
    }

private:
    RepliesPtr replies_;
};

ReplyPtr command_reply(const RepliesPtr& replies) {
    return std::make_shared<CommandReply>(replies);
}

/// A body that cannot be read is the client's fault, not the command's: other codes, as upstream.
template <typename Message>
Message decode(const Frame& frame, CtlReplies& replies, bool& ok) {
    try {
        ok = true;
        return control::from_wire<Message>(frame.body);
    } catch (const Error& error) {
        ok = false;
        const bool old_client = error.code() == ErrorCode::unsupported;
        replies.reply(NetErr{old_client ? NetErrCode::update_client : NetErrCode::bad_payload,
                             error.message(), error.hint()},
                      true);
        return {};
    }
}

ServiceOptions to_options(const control::Settings& settings) {
    ServiceOptions options;
    options.name = settings.name;
    options.group = settings.group;
    options.topology = settings.topology;
    options.update_strategy = settings.update_strategy;
    options.update_condition = settings.update_condition;
    options.binding_mode = settings.binding_mode;
    options.channel = settings.channel;
    options.bldr_url = settings.bldr_url;
    options.config_from = settings.config_from;
    if (settings.health_check_interval) {
        options.health_check_interval = std::chrono::seconds(*settings.health_check_interval);
    }
    options.shutdown_timeout = settings.shutdown_timeout;
    for (const std::string& limit : settings.limits) {
        const auto equals = std::min(limit.find('='), limit.size());
        package::set_limit(options.limits, limit.substr(0, equals),
                           std::string_view(limit).substr(std::min(equals + 1, limit.size())));
    }
    if (settings.binds) {
        auto& binds = options.binds.emplace();
        for (const control::Bind& bind : *settings.binds) {
            const ServiceBind one{bind.name,
                                  {bind.group.service, bind.group.group, bind.group.organization}};
            binds.push_back(one.to_string());
        }
    }
    return options;
}

[[noreturn]] void refuse_peer(std::string_view what) {
    throw Error(
        ErrorCode::denied,
        fmt::format("you may not {}: only root and the user who runs the supervisor may", what),
        "Run this command as root, or with the control secret and --remote-sup.");
}

std::optional<std::chrono::seconds> to_timeout(const std::optional<std::uint32_t>& seconds) {
    if (!seconds) return std::nullopt;
    return std::chrono::seconds(*seconds);
}

void load(const CtlServices& services, const Frame& frame, const RepliesPtr& replies) {
    bool ok = false;
    const auto message = decode<control::SvcLoad>(frame, *replies, ok);
    if (!ok) return;
    const LoadRequest request{message.ident.to_string(), message.force,
                              to_options(message.settings)};
    services.commands.load(request, command_reply(replies));
}

void update(const CtlServices& services, const Frame& frame, const RepliesPtr& replies) {
    bool ok = false;
    const auto message = decode<control::SvcUpdate>(frame, *replies, ok);
    if (!ok) return;
    services.commands.update(message.ident.to_string(), to_options(message.settings),
                             command_reply(replies));
}

void unload(const CtlServices& services, const Frame& frame, const RepliesPtr& replies) {
    bool ok = false;
    const auto message = decode<control::SvcUnload>(frame, *replies, ok);
    if (!ok) return;
    services.commands.unload(message.ident.to_string(), to_timeout(message.timeout),
                             command_reply(replies));
}

void stop(const CtlServices& services, const Frame& frame, const RepliesPtr& replies) {
    bool ok = false;
    const auto message = decode<control::SvcStop>(frame, *replies, ok);
    if (!ok) return;
    services.commands.stop(message.ident.to_string(), to_timeout(message.timeout),
                           command_reply(replies));
}

void start(const CtlServices& services, const Frame& frame, const RepliesPtr& replies) {
    bool ok = false;
    const auto message = decode<control::SvcStart>(frame, *replies, ok);
    if (!ok) return;
    services.commands.start(message.ident.to_string(), command_reply(replies));
}

control::ServiceStatus to_status(const ServiceSnapshot& service, WallTime now) {
    control::ServiceStatus status;
    const std::string& ident = service.pkg ? service.pkg->ident : service.spec_ident;
    status.ident = package::Ident::parse(ident);
    const ServiceGroup group = ServiceGroup::parse(service.group);
    status.group = {group.service, group.group, group.organization};
    status.up = service.process_up();
    const auto elapsed = std::chrono::floor<std::chrono::seconds>(now - service.state_entered);
    status.elapsed = static_cast<std::uint64_t>(std::max<std::int64_t>(0, elapsed.count()));
    if (service.pid) status.pid = static_cast<std::uint32_t>(*service.pid);
    status.desired_up = service.desired_up;
    status.phase = to_string(service.phase);
    status.reason = service.failure.empty() ? service.waiting_for : service.failure;
    status.health = to_string(service.health.health);
    status.ready = service.ready;
    return status;
}

bool answers_to(const ServiceSnapshot& service, const package::Ident& wanted) {
    const auto spec = package::Ident::try_parse(service.spec_ident);
    if (spec && spec->satisfies(wanted)) return true;
    if (spec && spec->origin == wanted.origin && service.name == wanted.name) return true;
    const auto pkg = service.pkg ? package::Ident::try_parse(service.pkg->ident) : std::nullopt;
    return pkg && pkg->satisfies(wanted);
}

/// ORIGIN/SERVICE of each.
std::vector<std::string> names_of(
    const std::vector<std::shared_ptr<const ServiceSnapshot>>& services) {
    std::vector<std::string> names;
    for (const auto& service : services) {
        const std::string& ident = service->spec_ident;
        names.push_back(fmt::format("{}/{}", ident.substr(0, ident.find('/')), service->name));
    }
    return names;
}

void status(const CtlServices& services, const Frame& frame, const RepliesPtr& replies) {
    bool ok = false;
    const auto message = decode<control::SvcStatus>(frame, *replies, ok);
    if (!ok) return;
    auto list = services.state.services();
    if (message.ident) {
        const auto names = names_of(list);
        std::erase_if(list, [&](const auto& one) { return !answers_to(*one, *message.ident); });
        if (list.empty()) throw not_loaded(message.ident->to_string(), names);
    }
    if (list.empty()) {
        replies->reply(NetOk{}, true);
        return;
    }
    const WallTime now = services.clock.wall();
    for (const auto& service : list) {
        replies->reply(to_status(*service, now), service == list.back());
    }
}

void default_config(const CtlServices& services, const Frame& frame, const RepliesPtr& replies) {
    bool ok = false;
    const auto message = decode<control::SvcGetDefaultCfg>(frame, *replies, ok);
    if (!ok) return;
    const std::string text = services.commands.default_config(message.ident.to_string());
    replies->reply(control::ServiceCfg{text}, true);
}

void restart(const CtlServices& services, const Frame&, const RepliesPtr& replies) {
    replies->close();  // upstream's clients expect no other answer
    services.commands.restart_supervisor();
}

/// Lines of one service: those of its group, and those that the supervisor writes.
bool concerns(const LogLine& line, const std::string& service) {
    if (service.empty() || line.source == LineSource::supervisor) return true;
    const std::string_view preamble(line.preamble);
    return preamble.substr(0, preamble.find('.')) == service;
}

ServiceGroup to_group(const control::Group& group) {
    // Parsed again: what is no group must not reach the ring.
    std::string text = group.service + "." + group.group;
    if (!group.organization.empty()) text += "@" + group.organization;
    return ServiceGroup::parse(text);
}

RingCommands& ring_of(const CtlServices& services) {
    if (services.ring != nullptr) return *services.ring;
    throw Error(ErrorCode::unsupported, "this supervisor is in no ring",
                "See its log for the reason.");
}

/// False after a refusal: upstream has a code of its own for what is too large.
bool fits(std::string_view body, std::string_view what, CtlReplies& replies) {
    if (body.size() <= most_ring_body) return true;
    replies.reply(NetErr{NetErrCode::entity_too_large,
                         fmt::format("the {} has {} bytes; a service group takes at most {}", what,
                                     body.size(), most_ring_body),
                         ""},
                  true);
    return false;
}

void validate_config(const CtlServices& services, const Frame& frame, const RepliesPtr& replies) {
    bool ok = false;
    const auto message = decode<control::SvcValidateCfg>(frame, *replies, ok);
    if (!ok || !fits(message.cfg, "configuration", *replies)) return;
    if (services.check_config)
        services.check_config(to_group(message.group).to_string(), message.cfg);
    replies->reply(NetOk{}, true);
}

void set_config(const CtlServices& services, const Frame& frame, const RepliesPtr& replies) {
    bool ok = false;
    const auto message = decode<control::SvcSetCfg>(frame, *replies, ok);
    if (!ok || !fits(message.cfg, "configuration", *replies)) return;
    const std::string group = to_group(message.group).to_string();
    if (!message.encrypted && services.check_config) services.check_config(group, message.cfg);
    ring_of(services).apply_config({group, message.version, message.cfg, message.encrypted});
    replies->reply(NetOk{}, true);
}

void put_file(const CtlServices& services, const Frame& frame, const RepliesPtr& replies) {
    bool ok = false;
    const auto message = decode<control::SvcFilePut>(frame, *replies, ok);
    if (!ok || !fits(message.content, "file", *replies)) return;
    ring_of(services).put_file({to_group(message.group).to_string(), message.version,
                                message.filename, message.content, message.encrypted});
    replies->reply(NetOk{}, true);
}

void depart(const CtlServices& services, const Frame& frame, const RepliesPtr& replies) {
    bool ok = false;
    const auto message = decode<control::SupDepart>(frame, *replies, ok);
    if (!ok) return;
    ring_of(services).depart(message.member_id);
    replies->reply(NetOk{}, true);
}

void follow_log(const CtlServices& services, const Frame& frame, const RepliesPtr& replies) {
    bool ok = false;
    const auto message = decode<control::LogFollow>(frame, *replies, ok);
    if (!ok) return;
    // Weak: the subscription is kept by the replies themselves.
    const std::weak_ptr<CtlReplies> weak = replies;
    replies->hold(services.events.subscribe([weak, service = message.service](const Event& event) {
        const auto* const line = std::get_if<LogLine>(&event.body);
        const RepliesPtr target = weak.lock();
        if (line == nullptr || !target || !concerns(*line, service)) return;
        const auto text = fmt::format("{}({}): {}\n", line->preamble, line->key, line->text);
        target->reply(control::ConsoleLine{text, "", false}, false);
    }));
}

void query(const CtlServices& services, const Frame& frame, const RepliesPtr& replies) {
    bool ok = false;
    const auto message = decode<control::Query>(frame, *replies, ok);
    if (!ok) return;
    const bool full = replies->peer().may_change;
    if (message.what == "why" && services.why) {
        replies->reply(control::Answer{services.why(message.service, message.limit, full)}, true);
    } else if (message.what == "config" && services.config) {
        if (!full) refuse_peer("see the configuration of a service");
        replies->reply(control::Answer{services.config(message.service)}, true);
    } else if (message.what == "ring") {
        replies->reply(control::Answer{ring_of(services).status_json()}, true);
    } else {
        throw Error(ErrorCode::unsupported,
                    fmt::format("this supervisor cannot tell '{}'", message.what),
                    "Use a hab of the same version as the supervisor.");
    }
}

struct Handler {
    std::string_view id;
    void (*run)(const CtlServices&, const Frame&, const RepliesPtr&);
    /// What somebody who may only look cannot do; empty: it may.
    std::string_view change;
};

constexpr std::array handlers{
    Handler{control::SvcLoad::id, load, "load a service"},
    Handler{control::SvcUpdate::id, update, "update a service"},
    Handler{control::SvcUnload::id, unload, "unload a service"},
    Handler{control::SvcStop::id, stop, "stop a service"},
    Handler{control::SvcStart::id, start, "start a service"},
    Handler{control::SvcStatus::id, status, {}},
    Handler{control::SvcGetDefaultCfg::id, default_config, {}},
    Handler{control::SupRestart::id, restart, "restart the supervisor"},
    Handler{control::SvcValidateCfg::id, validate_config, "check a configuration"},
    Handler{control::SvcSetCfg::id, set_config, "change the configuration of a service group"},
    Handler{control::SvcFilePut::id, put_file, "give a file to a service group"},
    Handler{control::SupDepart::id, depart, "send a member of the ring away"},
    // Logs may hold anything: their files are not for everybody either.
    Handler{control::LogFollow::id, follow_log, "follow the log"},
    Handler{control::Query::id, query, {}},
};

void dispatch(const CtlServices& services, const Frame& request, const RepliesPtr& replies) {
    const auto* const found =
        std::find_if(handlers.begin(), handlers.end(),
                     [&](const Handler& handler) { return handler.id == request.message_id; });
    if (found == handlers.end()) {
        throw Error(ErrorCode::unsupported,
                    fmt::format("this supervisor does not know the request {}", request.message_id),
                    "Use a hab of the same version as the supervisor.");
    }
    if (!found->change.empty() && !replies->peer().may_change) refuse_peer(found->change);
    found->run(services, request, replies);
}

}  // namespace

void handle_ctl_request(const CtlServices& services, const Frame& request,
                        const RepliesPtr& replies) noexcept {
    try {
        dispatch(services, request, replies);
    } catch (const Error& error) {
        replies->reply(NetErr{control::to_net_code(error.code()), error.message(), error.hint()},
                       true);
    } catch (const std::exception& error) {  // edge: one request must not stop the supervisor
        log::error("ctl", "{}: {}", request.message_id, error.what());
        replies->reply(NetErr{NetErrCode::internal, error.what(), ""}, true);
    }
}

}  // namespace hab::supervisor
