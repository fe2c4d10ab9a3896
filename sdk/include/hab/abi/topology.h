// SPDX-License-Identifier: Apache-2.0
//
// Topology plugins: how the members of a service group find their roles and when a service may
// start, stop or be updated.
//
// A topology is a pure step function: same instance options, same input, same output. It does no
// I/O, has no clock and keeps no memory between steps except the `state` text it writes. The
// supervisor calls step() whenever something in the input changed or a wait ended, and owns every
// side effect.
#pragma once

#include "basic.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Process states.
#define HAB_PROCESS_DOWN 0u
#define HAB_PROCESS_UP 1u
#define HAB_PROCESS_STOPPING 2u  ///< asked to stop, still there

/// Health of a service.
#define HAB_HEALTH_UNKNOWN 0u
#define HAB_HEALTH_OK 1u
#define HAB_HEALTH_WARNING 2u
#define HAB_HEALTH_CRITICAL 3u

/// Service flags.
#define HAB_SERVICE_DESIRED_UP (1u << 0)      ///< the user wants it running
#define HAB_SERVICE_INITIALIZED (1u << 1)     ///< init hook succeeded since the process was loaded
#define HAB_SERVICE_BINDS_READY (1u << 2)     ///< every strict bind is satisfied
#define HAB_SERVICE_CONFIG_CHANGED (1u << 3)  ///< rendered files differ from what the process has
#define HAB_SERVICE_RECONFIGURABLE \
    (1u << 4)  ///< has a reconfigure hook; else a change is a restart
#define HAB_SERVICE_UPDATE_PENDING (1u << 5)   ///< a newer package waits in update_ident
#define HAB_SERVICE_SHUTTING_DOWN (1u << 6)    ///< the supervisor is going away
#define HAB_SERVICE_HAS_SUITABILITY (1u << 7)  ///< `suitability` came from the hook

/// The local service.
typedef struct hab_topology_service {
    uint32_t struct_size;
    uint32_t flags;             ///< HAB_SERVICE_DESIRED_UP …
    uint32_t process_state;     ///< HAB_PROCESS_DOWN …
    uint32_t health;            ///< HAB_HEALTH_UNKNOWN …
    hab_str group;              ///< "redis.default", with "@org" if there is one
    hab_str ident;              ///< fully qualified identity in use
    hab_str update_ident;       ///< with HAB_SERVICE_UPDATE_PENDING
    uint64_t state_since_ms;    ///< when process_state was entered, on now_ms's clock
    uint64_t restart_after_ms;  ///< after crashes: not to be started before; 0 = any time
    uint64_t restarts;          ///< starts after the first since it was loaded
    uint64_t suitability;       ///< larger is better; 0 unless HAB_SERVICE_HAS_SUITABILITY
    uint64_t pkg_incarnation;   ///< rolling update counter of this member
} hab_topology_service;

/// Member health as the ring sees it.
#define HAB_MEMBER_ALIVE 1u
#define HAB_MEMBER_SUSPECT 2u
#define HAB_MEMBER_CONFIRMED 3u  ///< confirmed dead
#define HAB_MEMBER_DEPARTED 4u

/// Member flags.
#define HAB_MEMBER_ME (1u << 0)
#define HAB_MEMBER_LEADER (1u << 1)
#define HAB_MEMBER_FOLLOWER (1u << 2)
#define HAB_MEMBER_UPDATE_LEADER (1u << 3)
#define HAB_MEMBER_UPDATE_FOLLOWER (1u << 4)
#define HAB_MEMBER_INITIALIZED (1u << 5)
#define HAB_MEMBER_PERSISTENT (1u << 6)

/// One member of the service group.
typedef struct hab_topology_member {
    uint32_t struct_size;
    uint32_t health;  ///< HAB_MEMBER_ALIVE …
    uint32_t flags;   ///< HAB_MEMBER_ME …
    hab_str id;       ///< member id; members are sorted by it, as bytes
    hab_str address;  ///< IP
    hab_str ident;    ///< package it runs
    uint64_t pkg_incarnation;
} hab_topology_member;

/// Election states.
#define HAB_ELECTION_NONE 0u
#define HAB_ELECTION_RUNNING 1u
#define HAB_ELECTION_NO_QUORUM 2u
#define HAB_ELECTION_FINISHED 3u

/// An election of the ring, as this member sees it.
typedef struct hab_topology_election {
    uint32_t struct_size;
    uint32_t status;        ///< HAB_ELECTION_NONE …
    uint64_t term;          ///< grows with each new election
    hab_str leader;         ///< member id, once finished
    uint64_t leader_value;  ///< suitability of the candidate
} hab_topology_election;

/// Result of the last run of a hook ("init", "run" …).
typedef struct hab_topology_hook {
    uint32_t struct_size;
    int32_t exit_code;
    uint32_t running;  ///< 1 while it runs; exit_code is then of the run before
    hab_str name;
    uint64_t runs;      ///< runs ended since the service was loaded
    uint64_t ended_ms;  ///< end of the last one, on now_ms's clock
} hab_topology_hook;

/// Answer to a request made in an earlier step. Shown in one step only.
typedef struct hab_topology_response {
    uint32_t struct_size;
    int32_t http_status;  ///< 0 = no answer, see `failure`
    uint64_t id;          ///< of the request
    hab_str body;
    hab_str failure;  ///< why there is no answer (refused, timeout …)
} hab_topology_response;

/// Everything a step may look at. Borrowed for the call.
typedef struct hab_topology_input {
    uint32_t struct_size;
    uint32_t member_count;
    uint64_t now_ms;  ///< monotonic; only differences mean something
    hab_str state;    ///< what the last step wrote with set_state; empty at first
    const hab_topology_service* service;
    const hab_topology_member* const* members;  ///< of this service group, me included
    const hab_topology_election* election;      ///< of the leader; never NULL
    const hab_topology_election* update_election;
    const hab_topology_hook* const* hooks;
    size_t hook_count;
    const hab_topology_response* const* responses;
    size_t response_count;
    uint64_t config_incarnation;  ///< of the group's configuration in the ring
    uint64_t fencing_term;        ///< highest term under which this member ever was leader
} hab_topology_input;

/// Things to do. The supervisor does them in the order given, after the step has returned.
#define HAB_ACTION_INIT 1u         ///< run the init hook
#define HAB_ACTION_START 2u        ///< start the process (runs init first if not initialized)
#define HAB_ACTION_STOP 3u         ///< stop it and keep it stopped
#define HAB_ACTION_RESTART 4u      ///< stop, then start
#define HAB_ACTION_RECONFIGURE 5u  ///< run the reconfigure hook
#define HAB_ACTION_RENDER 6u       ///< render configuration and hooks again
#define HAB_ACTION_UPDATE 7u       ///< change to update_ident: stop, switch, start
#define HAB_ACTION_HOOK 8u         ///< run the hook named in `detail`

/// Roles a member shows to templates and to the census.
#define HAB_ROLE_NONE 0u
#define HAB_ROLE_LEADER 1u
#define HAB_ROLE_FOLLOWER 2u

/// Which election.
#define HAB_ELECTION_LEADER 1u
#define HAB_ELECTION_UPDATE 2u

/// An HTTP request that the supervisor makes; its answer is in a later step's `responses`.
typedef struct hab_topology_request {
    uint32_t struct_size;
    uint32_t timeout_ms;  ///< 0 = 5000
    uint64_t id;          ///< chosen by the topology; one at a time per id, a second is ignored
    hab_str method;
    hab_str url;
    hab_str body;  ///< sent as application/json if not empty
} hab_topology_request;

/// Where a step's decisions go. Owned by the host, valid during the call.
typedef struct hab_topology_output {
    uint32_t struct_size;
    void* ctx;
    /// Adds an action; `detail` is the reason, for logs (the hook's name for HAB_ACTION_HOOK).
    hab_status (*act)(void* ctx, uint32_t action, hab_str detail);
    /// Nothing to do now, because of `reason` (shown to users once per change). Step again at
    /// until_ms at the latest; 0 = only when the input changes.
    hab_status (*wait)(void* ctx, hab_str reason, uint64_t until_ms);
    /// Role of this member, and the term under which it holds it (becomes fencing_term).
    hab_status (*set_role)(void* ctx, uint32_t role, uint64_t term);
    /// Begins an election (HAB_ELECTION_LEADER …) with this member's suitability.
    hab_status (*elect)(void* ctx, uint32_t which, uint64_t term, uint64_t suitability);
    /// Asks for an HTTP request.
    hab_status (*request)(void* ctx, const hab_topology_request* request);
    /// The state for the next step; up to 64 KiB; not called = unchanged.
    hab_status (*set_state)(void* ctx, hab_str state);
} hab_topology_output;

/// Table of a topology. `step` is mandatory.
typedef struct hab_topology_api {
    uint32_t struct_size;
    /// Alive members needed before the group can work: standalone 1, leader 3. Default 1.
    uint32_t (*min_members)(void* self);
    /// Looks at the input and says what to do. Must return within 10 ms.
    hab_status (*step)(void* self, const hab_topology_input* input,
                       const hab_topology_output* output, hab_error* error);
    /// Writes a JSON object that explains a state to people, for the HTTP gateway. Optional.
    hab_status (*describe)(void* self, hab_str state, hab_sink json, hab_error* error);
} hab_topology_api;

#ifdef __cplusplus
}
#endif
