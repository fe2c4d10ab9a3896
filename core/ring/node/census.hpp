// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ring/node/core.hpp"
#include "ring/node/election_record.hpp"

namespace hab::ring {

struct CensusMember {
    MemberId id;
    Health health = Health::alive;
    Contact contact;                ///< none for this node itself
    std::uint64_t incarnation = 0;  ///< of the service rumor
    std::uint64_t package_incarnation = 0;
    std::string ident;
    /// The encoded Rumor, for what else it says.
    std::shared_ptr<const std::string> rumor;
};

struct CensusFile {
    std::string name;
    std::uint64_t incarnation = 0;
    std::shared_ptr<const std::string> rumor;
};

/// One service group as a node sees it at one moment. Never changes.
struct CensusGroup {
    std::string name;
    std::vector<CensusMember> members;  ///< sorted by id
    MemberId leader;                    ///< nobody: none yet
    std::uint64_t leader_term = 0;      ///< the fencing token: never goes back
    MemberId update_leader;
    std::uint64_t update_leader_term = 0;
    std::uint64_t config_incarnation = 0;
    std::shared_ptr<const std::string> config;  ///< the encoded Rumor; none without a config
    std::vector<CensusFile> files;              ///< sorted by name
};

/// The groups, each rebuilt only when something in it changed and somebody asks.
class Census {
public:
    explicit Census(Core& core) : core_(core) {}

    void rumor_changed(const RumorKey& key);
    void member_changed(Slot slot);
    void leader_changed(RumorKind kind, const std::string& group, const MemberId& leader,
                        std::uint64_t term);
    /// Nothing when no rumor names the group.
    [[nodiscard]] std::shared_ptr<const CensusGroup> group(const std::string& name);
    [[nodiscard]] std::vector<std::string> groups() const;

private:
    struct Line {
        std::shared_ptr<const CensusGroup> snapshot;  // none: stale
        MemberId leaders[2];
        std::uint64_t terms[2] = {0, 0};
    };
    void stale(const std::string& group);
    [[nodiscard]] std::shared_ptr<const CensusGroup> build(const std::string& name,
                                                           const Line& line) const;
    void add_members(CensusGroup& group) const;
    void add_files(CensusGroup& group) const;

    Core& core_;
    std::map<std::string, Line> lines_;
    std::set<std::pair<MemberId, std::string>> memberships_;
};

}  // namespace hab::ring
