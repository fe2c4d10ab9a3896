// SPDX-License-Identifier: Apache-2.0
#include "supervisor/why_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/clock.hpp"
#include "base/strings.hpp"
#include "supervisor/http/fields.hpp"
#include "supervisor/why_sentences.hpp"

namespace hab::supervisor {
namespace {

using http::Fields;

/// A root and all that follows from it, in order.
using Chain = std::vector<Value>;
/// An event is known by the supervisor process and its generation there.
using Id = std::pair<std::string, std::int64_t>;

std::vector<Chain> chains_of(std::vector<Value> records) {
    std::vector<Chain> chains;
    std::map<Id, std::size_t> chain_of;
    for (Value& record : records) {
        const std::string run = record_text(record, "run");
        const auto cause = record_number(record, "cause");
        const auto found = cause == 0 ? chain_of.end() : chain_of.find(Id(run, cause));
        // A cause that has left the file makes its effect the beginning.
        const std::size_t at = found == chain_of.end() ? chains.size() : found->second;
        chain_of[Id(run, record_number(record, "generation"))] = at;
        if (at == chains.size()) chains.emplace_back();
        chains[at].push_back(std::move(record));
    }
    return chains;
}

/// A hook that has ended need not be told to have begun.
void drop_begun_hooks(Chain& chain) {
    std::set<Id> ended;
    for (const Value& record : chain) {
        if (record_text(record, "type") == "hook_ended")
            ended.emplace(record_text(record, "run"), record_number(record, "cause"));
    }
    std::erase_if(chain, [&](const Value& record) {
        return record_text(record, "type") == "hook_started" &&
               ended.contains(Id(record_text(record, "run"), record_number(record, "generation")));
    });
}

bool has(const Chain& chain, std::string_view type) {
    return std::any_of(chain.begin(), chain.end(),
                       [&](const Value& record) { return record_text(record, "type") == type; });
}

const Value* first(const Chain& chain, std::string_view type) {
    for (const Value& record : chain) {
        if (record_text(record, "type") == type) return &record;
    }
    return nullptr;
}

bool ran_hook(const Chain& chain, std::string_view hook) {
    return std::any_of(chain.begin(), chain.end(), [&](const Value& record) {
        return record_text(record, "type") == "hook_ended" && record_text(record, "hook") == hook;
    });
}

std::string_view kind_of(const Chain& chain) {
    const Value* const started = first(chain, "process_started");
    if (started != nullptr && record_flag(*started, "reattached")) return "takeover";
    if (const Value* const exited = first(chain, "process_exited")) {
        const bool by_itself = record_number(*exited, "cause") == 0;
        const bool badly =
            record_number(*exited, "code") != 0 || record_number(*exited, "signal") != 0;
        if (by_itself && badly) return "crash";
        return started != nullptr ? "restart" : "stop";
    }
    if (started != nullptr) return "start";
    if (has(chain, "config_refused")) return "refused";
    if (ran_hook(chain, "reconfigure")) return "reconfigure";
    if (has(chain, "config_rendered")) return "render";
    if (has(chain, "service_unloaded")) return "unload";
    if (has(chain, "health")) return "health";
    return "other";
}

Value chain_json(Chain chain) {
    const std::string_view kind = kind_of(chain);
    drop_begun_hooks(chain);
    Fields out;
    const Value& root = chain.front();
    out.add("time", record_text(root, "time"))
        .add("kind", kind)
        .add("title", fmt::format("{}: {}", kind, record_reason(root)));
    Array steps;
    for (Value& record : chain) {
        const std::string sentence = record_sentence(record);
        record.as_object()->set("text", sentence);
        steps.push_back(std::move(record));
    }
    return out.add("steps", std::move(steps));
}

Value now_json(const ServiceSnapshot& now) {
    const std::string& reason = !now.failure.empty() ? now.failure : now.waiting_for;
    return Fields()
        .add("phase", to_string(now.phase))
        .add("pid", http::or_null(now.pid))
        .add("since", rfc3339_utc(now.state_entered))
        .add("health", to_string(now.health.health))
        .add("restarts", http::integer(now.restart_count))
        .add("desired", now.desired_up ? "up" : "down")
        .add("reason", http::text_or_null(reason))
        .add("config_refused", http::text_or_null(now.config_refused));
}

/// Puts text into lines; all but the first begin with `indent` blanks.
void wrap(std::string& out, std::string head, std::string_view text, std::size_t indent,
          std::size_t width) {
    std::string line = std::move(head);
    bool fresh = true;
    for (const std::string_view word : split(text, ' ')) {
        if (!fresh && line.size() + 1 + word.size() > width) {
            out += line + "\n";
            line.assign(indent, ' ');
            fresh = true;
        }
        if (!fresh) line += ' ';
        line += word;
        fresh = false;
    }
    out += line + "\n";
}

void add_step(std::string& out, const Value& step, std::int64_t began, std::size_t width) {
    const auto after = std::max<std::int64_t>(0, record_number(step, "at") - began);
    wrap(out, fmt::format("  +{}.{:03}s  ", after / 1000, after % 1000), record_text(step, "text"),
         12, width);
    const Value* const output = step.as_object()->find("output");
    const Array* const lines = output == nullptr ? nullptr : output->as_array();
    for (const Value& line : lines == nullptr ? Array{} : *lines) {
        if (line.as_string() != nullptr) wrap(out, "          | ", *line.as_string(), 12, width);
    }
}

std::string state_line(const Value& report) {
    const Value* const now = report.as_object()->find("now");
    const std::string service = record_text(report, "service");
    if (now == nullptr || now->as_object() == nullptr) {
        return service + " is not loaded now";
    }
    const Value* const pid = now->as_object()->find("pid");
    std::string out = fmt::format("{} is {} since {}", service, record_text(*now, "phase"),
                                  record_text(*now, "since"));
    if (pid != nullptr && !pid->is_null())
        out += fmt::format(", process {}", record_number(*now, "pid"));
    out += fmt::format(", health {}, restarts: {}", record_text(*now, "health"),
                       record_number(*now, "restarts"));
    const std::string reason = record_text(*now, "reason");
    if (!reason.empty()) out += "; " + reason;
    const std::string refused = record_text(*now, "config_refused");
    if (!refused.empty()) out += "; its configuration was refused: " + refused;
    return out;
}

}  // namespace

Value why_report(const std::string& service, std::vector<Value> records, const ServiceSnapshot* now,
                 std::size_t chains) {
    std::string group = now == nullptr ? std::string() : now->group;
    for (const Value& record : records) {
        if (now == nullptr && record_text(record, "type") == "service_loaded")
            group = record_text(record, "group");
    }
    auto all = chains_of(std::move(records));
    Array list;
    for (auto at = all.rbegin(); at != all.rend() && list.size() < chains; ++at)
        list.push_back(chain_json(std::move(*at)));
    return Fields()
        .add("service", service)
        .add("group", group)
        .add("now", now == nullptr ? Value() : now_json(*now))
        .add("chains", std::move(list));
}

std::string why_text(const Value& report, std::size_t width) {
    std::string out;
    wrap(out, {}, state_line(report), 2, width);
    const Value* const chains = report.as_object()->find("chains");
    const Array* const list = chains == nullptr ? nullptr : chains->as_array();
    for (const Value& chain : list == nullptr ? Array{} : *list) {
        const Value* const steps = chain.as_object()->find("steps");
        if (steps == nullptr || steps->as_array() == nullptr || steps->as_array()->empty())
            continue;
        out += "\n";
        wrap(out, record_text(chain, "time") + "  ", record_text(chain, "title"), 4, width);
        const auto began = record_number(steps->as_array()->front(), "at");
        for (const Value& step : *steps->as_array())
            add_step(out, step, began, width);
    }
    return out;
}

}  // namespace hab::supervisor
