// SPDX-License-Identifier: Apache-2.0
#include "package/archive/pack.hpp"
#include "package/archive/unpack.hpp"
#include "package/archive_module.hpp"

namespace hab::package {
namespace {

class Module final : public ArchiveModule {
public:
    PackResult pack(const fs::path& tree, const std::string& prefix, const PackOptions& options,
                    const ByteSink& sink) const override {
        return pack_tree(tree, prefix, options, sink);
    }
    UnpackResult unpack(const ByteSource& source, const std::string& what,
                        const std::function<int(const std::string& prefix)>& open_root,
                        const UnpackOptions& options) const override {
        return unpack_tree(source, what, open_root, options);
    }
    void scan(const ByteSource& source, const std::string& what, Scan& scan) const override {
        scan_files(source, what, scan);
    }
    void visit(const ByteSource& source, const std::string& what,
               const std::function<void(const ArchiveMember&)>& begin,
               const ByteSink& content) const override {
        visit_members(source, what, begin, content);
    }
    std::string first_prefix(const ByteSource& source, const std::string& what) const override {
        return package::first_prefix(source, what);
    }
};

}  // namespace
}  // namespace hab::package

extern "C" [[gnu::visibility("default")]] const hab::package::ArchiveModule* hab_archive_module() {
    static const hab::package::Module module;
    return &module;
}
