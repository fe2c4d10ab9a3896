// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"

#include <hab/types.hpp>

namespace mustache_plugin {
namespace {

constexpr int max_partial_calls = 100'000;
constexpr int max_sections = 1'000'000;
constexpr int max_lookups = 10'000'000;
/// kainjow calls itself for each partial in a partial; some kilobytes each time.
constexpr std::ptrdiff_t max_stack = 512 << 10;
/// Estimates may be this much above the limit, so that it stays exact for what is shown.
constexpr std::size_t slack = 1 << 20;

const char* stack_pointer() {
    return static_cast<const char*>(__builtin_frame_address(0));
}

[[noreturn]] void refuse(const std::string& what, const char* hint = "") {
    hab::sdk::raise(HAB_STATUS_USAGE, what, hint);
}

}  // namespace

Context::Context(const FindPartial& find, const Missing& missing, Limits limits,
                 const kainjow::mustache::data* data)
    : find_(find), missing_(missing), limits_(limits), stack_(stack_pointer()) {
    kainjow::mustache::context<std::string>::push(data);
}

void Context::push(const kainjow::mustache::data* data) {
    if (++sections_ > max_sections) {
        refuse(
            "the sections of one render run more than " + std::to_string(max_sections) + " times",
            "look for sections inside of sections");
    }
    pend(limits_.longest_line);
    kainjow::mustache::context<std::string>::push(data);
}

const kainjow::mustache::data* Context::get(const std::string& given) const {
    const auto mark = read_mark(given);
    const std::string& name = mark ? mark->name : given;
    if (++lookups_ > max_lookups) {
        refuse("one render looks up more than " + std::to_string(max_lookups) + " names");
    }
    // "." is an item of a list that has been read itself.
    if (name != ".") reads_.insert(name);
    const auto* found = kainjow::mustache::context<std::string>::get(name);
    if (found == nullptr && mark) missing_(*mark, "value");
    if (found != nullptr && found->is_string()) pend(found->string_value().size());
    return found;
}

const kainjow::mustache::data* Context::get_partial(const std::string& given) const {
    const auto mark = read_mark(given);
    const std::string& name = mark ? mark->name : given;
    if (++partial_calls_ > max_partial_calls) {
        refuse("one render calls more than " + std::to_string(max_partial_calls) + " partials");
    }
    if (stack_ - stack_pointer() > max_stack) {
        refuse("the partial '" + name + "' is nested too deep",
               "a partial that includes itself needs a section that ends it");
    }
    pend(limits_.longest_line);
    const auto* found = find_(name);
    if (found == nullptr && mark) missing_(*mark, "partial");
    return found;
}

void Context::pend(std::size_t bytes) const {
    pending_ += bytes;
    if (output_.size() + pending_ <= limits_.output + slack) return;
    hab::sdk::raise(HAB_STATUS_FAILED,
                    "the output is larger than " + std::to_string(limits_.output) + " bytes",
                    "raise the engine's option output-limit, or look for a loop that is too long");
}

Context& Context::operator<<(const std::string& text) {
    pending_ = 0;
    if (output_.size() + text.size() > limits_.output) pend(limits_.output + slack + 1);
    output_ += text;
    return *this;
}

}  // namespace mustache_plugin
