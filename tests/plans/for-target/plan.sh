# SPDX-License-Identifier: Apache-2.0
# For other machines.
exit 99
