// SPDX-License-Identifier: Apache-2.0
#pragma once
/* Layout of ABI 1.0 on 64-bit machines: a change of any line here breaks plugins that exist.
   Appending a member to a struct adds a line and changes its SIZE line; nothing else may change.
   Compiled as C and, through wrappers_test.cpp, as C++. */
#include <hab/plugin.h>

#ifdef __cplusplus
#define CHECK(condition) static_assert(condition, #condition)
#else
#define CHECK(condition) _Static_assert(condition, #condition)
#endif
#define SIZE(type, bytes) CHECK(sizeof(type) == (bytes))
#define AT(type, member, bytes) CHECK(offsetof(type, member) == (bytes))

SIZE(hab_str, 16);
AT(hab_str, ptr, 0);
AT(hab_str, len, 8);

SIZE(hab_kv, 32);
AT(hab_kv, key, 0);
AT(hab_kv, value, 16);

SIZE(hab_sink, 16);
AT(hab_sink, ctx, 0);
AT(hab_sink, put, 8);

SIZE(hab_host, 96);
AT(hab_host, struct_size, 0);
AT(hab_host, abi_minor, 4);
AT(hab_host, ctx, 8);
AT(hab_host, log, 16);
AT(hab_host, log_enabled, 24);
AT(hab_host, error_set, 32);
AT(hab_host, error_hint, 40);
AT(hab_host, error_where, 48);
AT(hab_host, error_create, 56);
AT(hab_host, error_destroy, 64);
AT(hab_host, error_get, 72);
AT(hab_host, cancelled, 80);
AT(hab_host, service, 88);

SIZE(hab_config, 24);
AT(hab_config, struct_size, 0);
AT(hab_config, count, 8);
AT(hab_config, items, 16);

SIZE(hab_option_desc, 64);
AT(hab_option_desc, struct_size, 0);
AT(hab_option_desc, type, 4);
AT(hab_option_desc, flags, 8);
AT(hab_option_desc, name, 16);
AT(hab_option_desc, value_name, 24);
AT(hab_option_desc, help, 32);
AT(hab_option_desc, env, 40);
AT(hab_option_desc, default_value, 48);
AT(hab_option_desc, choices, 56);

SIZE(hab_plugin_desc, 96);
AT(hab_plugin_desc, struct_size, 0);
AT(hab_plugin_desc, kind, 4);
AT(hab_plugin_desc, thread_model, 8);
AT(hab_plugin_desc, flags, 12);
AT(hab_plugin_desc, id, 16);
AT(hab_plugin_desc, version, 24);
AT(hab_plugin_desc, summary, 32);
AT(hab_plugin_desc, vendor, 40);
AT(hab_plugin_desc, licence, 48);
AT(hab_plugin_desc, url, 56);
AT(hab_plugin_desc, options, 64);
AT(hab_plugin_desc, create, 72);
AT(hab_plugin_desc, destroy, 80);
AT(hab_plugin_desc, api, 88);

SIZE(hab_plugin_table, 24);
AT(hab_plugin_table, struct_size, 0);
AT(hab_plugin_table, abi_minor, 4);
AT(hab_plugin_table, count, 8);
AT(hab_plugin_table, items, 16);

SIZE(hab_export_request, 80);
AT(hab_export_request, struct_size, 0);
AT(hab_export_request, flags, 4);
AT(hab_export_request, idents, 8);
AT(hab_export_request, ident_count, 16);
AT(hab_export_request, options, 24);
AT(hab_export_request, option_count, 32);
AT(hab_export_request, output_dir, 40);
AT(hab_export_request, work_dir, 56);
AT(hab_export_request, source_epoch, 72);

SIZE(hab_exporter_api, 32);
AT(hab_exporter_api, struct_size, 0);
AT(hab_exporter_api, plan, 8);
AT(hab_exporter_api, run, 16);
AT(hab_exporter_api, verify, 24);

SIZE(hab_exec_result, 32);
AT(hab_exec_result, struct_size, 0);
AT(hab_exec_result, exit_code, 4);
AT(hab_exec_result, term_signal, 8);
AT(hab_exec_result, flags, 12);
AT(hab_exec_result, wall_ms, 16);
AT(hab_exec_result, max_rss, 24);

SIZE(hab_process_spec, 112);
AT(hab_process_spec, struct_size, 0);
AT(hab_process_spec, flags, 4);
AT(hab_process_spec, argv, 8);
AT(hab_process_spec, argv_count, 16);
AT(hab_process_spec, env, 24);
AT(hab_process_spec, env_count, 32);
AT(hab_process_spec, cwd, 40);
AT(hab_process_spec, stdin_data, 56);
AT(hab_process_spec, stdout_sink, 72);
AT(hab_process_spec, stderr_sink, 88);
AT(hab_process_spec, timeout_ms, 104);

SIZE(hab_process_service, 16);
AT(hab_process_service, struct_size, 0);
AT(hab_process_service, run, 8);

SIZE(hab_mount, 64);
AT(hab_mount, struct_size, 0);
AT(hab_mount, kind, 4);
AT(hab_mount, flags, 8);
AT(hab_mount, source, 16);
AT(hab_mount, target, 32);
AT(hab_mount, options, 48);

SIZE(hab_limits, 32);
AT(hab_limits, struct_size, 0);
AT(hab_limits, cpu_millis, 4);
AT(hab_limits, memory_bytes, 8);
AT(hab_limits, pids, 16);
AT(hab_limits, open_files, 24);

SIZE(hab_id_map, 12);
AT(hab_id_map, inside, 0);
AT(hab_id_map, outside, 4);
AT(hab_id_map, count, 8);

SIZE(hab_sandbox_spec, 192);
AT(hab_sandbox_spec, struct_size, 0);
AT(hab_sandbox_spec, flags, 4);
AT(hab_sandbox_spec, namespaces, 8);
AT(hab_sandbox_spec, uid, 12);
AT(hab_sandbox_spec, gid, 16);
AT(hab_sandbox_spec, stdin_fd, 20);
AT(hab_sandbox_spec, stdout_fd, 24);
AT(hab_sandbox_spec, stderr_fd, 28);
AT(hab_sandbox_spec, argv, 32);
AT(hab_sandbox_spec, argv_count, 40);
AT(hab_sandbox_spec, env, 48);
AT(hab_sandbox_spec, env_count, 56);
AT(hab_sandbox_spec, cwd, 64);
AT(hab_sandbox_spec, root, 80);
AT(hab_sandbox_spec, hostname, 96);
AT(hab_sandbox_spec, mounts, 112);
AT(hab_sandbox_spec, mount_count, 120);
AT(hab_sandbox_spec, uid_maps, 128);
AT(hab_sandbox_spec, uid_map_count, 136);
AT(hab_sandbox_spec, gid_maps, 144);
AT(hab_sandbox_spec, gid_map_count, 152);
AT(hab_sandbox_spec, groups, 160);
AT(hab_sandbox_spec, group_count, 168);
AT(hab_sandbox_spec, limits, 176);
AT(hab_sandbox_spec, timeout_ms, 184);

SIZE(hab_sandbox_service, 32);
AT(hab_sandbox_service, struct_size, 0);
AT(hab_sandbox_service, run, 8);
AT(hab_sandbox_service, remove_tree, 16);
AT(hab_sandbox_service, probe, 24);

SIZE(hab_studio_spec, 96);
AT(hab_studio_spec, struct_size, 0);
AT(hab_studio_spec, flags, 4);
AT(hab_studio_spec, root_dir, 8);
AT(hab_studio_spec, name, 24);
AT(hab_studio_spec, type, 40);
AT(hab_studio_spec, mounts, 56);
AT(hab_studio_spec, mount_count, 64);
AT(hab_studio_spec, env, 72);
AT(hab_studio_spec, env_count, 80);
AT(hab_studio_spec, limits, 88);

SIZE(hab_studio_exec, 80);
AT(hab_studio_exec, struct_size, 0);
AT(hab_studio_exec, flags, 4);
AT(hab_studio_exec, argv, 8);
AT(hab_studio_exec, argv_count, 16);
AT(hab_studio_exec, env, 24);
AT(hab_studio_exec, env_count, 32);
AT(hab_studio_exec, cwd, 40);
AT(hab_studio_exec, stdin_fd, 56);
AT(hab_studio_exec, stdout_fd, 60);
AT(hab_studio_exec, stderr_fd, 64);
AT(hab_studio_exec, timeout_ms, 72);

SIZE(hab_studio_api, 56);
AT(hab_studio_api, struct_size, 0);
AT(hab_studio_api, probe, 8);
AT(hab_studio_api, create, 16);
AT(hab_studio_api, run, 24);
AT(hab_studio_api, remove, 32);
AT(hab_studio_api, close, 40);
AT(hab_studio_api, list, 48);

SIZE(hab_reads_sink, 24);
AT(hab_reads_sink, struct_size, 0);
AT(hab_reads_sink, ctx, 8);
AT(hab_reads_sink, reads, 16);

SIZE(hab_template_reference, 72);
AT(hab_template_reference, struct_size, 0);
AT(hab_template_reference, kind, 4);
AT(hab_template_reference, flags, 8);
AT(hab_template_reference, line, 12);
AT(hab_template_reference, column, 16);
AT(hab_template_reference, file, 24);
AT(hab_template_reference, text, 40);
AT(hab_template_reference, suggestion, 56);

SIZE(hab_references_sink, 24);
AT(hab_references_sink, struct_size, 0);
AT(hab_references_sink, ctx, 8);
AT(hab_references_sink, reference, 16);

SIZE(hab_template_api, 72);
AT(hab_template_api, struct_size, 0);
AT(hab_template_api, compile, 8);
AT(hab_template_api, load, 16);
AT(hab_template_api, update, 24);
AT(hab_template_api, render, 32);
AT(hab_template_api, pattern, 40);
AT(hab_template_api, release, 48);
AT(hab_template_api, release_data, 56);
AT(hab_template_api, inspect, 64);

SIZE(hab_topology_service, 104);
AT(hab_topology_service, struct_size, 0);
AT(hab_topology_service, flags, 4);
AT(hab_topology_service, process_state, 8);
AT(hab_topology_service, health, 12);
AT(hab_topology_service, group, 16);
AT(hab_topology_service, ident, 32);
AT(hab_topology_service, update_ident, 48);
AT(hab_topology_service, state_since_ms, 64);
AT(hab_topology_service, restart_after_ms, 72);
AT(hab_topology_service, restarts, 80);
AT(hab_topology_service, suitability, 88);
AT(hab_topology_service, pkg_incarnation, 96);

SIZE(hab_topology_member, 72);
AT(hab_topology_member, struct_size, 0);
AT(hab_topology_member, health, 4);
AT(hab_topology_member, flags, 8);
AT(hab_topology_member, id, 16);
AT(hab_topology_member, address, 32);
AT(hab_topology_member, ident, 48);
AT(hab_topology_member, pkg_incarnation, 64);

SIZE(hab_topology_election, 40);
AT(hab_topology_election, struct_size, 0);
AT(hab_topology_election, status, 4);
AT(hab_topology_election, term, 8);
AT(hab_topology_election, leader, 16);
AT(hab_topology_election, leader_value, 32);

SIZE(hab_topology_hook, 48);
AT(hab_topology_hook, struct_size, 0);
AT(hab_topology_hook, exit_code, 4);
AT(hab_topology_hook, running, 8);
AT(hab_topology_hook, name, 16);
AT(hab_topology_hook, runs, 32);
AT(hab_topology_hook, ended_ms, 40);

SIZE(hab_topology_response, 48);
AT(hab_topology_response, struct_size, 0);
AT(hab_topology_response, http_status, 4);
AT(hab_topology_response, id, 8);
AT(hab_topology_response, body, 16);
AT(hab_topology_response, failure, 32);

SIZE(hab_topology_input, 112);
AT(hab_topology_input, struct_size, 0);
AT(hab_topology_input, member_count, 4);
AT(hab_topology_input, now_ms, 8);
AT(hab_topology_input, state, 16);
AT(hab_topology_input, service, 32);
AT(hab_topology_input, members, 40);
AT(hab_topology_input, election, 48);
AT(hab_topology_input, update_election, 56);
AT(hab_topology_input, hooks, 64);
AT(hab_topology_input, hook_count, 72);
AT(hab_topology_input, responses, 80);
AT(hab_topology_input, response_count, 88);
AT(hab_topology_input, config_incarnation, 96);
AT(hab_topology_input, fencing_term, 104);

SIZE(hab_topology_request, 64);
AT(hab_topology_request, struct_size, 0);
AT(hab_topology_request, timeout_ms, 4);
AT(hab_topology_request, id, 8);
AT(hab_topology_request, method, 16);
AT(hab_topology_request, url, 32);
AT(hab_topology_request, body, 48);

SIZE(hab_topology_output, 64);
AT(hab_topology_output, struct_size, 0);
AT(hab_topology_output, ctx, 8);
AT(hab_topology_output, act, 16);
AT(hab_topology_output, wait, 24);
AT(hab_topology_output, set_role, 32);
AT(hab_topology_output, elect, 40);
AT(hab_topology_output, request, 48);
AT(hab_topology_output, set_state, 56);

SIZE(hab_topology_api, 32);
AT(hab_topology_api, struct_size, 0);
AT(hab_topology_api, min_members, 8);
AT(hab_topology_api, step, 16);
AT(hab_topology_api, describe, 24);

SIZE(hab_progress_service, 40);
AT(hab_progress_service, struct_size, 0);
AT(hab_progress_service, begin, 8);
AT(hab_progress_service, advance, 16);
AT(hab_progress_service, message, 24);
AT(hab_progress_service, end, 32);

SIZE(hab_config_service, 16);
AT(hab_config_service, struct_size, 0);
AT(hab_config_service, get, 8);

SIZE(hab_packages_service, 32);
AT(hab_packages_service, struct_size, 0);
AT(hab_packages_service, resolve, 8);
AT(hab_packages_service, deps, 16);
AT(hab_packages_service, metafile, 24);

SIZE(hab_template_service, 16);
AT(hab_template_service, struct_size, 0);
AT(hab_template_service, render, 8);

SIZE(hab_artifact, 96);
AT(hab_artifact, struct_size, 0);
AT(hab_artifact, path, 8);
AT(hab_artifact, media_type, 24);
AT(hab_artifact, digest, 40);
AT(hab_artifact, role, 56);
AT(hab_artifact, size, 72);
AT(hab_artifact, properties, 80);
AT(hab_artifact, property_count, 88);

SIZE(hab_artifact_service, 16);
AT(hab_artifact_service, struct_size, 0);
AT(hab_artifact_service, announce, 8);

SIZE(hab_fs_service, 72);
AT(hab_fs_service, struct_size, 0);
AT(hab_fs_service, temp_dir, 8);
AT(hab_fs_service, open, 16);
AT(hab_fs_service, write, 24);
AT(hab_fs_service, write_at, 32);
AT(hab_fs_service, commit, 40);
AT(hab_fs_service, discard, 48);
AT(hab_fs_service, remove_tree, 56);
AT(hab_fs_service, cache_dir, 64);

SIZE(hab_rootfs_options, 64);
AT(hab_rootfs_options, struct_size, 0);
AT(hab_rootfs_options, flags, 4);
AT(hab_rootfs_options, mtime, 8);
AT(hab_rootfs_options, user, 16);
AT(hab_rootfs_options, group, 32);
AT(hab_rootfs_options, extra_idents, 48);
AT(hab_rootfs_options, extra_ident_count, 56);

SIZE(hab_rootfs_entry, 88);
AT(hab_rootfs_entry, struct_size, 0);
AT(hab_rootfs_entry, type, 4);
AT(hab_rootfs_entry, mode, 8);
AT(hab_rootfs_entry, uid, 12);
AT(hab_rootfs_entry, gid, 16);
AT(hab_rootfs_entry, layer, 20);
AT(hab_rootfs_entry, path, 24);
AT(hab_rootfs_entry, link, 40);
AT(hab_rootfs_entry, ident, 56);
AT(hab_rootfs_entry, size, 72);
AT(hab_rootfs_entry, mtime, 80);

SIZE(hab_rootfs_visitor, 40);
AT(hab_rootfs_visitor, struct_size, 0);
AT(hab_rootfs_visitor, ctx, 8);
AT(hab_rootfs_visitor, entry, 16);
AT(hab_rootfs_visitor, data, 24);
AT(hab_rootfs_visitor, file_end, 32);

SIZE(hab_rootfs_service, 32);
AT(hab_rootfs_service, struct_size, 0);
AT(hab_rootfs_service, walk, 8);
AT(hab_rootfs_service, stage, 16);
AT(hab_rootfs_service, describe, 24);

SIZE(hab_http_request, 200);
AT(hab_http_request, struct_size, 0);
AT(hab_http_request, flags, 4);
AT(hab_http_request, auth, 8);
AT(hab_http_request, method, 16);
AT(hab_http_request, url, 32);
AT(hab_http_request, unix_socket, 48);
AT(hab_http_request, ca_file, 64);
AT(hab_http_request, auth_user, 80);
AT(hab_http_request, auth_secret, 96);
AT(hab_http_request, headers, 112);
AT(hab_http_request, header_count, 120);
AT(hab_http_request, body, 128);
AT(hab_http_request, read_body, 144);
AT(hab_http_request, read_ctx, 152);
AT(hab_http_request, body_size, 160);
AT(hab_http_request, resume_from, 168);
AT(hab_http_request, timeout_ms, 176);
AT(hab_http_request, connect_timeout_ms, 184);
AT(hab_http_request, stall_timeout_ms, 192);

SIZE(hab_http_response, 56);
AT(hab_http_response, struct_size, 0);
AT(hab_http_response, status, 4);
AT(hab_http_response, on_header, 8);
AT(hab_http_response, header_ctx, 16);
AT(hab_http_response, body, 24);
AT(hab_http_response, resumed_at, 40);
AT(hab_http_response, total_bytes, 48);

SIZE(hab_http_service, 16);
AT(hab_http_service, struct_size, 0);
AT(hab_http_service, request, 8);
