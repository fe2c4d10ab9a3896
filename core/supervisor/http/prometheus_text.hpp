// SPDX-License-Identifier: Apache-2.0
// Prometheus' text format, version 0.0.4.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace hab::supervisor::http {

/// Observations counted by size. A plain value.
class Histogram {
public:
    /// Upper bounds in seconds, ascending; borrowed for good. At most 12.
    explicit Histogram(std::span<const double> bounds) : bounds_(bounds) {}
    void observe(double seconds) noexcept;

    [[nodiscard]] std::span<const double> bounds() const noexcept { return bounds_; }
    /// Observations up to the bound of that index; cumulative.
    [[nodiscard]] std::uint64_t up_to(std::size_t index) const noexcept;
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] double sum() const noexcept { return sum_; }

private:
    std::span<const double> bounds_;
    std::array<std::uint64_t, 12> counts_{};
    std::uint64_t count_ = 0;
    double sum_ = 0;
};

/// Writes one family after another.
class PrometheusText {
public:
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;
    enum class Type { counter, gauge, histogram };

    /// Begins a family; its samples follow. A family without samples may stand there.
    void family(std::string_view name, Type type, std::string_view help);
    void sample(Labels labels, double value);
    void sample(Labels labels, const Histogram& histogram);
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    void line(std::string_view suffix, Labels labels, std::string_view bound, double value);

    std::string text_;
    std::string name_;
};

}  // namespace hab::supervisor::http
