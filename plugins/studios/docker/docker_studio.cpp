// SPDX-License-Identifier: Apache-2.0
// The docker studio: each program runs in a container of its own, made from an image of hab packages
// that is streamed to the engine. Needs a Docker engine on this machine and nothing else.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include <hab/studio.hpp>

#include "container.hpp"
#include "engine.hpp"
#include "image_tag.hpp"
#include "image_tar.hpp"
#include "relay.hpp"
#include "tree/image_files.hpp"
#include "tree/lock.hpp"
#include "tree/skeleton.hpp"

namespace docker_studio {
namespace {

using namespace hab::sdk;
namespace fs = std::filesystem;

constexpr const char* repository = "hab-studio";
/// In the studio's directory: the tags of its images, one a line; and the FIFOs of what runs.
constexpr const char* image_list = ".images";
constexpr const char* life_list = ".life";

/// What is in the studio's directory and not in its images.
const std::vector<std::string>& outside_the_image() {
    static const std::vector<std::string> names = {
        studio_tree::marker, image_list, life_list, "proc", "sys", "dev"};
    return names;
}

/// A FIFO held open by this process alone: whoever reads it sees the end when the process is gone.
class Life {
public:
    explicit Life(const fs::path& root) : dir_(root / life_list) {
        std::string pattern = (dir_ / "XXXXXX").string();
        std::error_code ignored;
        fs::create_directory(dir_, ignored);
        if (::mkdtemp(pattern.data()) == nullptr) fail();
        dir_ = pattern;
        fd_ = ::mkfifo((dir_ / "life").c_str(), 0600) == 0
                  ? ::open((dir_ / "life").c_str(), O_RDWR | O_CLOEXEC)
                  : -1;
        if (fd_ < 0) fail();
    }
    ~Life() {
        ::close(fd_);
        std::error_code ignored;
        fs::remove_all(dir_, ignored);
    }
    Life(const Life&) = delete;
    Life& operator=(const Life&) = delete;

    [[nodiscard]] const fs::path& dir() const noexcept { return dir_; }

private:
    [[noreturn]] void fail() const {
        raise(HAB_STATUS_IO,
              "cannot make a FIFO in '" + dir_.string() + "': " + std::strerror(errno));
    }

    fs::path dir_;
    int fd_ = -1;
};

/// Removes the container whatever happens.
struct Container {
    const Engine& engine;
    std::string id;
    ~Container() {
        try {
            engine.remove_container(id);
        } catch (const hab::sdk::Error&) {
            // It was made to go with its program; an engine that is gone cannot be asked again.
            id.clear();
        }
    }
};

class Studio {
public:
    Studio(Host host, Engine engine, StudioSpec spec)
        : host_(host), engine_(std::move(engine)), spec_(std::move(spec)) {
        spec_.type = studio_tree::checked_type(spec_, "docker");
        if (spec_.type != "default") {
            raise(HAB_STATUS_UNSUPPORTED,
                  "the docker studio has no studios of type '" + spec_.type + "'",
                  "use type 'default', or the chroot studio");
        }
        const bool exists = studio_tree::studio_type(spec_.root_dir).has_value();
        if (spec_.for_removal) {
            if (exists) lock_ = std::make_unique<studio_tree::StudioLock>(spec_.root_dir);
            return;
        }
        if (spec_.fresh && exists) {
            // Its images stay: the next build most often needs the same ones.
            const studio_tree::StudioLock nobody_else(spec_.root_dir);
            nobody_else.make_exclusive();
            remove_containers();
        }
        studio_tree::prepare_tree(spec_.root_dir, spec_.type, "docker", spec_.mounts);
        lock_ = std::make_unique<studio_tree::StudioLock>(spec_.root_dir);
        provide_image();
    }

    ExecResult run(const StudioExec& exec) {
        const Life life(spec_.root_dir);
        const std::string id = create_container(exec, life.dir());
        const Container container{engine_, id};
        const std::string base = "/v1.40/containers/" + id;
        const Connection stream(engine_.socket(),
                                base + "/attach?stream=1&stdin=1&stdout=1&stderr=1", true);
        Connection end(engine_.socket(), base + "/wait?condition=next-exit", false);
        engine_.start(id);
        Relay relay(exec, stream,
                    [&](unsigned rows, unsigned columns) { engine_.resize(id, rows, columns); });
        ExecResult result;
        switch (relay.run(host_)) {
            case Ended::cancelled:
                raise(HAB_STATUS_CANCELLED,
                      "the program was killed because the work was cancelled");
            case Ended::timed_out:
                result.exit_code = 137;
                result.flags = HAB_EXEC_TIMED_OUT;
                return result;
            case Ended::program:
                break;
        }
        result.exit_code = static_cast<int>(json_number(end.read_to_end(), "StatusCode", 1));
        return result;
    }

    void remove() {
        if (!lock_) return;
        lock_->make_exclusive();
        remove_containers();
        std::ifstream list(fs::path(spec_.root_dir) / image_list);
        for (std::string tag; std::getline(list, tag);)
            engine_.remove_image(std::string(repository) + ":" + tag);
        host_.require<Sandbox>().remove_tree(spec_.root_dir);
        lock_.reset();
    }

private:
    /// What a killed hab left between making a container and starting it.
    void remove_containers() const {
        for (const std::string& id : engine_.containers_with("hab.studio=" + spec_.root_dir))
            engine_.remove_container(id);
    }

    std::string create_container(const StudioExec& exec, const fs::path& life_dir) {
        const auto create = [&] {
            return engine_.create_container(container_json({.image = image(),
                                                            .label = spec_.root_dir,
                                                            .life_dir = life_dir,
                                                            .spec = spec_,
                                                            .exec = exec,
                                                            .env = environment(exec)}));
        };
        try {
            return create();
        } catch (const hab::sdk::Error&) {
            // Another studio with the same image may have been removed, and its image with it.
            if (engine_.has_image(image())) throw;
        }
        provide_image();
        return create();
    }

    [[nodiscard]] std::string image() const { return std::string(repository) + ":" + tag_; }

    void provide_image() {
        tag_ = image_tag(spec_.root_dir, outside_the_image(), spec_.mounts);
        note_image();
        if (engine_.has_image(image())) return;
        ImageTar tar;
        tar.add_tree(spec_.root_dir, "", outside_the_image());
        for (const Mount& mount : spec_.mounts) {
            if (studio_tree::shows_package(mount)) tar.add_tree(mount.source, mount.target);
        }
        engine_.import_image(repository, tag_, [&](char* buffer, std::size_t size) {
            host_.check_cancelled();
            return tar.read(buffer, size);
        });
    }

    void note_image() const {
        const fs::path path = fs::path(spec_.root_dir) / image_list;
        std::ifstream known(path);
        for (std::string tag; std::getline(known, tag);) {
            if (tag == tag_) return;
        }
        std::ofstream list(path, std::ios::app);
        if (!(list << tag_ << '\n' << std::flush))
            raise(HAB_STATUS_IO, "cannot write '" + path.string() + "': " + std::strerror(errno));
    }

    [[nodiscard]] std::vector<KeyValue> environment(const StudioExec& exec) const {
        std::map<std::string, std::string> all = {
            {"HOME", "/root"}, {"LC_ALL", "POSIX"}, {"STUDIO_TYPE", spec_.type}};
        for (const KeyValue& item : spec_.env)
            all[item.key] = item.value;
        for (const KeyValue& item : exec.env)
            all[item.key] = item.value;
        std::vector<KeyValue> list;
        for (auto& [key, value] : all)
            list.push_back({key, value});
        return list;
    }

    Host host_;
    Engine engine_;
    StudioSpec spec_;
    std::string tag_;
    std::unique_ptr<studio_tree::StudioLock> lock_;
};

class DockerBackend {
public:
    using Studio = docker_studio::Studio;

    static constexpr auto options =
        std::array{Option{.name = "socket",
                          .value_name = "PATH",
                          .help = "The engine's unix socket, as a path or unix://PATH",
                          .env = "DOCKER_HOST",
                          .default_value = "/var/run/docker.sock"}};

    DockerBackend(Host host, const Options& given) : host_(host), socket_(given.text("socket")) {
        constexpr std::string_view scheme = "unix://";
        if (socket_.starts_with(scheme)) socket_.erase(0, scheme.size());
    }

    Probe probe() {
        if (!socket_.starts_with('/')) {
            return {false,
                    {"the docker studio needs an engine on this machine, at a unix socket, but "
                     "DOCKER_HOST is '" +
                     socket_ + "'"}};
        }
        if (!fs::exists(socket_)) {
            return {false, {"there is no engine at '" + socket_ + "'"}};
        }
        if (::access(socket_.c_str(), W_OK) != 0) {
            return {false,
                    {"this user may not use the engine at '" + socket_ +
                     "' (members of the group docker may)"}};
        }
        std::string problem = Engine(host_, socket_).ping();
        if (!problem.empty()) return {false, {std::move(problem)}};
        return {true, {}};
    }

    std::unique_ptr<Studio> open(const StudioSpec& spec) {
        return std::make_unique<Studio>(host_, Engine(host_, socket_), spec);
    }

    std::vector<StudioListing> list(std::string_view home) {
        return studio_tree::list_studios(home, "docker");
    }

private:
    Host host_;
    std::string socket_;
};

}  // namespace
}  // namespace docker_studio

HAB_STUDIO(docker_studio::DockerBackend, "docker", "1.0.0",
           "Builds in containers of a Docker engine on this machine", .vendor = "The hab project",
           .licence = "Apache-2.0", .thread_model = HAB_THREADS_FREE);
