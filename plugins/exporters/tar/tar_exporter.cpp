// SPDX-License-Identifier: Apache-2.0
// Exporter "tar": a package and all it needs in one archive, to be unpacked at "/" of any machine.
#include <array>
#include <filesystem>
#include <string>

#include <hab/exporter.hpp>
#include <hab/fs.hpp>
#include <hab/rootfs.hpp>
#include <hab/services.hpp>

#include "archive_writer.hpp"

namespace {

using namespace hab::sdk;
using tar_exporter::ArchiveWriter;
using tar_exporter::Compression;

class TarExporter {
public:
    static constexpr auto options = std::array{
        Option{.name = "compression",
               .flags = HAB_OPTION_PER_RUN,
               .value_name = "METHOD",
               .help = "How to compress",
               .default_value = "gzip",
               .choices = {"gzip", "zstd"}},
        Option{.name = "compression-level",
               .type = HAB_OPTION_INT,
               .flags = HAB_OPTION_PER_RUN,
               .value_name = "N",
               .help = "1 (fast) to 9, with zstd to 19; default: the method's own"},
        Option{.name = "hab-pkg",
               .type = HAB_OPTION_IDENT,
               .flags = HAB_OPTION_PER_RUN,
               .value_name = "IDENT",
               .help = "Package of hab itself; left out if it is not installed and not named",
               .env = "HAB_PKG_EXPORT_HAB_PKG"},
        Option{.name = "no-hab-bin",
               .type = HAB_OPTION_BOOL,
               .flags = HAB_OPTION_PER_RUN,
               .help = "Leave hab itself out",
               .default_value = "false"},
    };

    explicit TarExporter(Host host) : host_(host) {}

    std::string plan(const ExportRequest& request) {
        const Job job = make_job(request);
        return R"({"artifacts":[{"path":)" + detail::json_string(job.path) + R"(,"media_type":)" +
               detail::json_string(job.media_type) + R"(}],"content":)" +
               host_.require<Rootfs>().describe(request.idents, job.rootfs) + "}";
    }

    void run(const ExportRequest& request) {
        const Job job = make_job(request);
        if (!request.overwrite && std::filesystem::exists(job.path)) {
            raise(HAB_STATUS_USAGE, "cannot export to '" + job.path + "': it exists",
                  "remove it, or allow overwriting");
        }
        write(request, job);
        host_.require<Artifacts>().announce(
            {.path = job.path, .media_type = job.media_type, .role = "archive"});
    }

private:
    /// What one request comes to.
    struct Job {
        std::string path;
        std::string media_type;
        Compression compression = Compression::gzip;
        int level = 0;
        RootfsOptions rootfs;
    };

    Job make_job(const ExportRequest& request) const {
        Job job;
        const bool zstd = request.options().text("compression") == "zstd";
        job.compression = zstd ? Compression::zstd : Compression::gzip;
        job.media_type = zstd ? "application/zstd" : "application/gzip";
        job.path = request.output_dir + "/" + file_name(request.idents.front()) +
                   (zstd ? ".tar.zst" : ".tar.gz");
        job.level = static_cast<int>(request.options().number("compression-level").value_or(0));
        const int highest = zstd ? 19 : 9;
        if (job.level < 0 || job.level > highest) {
            raise(HAB_STATUS_USAGE, "compression level " + std::to_string(job.level) +
                                        " is not between 1 and " + std::to_string(highest));
        }
        job.rootfs.flags = 0;  // packages only: the archive goes into a system that has the rest
        job.rootfs.mtime = request.source_epoch;
        if (!request.options().flag("no-hab-bin")) add_hab(request, job.rootfs);
        return job;
    }

    /// "core/nginx/1.22.1/2026…" -> "core-nginx-1.22.1-2026…".
    static std::string file_name(std::string ident) {
        for (char& c : ident) {
            if (c == '/') c = '-';
        }
        return ident;
    }

    void add_hab(const ExportRequest& request, RootfsOptions& rootfs) const {
        const std::string named = request.options().text("hab-pkg");
        const std::string wanted = named.empty() ? "core/hab" : named;
        try {
            rootfs.extra_idents.push_back(host_.require<Packages>().resolve(wanted).ident);
        } catch (const Error& error) {
            if (!named.empty() || error.status() != HAB_STATUS_NOT_FOUND) throw;
            host_.info(
                "package core/hab is not installed: the archive will hold the package and what "
                "it needs, but not hab itself");
        }
    }

    void write(const ExportRequest& request, const Job& job) {
        const Rootfs rootfs = host_.require<Rootfs>();
        std::uint64_t total = 0;
        rootfs.walk(request.idents, job.rootfs,
                    {.entry = [&](const RootfsEntry& entry) { total += entry.size; }});
        AtomicFile file = host_.require<Fs>().create(job.path);
        auto step = host_.require<Progress>().begin("tar", total, "bytes");
        std::uint64_t done = 0;
        ArchiveWriter archive(job.compression, job.level,
                              [&](std::string_view bytes) { file.write(bytes); });
        rootfs.walk(request.idents, job.rootfs,
                    {.entry = [&](const RootfsEntry& entry) { archive.entry(entry); },
                     .data =
                         [&](std::string_view bytes) {
                             archive.data(bytes);
                             done += bytes.size();
                             step.advance(done);
                         }});
        archive.finish();
        file.commit();
        step.done();
    }

    Host host_;
};

}  // namespace

HAB_EXPORTER(TarExporter, "tar", "1.0.0", "A package and all it needs as one tar file",
             .vendor = "The hab project", .licence = "Apache-2.0",
             .thread_model = HAB_THREADS_FREE);
