#include "ui/conversationview/conversationview.h"

#include "ui/conversationview/bubbles/rowpainter.h"
#include "ui/conversationview/imageviewer.h"
#include "ui/conversationview/videoviewer.h"
#include "ui/models/imagecache.h"

namespace antiphon {

void ConversationView::setMediaFetch(VoicePlayer::Fetch fetch)
{
    m_fetchMedia = fetch;
    m_sounds.setFetch(std::move(fetch));
}

/// A sound goes on, ended or can't be played.
void ConversationView::soundChanged(const QString &url)
{
    const VoicePlayer::State state = m_sounds.status(url).state;
    if (state == VoicePlayer::State::Failed)
        m_soundProblems.insert(url, m_sounds.status(url).problem);
    if (state == VoicePlayer::State::Failed)
        relayout();                                       // a line more
    else
        viewport()->update();
}

SoundPaint ConversationView::soundOf(const QString &url) const
{
    const VoicePlayer::Status status = m_sounds.status(url);
    return {.isPlaying = status.state == VoicePlayer::State::Playing, .isLoading = status.state == VoicePlayer::State::Loading,
            .positionMs = status.positionMs, .durationMs = status.durationMs, .rate = status.rate};
}

void ConversationView::seekSound(int row, const HitArea &hit, int x)
{
    const QString url = m_model.row(row).message.attachments.at(hit.attachment).url;
    m_sounds.seek(url, double(x - hit.rect.left()) / std::max(1, hit.rect.width()));
}

/// Null until it is there; of a film only its whole is there.
QImage ConversationView::pictureOf(const Attachment &file) const
{
    const bool isPicture = file.kind != Attachment::Kind::Video && file.state == Attachment::State::Ready;
    return m_images && isPicture ? m_images->image(file.url, pictureBound()) : QImage();
}

void ConversationView::openVideo(const Attachment &video)
{
    m_sounds.stop();                                      // only one plays at a time
    auto *viewer = new VideoViewer(video, m_fetchMedia, m_theme, window());
    viewer->setAttribute(Qt::WA_DeleteOnClose);
    connect(viewer, &VideoViewer::saveRequested, this, &ConversationView::saveRequested);
    viewer->show();
}

void ConversationView::openPicture(int row, int attachment)
{
    if (!m_images)
        return;
    QList<Attachment> pictures;
    int current = 0;
    for (int at = 0; at < m_model.count(); ++at) {
        const QList<Attachment> &files = m_model.row(at).message.attachments;
        for (int i = 0; i < files.size(); ++i) {
            if (files.at(i).kind != Attachment::Kind::Image || files.at(i).state != Attachment::State::Ready)
                continue;
            if (at == row && i == attachment)
                current = int(pictures.size());
            pictures.append(files.at(i));
        }
    }
    auto *viewer = new ImageViewer(pictures, current, *m_images, m_theme, window());
    viewer->setAttribute(Qt::WA_DeleteOnClose);
    connect(viewer, &ImageViewer::saveRequested, this, &ConversationView::saveRequested);
    viewer->show();
}

} // namespace antiphon
