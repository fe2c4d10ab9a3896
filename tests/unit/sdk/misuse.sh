#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A class that does not fit gets one readable message. usage: misuse.sh CXX_COMPILER INCLUDE_DIR
set -eu
cxx=$1 include=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# expect TEXT: the program on stdin must not compile, and the compiler must say TEXT.
expect() {
    cat > "$scratch/plugin.cpp"
    if "$cxx" -std=c++20 -fsyntax-only -I"$include" "$scratch/plugin.cpp" 2> "$scratch/messages"; then
        echo "compiled, but should say: $1"; exit 1
    fi
    grep -q -F "$1" "$scratch/messages" || { echo "does not say: $1"; cat "$scratch/messages"; exit 1; }
}

expect 'an exporter needs `void run(const hab::sdk::ExportRequest&)`' << 'END'
#include <hab/exporter.hpp>
class X {};
HAB_EXPORTER(X, "x", "1.0.0", "s");
END
expect 'an exporter needs a constructor (hab::sdk::Host, const hab::sdk::Options&)' << 'END'
#include <hab/exporter.hpp>
class X { public: explicit X(int); void run(const hab::sdk::ExportRequest&); };
HAB_EXPORTER(X, "x", "1.0.0", "s");
END
expect "a plugin id is 1 to 32 of a-z, 0-9 and '-'" << 'END'
#include <hab/exporter.hpp>
class X { public: void run(const hab::sdk::ExportRequest&) {} };
HAB_EXPORTER(X, "Not An Id", "1.0.0", "s");
END
expect 'an option needs a name of a-z' << 'END'
#include <hab/exporter.hpp>
class X {
public:
    static constexpr auto options = std::array{hab::sdk::Option{.name = "no spaces"}};
    void run(const hab::sdk::ExportRequest&) {}
};
HAB_EXPORTER(X, "x", "1.0.0", "s");
END
expect 'a studio needs `hab::sdk::Probe probe()`' << 'END'
#include <hab/studio.hpp>
class X { public: class Studio {}; };
HAB_STUDIO(X, "x", "1.0.0", "s");
END
expect 'a topology needs `void step(const hab::sdk::TopologyInput&' << 'END'
#include <hab/topology.hpp>
class X {};
HAB_TOPOLOGY(X, "x", "1.0.0", "s");
END
expect 'a template engine needs a nested class Template' << 'END'
#include <hab/template_engine.hpp>
class X {};
HAB_TEMPLATE_ENGINE(X, "x", "1.0.0", "s");
END
