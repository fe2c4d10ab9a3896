// SPDX-License-Identifier: Apache-2.0
/* The layout checks, as C. */
#include "layout.h"
#include "numbers.h"

/* In C the entry function can be written as any other. */
const hab_plugin_table* hab_test_layout_as_c(void) {
    return 0;
}
