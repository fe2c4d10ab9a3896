# SPDX-License-Identifier: Apache-2.0
eval sys_lib_search_path="/usr/lib"
