// SPDX-License-Identifier: Apache-2.0
#include "plugin/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <boost/dll/shared_library.hpp>

#include "plugin/desc_reader.hpp"

namespace hab::plugin {

class Library::Handle {
public:
    boost::dll::shared_library library;
};

namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, std::string_view why,
                         std::string hint = {}) {
    throw Error(ErrorCode::unsupported,
                fmt::format("cannot load plugin {}: {}", path.string(), why), std::move(hint));
}

/// The file at the path must still be the one whose metadata and owner were checked.
void check_same_file(const Candidate& candidate) {
    struct stat status{};
    if (::stat(candidate.path.c_str(), &status) != 0) {
        throw Error::from_errno(fmt::format("cannot load plugin {}", candidate.path.string()));
    }
    if (status.st_dev != candidate.device || status.st_ino != candidate.inode) {
        refuse(candidate.path, "the file was replaced while it was being examined", "try again");
    }
}

const hab_plugin_table* call_entry(const std::filesystem::path& path,
                                   const boost::dll::shared_library& library) {
    if (!library.has(HAB_PLUGIN_ENTRY_NAME)) {
        refuse(path, "it exports no function " HAB_PLUGIN_ENTRY_NAME,
               "build it with hab_add_plugin()");
    }
    const auto& entry = library.get<const hab_plugin_table*()>(HAB_PLUGIN_ENTRY_NAME);
    const auto* table = entry();
    constexpr auto needed = offsetof(hab_plugin_table, items) + sizeof(hab_plugin_table::items);
    if (table == nullptr || table->struct_size < needed || table->items == nullptr) {
        refuse(path, "its entry function returns no usable table");
    }
    return table;
}

}  // namespace

Library::Library(std::unique_ptr<Handle> handle, const hab_plugin_table* table, std::string name)
    : handle_(std::move(handle)), table_(table), name_(std::move(name)) {}

Library::~Library() = default;

std::shared_ptr<Library> Library::load(const Candidate& candidate) {
    using boost::dll::load_mode::type;
    check_same_file(candidate);
    auto handle = std::make_unique<Handle>();
    std::error_code ec;
    // NODELETE: objects, threads and exception types of a plugin may outlive any handle we hold.
    const auto mode = boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local |
                      static_cast<type>(RTLD_NODELETE);
    handle->library.load(candidate.path, ec, mode);
    if (ec) {
        const char* why = ::dlerror();
        refuse(candidate.path, why == nullptr ? ec.message() : std::string(why),
               "`ldd` shows which library it misses");
    }
    check_same_file(candidate);
    const auto* table = call_entry(candidate.path, handle->library);
    return std::make_shared<Library>(std::move(handle), table, candidate.path.string());
}

std::shared_ptr<Library> Library::linked(const hab_plugin_table& table) {
    return std::make_shared<Library>(nullptr, &table, "this program");
}

const hab_plugin_desc& Library::descriptor(const Candidate& candidate) const {
    const auto& wanted = candidate.meta;
    for (std::uint32_t i = 0; i < table_->count; ++i) {
        const hab_plugin_desc* desc = table_->items[i];
        if (desc == nullptr) continue;
        const auto meta = [&] {
            try {
                return meta_of(*desc, table_->abi_minor);
            } catch (const Error& error) {
                refuse(name_, error.message());
            }
        }();
        if (meta.kind != wanted.kind || meta.id != wanted.id) continue;
        if (const auto what = difference(wanted, meta)) refuse(name_, *what, "rebuild the plugin");
        return *desc;
    }
    refuse(name_, fmt::format("its code holds no {}, though its metadata says so", wanted.label()),
           "rebuild the plugin");
}

}  // namespace hab::plugin
