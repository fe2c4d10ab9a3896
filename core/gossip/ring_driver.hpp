// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "gossip/datagram_socket.hpp"
#include "gossip/stream_acceptor.hpp"
#include "gossip/stream_pool.hpp"
#include "ring/node/ring_node.hpp"
#include "ring/seal.hpp"
#include "ring/state/state_store.hpp"

namespace hab::gossip {

struct RingOptions {
    ring::NodeConfig config;  ///< its ports are those that were bound
    /// UDP and TCP; port 0 is any, and then two different ones.
    ring::Endpoint listen{ring::IpAddress::v4(0, 0, 0, 0), 9638};
    ring::Seal seal;
    fs::path state_dir;  ///< of ring.snapshot and ring.log
    std::vector<ring::Endpoint> peers;
};

/// A ring node with a real clock, network and disk: steps it and does what it wants. On the loop;
/// one thread.
class RingDriver {
public:
    /// What the node tells. May call command().
    using OnEvent = std::function<void(const ring::Event& event)>;
    /// What could not be done, for the log: the node goes on without.
    using OnProblem = std::function<void(const Error& problem)>;
    struct Counts {
        std::uint64_t not_authentic = 0;  ///< datagrams and messages that no key of ours opens
        std::uint64_t malformed = 0;      ///< that have no wrapper
    };

    /// Binds, loads what the disk remembers and joins through the peers. Throws conflict for a port
    /// that is taken, invalid_input for damaged state, errno errors.
    RingDriver(boost::asio::io_context& loop, const Clock& clock, RingOptions options,
               OnEvent on_event, OnProblem on_problem);
    ~RingDriver();
    RingDriver(const RingDriver&) = delete;
    RingDriver& operator=(const RingDriver&) = delete;

    /// AddPeer, Inject, StartElection, StopElection or Leave. Throws invalid_input for a rumor that
    /// is none.
    void command(const ring::Input& input) { step(input); }
    [[nodiscard]] ring::RingNode& node() noexcept { return *node_; }
    [[nodiscard]] ring::Endpoint swim_address() const { return datagrams_.local(); }
    [[nodiscard]] ring::Endpoint gossip_address() const { return acceptor_.local(); }
    [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

private:
    void step(const ring::Input& input);
    /// Wakes the node when it wants, but not before that long from now.
    void arm(ring::Time least);
    [[nodiscard]] ring::Time now() const;
    [[nodiscard]] bool open(std::string_view bytes, std::string_view& payload);
    void take_datagram(const ring::Endpoint& from, std::string_view bytes);
    void take_message(const ring::Endpoint& from, std::string_view bytes);
    /// For the edges, where nothing may be thrown into the sockets.
    void step_guarded(const ring::Input& input);

    void carry_out(const ring::Outputs& outputs);
    void send(const ring::SendDatagram& order);
    void send(const ring::SendStream& order);
    void fail(const ring::SendStream& order);
    void persist(const ring::Persist& order);
    /// Tries again what should have been on disk.
    void save_unsaved();
    void compact_if_wanted();
    void deliver_events();

    boost::asio::io_context& loop_;
    const Clock& clock_;
    SteadyTime start_;
    ring::Seal seal_;
    OnEvent on_event_;
    OnProblem on_problem_;
    Counts counts_;
    std::string opened_;
    std::string wrapped_;
    ring::StateStore store_;
    /// What must be on disk before this node speaks again, and could not be written.
    std::vector<ring::StateRecord> unsaved_;
    std::deque<ring::Event> events_;
    bool delivering_ = false;
    ring::MemberBook book_;
    std::unique_ptr<ring::RingNode> node_;
    std::shared_ptr<char> alive_ = std::make_shared<char>();
    boost::asio::steady_timer timer_;
    StreamPool pool_;
    StreamAcceptor acceptor_;
    DatagramSocket datagrams_;
};

}  // namespace hab::gossip
