// SPDX-License-Identifier: Apache-2.0
// This supervisor's place in the ring.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/entropy.hpp"
#include "base/paths.hpp"
#include "crypto/key_cache.hpp"
#include "gossip/ring_driver.hpp"
#include "supervisor/events.hpp"
#include "supervisor/ring/ring_commands.hpp"
#include "supervisor/ring/ring_group.hpp"
#include "supervisor/ring/ring_settings.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor {

/// What a service of this supervisor tells its group.
struct Announcement {
    std::string ident;
    std::string config;  ///< TOML of what it exports
    bool initialized = false;
    std::uint64_t package_incarnation = 0;
    bool operator==(const Announcement&) const = default;
};

/// What the ring has to say to the services. Each is called on the loop, never from within a call of
/// RingMembership.
struct RingCallbacks {
    /// Members, leader, configuration or files of these groups are others now.
    std::function<void(const std::set<std::string>& groups)> groups_changed;
    /// An operator sent this member away: it must stop for good.
    std::function<void()> departed;
};

/// Another member, whatever it runs.
struct RingPeer {
    std::string id;
    ring::Contact contact;
    ring::Health health = ring::Health::alive;
    std::uint64_t incarnation = 0;
    bool persistent = false;
    bool departed = false;  ///< it said so itself
    ring::PeerKind kind = ring::PeerKind::unknown;
};

/// A configuration or file in force, decrypted.
struct RingText {
    std::uint64_t version = 0;
    std::string text;
};

/// A ring node on the supervisor's loop, and the supervisor's words for what it knows. A supervisor
/// without peers is a ring of one. Loop only.
class RingMembership final : public RingCommands {
public:
    /// Everything is borrowed. `system`: this member as it describes itself; its gateways may still
    /// change until the first service is announced.
    struct Surroundings {
        boost::asio::io_context& loop;
        const Clock& clock;
        Entropy& entropy;
        EventStream& events;
        const Paths& paths;
        const SystemState& system;
    };

    /// Binds, loads what the disk remembers, and joins through the peers. Throws conflict for a port
    /// that is taken, crypto for a ring without key, not_found for a peer whose name is none, and
    /// denied for a member that was sent away.
    RingMembership(const Surroundings& around, const RingSettings& settings);
    ~RingMembership() override;

    [[nodiscard]] ring::Endpoint swim_address() const { return driver_->swim_address(); }
    [[nodiscard]] ring::Endpoint gossip_address() const { return driver_->gossip_address(); }
    void listen(RingCallbacks callbacks) { callbacks_ = std::move(callbacks); }

    // What services tell. Groups are "service.group[@org]".
    /// Throws when that cannot be told; what was told before stays then.
    void announce(const std::string& group, const Announcement& announcement);
    /// The service has stopped: peers of ours take it out of the group at once.
    void withdraw(const std::string& group);
    /// After all services were loaded: those announced before a restart that are no more are
    /// withdrawn.
    void withdraw_forgotten();
    /// The whole supervisor stops: the ring is told, and nothing is said or heard afterwards.
    void leave();

    // What services ask.
    /// Null while nobody has told of the group.
    [[nodiscard]] RingGroupPtr group(const std::string& name);
    /// The same for those who look once: nothing is kept.
    [[nodiscard]] std::optional<RingGroup> look(const std::string& name) const;
    /// Nobody else is in it, there is no configuration, no file and no election: nothing to show
    /// that the service itself does not know.
    [[nodiscard]] bool is_mine_alone(const std::string& name) const;
    /// Nothing without a configuration. Throws crypto if it cannot be decrypted here, invalid_input
    /// if it is over most_ring_body.
    [[nodiscard]] std::optional<RingText> config(const std::string& group) const;
    struct File {
        std::string name;  ///< checked: a plain file name
        std::uint64_t version = 0;
    };
    /// The first most_group_files by name.
    [[nodiscard]] std::vector<File> files(const std::string& group) const;
    [[nodiscard]] static bool may_be_file(std::string_view name) noexcept;
    /// The body; throws crypto if it cannot be decrypted here, invalid_input if it is over
    /// most_ring_body, not_found.
    [[nodiscard]] std::string file_body(const std::string& group, const std::string& name) const;

    // RingCommands
    void apply_config(const GroupConfig& config) override;
    void put_file(const GroupFile& file) override;
    void depart(std::string_view member) override;
    [[nodiscard]] std::optional<std::uint64_t> config_version(
        const std::string& group) const override;
    [[nodiscard]] std::optional<std::uint64_t> file_version(const std::string& group,
                                                            const std::string& name) const override;
    [[nodiscard]] std::string status_json() const override;

    // What gateways show.
    [[nodiscard]] ring::RingNode& node() const noexcept { return driver_->node(); }
    /// Sorted by id; this member is not among them.
    [[nodiscard]] std::vector<RingPeer> peers() const;
    [[nodiscard]] const gossip::RingDriver& driver() const noexcept { return *driver_; }
    [[nodiscard]] const ring::MemberId& id() const noexcept { return id_; }
    /// Messages that were authentic and made no sense.
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

    /// Another address to join through; again is no harm.
    void add_peer(const ring::Endpoint& peer);

private:
    void took_place(const ring::Event& event);
    void member_changed(const ring::Event& event);
    void flush_soon();
    void flush();
    void correct_own(const std::string& group);
    void tell_if_new(const std::string& group, const Announcement& announcement);
    void inject(const ring::Rumor& rumor);
    void tell(const std::string& group, const Announcement& announcement, std::uint64_t incarnation,
              bool gone);
    [[nodiscard]] ring::ServiceRumor rumor_of(const std::string& group,
                                              const Announcement& announcement) const;
    /// Whether the ring says just that.
    [[nodiscard]] bool is_said(const ring::HeldRumor& held, const std::string& group,
                               const Announcement& announcement) const;
    [[nodiscard]] RingMember member_of(const ring::CensusMember& census) const;
    [[nodiscard]] RingElection election_of(const ring::CensusGroup& census,
                                           ring::RumorKind kind) const;
    [[nodiscard]] RingGroup view_of(const ring::CensusGroup& census) const;
    void refuse_while_ending() const;
    [[nodiscard]] std::optional<std::uint64_t> version_of(const ring::RumorKey& key) const;
    [[nodiscard]] std::string decrypted(std::string_view text, bool encrypted,
                                        std::string_view what) const;
    void say(std::string_view text);

    Surroundings around_;
    crypto::KeyCache keys_;
    bool persistent_ = false;
    RingCallbacks callbacks_;
    ring::MemberId id_;
    std::map<std::string, Announcement> announced_;
    struct Seen {
        std::shared_ptr<const ring::CensusGroup> census;
        RingGroupPtr group;
    };
    std::map<std::string, Seen> seen_;  ///< groups that somebody asked for
    std::set<std::string> changed_;
    std::uint64_t refused_ = 0;
    bool flush_due_ = false;
    bool sealed_ = false;
    bool started_ = false;
    bool settled_ = false;  ///< withdraw_forgotten() was called
    bool ending_ = false;
    bool departed_ = false;
    std::unique_ptr<gossip::RingDriver> driver_;
    std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace hab::supervisor
