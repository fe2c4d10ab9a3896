// SPDX-License-Identifier: Apache-2.0
// What the control gateway makes of messages for service groups and the ring; without sockets.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "supervisor/ctl_gateway_requests.hpp"
#include "unit/supervisor/gateway_fakes.hpp"

namespace hab::supervisor {
namespace {

using control::Group;
using control::NetErrCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Remembers what it was told; refuses what is not above version 5.
class FakeRing final : public RingCommands {
public:
    void apply_config(const GroupConfig& config) override {
        refuse_old(config.version);
        told.push_back(fmt::format("config {} {} {}{}", config.group, config.version, config.text,
                                   config.encrypted ? " encrypted" : ""));
    }
    void put_file(const GroupFile& file) override {
        refuse_old(file.version);
        told.push_back(fmt::format("file {} {} {} {}{}", file.group, file.version, file.name,
                                   file.body, file.encrypted ? " encrypted" : ""));
    }
    void depart(std::string_view member) override {
        told.push_back(fmt::format("depart {}", member));
    }
    [[nodiscard]] std::optional<std::uint64_t> config_version(const std::string&) const override {
        return 5;
    }
    [[nodiscard]] std::optional<std::uint64_t> file_version(const std::string&,
                                                            const std::string&) const override {
        return 5;
    }
    [[nodiscard]] std::string status_json() const override { return "{}"; }

    std::vector<std::string> told;

private:
    static void refuse_old(std::uint64_t version) {
        if (version <= 5) throw Error(ErrorCode::conflict, "the version in force is 5");
    }
};

/// One answer and its end.
class Answers final : public CtlReplies {
public:
    explicit Answers(bool may_change) : peer_{may_change, "test"} {}
    void send(std::string_view message_id, std::string body, bool complete) override {
        EXPECT_TRUE(complete);
        EXPECT_TRUE(id.empty()) << "more than one answer";
        id = message_id;
        if (message_id == control::NetErr::id) error = control::from_wire<control::NetErr>(body);
    }
    void close() override { ADD_FAILURE() << "closed without an answer"; }
    void hold(EventStream::Subscription) override { ADD_FAILURE() << "nothing to follow"; }
    [[nodiscard]] const CtlPeer& peer() const override { return peer_; }

    std::string id;
    control::NetErr error;

private:
    CtlPeer peer_;
};

class CtlGroupRequests : public testing::Test {
protected:
    CtlGroupRequests() {
        services_.ring = &ring_;
        services_.check_config = [this](const std::string& group, const std::string& text) {
            checked_.push_back(group + " " + text);
            if (text == "bad") throw Error(ErrorCode::invalid_input, "port: is missing");
        };
    }
    template <typename Message>
    std::shared_ptr<Answers> ask(const Message& message, bool may_change = true) {
        return ask_raw(std::string(Message::id), to_wire(message), may_change);
    }
    std::shared_ptr<Answers> ask_raw(const std::string& id, const std::string& body,
                                     bool may_change = true) {
        auto answers = std::make_shared<Answers>(may_change);
        handle_ctl_request(services_, {control::Transaction{1, false, true}, id, body}, answers);
        return answers;
    }

    FakeClock clock_;
    test::FakeState state_;
    test::FakeCommands commands_;
    EventStream events_{clock_};
    FakeRing ring_;
    CtlServices services_{commands_, state_, events_, clock_};
    std::vector<std::string> checked_;
};

const Group redis{"redis", "default", "acme"};

TEST_F(CtlGroupRequests, GoToTheRing) {
    EXPECT_EQ(ask(control::SvcSetCfg{redis, "a = 1", 6, false})->id, "NetOk");
    EXPECT_EQ(ask(control::SvcSetCfg{{"redis", "default", ""}, "BOX-1", 7, true})->id, "NetOk");
    EXPECT_EQ(ask(control::SvcFilePut{redis, "body", "a.txt", 8, false})->id, "NetOk");
    EXPECT_EQ(ask(control::SupDepart{"0123"})->id, "NetOk");
    EXPECT_THAT(ring_.told, ElementsAre("config redis.default@acme 6 a = 1",
                                        "config redis.default 7 BOX-1 encrypted",
                                        "file redis.default@acme 8 a.txt body", "depart 0123"));
    EXPECT_THAT(checked_, ElementsAre("redis.default@acme a = 1"))
        << "nobody can look into what is encrypted";
}

TEST_F(CtlGroupRequests, AreCheckedBeforeTheyReachTheRing) {
    EXPECT_EQ(ask(control::SvcValidateCfg{redis, "a = 1"})->id, "NetOk");
    const auto invalid = ask(control::SvcValidateCfg{redis, "bad"});
    EXPECT_EQ(invalid->error.code, NetErrCode::invalid_payload);
    EXPECT_EQ(invalid->error.message, "port: is missing");
    EXPECT_EQ(ask(control::SvcSetCfg{redis, "bad", 9, false})->error.message, "port: is missing");
    EXPECT_THAT(ring_.told, IsEmpty());
}

TEST_F(CtlGroupRequests, OfAnOldVersionAreAConflict) {
    const auto old = ask(control::SvcSetCfg{redis, "a = 1", 5, false});
    EXPECT_EQ(old->error.code, NetErrCode::conflict);
    EXPECT_EQ(old->error.message, "the version in force is 5");
    EXPECT_EQ(ask(control::SvcFilePut{redis, "x", "f", 1, false})->error.code,
              NetErrCode::conflict);
}

TEST_F(CtlGroupRequests, ThatAreTooLargeAreRefusedByThatName) {
    const std::string most(most_ring_body, 'x');
    EXPECT_EQ(ask(control::SvcFilePut{redis, most, "f", 6, false})->id, "NetOk");
    for (const auto& refused : {ask(control::SvcFilePut{redis, most + "x", "f", 7, false}),
                                ask(control::SvcSetCfg{redis, most + "x", 7, false}),
                                ask(control::SvcValidateCfg{redis, most + "x"})}) {
        EXPECT_EQ(refused->error.code, NetErrCode::entity_too_large);
        EXPECT_THAT(refused->error.message,
                    HasSubstr("65537 bytes; a service group takes at most"));
    }
    EXPECT_EQ(ring_.told.size(), 1u);
}

TEST_F(CtlGroupRequests, ForWhatIsNoGroupAreRefused) {
    for (const Group& group : {Group{"re.dis", "default", ""}, Group{"redis", "a/b", ""},
                               Group{"redis", "default", "a@b"}, Group{"redis", "x#y", ""}}) {
        EXPECT_EQ(ask(control::SvcSetCfg{group, "a = 1", 6, false})->error.code,
                  NetErrCode::invalid_payload)
            << group.service << group.group << group.organization;
    }
    EXPECT_THAT(ring_.told, IsEmpty());
}

TEST_F(CtlGroupRequests, AreNotForWhoMayOnlyLook) {
    for (const auto& refused : {ask(control::SvcValidateCfg{redis, "a = 1"}, false),
                                ask(control::SvcSetCfg{redis, "a = 1", 6, false}, false),
                                ask(control::SvcFilePut{redis, "x", "f", 6, false}, false),
                                ask(control::SupDepart{"0123"}, false)}) {
        EXPECT_EQ(refused->error.code, NetErrCode::unauthorized);
        EXPECT_THAT(refused->error.message, HasSubstr("only root and the user who runs"));
    }
    EXPECT_THAT(ring_.told, IsEmpty());
    EXPECT_THAT(checked_, IsEmpty());
}

TEST_F(CtlGroupRequests, ThatCannotBeReadAreTheClientsFault) {
    for (const char* id : {"SvcSetCfg", "SvcFilePut", "SvcValidateCfg", "SupDepart"}) {
        EXPECT_EQ(ask_raw(id, "")->error.code, NetErrCode::update_client) << id;
        EXPECT_EQ(ask_raw(id, "\xff\xff\xff")->error.code, NetErrCode::bad_payload) << id;
    }
}

TEST_F(CtlGroupRequests, WithoutARingAreRefused) {
    services_.ring = nullptr;
    EXPECT_EQ(ask(control::SvcSetCfg{redis, "a = 1", 6, false})->error.code,
              NetErrCode::not_supported);
    EXPECT_EQ(ask(control::SupDepart{"0123"})->error.message, "this supervisor is in no ring");
}

}  // namespace
}  // namespace hab::supervisor
