// SPDX-License-Identifier: Apache-2.0
// JSON as kainjow sees it.
#pragma once

#include <boost/json/value.hpp>
#include <kainjow/mustache.hpp>

namespace mustache_plugin {

/// Numbers and true become text, null and false become false (and print nothing), text, lists and
/// tables stay what they are.
[[nodiscard]] kainjow::mustache::data convert(const boost::json::value& value);

}  // namespace mustache_plugin
