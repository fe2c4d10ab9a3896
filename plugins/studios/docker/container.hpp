// SPDX-License-Identifier: Apache-2.0
// The configuration of a container for one program in a studio.
#pragma once

#include <string>
#include <vector>

#include <hab/studio.hpp>

namespace docker_studio {

/// A mount that the container needs: packages come with the image, unless they lie in a directory
/// that is mounted over them.
[[nodiscard]] std::vector<hab::sdk::Mount> container_mounts(
    const std::vector<hab::sdk::Mount>& mounts);

struct ContainerPlan {
    std::string image;
    std::string label;     ///< value of the label hab.studio
    std::string life_dir;  ///< host directory with the FIFO `life`
    const hab::sdk::StudioSpec& spec;
    const hab::sdk::StudioExec& exec;
    std::vector<hab::sdk::KeyValue> env;
};

/// JSON for the engine. The first program inside watches the FIFO: when nobody holds it open any
/// more, because hab is gone, everything inside is killed.
[[nodiscard]] std::string container_json(const ContainerPlan& plan);

}  // namespace docker_studio
