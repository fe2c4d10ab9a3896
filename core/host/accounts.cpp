// SPDX-License-Identifier: Apache-2.0
#include "host/accounts.hpp"

#include <fmt/format.h>

namespace hab::host {
namespace {

constexpr std::string_view system_users =
    "root:x:0:0:root:/root:/bin/sh\n"
    "bin:x:1:1:bin:/dev/null:/bin/false\n"
    "daemon:x:6:6:Daemon User:/dev/null:/bin/false\n"
    "nobody:x:99:99:Unprivileged User:/dev/null:/bin/false\n";

constexpr std::string_view system_groups =
    "root:x:0:\nbin:x:1:daemon\nsys:x:2:\nkmem:x:3:\ntape:x:4:\ntty:x:5:\ndaemon:x:6:\nfloppy:x:7:"
    "\n"
    "disk:x:8:\nlp:x:9:\ndialout:x:10:\naudio:x:11:\nvideo:x:12:\nutmp:x:13:\nusb:x:14:\ncdrom:x:"
    "15:\n"
    "adm:x:16:\nmessagebus:x:18:\nsystemd-journal:x:23:\ninput:x:24:\nmail:x:34:\nnogroup:x:99:\n"
    "users:x:999:\n";

constexpr std::string_view name_service =
    "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nnetworks: files\n"
    "protocols: files\nservices: files\n";

constexpr std::uint32_t service_id = 42;  ///< upstream's id of the service's own user and group
constexpr std::uint32_t spare_id = 84;    ///< of `hab`, where the service is somebody else

class Builder {
public:
    void user(const std::string& name, std::uint32_t uid, std::uint32_t gid) {
        accounts_.passwd += fmt::format("{0}:x:{1}:{2}:{0} User:/:/bin/false\n", name, uid, gid);
    }
    void group(const std::string& name, std::uint32_t gid, const std::string& members) {
        accounts_.group += fmt::format("{}:x:{}:{}\n", name, gid, members);
    }
    void runs_as(std::uint32_t uid, std::uint32_t gid) {
        accounts_.uid = uid;
        accounts_.gid = gid;
    }
    void spare_hab() {
        user("hab", spare_id, spare_id);
        group("hab", spare_id, "hab");
    }
    [[nodiscard]] Accounts take() { return std::move(accounts_); }

private:
    Accounts accounts_{std::string(system_users), std::string(system_groups),
                       std::string(name_service), 0, 0};
};

void add_for_hab(Builder& builder, const std::string& group) {
    const bool root_group = group == "root";
    builder.user("hab", service_id, root_group ? spare_id : service_id);
    builder.group(root_group ? "hab" : group, root_group ? spare_id : service_id, "hab");
    builder.runs_as(service_id, root_group ? 0 : service_id);
}

void add_for_root(Builder& builder, const std::string& group) {
    if (group == "hab") {
        builder.user("hab", spare_id, service_id);
        builder.group("hab", service_id, "hab");
    } else {
        if (group != "root") builder.group(group, service_id, "");
        builder.spare_hab();
    }
    builder.runs_as(0, group == "root" ? 0 : service_id);
}

void add_for_other(Builder& builder, const std::string& user, const std::string& group) {
    const bool root_group = group == "root";
    builder.user(user, service_id, root_group ? 0 : service_id);
    if (group == "hab") {
        builder.group("hab", service_id, user + ",hab");
        builder.user("hab", spare_id, service_id);
    } else {
        if (!root_group) builder.group(group, service_id, user);
        builder.spare_hab();
    }
    builder.runs_as(service_id, root_group ? 0 : service_id);
}

}  // namespace

Accounts make_accounts(const std::string& user, const std::string& group) {
    Builder builder;
    if (user == "hab") {
        add_for_hab(builder, group);
    } else if (user == "root") {
        add_for_root(builder, group);
    } else {
        add_for_other(builder, user, group);
    }
    return builder.take();
}

}  // namespace hab::host
