// SPDX-License-Identifier: Apache-2.0
// The tables behind hab_host.service(): immutable, one per service, each in its own file. Private
// to host/.
#pragma once

#include <hab/plugin.h>

namespace hab::host {

extern const hab_progress_service progress_table;
extern const hab_config_service config_table;
extern const hab_packages_service packages_table;
extern const hab_template_service template_table;
extern const hab_artifact_service artifact_table;
extern const hab_fs_service fs_table;
extern const hab_rootfs_service rootfs_table;
extern const hab_process_service process_table;
extern const hab_sandbox_service sandbox_table;
extern const hab_http_service http_table;

}  // namespace hab::host
