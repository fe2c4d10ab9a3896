// SPDX-License-Identifier: Apache-2.0
// `hab cli setup`: a person's defaults, asked for one by one, written at once.
#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "base/env_flag.hpp"
#include "cli/origin/commands.hpp"
#include "cli/origin/named_key.hpp"
#include "cli/setup/commands.hpp"
#include "cli/setup/prompt.hpp"

namespace hab::cli {
namespace {

constexpr std::array<std::string_view, 1> also{"setup"};
constexpr std::array options = {cache_key_path_option};
/// The answer that takes a setting away.
constexpr std::string_view removal = "-";

void check_url(std::string_view url) {
    if (url.starts_with("http://") || url.starts_with("https://")) return;
    throw Error(ErrorCode::usage, fmt::format("'{}' is not the address of a depot", url),
                "write it in full: https://depot.example.com");
}

void accept_any(std::string_view /*answer*/) {}

struct Question {
    std::string_view key;
    std::string_view text;
    void (*check)(std::string_view answer);  ///< throws usage for a bad one
};

constexpr std::array questions = {
    Question{"origin", "Default origin", crypto::check_origin_name},
    Question{"bldr_url", "Depot", check_url},
    Question{"auth_token", "Access token of the depot", accept_any},
    Question{"ctl_secret", "Secret of the supervisor's control gateway", accept_any},
};

std::string in_full(const Question& question, const Settings& settings) {
    const auto present = settings.get(question.key);
    if (!present) return std::string(question.text);
    return fmt::format("{} [{}]", question.text,
                       is_secret_setting(question.key) ? "is set" : *present);
}

/// Asks until the answer will do; a pipe is asked only once.
std::optional<std::string> answer_to(const Question& question, const Settings& settings,
                                     Prompt& prompt, Terminal& terminal) {
    const std::string text = in_full(question, settings);
    for (;;) {
        auto answer = is_secret_setting(question.key) ? prompt.ask_secret(text) : prompt.ask(text);
        if (!answer || *answer == removal) return answer;
        try {
            question.check(*answer);
            return answer;
        } catch (const Error& error) {
            if (!prompt.is_person()) throw;
            terminal.warn(fmt::format("{}: {}", error.message(), error.hint()));
        }
    }
}

int run(Invocation& invocation) {
    if (says_true("HAB_NONINTERACTIVE")) {
        throw Error(ErrorCode::usage,
                    "'hab cli setup' asks questions, but HAB_NONINTERACTIVE forbids it",
                    fmt::format("unset the variable, or write '{}' yourself",
                                invocation.settings.file().string()));
    }
    Terminal& terminal = invocation.terminal;
    const Settings& settings = invocation.settings;
    Object table = *settings.all().as_object();
    terminal.begin(fmt::format("Setting up {}", settings.file().string()));
    terminal.out("An empty answer keeps what is in brackets, '-' takes it away.\n");
    Prompt prompt(STDIN_FILENO, terminal);
    for (const Question& question : questions) {
        const auto answer = answer_to(question, settings, prompt, terminal);
        if (answer && *answer == removal) {
            table.erase(question.key);
        } else if (answer) {
            table.set(std::string(question.key), *answer);
        }
    }
    const crypto::KeyCache cache = key_cache_of(invocation);
    const Value* origin = table.find("origin");
    const bool wants_key =
        origin != nullptr && origin->as_string() != nullptr &&
        !cache.has_secret_key(*origin->as_string()) &&
        prompt.agree(fmt::format("Create a signing key for '{}'?", *origin->as_string()), true);
    write_settings(settings.file(), Value(table));
    if (wants_key) {
        const auto pair =
            generate_trusted_pair(*origin->as_string(), invocation.clock.wall(), cache,
                                  package::OriginTrust::from(invocation.paths));
        terminal.status("Generated", pair.public_key.name().to_string());
    }
    terminal.end(fmt::format("Wrote {}", settings.file().string()));
    return 0;
}

}  // namespace

std::span<const Command> setup_commands() {
    static constexpr std::array commands = {Command{
        .path = "cli setup",
        .summary = "Ask for your defaults and write them to cli.toml",
        .description = "Asks for the default origin, the depot, its access token, the secret of a "
                       "supervisor's control gateway, and whether to create a key of the origin. "
                       "Answers may also come from a pipe, one a line in this order; when it ends, "
                       "the rest stays as it is. Tokens and secrets are not shown.",
        .arguments = {},
        .options = options,
        .exit_codes = {},
        .run = run,
        .also = also}};
    return commands;
}

}  // namespace hab::cli
