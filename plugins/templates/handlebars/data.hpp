// SPDX-License-Identifier: Apache-2.0
// One loaded JSON document that can be changed in parts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "value.hpp"

namespace handlebars {

/// Parses one JSON text into a store, at most 100 levels deep. Key order is kept; of a repeated key
/// the last value counts. Throws hab::sdk::Error naming `what`.
[[nodiscard]] Node parse_json(std::string_view json, std::string_view what, Store& store,
                              Names& names);

class Data {
public:
    Data(Names& names, std::string_view json);

    [[nodiscard]] Value root() const noexcept { return {root_, &store_, 0}; }
    /// Replaces, adds or (empty `json`) removes the value at a JSON Pointer. Throws
    /// HAB_STATUS_NOT_FOUND if the parent is missing; then nothing has changed.
    void update(std::string_view pointer, std::string_view json);

private:
    struct Place {
        Node* parent = nullptr;  ///< null for the root
        std::string last;        ///< last step of the pointer
    };
    [[nodiscard]] Place find_parent(std::string_view pointer);
    void set_member(Node& parent, const std::string& name, const Node* value);
    void set_item(Node& parent, const std::string& name, const Node* value,
                  std::string_view pointer);
    void compact();

    Names& names_;
    Names::Use use_;  ///< before the objects: it ends after them
    Store store_;
    Node root_;
    std::size_t live_nodes_ = 0;  ///< sizes after the last load or compaction
    std::size_t live_text_ = 0;
};

}  // namespace handlebars
