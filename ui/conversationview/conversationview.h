#pragma once

#include "core/base/clock.h"
#include "ui/conversationview/rowcache.h"
#include "ui/conversationview/rowcontexts.h"
#include "ui/conversationview/rowstack.h"
#include "ui/conversationview/voiceplayer.h"

#include <QAbstractScrollArea>
#include <QHash>
#include <QSet>

#include <functional>

class QMenu;
class QTimer;
class QUrl;
class QVariantAnimation;

namespace antiphon {

class ImageCache;
class NewMessagesPill;
struct SoundPaint;
class Theme;

/// The messages of one conversation. Painted by itself from a MessageListModel; whatever changes, the row the eye is on keeps its place.
/// It sends nothing and deletes nothing: what a person asks for goes out as signals.
class ConversationView : public QAbstractScrollArea {
    Q_OBJECT
public:
    /// All must outlive the view; `images` may be null (then pictures stay placeholders).
    ConversationView(MessageListModel &model, ImageCache *images, const Theme &theme, const Clock &clock, QWidget *parent = nullptr);
    ~ConversationView() override;

    /// What the rows have in common; to be set before the model opens the conversation.
    void setTraits(const RowTraits &traits);
    const RowTraits &traits() const { return m_traits; }
    /// How many are unread as the conversation is opened: decides the unread line and where the view opens. Call before `model.open`.
    void setUnreadAtOpening(int count);

    /// Brings a message into sight (loads around it where needed) and marks it for a second.
    void showMessage(MessageId id);
    void scrollToEnd();
    bool isAtEnd() const { return m_stack.isAtEnd(); }

    QString selectedText() const;
    void copySelection();

    /// Who opens links; the system's browser unless said otherwise (tests). Only http, https, mailto and tel ever reach it.
    void setLinkOpener(std::function<void(const QUrl &)> opener) { m_openLink = std::move(opener); }

    /// Who fetches sounds and videos; without one they can't be played.
    void setMediaFetch(VoicePlayer::Fetch fetch);

    // For accessibility and tests.
    const VoicePlayer &sounds() const { return m_sounds; }
    const MessageListModel &model() const { return m_model; }
    int focusedRow() const;
    QRect rowRect(int row) const;                      ///< in the viewport; exact for visible rows
    QString rowName(int row) const;                    ///< the readable name of a row
    std::shared_ptr<const RowGeometry> geometry(int row) const;
    int rowAt(const QPoint &at) const { return m_stack.rowAt(at.y()); }
    void setFocusedRow(int row);
    void activate(int drawer, const HitArea &hit);        ///< as a click there does

signals:
    void retryRequested(const antiphon::Message &message, bool confirmUnknown);
    void arrivalConfirmed(const antiphon::Message &message);   ///< the agent looked: what may have been sent was
    void replyRequested(const antiphon::Message &message);
    void deleteRequested(const antiphon::Message &message);
    void reactionRequested(const antiphon::Message &message, const QString &emoji);   ///< empty: ours is taken back
    void saveRequested(const antiphon::Attachment &attachment);
    void diagnosisRequested();                                 ///< an event could not be processed: where it can be looked at
    /// The newest row was in sight for a second in an active window.
    void newestSeen(antiphon::MessageId id);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    struct Selection {
        quint64 key = 0;
        int block = -1;
        int anchor = 0;
        int cursor = 0;
    };

    // conversationview.cpp: rows and their places
    void takeReset();
    void takeInserted(int first, int count);
    void takeRemoved(int first, int count);
    void takeChanged(int row);
    void invalidateNeighbours(int row);
    bool isOfSameAlbum(int row, int other) const;
    int drawerOf(int row) const;
    void placeUnreadLine();
    void relayout();
    void rememberAnchor();
    void updateScrollBar();
    void loadMore();
    void watchNewest();
    void reportNewest();
    void pictureArrived(const QString &url);
    void markRow(quint64 key);
    RowContext context(int row) const;
    QSize pictureBound() const;
    void placePill();
    void watchDay();

    // conversationinput.cpp: hands
    const HitArea *hitAt(int row, const QPoint &at) const;
    bool openTextLink(int row, const QPoint &at);
    void selectAt(int row, const QPoint &at, bool extends);
    void updateCursor(const QPoint &at);
    void openLink(const QString &url);
    void moveFocus(int step);
    bool showToolTip(const QPoint &at, const QPoint &globalAt);

    // conversationmenu.cpp: what is asked first
    void openMenu(int row, const QPoint &globalAt);
    void addReactions(QMenu *menu, const Message &message);
    void showDetails(const Message &message);
    void confirmSendAgain(const Message &message);

    // conversationmedia.cpp: pictures, videos, sounds
    QImage pictureOf(const Attachment &file) const;
    void openPicture(int row, int attachment);
    void openVideo(const Attachment &video);
    void soundChanged(const QString &url);
    SoundPaint soundOf(const QString &url) const;
    void seekSound(int row, const HitArea &hit, int x);

    MessageListModel &m_model;
    ImageCache *m_images;
    const Theme &m_theme;
    const Clock &m_clock;
    RowTraits m_traits;
    ViewState m_state;
    mutable RowCache m_cache;
    RowStack m_stack;
    std::function<void(const QUrl &)> m_openLink;
    VoicePlayer m_sounds;
    VoicePlayer::Fetch m_fetchMedia;
    QHash<QString, QString> m_soundProblems;   // by address: why it can't be played
    QSet<quint64> m_expanded;
    QHash<QString, QSize> m_pictureSizes;      // as decoded, by address: a picture that left the cache keeps its room
    Selection m_selection;
    quint64 m_focusKey = 0;
    quint64 m_markKey = 0;
    quint64 m_anchorKey = 0;                   // the row in sight that outlives a reload, and where it stood
    int m_anchorY = 0;
    MessageId m_reported;
    NewMessagesPill *m_pill;
    QVariantAnimation *m_mark;
    QTimer *m_seenTimer;
    QTimer *m_clockTimer;
    QTimer *m_dayTimer;
    int m_unreadAtOpening = 0;
    int m_newBelow = 0;
    int m_clockStep = 0;
    int m_wheelRest = 0;
    bool m_opening = false;
    bool m_keyboardFocus = false;
    bool m_dragging = false;
    bool m_updatingBar = false;
};

/// Makes assistive tools see the view as a list with a readable item a row. Once a program; more calls do nothing.
void installConversationAccessibility();

} // namespace antiphon
