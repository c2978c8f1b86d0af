#pragma once

#include <QString>
#include <QTime>

#include <optional>

namespace antiphon {

/// How this seat wants to be told of what customers write.
struct NoticeWishes {
    enum class Privacy { Full, SenderOnly, Hidden };

    bool isOn = true;
    Privacy privacy = Privacy::Full;
    bool hasSound = true;
    bool isUndisturbed = false;            ///< nothing for now
    bool hasQuietHours = false;
    QTime quietFrom{22, 0};                ///< local times; over midnight where the end comes first
    QTime quietTo{7, 0};
    bool ofColleagues = false;             ///< also what belongs to somebody else

    bool isQuietAt(QTime time) const;      ///< by the switch or by the hours

    friend bool operator==(const NoticeWishes &, const NoticeWishes &) = default;
};

QString privacyName(NoticeWishes::Privacy privacy);                                ///< "full", "sender", "hidden"
std::optional<NoticeWishes::Privacy> privacyFromName(QStringView name);

} // namespace antiphon
