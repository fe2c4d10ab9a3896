// SPDX-License-Identifier: Apache-2.0
// Exists only so that gtest's headers are precompiled once. A program, not a library: test programs are
// position-independent executables and can reuse only a header that was compiled the same way.
int main() {}
