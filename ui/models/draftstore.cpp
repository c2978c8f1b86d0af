#include "ui/models/draftstore.h"

#include "ui/models/whendone.h"

#include "core/base/logging.h"

#include <QTimer>

namespace antiphon {
namespace {

constexpr int kPauseMs = 500;

} // namespace

DraftStore::DraftStore(Save save, QObject *parent) : QObject(parent), m_save(std::move(save)), m_pause(new QTimer(this))
{
    m_pause->setSingleShot(true);
    m_pause->setInterval(kPauseMs);
    connect(m_pause, &QTimer::timeout, this, &DraftStore::flush);
}

void DraftStore::setDrafts(const QList<Draft> &drafts)
{
    for (const Draft &draft : drafts) {
        const Key key{draft.conversationId.value(), draft.isNote};
        if (m_dirty.contains(key))
            continue;
        m_drafts.insert(key, draft.content);
        emit draftChanged(draft.conversationId);
    }
}

QString DraftStore::draft(ConversationId conversation, bool isNote) const
{
    return m_drafts.value({conversation.value(), isNote});
}

bool DraftStore::hasReplyDraft(ConversationId conversation) const
{
    return !draft(conversation, false).trimmed().isEmpty();
}

void DraftStore::setDraft(ConversationId conversation, bool isNote, const QString &content)
{
    const Key key{conversation.value(), isNote};
    if (m_drafts.value(key) == content)
        return;
    if (content.isEmpty())
        m_drafts.remove(key);
    else
        m_drafts.insert(key, content);
    m_dirty.insert(key);
    m_pause->start();
    emit draftChanged(conversation);
}

void DraftStore::flush()
{
    m_pause->stop();
    const QSet<Key> dirty = std::exchange(m_dirty, {});
    for (const Key &key : dirty)
        save(key);
}

void DraftStore::save(const Key &key)
{
    if (!m_save)
        return;
    ++m_underWay;
    whenDone(m_save({.conversationId = ConversationId(key.first), .isNote = key.second, .content = m_drafts.value(key)}), this,
             [this, key](const Result<void> &saved) {
            --m_underWay;
            if (saved)
                return;
            qCWarning(lcUi) << "draft not saved:" << describe(saved.error());
            m_dirty.insert(key);
        });
}

} // namespace antiphon
