// SPDX-License-Identifier: Apache-2.0
// hab-sup: started by hab-launch, again and again.
#include <exception>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "supervisor/supervisor.hpp"

int main(int argc, char** argv) {
    try {
        return hab::supervisor::supervisor_main(std::vector<std::string>(argv + 1, argv + argc));
    } catch (const std::exception& error) {
        hab::log::error("hab-sup", "ends because of an unexpected error: {}", error.what());
        return 1;
    }
}
