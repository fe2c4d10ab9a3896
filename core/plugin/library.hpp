// SPDX-License-Identifier: Apache-2.0
// One loaded plugin library. Loaded by Boost.DLL, which stays out of this header.
#pragma once

#include <hab/plugin.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "plugin/catalogue.hpp"

namespace hab::plugin {

class Library {
public:
    /// Loads the candidate's file and checks that it is the file that was examined and says what
    /// its metadata said. Throws with the path and a reason. The library is never unloaded.
    [[nodiscard]] static std::shared_ptr<Library> load(const Candidate& candidate);
    /// For a table that is linked into the program.
    [[nodiscard]] static std::shared_ptr<Library> linked(const hab_plugin_table& table);

    ~Library();
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;

    /// Its descriptor; throws invalid_input if the library does not hold what the candidate
    /// promised.
    [[nodiscard]] const hab_plugin_desc& descriptor(const Candidate& candidate) const;
    /// Held during calls of plugins with thread model "library".
    [[nodiscard]] std::mutex& mutex() noexcept { return mutex_; }

private:
    class Handle;

public:
    /// For load() and linked(): nobody else has a Handle.
    Library(std::unique_ptr<Handle> handle, const hab_plugin_table* table, std::string name);

private:
    std::unique_ptr<Handle> handle_;
    const hab_plugin_table* table_;
    std::string name_;
    std::mutex mutex_;
};

}  // namespace hab::plugin
