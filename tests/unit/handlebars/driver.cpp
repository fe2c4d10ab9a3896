// SPDX-License-Identifier: Apache-2.0
#include "driver.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>

struct hab_error {
    handlebars_test::Failure failure;
};

namespace handlebars_test {
namespace {

std::string text_of(hab_str text) {
    return {text.ptr == nullptr ? "" : text.ptr, text.len};
}
hab_str abi(std::string_view text) {
    return {text.data(), text.size()};
}

using Log = std::vector<std::string>;

void log_line(const hab_host* host, uint32_t level, hab_str, hab_str message) {
    static constexpr const char* words[] = {"trace", "debug", "info", "warn", "error"};
    static_cast<Log*>(host->ctx)->push_back(std::string(words[level]) + ": " + text_of(message));
}
void set_error(hab_error* error, hab_status status, hab_str message) {
    error->failure = {status, text_of(message), {}, {}};
}
void set_hint(hab_error* error, hab_str hint) {
    error->failure.hint = text_of(hint);
}
void set_where(hab_error* error, hab_str file, uint32_t line, uint32_t column) {
    error->failure.where =
        text_of(file) + ":" + std::to_string(line) + ":" + std::to_string(column);
}

struct Output {
    std::string text;
    std::vector<std::size_t> blocks;
    static hab_status put(void* ctx, const void* data, size_t size) {
        auto* self = static_cast<Output*>(ctx);
        self->text.append(static_cast<const char*>(data), size);
        self->blocks.push_back(size);
        return HAB_STATUS_OK;
    }
};

hab_status take_reads(void* ctx, const uint32_t* ids, size_t count) {
    static_cast<std::vector<uint32_t>*>(ctx)->assign(ids, ids + count);
    return HAB_STATUS_OK;
}

const hab_plugin_desc& descriptor() {
    return *hab_plugin_entry_v1()->items[0];
}

}  // namespace

struct Driver::Impl {
    Log log;
    hab_host host{};
    hab_error error;
    void* self = nullptr;
    void* data = nullptr;
    std::map<std::string, void*> templates;
    std::vector<uint32_t> reads;
    std::vector<std::size_t> blocks;

    [[nodiscard]] static const hab_template_api& api() {
        return *static_cast<const hab_template_api*>(descriptor().api);
    }
};

Driver::Driver(const std::string& mode, const Settings& more) : impl_(std::make_unique<Impl>()) {
    hab_host& host = impl_->host;
    host.struct_size = sizeof host;
    host.ctx = &impl_->log;
    host.log = &log_line;
    host.log_enabled = [](const hab_host*, uint32_t) -> uint32_t { return 1; };
    host.error_set = &set_error;
    host.error_hint = &set_hint;
    host.error_where = &set_where;
    host.cancelled = [](const hab_host*) -> uint32_t { return 0; };
    host.service = [](const hab_host*, const char*) -> const void* { return nullptr; };
    std::vector<hab_kv> items{{abi("mode"), abi(mode)}};
    for (const auto& [key, value] : more)
        items.push_back({abi(key), abi(value)});
    const hab_config config{sizeof config, items.size(), items.data()};
    EXPECT_EQ(descriptor().create(&host, &config, &impl_->self, &impl_->error), HAB_STATUS_OK);
}

Driver::~Driver() {
    for (const auto& [name, compiled] : impl_->templates)
        Impl::api().release(impl_->self, compiled);
    if (impl_->data != nullptr) Impl::api().release_data(impl_->self, impl_->data);
    descriptor().destroy(impl_->self);
}

bool Driver::compile(const std::string& name, std::string_view text) {
    void* compiled = nullptr;
    impl_->error = {};
    if (Impl::api().compile(impl_->self, abi(name), abi(text), &compiled, &impl_->error) !=
        HAB_STATUS_OK) {
        return false;
    }
    release(name);
    impl_->templates[name] = compiled;
    return true;
}

void Driver::release(const std::string& name) {
    const auto old = impl_->templates.find(name);
    if (old == impl_->templates.end()) return;
    Impl::api().release(impl_->self, old->second);
    impl_->templates.erase(old);
}

bool Driver::load(std::string_view json) {
    impl_->error = {};
    void* data = nullptr;
    if (Impl::api().load(impl_->self, abi(json), &data, &impl_->error) != HAB_STATUS_OK) {
        return false;
    }
    if (impl_->data != nullptr) Impl::api().release_data(impl_->self, impl_->data);
    impl_->data = data;
    return true;
}

void Driver::drop_data() {
    if (impl_->data != nullptr) Impl::api().release_data(impl_->self, impl_->data);
    impl_->data = nullptr;
}

bool Driver::update(std::string_view pointer, std::string_view json) {
    impl_->error = {};
    return Impl::api().update(impl_->self, impl_->data, abi(pointer), abi(json), &impl_->error) ==
           HAB_STATUS_OK;
}

std::optional<std::string> Driver::render(const std::string& name) {
    Output output;
    impl_->error = {};
    const hab_reads_sink reads{sizeof reads, &impl_->reads, &take_reads};
    const hab_status status =
        Impl::api().render(impl_->self, impl_->templates.at(name), impl_->data,
                           {&output, &Output::put}, &reads, &impl_->error);
    impl_->blocks = output.blocks;
    if (status != HAB_STATUS_OK) {
        EXPECT_TRUE(output.text.empty()) << "a failed render wrote something";
        return std::nullopt;
    }
    return output.text;
}

std::optional<std::vector<std::string>> Driver::references(const std::string& name) {
    struct Found {
        const std::string& own_name;
        std::vector<std::string> lines;
        static hab_status take(void* ctx, const hab_template_reference* found) {
            auto* self = static_cast<Found*>(ctx);
            const std::string file = text_of(found->file);
            static constexpr const char* kinds[] = {"?", "path", "helper", "partial"};
            std::string line = file == self->own_name ? "" : file + ":";
            line += std::to_string(found->line) + ":" + std::to_string(found->column) + " " +
                    kinds[found->kind] + " " + text_of(found->text);
            if ((found->flags & HAB_REFERENCE_DYNAMIC) != 0) line += " dynamic";
            if ((found->flags & HAB_REFERENCE_GUARDED) != 0) line += " guarded";
            if ((found->flags & HAB_REFERENCE_TEST) != 0) line += " test";
            if ((found->flags & HAB_REFERENCE_UNKNOWN) != 0) line += " unknown";
            if (found->suggestion.len != 0) line += " " + text_of(found->suggestion);
            self->lines.push_back(line);
            return HAB_STATUS_OK;
        }
    } found{name, {}};
    const hab_references_sink sink{sizeof sink, &found, &Found::take};
    impl_->error = {};
    if (Impl::api().inspect(impl_->self, impl_->templates.at(name), &sink, &impl_->error) !=
        HAB_STATUS_OK) {
        return std::nullopt;
    }
    return found.lines;
}

const Failure& Driver::failure() const noexcept {
    return impl_->error.failure;
}
const std::vector<std::string>& Driver::log() const noexcept {
    return impl_->log;
}
const std::vector<std::size_t>& Driver::blocks() const noexcept {
    return impl_->blocks;
}

std::vector<std::string> Driver::reads() {
    std::vector<std::string> texts;
    for (const uint32_t id : impl_->reads) {
        Output output;
        EXPECT_EQ(Impl::api().pattern(impl_->self, id, {&output, &Output::put}, &impl_->error),
                  HAB_STATUS_OK);
        texts.push_back(output.text);
    }
    std::sort(texts.begin(), texts.end());
    return texts;
}

// gtest looks for this name.
void PrintTo(const Case& row, std::ostream* out) {  // NOLINT(readability-identifier-naming)
    *out << testing::PrintToString(row.text);
}

void check(const Case& row) {
    for (const auto& [mode, expected] :
         {std::pair{"modern", row.modern}, std::pair{"classic", row.classic}}) {
        SCOPED_TRACE(std::string(mode) + ": " + row.text + "  with " + row.json);
        Driver driver(mode);
        ASSERT_TRUE(driver.load(row.json)) << driver.failure().message;
        const boost::json::value partials = boost::json::parse(row.partials);
        for (const auto& partial : partials.as_object()) {
            ASSERT_TRUE(driver.compile(partial.key(), partial.value().as_string()));
        }
        std::optional<std::string> got;
        if (driver.compile("t", row.text)) got = driver.render("t");
        if (expected == refused) {
            ASSERT_FALSE(got.has_value()) << "rendered: " << got.value_or("");
            EXPECT_EQ(driver.failure().status, HAB_STATUS_USAGE) << driver.failure().message;
            EXPECT_FALSE(driver.failure().message.empty());
            EXPECT_NE(driver.failure().where, "");
        } else {
            ASSERT_TRUE(got.has_value())
                << driver.failure().where << ": " << driver.failure().message;
            EXPECT_EQ(*got, expected);
        }
    }
}

}  // namespace handlebars_test
