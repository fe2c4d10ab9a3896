// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "fixtures.hpp"
#include "plugin/host.hpp"

namespace hab::plugin::test {
namespace {

hab_error error(std::string message, std::string hint = {}) {
    hab_error e;
    e.message = std::move(message);
    e.hint = std::move(hint);
    return e;
}

TEST(ErrorText, CarriesThePluginAndItsHint) {
    const auto e = to_error("exporter tar", HAB_STATUS_IO, error("disk is full", "make room"));
    EXPECT_EQ(e.code(), ErrorCode::io);
    EXPECT_EQ(e.message(), "exporter tar: disk is full");
    EXPECT_EQ(e.hint(), "make room");
}

TEST(ErrorText, PositionsReplaceTheLabel) {
    auto where = error("unknown helper 'x'");
    where.file = "config/a.conf";
    where.line = 3;
    where.column = 7;
    const auto e = to_error("template handlebars", HAB_STATUS_USAGE, where);
    EXPECT_EQ(e.message(), "config/a.conf:3:7: unknown helper 'x'");
    EXPECT_EQ(e.code(), ErrorCode::invalid_input);
}

TEST(ErrorText, BugsAreCalledBugs) {
    const auto e = to_error("studio x", HAB_STATUS_BUG, error("index 7 of 3"));
    EXPECT_EQ(e.code(), ErrorCode::bug);
    EXPECT_EQ(e.message(), "studio x broke: index 7 of 3");
    EXPECT_EQ(e.hint(), "this is a bug of the plugin; tell its vendor");
}

TEST(ErrorText, SilentFailuresStillSaySomething) {
    EXPECT_EQ(to_error("studio x", 99, error("")).message(),
              "studio x: failed with status 99 and no message");
}

TEST(ErrorText, IsMadePrintableAndBounded) {
    EXPECT_EQ(to_error("x", 1, error("a\x1b[31mb\tc\nd")).message(), "x: a?[31mb?c\nd");
    EXPECT_EQ(to_error("x", 1, error("bad \xff byte")).message(), "x: bad ? byte");
    std::string long_text;
    for (int i = 0; i < 3000; ++i)
        long_text += "ä";
    const auto message = to_error("x", 1, error(long_text)).message();
    EXPECT_LE(message.size(), 4096u + 3);
    EXPECT_EQ(message.find('?'), std::string::npos);
}

TEST(ErrorText, StatusesAndCodesMatch) {
    for (const auto status :
         {HAB_STATUS_USAGE, HAB_STATUS_UNSUPPORTED, HAB_STATUS_CANCELLED, HAB_STATUS_IO,
          HAB_STATUS_NOT_FOUND, HAB_STATUS_DENIED, HAB_STATUS_BUG, HAB_STATUS_FAILED}) {
        EXPECT_EQ(to_status(to_error_code(status)), status);
    }
    EXPECT_EQ(to_error_code(-5), ErrorCode::failed);
    EXPECT_EQ(to_status(ErrorCode::no_space), HAB_STATUS_IO);
    EXPECT_EQ(to_status(ErrorCode::invalid_input), HAB_STATUS_USAGE);
}

TEST(GuardService, TurnsExceptionsIntoStatuses) {
    hab_error e;
    EXPECT_EQ(guard_service(&e, [] { throw Error(ErrorCode::not_found, "no x", "get x"); }),
              HAB_STATUS_NOT_FOUND);
    EXPECT_EQ(e.message, "no x");
    EXPECT_EQ(e.hint, "get x");
    EXPECT_EQ(guard_service(&e, [] { throw std::runtime_error("oops"); }), HAB_STATUS_BUG);
    EXPECT_EQ(guard_service(nullptr, [] { throw 3; }), HAB_STATUS_BUG);
    EXPECT_EQ(guard_service(&e, [] {}), HAB_STATUS_OK);
}

TEST(HostObject, ErrorFunctions) {
    Host host("exporter x", no_services()({}));
    const auto* abi = host.abi();
    auto* e = abi->error_create(abi);
    ASSERT_NE(e, nullptr);
    abi->error_set(e, HAB_STATUS_IO, to_abi("first"));
    abi->error_hint(e, to_abi("hint"));
    abi->error_where(e, to_abi("f"), 2, 3);
    TextSink message;
    TextSink hint;
    EXPECT_EQ(abi->error_get(e, message.abi(), hint.abi()), HAB_STATUS_IO);
    EXPECT_EQ(message.text() + "/" + hint.text(), "first/hint");
    abi->error_set(e, HAB_STATUS_USAGE, to_abi("second"));  // starts over
    EXPECT_EQ(e->hint + e->file, "");
    EXPECT_EQ(e->line, 0u);
    abi->error_destroy(e);
    abi->error_set(nullptr, HAB_STATUS_IO, to_abi("nobody listens"));
    EXPECT_EQ(abi->error_get(nullptr, {}, {}), HAB_STATUS_OK);
}

TEST(HostObject, ServicesAndCancellationComeFromTheContext) {
    class Context : public HostContext {
    public:
        const void* service(std::string_view id) noexcept override {
            return id == "hab.fs/1" ? this : nullptr;
        }
        bool cancelled() noexcept override { return true; }
        void log(std::uint32_t, std::string_view target, std::string_view text) noexcept override {
            line = std::string(target) + ": " + std::string(text);
        }
        bool log_enabled(std::uint32_t level) noexcept override { return level >= HAB_LOG_WARN; }
        std::string line;
    };
    const auto context = std::make_shared<Context>();
    Host host("exporter x", context);
    const auto* abi = host.abi();
    EXPECT_EQ(abi->service(abi, "hab.fs/1"), context.get());
    EXPECT_EQ(abi->service(abi, "hab.later/9"), nullptr);
    EXPECT_EQ(abi->service(abi, nullptr), nullptr);
    EXPECT_EQ(abi->cancelled(abi), 1u);
    EXPECT_EQ(abi->log_enabled(abi, HAB_LOG_INFO), 0u);
    abi->log(abi, HAB_LOG_WARN, {}, to_abi("hello"));
    EXPECT_EQ(context->line, "exporter x: hello");
    EXPECT_EQ(&Host::of(abi), &host);
}

TEST(TextSink, HasABound) {
    TextSink sink(4);
    const auto abi = sink.abi();
    EXPECT_EQ(abi.put(abi.ctx, "abc", 3), HAB_STATUS_OK);
    EXPECT_EQ(abi.put(abi.ctx, "de", 2), HAB_STATUS_FAILED);
    EXPECT_EQ(sink.text(), "abc");
}

}  // namespace
}  // namespace hab::plugin::test
