#pragma once

#include "core/domain/conversation.h"
#include "core/domain/inbox.h"

#include <QHash>
#include <QStringList>

namespace antiphon {

/// What a channel takes, for the composer's counters and reasons; the server holds the same limits.
struct ComposerLimits {
    enum class Unit { Utf16, CodePoints, Bytes };
    int text = 10'000;                 ///< in `unit`s
    Unit unit = Unit::Utf16;
    int attachments = 1;
    bool textWithAttachment = false;
    QStringList attachmentMimes{};
    qint64 attachmentBytes = 0;
    QHash<QString, qint64> bytesByMime{};   ///< of the kinds that have a limit of their own
    bool canQuote = true;
    bool hasTemplates = false;
    bool countsSms = false;            ///< what it costs is counted in SMS

    qint64 bytesFor(const QString &mime) const { return bytesByMime.value(mime, attachmentBytes); }
};
ComposerLimits composerLimits(Channel channel);
/// As the inbox itself tells them; its channel's for what it leaves out.
ComposerLimits composerLimits(const Inbox &inbox);
inline constexpr int kNoteLimit = 10'000;

/// What the composer allows now and why not, decided in one place. Empty reasons mean allowed.
struct ComposerState {
    QString replyReason{};             ///< why the Reply segment is off
    QString attachReason{};
    QString placeholder{};             ///< of the reply editor
    bool mustBeNote = false;           ///< the window is closed and nothing but a note can be written
    bool onlyTemplates = false;        ///< the window is closed, but an approved template may be sent
    bool isClosing = false;            ///< the last half minute: the button says so
    bool leavesAfterReconnecting = false;
};
/// Another program of the business has the thread, by the platform's hand-over.
bool isHandledElsewhere(const Conversation &conversation);
ComposerState composerState(const Conversation &conversation, const Inbox *inbox, Timestamp now);

/// What sending would take: how many messages, and what stands in the way.
struct SendPlan {
    int messages = 0;                  ///< 0: nothing to send
    QString reason{};                  ///< why it can't be sent now
    int over = 0;                      ///< characters over the limit
};
/// @param text as typed. @param attachments how many files hang on it. A note takes text and files together.
SendPlan sendPlan(const QString &text, int attachments, bool isNote, const ComposerLimits &limits);

/// How much of a limit a text takes.
int textLength(const QString &text, ComposerLimits::Unit unit);

/// Cuts a text into pieces of at most `limit` units, at paragraph, line, sentence or word, never inside a character.
QStringList splitText(const QString &text, int limit, ComposerLimits::Unit unit = ComposerLimits::Unit::Utf16);

} // namespace antiphon
