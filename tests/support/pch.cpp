// SPDX-License-Identifier: Apache-2.0
// Exists only so that gtest's headers are precompiled once.
