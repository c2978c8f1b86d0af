#pragma once

#include <QString>

#include <array>
#include <optional>

/// One table an enum, in the order of its values: the words that stand in the Desk API and in the database.
namespace antiphon::names {

template <typename Enum, size_t N>
QString of(const std::array<QStringView, N> &table, Enum value)
{
    return table.at(size_t(value)).toString();
}

template <typename Enum, size_t N>
std::optional<Enum> find(const std::array<QStringView, N> &table, QStringView name)
{
    for (size_t i = 0; i < N; ++i) {
        if (table.at(i) == name)
            return Enum(i);
    }
    return std::nullopt;
}

} // namespace antiphon::names
