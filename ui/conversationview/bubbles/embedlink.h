#pragma once

#include <QString>
#include <QUrl>

#include <optional>

namespace antiphon {

/// The address of a shared post where it may be a card: https, no user name in it, and a host on the list (or below one on it).
/// Anything else is at most a plain link, and nothing is ever loaded from it.
std::optional<QUrl> embedLink(const QString &url);

} // namespace antiphon
