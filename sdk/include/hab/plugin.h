// SPDX-License-Identifier: Apache-2.0
//
// The Habitat plugin ABI, version 1.0. C11 and C++20; needs only <stddef.h> and <stdint.h>.
//
// A plugin is a shared library hab-<kind>-<name>.so that exports one function,
// hab_plugin_entry_v1(), and carries an ELF section `habplug` with its metadata. Authors in C++
// include <hab/plugin.hpp> instead and write a class.
//
//   abi/basic.h       text, sinks, status, errors, the host object; the rules of the ABI
//   abi/descriptor.h  entry function, plugin and option descriptors, the metadata section
//   abi/exporter.h  abi/studio.h  abi/topology.h  abi/template.h      the four kinds
//   abi/services.h  abi/rootfs.h  abi/sandbox.h  abi/http.h           services of the host
#pragma once

#include "abi/basic.h"
#include "abi/descriptor.h"
#include "abi/exporter.h"
#include "abi/http.h"
#include "abi/rootfs.h"
#include "abi/sandbox.h"
#include "abi/services.h"
#include "abi/studio.h"
#include "abi/template.h"
#include "abi/topology.h"
