#pragma once

#include "ui/widgets/banner.h"

#include <QJsonObject>
#include <QStringList>

namespace antiphon {

/// Says that the server can't store messages, and why, as long as that is so; that its disk fills up; and that the workspace was put back from a copy.
class StoreBanner : public Banner {
    Q_OBJECT
public:
    explicit StoreBanner(const Theme &theme, QWidget *parent = nullptr);

    /// `data` of the event `workspace.health`; empty while nothing is known, then it hides.
    void setHealth(const QJsonObject &health);

private:
    static QString reasonText(const QString &reason);
    void showWorst();
    void say(const QString &subject);

    QJsonObject m_health;
    QString m_said;                                  // its subject
    QStringList m_closed;                            // subjects that were read, until they are over
};

} // namespace antiphon
