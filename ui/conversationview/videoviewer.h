#pragma once

#include "core/domain/attachment.h"
#include "ui/conversationview/voiceplayer.h"

#include <QImage>
#include <QWidget>

class QLabel;
class QMediaPlayer;
class QPushButton;
class QSlider;
class QVideoSink;

namespace antiphon {

class ElidedLabel;
class IconButton;
class Theme;

/// One video in a window of its own, played from a fetched copy.
class VideoViewer : public QWidget {
    Q_OBJECT
public:
    VideoViewer(const Attachment &video, const VoicePlayer::Fetch &fetch, const Theme &theme, QWidget *parent = nullptr);
    ~VideoViewer() override;

    QString problem() const { return m_problem; }     ///< why it isn't played; empty: it is, or will be

signals:
    void saveRequested(const antiphon::Attachment &attachment);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    void build();
    void start();
    void toggle();
    void fail(const QString &problem);
    void showPosition();
    QRect area() const;

    Attachment m_video;
    const Theme &m_theme;
    std::unique_ptr<QTemporaryFile> m_file;
    QImage m_frame;
    QString m_problem;
    IconButton *m_play = nullptr;
    IconButton *m_save = nullptr;
    QSlider *m_position = nullptr;
    QLabel *m_time = nullptr;
    QPushButton *m_saveInstead = nullptr;
    QVideoSink *m_sink = nullptr;
    std::unique_ptr<QMediaPlayer> m_player;
};

} // namespace antiphon
