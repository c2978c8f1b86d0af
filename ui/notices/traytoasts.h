#pragma once

#include "ui/notices/toasts.h"

#include <memory>

class QSystemTrayIcon;

namespace antiphon {

/// A balloon at an icon in the tray, for desktops that have nothing better: one at a time, without buttons.
class TrayToasts final : public Toasts {
    Q_OBJECT
public:
    explicit TrayToasts(QObject *parent = nullptr);
    ~TrayToasts() override;

    void show(const Toast &toast) override;
    void close(const QString &key) override;

    /// The text with signs that look alike in place of those that markup is made of: a tray may hand it on to something that takes it for markup.
    static QString withoutMarkup(QString text);

private:
    std::unique_ptr<QSystemTrayIcon> m_icon;      // made with the first one
    QString m_key;
};

} // namespace antiphon
