// SPDX-License-Identifier: Apache-2.0
//
// An exporter that writes down what an image of a package would contain: one line per file with
// type, mode, owner, size, SHA-256 and path. Two exports of the same package are equal, so the list
// can be compared, signed, or checked against a running machine.
#include <openssl/evp.h>
#include <hab/exporter.hpp>
#include <hab/fs.hpp>
#include <hab/rootfs.hpp>
#include <hab/services.hpp>

#include <array>
#include <cstdio>
#include <memory>
#include <string>

namespace sdk = hab::sdk;

namespace {

/// SHA-256 of a file's data, fed piece by piece.
class Sha256 {
public:
    Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) { restart(); }

    void add(std::string_view bytes) {
        EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
    }

    /// Hex text of everything added since the last call.
    std::string finish() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned size = 0;
        EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
        std::string text;
        for (unsigned i = 0; i < size; ++i) {
            static constexpr char hex[] = "0123456789abcdef";
            text += hex[digest[i] >> 4];
            text += hex[digest[i] & 15];
        }
        restart();
        return text;
    }

private:
    void restart() { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

/// "core/nginx/1.24.0/20260101000000" -> "core-nginx-1.24.0-20260101000000"
std::string file_stem(std::string ident) {
    for (char& c : ident) {
        if (c == '/') c = '-';
    }
    return ident;
}

/// "f 0755 0 0 1234": everything about an entry that comes before its digest.
std::string head(const sdk::RootfsEntry& entry) {
    const char type = entry.type == HAB_ENTRY_FILE ? 'f' : entry.type == HAB_ENTRY_DIR ? 'd' : 'l';
    std::array<char, 80> text{};
    std::snprintf(text.data(), text.size(), "%c %04o %u %u %llu", type, entry.mode, entry.uid,
                  entry.gid, static_cast<unsigned long long>(entry.size));
    return text.data();
}

}  // namespace

class Manifest {
public:
    // Options become `hab pkg export manifest --minimal`, with help and checks, without loading
    // this file.
    static constexpr auto options = std::array{
        sdk::Option{.name = "minimal",
                    .type = HAB_OPTION_BOOL,
                    .flags = HAB_OPTION_PER_RUN,
                    .help = "List the packages only, without accounts, init and links",
                    .default_value = "false"},
    };

    explicit Manifest(sdk::Host host) : host_(host) {}

    void run(const sdk::ExportRequest& request) {
        const auto path = output_path(request);
        auto file = host_.require<sdk::Fs>().create(path);
        Sha256 sha256;
        std::string line;  // of the file whose data is arriving
        std::string name;

        const sdk::RootfsVisitor visitor{
            .entry =
                [&](const sdk::RootfsEntry& entry) {
                    name = std::string(entry.path);
                    line = head(entry);
                    if (entry.type == HAB_ENTRY_FILE) return;  // its line ends with its data
                    const auto target = entry.link.empty() ? "" : " -> " + std::string(entry.link);
                    file.write(line + " - " + name + target + "\n");
                },
            .data = [&](std::string_view bytes) { sha256.add(bytes); },
            .file_end = [&] { file.write(line + " " + sha256.finish() + " " + name + "\n"); },
        };
        host_.require<sdk::Rootfs>().walk(request.idents, rootfs_options(request), visitor);

        file.commit();  // until here nothing is visible at `path`
        host_.require<sdk::Artifacts>().announce(
            {.path = path, .media_type = "text/plain", .role = "manifest"});
    }

    /// What run() would write, for `--dry-run`.
    std::string plan(const sdk::ExportRequest& request) {
        return R"({"artifacts":[{"path":")" + output_path(request) + R"(","role":"manifest"}]})";
    }

private:
    static std::string output_path(const sdk::ExportRequest& request) {
        return request.output_dir + "/" + file_stem(request.idents.front()) + ".manifest";
    }

    static sdk::RootfsOptions rootfs_options(const sdk::ExportRequest& request) {
        sdk::RootfsOptions options;
        options.flags = request.options().flag("minimal")
                            ? 0
                            : HAB_ROOTFS_ACCOUNTS | HAB_ROOTFS_INIT | HAB_ROOTFS_DIRS;
        options.mtime = request.source_epoch;
        return options;
    }

    sdk::Host host_;
};

HAB_EXPORTER(Manifest, "manifest", "1.0.0", "Lists what an image would contain, with digests",
             .licence = "Apache-2.0");
