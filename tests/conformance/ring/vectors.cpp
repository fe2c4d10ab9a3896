// SPDX-License-Identifier: Apache-2.0
#include "conformance/ring/vectors.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "base/bytes.hpp"
#include "base/strings.hpp"

namespace conformance {
namespace {

using namespace hab::ring;

std::string_view text_of(const json::object& fields, std::string_view name) {
    const json::string& text = fields.at(name).as_string();
    return {text.data(), text.size()};
}

/// Numbers above 2^53 stand as text.
std::uint64_t number_of(const json::object& fields, std::string_view name) {
    const json::value& value = fields.at(name);
    if (value.is_string()) return hab::parse_u64(text_of(fields, name)).value();
    return value.to_number<std::uint64_t>();
}

template <typename Number>
Number small_number(const json::object& fields, std::string_view name) {
    return fields.at(name).to_number<Number>();
}

MemberId id_of(const json::object& fields, std::string_view name) {
    return MemberId::parse(text_of(fields, name)).value();
}

Health health_of(std::string_view word) {
    const std::map<std::string_view, Health> words = {{"ALIVE", Health::alive},
                                                      {"SUSPECT", Health::suspect},
                                                      {"CONFIRMED", Health::confirmed},
                                                      {"DEPARTED", Health::departed}};
    return words.at(word);
}

ServiceRumor service_of(const json::object& fields) {
    const json::object& sys = fields.at("sys").as_object();
    ServiceRumor service;
    service.member = id_of(fields, "who");
    service.group = text_of(fields, "group");
    service.incarnation = number_of(fields, "inc");
    service.initialized = fields.at("up").as_bool();
    service.ident = text_of(fields, "ident");
    service.config = text_of(fields, "cfg");
    service.system = {text_of(sys, "ip"),  text_of(sys, "host"),
                      text_of(sys, "gip"), small_number<std::uint32_t>(sys, "gport"),
                      text_of(sys, "hip"), small_number<std::uint32_t>(sys, "hport"),
                      text_of(sys, "cip"), small_number<std::uint32_t>(sys, "cport")};
    service.package_incarnation = number_of(fields, "pinc");
    return service;
}

ElectionRumor election_of(const json::object& fields) {
    ElectionRumor election;
    election.candidate = id_of(fields, "who");
    election.group = text_of(fields, "group");
    election.term = number_of(fields, "term");
    election.suitability = number_of(fields, "suit");
    election.status = static_cast<ElectionStatus>(number_of(fields, "st"));
    for (const json::value& vote : fields.at("votes").as_array())
        election.votes.push_back(MemberId::parse(std::string_view(vote.as_string())).value());
    return election;
}

}  // namespace

const json::object& ring_vectors() {
    static const json::value vectors = [] {
        const char* const source = std::getenv("HAB_TEST_SOURCE_DIR");
        const std::string root = source == nullptr ? "." : source;
        std::ifstream file(root + "/tests/conformance/ring/ring-vectors.json");
        return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
    }();
    return vectors.as_object();
}

std::string from_hex_text(std::string_view hex) {
    const hab::Bytes bytes = hab::from_hex(hex).value();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string bytes_of(const json::object& vector) {
    return from_hex_text(text_of(vector, "hex"));
}

Member member_of(const json::object& fields) {
    Member member;
    member.id = id_of(fields, "id");
    member.incarnation = number_of(fields, "inc");
    member.address = IpAddress::parse(text_of(fields, "ip")).value_or(IpAddress{});
    member.swim_port = small_number<std::uint16_t>(fields, "udp");
    member.gossip_port = small_number<std::uint16_t>(fields, "tcp");
    member.persistent = fields.at("perm").as_bool();
    member.departed = fields.at("dep").as_bool();
    member.probe_ping = fields.at("probe").as_bool();
    return member;
}

Membership membership_of(const json::object& fields) {
    return {member_of(fields.at("member").as_object()), health_of(text_of(fields, "health"))};
}

Swim swim_of(std::string_view name, const json::object& fields) {
    Swim swim;
    swim.kind = name.starts_with("swim_pingreq")     ? SwimKind::ping_req
                : name.starts_with("swim_ping")      ? SwimKind::ping
                : name.starts_with("swim_probeping") ? SwimKind::probe_ping
                                                     : SwimKind::ack;
    swim.from = member_of(fields.at("from").as_object());
    if (const json::value* const member = fields.if_contains("forward_to"))
        swim.forward_to = member_of(member->as_object());
    if (const json::value* const member = fields.if_contains("target"))
        swim.target = member_of(member->as_object());
    if (const json::value* const list = fields.if_contains("membership")) {
        for (const json::value& one : list->as_array())
            swim.membership.push_back(membership_of(one.as_object()));
    }
    return swim;
}

Rumor rumor_of(const json::object& fields) {
    Rumor rumor;
    rumor.kind = static_cast<RumorKind>(number_of(fields, "type"));
    rumor.from = text_of(fields, "from_id");
    const auto part = [&](std::string_view name) -> const json::object& {
        return fields.at(name).as_object();
    };
    if (fields.contains("member")) {
        rumor.body = membership_of(fields);
    } else if (fields.contains("service")) {
        rumor.body = service_of(part("service"));
    } else if (fields.contains("election")) {
        rumor.body = election_of(part("election"));
    } else if (fields.contains("service_config")) {
        const json::object& config = part("service_config");
        rumor.body = ConfigRumor{text_of(config, "group"), number_of(config, "inc"),
                                 config.at("enc").as_bool(), text_of(config, "toml")};
    } else if (fields.contains("service_file")) {
        const json::object& file = part("service_file");
        rumor.body =
            FileRumor{text_of(file, "group"), number_of(file, "inc"), file.at("enc").as_bool(),
                      text_of(file, "name"), text_of(file, "body")};
    } else {
        rumor.body = DepartureRumor{id_of(part("departure"), "member_id")};
    }
    return rumor;
}

}  // namespace conformance
