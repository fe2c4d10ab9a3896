// SPDX-License-Identifier: Apache-2.0
// How many ring messages one core decodes and encodes in a second of CPU time. For scripts/bench
// ring. Usage: hab-bench-ring-codec FILE-WITH-VECTORS [SECONDS]
#include <fmt/format.h>
#include <sys/resource.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <functional>
#include <string>

#include "base/bytes.hpp"
#include "base/files.hpp"
#include "ring/codec/codec.hpp"
#include "ring/seal.hpp"

namespace {

namespace json = boost::json;
using namespace hab::ring;

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Calls per CPU second; `call` returns whether it went well.
double rate(double seconds, const std::function<bool()>& call) {
    std::size_t calls = 0;
    const double begin = cpu_seconds();
    double end = begin;
    while (end - begin < seconds) {
        for (int i = 0; i < 2000; ++i) {
            if (!call()) {
                fmt::print(stderr, "hab-bench-ring-codec: a message was not taken\n");
                std::exit(1);
            }
        }
        calls += 2000;
        end = cpu_seconds();
    }
    return static_cast<double>(calls) / (end - begin);
}

std::string bytes_of(const json::value& vector) {
    const auto bytes = hab::from_hex(std::string_view(vector.at("hex").as_string())).value();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void print(std::string_view what, std::size_t size, double per_second) {
    fmt::print("{:<44} {:>6} {:>12.2f}\n", what, size, per_second / 1e6);
}

Seal keyed() {
    std::vector<hab::crypto::RingKey> keys;
    keys.push_back(hab::crypto::RingKey::generate("bench", {}));
    return Seal(std::move(keys));
}

void run(const json::value& vectors, double seconds) {
    const json::value& encode_vectors = vectors.at("encode");
    fmt::print("{:<44} {:>6} {:>12}\n", "work", "bytes", "million/s");
    Swim swim;
    for (const char* const name : {"swim_ping_with_membership", "swim_ack", "swim_pingreq"}) {
        const std::string bytes = bytes_of(encode_vectors.at(name));
        const auto decode = [&] { return decode_swim(bytes, swim) == Refusal::none; };
        print(fmt::format("decode {}", name), bytes.size(), rate(seconds, decode));
    }
    const std::string again = encoded(swim);
    std::string out;
    print("encode swim_pingreq", again.size(), rate(seconds, [&] {
              out.clear();
              encode(swim, out);
              return out.size() == again.size();
          }));
    for (const char* const name :
         {"rumor_service", "rumor_member", "rumor_election_finished", "rumor_service_config"}) {
        const std::string bytes = bytes_of(encode_vectors.at(name));
        Rumor rumor;
        const auto decode = [&] { return decode_rumor(bytes, rumor) == Refusal::none; };
        print(fmt::format("decode {}", name), bytes.size(), rate(seconds, decode));
        RumorHead head;
        const auto peek = [&] { return decode_rumor_head(bytes, head) == Refusal::none; };
        print(fmt::format("head of {}", name), bytes.size(), rate(seconds, peek));
    }
    const std::string garbage = std::string(500, '\x7f');
    const auto refuse = [&] { return decode_swim(garbage, swim) != Refusal::none; };
    print("refuse garbage", garbage.size(), rate(seconds, refuse));
    const Seal seal = keyed();
    std::string sealed;
    seal.wrap(bytes_of(encode_vectors.at("swim_ping_with_membership")), sealed);
    std::string scratch;
    std::string_view payload;
    const auto open = [&] {
        return seal.open(sealed, scratch, payload) == Refusal::none &&
               decode_swim(payload, swim) == Refusal::none;
    };
    print("open sealed ping and decode it", sealed.size(), rate(seconds, open));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print(stderr, "usage: hab-bench-ring-codec FILE-WITH-VECTORS [SECONDS]\n");
        return 2;
    }
    run(json::parse(hab::read_file(argv[1])), argc > 2 ? std::atof(argv[2]) : 0.5);
    return 0;
}
