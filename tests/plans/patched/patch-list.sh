# SPDX-License-Identifier: Apache-2.0
_patch_files=(
  stock-001 a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e
  stock-002 16367aacb67a4a017c8da8ab95682ccb390863780f7114dda0a0e0c55644c7c4
)
