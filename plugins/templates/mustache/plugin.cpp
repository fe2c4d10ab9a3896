// SPDX-License-Identifier: Apache-2.0
#include "engine.hpp"

HAB_TEMPLATE_ENGINE(mustache_plugin::Engine, "mustache", "1.0.0",
                    "Mustache: variables, sections and partials, without logic",
                    .licence = "Apache-2.0", .thread_model = HAB_THREADS_ONE_PER_INSTANCE);
