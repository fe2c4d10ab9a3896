// SPDX-License-Identifier: Apache-2.0
#include "engine.hpp"

HAB_TEMPLATE_ENGINE(handlebars::Engine, "handlebars", "1.0.0",
                    "Handlebars with Habitat's helpers; the default engine",
                    .licence = "Apache-2.0", .thread_model = HAB_THREADS_ONE_PER_INSTANCE);
