#pragma once

#include "ui/mainwindow/deskmodels.h"

#include <QSet>
#include <QTimer>
#include <QWidget>

namespace antiphon {

class AdvisoryLine;
class Banner;
class Composer;
class ConversationHeader;
class ConversationMenus;
class ConversationView;
class ElidedLabel;
class MessageSender;
class Theme;

/// The third pane: one conversation from its header to the composer.
class ConversationPane : public QWidget {
    Q_OBJECT
public:
    ConversationPane(DeskModels &models, MessageSender &sender, ConversationMenus &menus, const Theme &theme, QWidget *parent = nullptr);

    ConversationHeader *header() const { return m_header; }
    ConversationView *view() const { return m_view; }
    Composer *composer() const { return m_composer; }
    Banner *banner() const { return m_banner; }
    AdvisoryLine *advisory() const { return m_advisory; }

    void retryLastFailed();
    void openStatusMenu(const QPoint &globalPosition);
    void openSnoozeMenu();
    void setCompact(bool compact);                      ///< a low window

signals:
    void reconnectRequested(antiphon::InboxId inbox);
    void inboxSettingsRequested(antiphon::InboxId inbox);
    void failed(const QString &sentence);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    enum class BannerKind { None, Gone, Disabled, Reconnect, Blocked, Elsewhere, CannotReply, Closed, NotYetWritten, Flood };

    void build();
    void connectParts();
    void takeOpened();
    void refresh();
    void refreshWindow();
    void refreshBanner();
    void refreshAdvisory();
    void refreshPicture();
    BannerKind bannerKind() const;
    BannerKind obstacle() const;                        ///< what stands in the way of an answer
    bool isFlooding() const;
    Channel channelOf(const Conversation &conversation) const;     ///< as shown
    QString retryOff() const;
    void showTyping(const TypingNotice &notice);
    void confirmDelete(const Message &message);
    void chooseTemplate();
    void react(const Message &message, const QString &emoji);
    void save(const Attachment &attachment);
    void dress();

    DeskModels &m_models;
    MessageSender &m_sender;
    ConversationMenus &m_menus;
    const Theme &m_theme;
    ConversationHeader *m_header = nullptr;
    Banner *m_banner = nullptr;
    ConversationView *m_view = nullptr;
    QWidget *m_foot = nullptr;
    AdvisoryLine *m_advisory = nullptr;
    ElidedLabel *m_typing = nullptr;
    Composer *m_composer = nullptr;
    BannerKind m_bannerKind = BannerKind::None;
    QString m_policyUrl;
    QSet<ConversationId> m_dismissed;                   // whose advisory was closed
    QTimer m_windowTimer;                               // the countdown's next text
    QTimer m_floodEnd;
    QTimer m_typingEnd;
    bool m_isCompact = false;
};

/// A file name that is safe to suggest: no path, no control or direction marks, at most 120 characters.
QString safeFileName(const Attachment &attachment);

} // namespace antiphon
