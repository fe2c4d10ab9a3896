// SPDX-License-Identifier: Apache-2.0
#include "control/messages.hpp"

#include <gmock/gmock.h>

#include "base/bytes.hpp"

namespace hab::control {
namespace {

using testing::HasSubstr;

std::string hex(std::string_view text) {
    return to_hex(as_bytes(text));
}

template <typename Message>
Error failure_of(std::string_view body) {
    try {
        (void)from_wire<Message>(body);
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "accepted " << hex(body);
    return {ErrorCode::bug, ""};
}

const package::Ident redis{"core", "redis", "3.2.4", "20170514150022"};

// Written out by hand from the field numbers: a round trip alone would not notice swapped numbers.
TEST(Messages, HaveUpstreamsFieldNumbers) {
    EXPECT_EQ(hex(to_wire(Handshake{"ab"})), "0a026162");
    EXPECT_EQ(hex(to_wire(SvcStop{{"a", "b", "", ""}, 5})), "0a060a01611201621805");
    EXPECT_EQ(hex(to_wire(NetErr{NetErrCode::conflict, "x", ""})), "0803120178");
    EXPECT_EQ(hex(to_wire(ConsoleLine{"l", "", false})), "0a016c1800");
    EXPECT_EQ(hex(to_wire(NetProgress{2, 1})), "08021001");
    SvcLoad load{{"a", "b", "", ""}, true, {}};
    load.settings.topology = "leader";
    load.settings.update_strategy = "at-once";
    load.settings.binding_mode = "strict";
    load.settings.health_check_interval = 10;
    load.settings.shutdown_timeout = 3;
    load.settings.update_condition = "track-channel";
    EXPECT_EQ(hex(to_wire(load)),
              "0a060a0161120162"  // 1 ident
              "4801"              // 9 force
              "6001"
              "6801"
              "880101"    // 12 topology, 13 strategy, 17 condition
              "7001"      // 14 binding mode
              "7a02080a"  // 15 interval
              "800103");  // 16 shutdown timeout
    ServiceStatus status;
    status.ident = {"a", "b", "", ""};
    status.group = {"b", "default", ""};
    status.up = true;
    status.elapsed = 9;
    status.pid = 7;
    EXPECT_EQ(hex(to_wire(status)),
              "0a060a0161120162"
              "1206080910071801"
              "1a0c0a0162120764656661756c74"
              "2801");
}

// As above, from the numbers of upstream's protocol.
TEST(Messages, ForGroupsHaveUpstreamsFieldNumbers) {
    const std::string group =
        "0a0b0a01721201642203"  // 1 service_group: service r, group d
        "6f7267";               // 4 organization
    EXPECT_EQ(hex(to_wire(SvcValidateCfg{{"r", "d", "org"}, "a=1"})),
              group + "1000" + "1a03613d31");
    EXPECT_EQ(hex(to_wire(SvcSetCfg{{"r", "d", "org"}, "a=1", 7, true})),
              group + "1203613d31" + "1807" + "2001");
    EXPECT_EQ(hex(to_wire(SvcFilePut{{"r", "d", "org"}, "x", "f", 7, true})),
              group + "120178" + "1a0166" + "2007" + "2801");
    EXPECT_EQ(hex(to_wire(SupDepart{"ab"})), "0a026162");
}

TEST(Messages, ForGroupsRoundTrip) {
    const Group group{"redis", "default", ""};
    const auto set = from_wire<SvcSetCfg>(to_wire(SvcSetCfg{group, "a = 1\n", 1ull << 63, true}));
    EXPECT_EQ(set.group, group);
    EXPECT_EQ(set.cfg, "a = 1\n");
    EXPECT_EQ(set.version, 1ull << 63);
    EXPECT_TRUE(set.encrypted);
    const std::string bytes("\0\xff\n", 3);
    const auto put = from_wire<SvcFilePut>(to_wire(SvcFilePut{group, bytes, "a.bin", 0, false}));
    EXPECT_EQ(put.content, bytes);
    EXPECT_EQ(put.filename, "a.bin");
    EXPECT_EQ(put.version, 0u);
    EXPECT_FALSE(put.encrypted);
    EXPECT_EQ(from_wire<SvcValidateCfg>(to_wire(SvcValidateCfg{group, ""})).cfg, "");
    EXPECT_EQ(from_wire<SupDepart>(to_wire(SupDepart{"0123"})).member_id, "0123");
}

TEST(Messages, ForGroupsSayWhatIsMissing) {
    const std::string whole = to_wire(SvcSetCfg{{"r", "d", ""}, "a=1", 7, false});
    const std::string group = whole.substr(0, 8);
    const std::string cfg = whole.substr(8, 5);
    EXPECT_THAT(failure_of<SvcSetCfg>("").message(), HasSubstr("'service_group' is missing"));
    EXPECT_THAT(failure_of<SvcSetCfg>(group).message(), HasSubstr("'cfg' is missing"));
    EXPECT_THAT(failure_of<SvcSetCfg>(group + cfg).message(), HasSubstr("'version' is missing"));
    EXPECT_EQ(from_wire<SvcSetCfg>(whole).version, 7u);
    EXPECT_THAT(failure_of<SvcFilePut>(group + cfg + std::string("\x20\x07", 2)).message(),
                HasSubstr("'filename' is missing"));
    EXPECT_THAT(failure_of<SupDepart>("").message(), HasSubstr("'member_id' is missing"));
    // format 1 does not exist
    EXPECT_EQ(failure_of<SvcValidateCfg>(group + std::string("\x10\x01", 2)).code(),
              ErrorCode::invalid_input);
    EXPECT_EQ(failure_of<SvcSetCfg>(group + std::string("\x10\x01", 2)).code(),
              ErrorCode::invalid_input)
        << "a number where the text should be";
}

TEST(Messages, CarryEverySetting) {
    SvcLoad load{redis, true, {}};
    load.settings.binds =
        std::vector<Bind>{{"db", {"pg", "default", ""}}, {"q", {"mq", "a", "org"}}};
    load.settings.bldr_url = "https://depot";
    load.settings.channel = "unstable";
    load.settings.config_from = "/src";
    load.settings.group = "blue";
    load.settings.topology = "standalone";
    load.settings.update_strategy = "rolling";
    load.settings.update_condition = "latest";
    load.settings.binding_mode = "relaxed";
    load.settings.health_check_interval = 77;
    load.settings.shutdown_timeout = 12;
    load.settings.limits = {"memory=512M", "pids=10"};
    const auto back = from_wire<SvcLoad>(to_wire(load));
    EXPECT_EQ(back.ident, redis);
    EXPECT_TRUE(back.force);
    EXPECT_EQ(back.settings, load.settings);

    load.settings.config_from.reset();
    EXPECT_EQ(from_wire<SvcUpdate>(to_wire(SvcUpdate{redis, load.settings})).settings,
              load.settings);
}

TEST(Messages, LeaveOutWhatWasNotSaid) {
    const auto load = from_wire<SvcLoad>(to_wire(SvcLoad{redis, false, {}}));
    EXPECT_FALSE(load.force);
    EXPECT_EQ(load.settings, Settings{});
    EXPECT_EQ(from_wire<SvcStop>(to_wire(SvcStop{redis, {}})).timeout, std::nullopt);
    EXPECT_EQ(from_wire<SvcStatus>("").ident, std::nullopt);
    EXPECT_EQ(from_wire<SvcStatus>(to_wire(SvcStatus{redis})).ident, redis);
}

TEST(Messages, CarryOwnTopologiesOutsideUpstreamsEnum) {
    SvcLoad load{redis, false, {}};
    load.settings.topology = "etcd";
    EXPECT_EQ(from_wire<SvcLoad>(to_wire(load)).settings.topology, "etcd");
    const SvcLoad plain{redis, false, {}};
    EXPECT_EQ(to_wire(load), to_wire(plain) + "\xa2\x06\x04" + "etcd");  // field 100, not 12
}

TEST(Messages, RefuseWordsThatTheWireDoesNotHave) {
    SvcLoad load{redis, false, {}};
    load.settings.update_strategy = "sometimes";
    try {
        (void)to_wire(load);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::usage);
        EXPECT_EQ(error.message(), "'sometimes' is not a update strategy");
        EXPECT_THAT(error.hint(), HasSubstr("none, at-once, rolling"));
    }
}

TEST(Messages, SkipFieldsThatTheyDoNotKnow) {
    // field 50 with text "new", then the ident
    const std::string body = std::string("\x92\x03\x03new", 6) + to_wire(SvcStart{redis});
    EXPECT_EQ(from_wire<SvcStart>(body).ident, redis);
}

TEST(Messages, SayWhenARequiredFieldIsMissing) {
    const Error error = failure_of<SvcLoad>("");
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_EQ(error.message(),
              "cannot use the control message SvcLoad: its field 'ident' is missing");
    EXPECT_EQ(failure_of<SvcStart>("").code(), ErrorCode::unsupported);
    EXPECT_EQ(failure_of<ServiceStatus>("").code(), ErrorCode::unsupported);
}

TEST(Messages, RefuseDamagedBodies) {
    const std::string whole = to_wire(SvcLoad{redis, true, {}});
    EXPECT_EQ(failure_of<SvcLoad>(whole.substr(0, 5)).code(), ErrorCode::invalid_input);
    EXPECT_EQ(failure_of<SvcLoad>("\xff\xff\xff").code(), ErrorCode::invalid_input);
    // ident as a number instead of a message
    EXPECT_EQ(failure_of<SvcLoad>(std::string("\x08\x01", 2)).code(), ErrorCode::invalid_input);
    // topology 9 does not exist
    EXPECT_EQ(failure_of<SvcLoad>(whole + std::string("\x60\x09", 2)).code(),
              ErrorCode::invalid_input);
}

TEST(Messages, RefuseIdentsThatWouldLeaveTheTree) {
    for (const package::Ident& ident :
         {package::Ident{"..", "redis", "", ""}, package::Ident{"core", "../../etc", "", ""},
          package::Ident{"core", "re/dis", "", ""}, package::Ident{"core", "redis", "", "1"}}) {
        EXPECT_EQ(failure_of<SvcStart>(to_wire(SvcStart{ident})).code(), ErrorCode::invalid_input)
            << ident.to_string();
    }
}

TEST(Messages, BoundTheNumberOfBinds) {
    SvcLoad load{redis, false, {}};
    load.settings.binds = std::vector<Bind>(300, Bind{"a", {"b", "c", ""}});
    EXPECT_THAT(failure_of<SvcLoad>(to_wire(load)).message(), HasSubstr("256 binds"));
}

TEST(Messages, ALoadMayNameItsService) {
    SvcLoad load{redis, false, {}};
    EXPECT_EQ(from_wire<SvcLoad>(to_wire(load)).settings.name, std::nullopt);
    load.settings.name = "cache-2";
    EXPECT_EQ(from_wire<SvcLoad>(to_wire(load)).settings.name, "cache-2");
}

TEST(Messages, RepliesRoundTrip) {
    ServiceStatus status;
    status.ident = redis;
    status.group = {"redis", "default", "acme"};
    status.desired_up = false;
    status.phase = "backoff";
    status.reason = "exited with code 3";
    status.health = "CRITICAL";
    EXPECT_EQ(from_wire<ServiceStatus>(to_wire(status)).ready, std::nullopt)
        << "upstream's have none";
    status.ready = false;
    const auto back = from_wire<ServiceStatus>(to_wire(status));
    EXPECT_EQ(back.group, status.group);
    EXPECT_FALSE(back.up);
    EXPECT_FALSE(back.desired_up);
    EXPECT_EQ(back.pid, std::nullopt);
    EXPECT_EQ(back.phase, "backoff");
    EXPECT_EQ(back.reason, "exited with code 3");
    EXPECT_EQ(back.health, "CRITICAL");
    EXPECT_EQ(back.ready, false);
    EXPECT_EQ(from_wire<ServiceCfg>(to_wire(ServiceCfg{"a = 1\n"})).text, "a = 1\n");
    EXPECT_EQ(from_wire<LogFollow>(to_wire(LogFollow{"redis"})).service, "redis");
    const auto query = from_wire<Query>(to_wire(Query{"why", "redis", 7}));
    EXPECT_EQ(query.what + " " + query.service, "why redis");
    EXPECT_EQ(query.limit, 7u);
    EXPECT_EQ(from_wire<Answer>(to_wire(Answer{"{}"})).json, "{}");
    EXPECT_THROW(from_wire<Query>(""), Error);
    const auto progress = from_wire<NetProgress>(to_wire(NetProgress{10, 4}));
    EXPECT_EQ(progress.position, 4u);
    const auto line = from_wire<ConsoleLine>(to_wire(ConsoleLine{"hello\n", "green", true}));
    EXPECT_EQ(line.line, "hello\n");
    EXPECT_EQ(line.color, "green");
    EXPECT_TRUE(line.bold);
}

TEST(Messages, ErrorsKeepTheirMeaningOverTheWire) {
    for (const ErrorCode code : {ErrorCode::not_found, ErrorCode::conflict, ErrorCode::denied,
                                 ErrorCode::unsupported, ErrorCode::invalid_input, ErrorCode::io}) {
        const NetErr sent{to_net_code(code), "it failed", "do this"};
        const Error error = to_error(from_wire<NetErr>(to_wire(sent)));
        EXPECT_EQ(error.code(), code);
        EXPECT_EQ(error.message(), "it failed");
        EXPECT_EQ(error.hint(), "do this");
    }
    EXPECT_EQ(to_error(NetErr{}).message(), "the supervisor refused without a reason");
}

}  // namespace
}  // namespace hab::control
