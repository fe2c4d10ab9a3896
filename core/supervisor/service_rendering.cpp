// SPDX-License-Identifier: Apache-2.0
// From a change of the configuration to files, events and what the machine makes of it.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/fail_point.hpp"
#include "base/log.hpp"
#include "base/strings.hpp"
#include "supervisor/input_changes.hpp"
#include "supervisor/secret_texts.hpp"
#include "supervisor/service.hpp"

namespace hab::supervisor {

ContextInput Service::context_input() const {
    return {around_.system, package_.state,      spec_.service_group(),
            files_->cfg(),  package_.bind_names, ring_};
}

void Service::user_config_changed() {
    layer_changed([this] { return files_->reload_user(); });
}

void Service::layer_changed(const std::function<bool()>& load) {
    bool changed = false;
    const auto shown_before = files_->shown_cfg();
    try {
        changed = load();
    } catch (const Error& error) {
        refuse(error, "the configuration before it stays in use");
        layer_refused_ = true;
        return;
    }
    if (changed) {
        causes_.input = around_.events.publish(
            InputChanged{spec_.service(), input_changes(*shown_before, *files_)});
        announce_later();
    }
    const bool mended = std::exchange(layer_refused_, false);
    if (mended) config_refused_.clear();
    // What a hook said before the file was broken is not known any more.
    if (!changed && !(mended && checks_config())) return;
    warn_of_config();
    if (awaits_binds_) return;
    if (checks_config()) {
        check_config();
    } else {
        render(config_changes(context_input(), files_->changed_cfg()));
    }
    step();
}

bool is_of_the_disk(const Error& error) {
    return error.code() == ErrorCode::no_space || error.code() == ErrorCode::io;
}

ServiceFiles::Outcome Service::render_files(std::span<const ContextChange> only) {
    fail_point("service.render", spec_.service());
    auto outcome = only.empty()
                       ? files_->render(template_context(context_input()))
                       : files_->update(only, [this] { return template_context(context_input()); });
    fail_point("service.rendered", spec_.service());
    ConfigRendered event{
        spec_.service(), outcome.report.changed, {}, outcome.report.skipped, outcome.written};
    for (const auto& file : outcome.report.rendered)
        event.rendered.push_back(file.name);
    log::debug("config", "{}: changed: {}; rendered: {}; skipped: {}; written: {}", event.service,
               join(event.changed, " "), join(event.rendered, " "), join(event.skipped, " "),
               join(event.written, " "));
    const bool wrote = !event.written.empty();
    const auto rendered = around_.events.publish(std::move(event), causes_.of_rendering());
    if (wrote) causes_.rendered = rendered;
    return outcome;
}

void Service::render(std::span<const ContextChange> only) {
    // A successor that finds the files as they should be would not know that the process has not
    // seen them; so it is told before they are touched.
    rendering_ = machine_.pid().has_value();
    remember();
    write_and_tell(only);
    rendering_ = false;
    remember();
}

void Service::write_and_tell(std::span<const ContextChange> only) {
    try {
        auto outcome = render_files(only);
        if (!layer_refused_) config_refused_.clear();
        render_timer_.cancel();
        render_backoff_.reset();
        if (std::exchange(half_written_, false)) {
            // What was written before the disk failed is not in this outcome.
            outcome.changed.config = outcome.changed.start_hooks = true;
            feed(machine_.files_changed(outcome.changed));
        }
        if (outcome.written.empty()) return;
        for (const auto& file : outcome.written) {
            say(LineSource::supervisor, "CF",
                fmt::format("Modified {} {}",
                            std::string_view(file).starts_with("config/") ? "configuration file"
                                                                          : "hook content in",
                            (tree_.root / file).string()));
        }
        feed(machine_.files_changed(outcome.changed));
    } catch (const Error& error) {
        refuse(error, "the files rendered before stay in use");
        if (is_of_the_disk(error)) {
            half_written_ = true;
            render_again_later();
        }
    }
}

void Service::render_again_later() {
    const auto wait = render_backoff_.next(around_.entropy);
    say(LineSource::supervisor, "CF",
        fmt::format("It is tried again in {:.1f} secs", static_cast<double>(wait.count()) / 1000));
    arm(render_timer_, around_.clock.now() + wait, [](Service& self) {
        // Everything: what was to be rendered when the disk failed is not known any more.
        self.renew_files();
        self.step();
    });
}

void Service::refuse(const Error& error, std::string_view consequence) {
    // A mistake in a template brings its line and a caret below the sentence.
    const std::string& message = error.message();
    const auto end = std::min(message.find('\n'), message.size());
    say(LineSource::supervisor, "CF", fmt::format("{}; {}", message.substr(0, end), consequence));
    for (const std::string_view line : split(std::string_view(message).substr(end), '\n')) {
        if (!line.empty()) say(LineSource::supervisor, "CF", line);
    }
    // The hook prints what it likes, and the reason is told to everybody who asks for the service.
    SecretTexts secrets;
    if (files_) secrets.add(files_->secret_texts());
    config_refused_ = secrets.hide(message);
    around_.events.publish(ConfigRefused{spec_.service(), config_refused_}, causes_.of_rendering());
}

void Service::warn_of_config() {
    for (const std::string& warning : files_->warnings())
        say(LineSource::supervisor, "CF", warning);
}

}  // namespace hab::supervisor
