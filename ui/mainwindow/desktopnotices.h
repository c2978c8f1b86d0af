#pragma once

#include "ui/mainwindow/deskmodels.h"
#include "ui/notices/announcer.h"

#include <QTimer>

namespace antiphon {

class Toasts;
class UiSettings;

/// Tells the desktop of what customers write: gathers what comes in for a moment, has Announcer decide, shows it, and does what is clicked.
class DesktopNotices : public QObject {
    Q_OBJECT
public:
    /// All must outlive it. @param sight where the person is looking, asked when it matters
    DesktopNotices(DeskModels &models, const UiSettings &settings, Toasts &toasts, std::function<NoticeSight()> sight, QObject *parent = nullptr);

    /// Shows one whatever the settings say of quiet; `tried` tells what became of it.
    void tryOne();
    /// The person is here: what told of several at once has been seen.
    void noteWindowActive();

signals:
    void conversationRequested(antiphon::ConversationId id);
    void windowRequested();
    void announced();                            ///< something was told: the window may ask for attention, too
    void tried(bool isShown);

private:
    struct Waiting {
        QList<Message> messages{};
        std::optional<Conversation> conversation{};
    };

    void takeEvent(const DeskEvent &event);
    void takeMessage(const Message &message);
    void takeChanged(const QJsonObject &json);
    void takeConversation(const Conversation &conversation);
    QString textOf(const Message &message, const Conversation &conversation) const;
    void obey(const Announcer::Orders &orders);
    void ask(ConversationId id, const Waiting &waiting);
    void flush();
    void announce(const QList<Waiting> &ready);
    void activate(const QString &key);
    void markRead(const QString &key);
    void forget(const QString &key);

    DeskModels &m_models;
    const UiSettings &m_settings;
    Toasts &m_toasts;
    const std::function<NoticeSight()> m_sight;
    Announcer m_announcer;
    QHash<ConversationId, Waiting> m_waiting;
    QHash<ConversationId, Waiting> m_asked;      // their conversation is on the way
    QList<ConversationId> m_order;               // of the waiting ones, as they came
    QTimer m_gather;
};

} // namespace antiphon
