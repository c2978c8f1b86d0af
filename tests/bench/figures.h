#pragma once

#include <QString>

#include <chrono>
#include <vector>

namespace antiphon::bench {

using SteadyClock = std::chrono::steady_clock;

double millisecondsSince(SteadyClock::time_point start);

/// Samples of one quantity, in milliseconds.
class Figures {
public:
    void add(double milliseconds) { m_values.push_back(milliseconds); }
    void add(const std::vector<double> &milliseconds) { m_values.insert(m_values.end(), milliseconds.begin(), milliseconds.end()); }
    size_t count() const { return m_values.size(); }

    /// The nearest-rank percentile, 0 without samples. @param share e.g. 0.99
    double percentile(double share) const;
    double median() const { return percentile(0.5); }
    double p99() const { return percentile(0.99); }
    double greatest() const { return percentile(1.0); }

private:
    std::vector<double> m_values{};
};

/// Prints one line.
void say(const QString &line);
/// Prints whether a goal is met; nobody fails for it.
void sayGoal(const QString &goal, bool isMet);

} // namespace antiphon::bench
