#pragma once

#include "core/base/clock.h"
#include "core/client/deskapi.h"
#include "ui/composer/attachmentstrip.h"
#include "ui/composer/composerstate.h"

#include <QTimer>
#include <QWidget>

namespace antiphon {

class DraftStore;
class ElidedLabel;
class IconButton;
class InboxModel;
class MessageEditor;
class PrimaryButton;
class SegmentedControl;
class Theme;

/// Where answers and private notes are written: two modes with a draft each, a quote, files, and for everything that is off the reason.
class Composer : public QWidget {
    Q_OBJECT
public:
    enum class Mode { Reply, Note };

    Composer(const Theme &theme, InboxModel &inboxes, DraftStore &drafts, AttachmentStrip::Upload upload, const Clock &clock,
             QWidget *parent = nullptr);

    /// Shows the composer of this conversation, with its drafts; the same again updates what is allowed.
    void setConversation(const Conversation &conversation);
    void clearConversation();

    void setMode(Mode mode);
    Mode mode() const { return m_mode; }
    void quote(const Message &message);              ///< "Reply to this message"
    void attachFiles(const QStringList &paths);
    void chooseFiles();
    ComposerLimits limits() const;
    void focusEditor();
    bool isEmpty() const;
    void send();                                     ///< as the button does
    void setCompact(bool compact);

    MessageEditor *editor() const { return m_editor; }

signals:
    /// What the agent sends, in order; more than one only where the button said so. Each has its clientId.
    void sendRequested(const QList<antiphon::NewMessage> &messages, const QList<antiphon::Attachment> &attachments);
    void typingChanged(bool on, bool isPrivate);
    void templatesRequested();                       ///< the picker shall open
    void quoteActivated(antiphon::MessageId id);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void build();
    void connectParts();
    void refresh();
    static QString smsText(const QString &text);
    void refreshCounter(const SendPlan &plan);
    void showDraft();
    void noteTyping();
    void clearQuote();
    QList<NewMessage> compose() const;

    const Theme &m_theme;
    InboxModel &m_inboxes;
    DraftStore &m_drafts;
    const Clock &m_clock;
    std::optional<Conversation> m_conversation;
    ComposerState m_state;
    Mode m_mode = Mode::Reply;
    std::optional<Message> m_quoted;
    bool m_wasForced = false;                        ///< in note mode only because the window is closed
    bool m_isFilling = false;                        ///< the text is set by us, not typed

    QWidget *m_quoteBar = nullptr;
    ElidedLabel *m_quoteText = nullptr;
    IconButton *m_quoteClose = nullptr;
    AttachmentStrip *m_strip = nullptr;
    MessageEditor *m_editor = nullptr;
    SegmentedControl *m_modes = nullptr;
    IconButton *m_attach = nullptr;
    IconButton *m_templates = nullptr;
    ElidedLabel *m_cost = nullptr;               ///< of a text that is counted in SMS
    ElidedLabel *m_counter = nullptr;
    ElidedLabel *m_hint = nullptr;
    PrimaryButton *m_send = nullptr;
    QTimer m_typingPause;                            ///< no typing sign more often than this
    QTimer m_typingEnd;
    QTimer m_second;                                 ///< the window closes without an event
};

} // namespace antiphon
