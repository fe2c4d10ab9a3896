// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/prometheus_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace hab::supervisor::http {

namespace {

void append_label(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append("=\"");
    for (const char c : value) {
        if (c == '\\' || c == '"') out += '\\';
        if (c == '\n') {
            out += "\\n";
        } else {
            out += c;
        }
    }
    out += '"';
}

std::string_view word(PrometheusText::Type type) {
    switch (type) {
        case PrometheusText::Type::counter:
            return "counter";
        case PrometheusText::Type::histogram:
            return "histogram";
        case PrometheusText::Type::gauge:
            break;
    }
    return "gauge";
}

}  // namespace

void Histogram::observe(double seconds) noexcept {
    const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), seconds);
    if (bound != bounds_.end()) ++counts_[static_cast<std::size_t>(bound - bounds_.begin())];
    ++count_;
    sum_ += seconds;
}

std::uint64_t Histogram::up_to(std::size_t index) const noexcept {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i <= index; ++i)
        total += counts_[i];
    return total;
}

void PrometheusText::family(std::string_view name, Type type, std::string_view help) {
    name_ = name;
    fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name,
                   word(type));
}

void PrometheusText::line(std::string_view suffix, Labels labels, std::string_view bound,
                          double value) {
    text_.append(name_).append(suffix);
    char separator = '{';
    for (const auto& [name, text] : labels) {
        text_ += separator;
        append_label(text_, name, text);
        separator = ',';
    }
    if (!bound.empty()) {
        text_ += separator;
        append_label(text_, "le", bound);
        separator = ',';
    }
    if (separator == ',') text_ += '}';
    fmt::format_to(std::back_inserter(text_), " {}\n", value);
}

void PrometheusText::sample(Labels labels, double value) {
    line({}, labels, {}, value);
}

void PrometheusText::sample(Labels labels, const Histogram& histogram) {
    const auto bounds = histogram.bounds();
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        line("_bucket", labels, fmt::format("{}", bounds[i]),
             static_cast<double>(histogram.up_to(i)));
    }
    const auto count = static_cast<double>(histogram.count());
    line("_bucket", labels, "+Inf", count);
    line("_sum", labels, {}, histogram.sum());
    line("_count", labels, {}, count);
}

}  // namespace hab::supervisor::http
