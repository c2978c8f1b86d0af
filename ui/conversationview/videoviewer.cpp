#include "ui/conversationview/videoviewer.h"

#include "core/base/logging.h"
#include "ui/models/errortext.h"
#include "ui/models/relativetime.h"
#include "ui/models/richtext.h"
#include "ui/models/whendone.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/iconbutton.h"

#include <QAudioOutput>
#include <QBoxLayout>
#include <QDir>
#include <QKeyEvent>
#include <QLabel>
#include <QMediaPlayer>
#include <QPainter>
#include <QPushButton>
#include <QSlider>
#include <QUrl>
#include <QVideoFrame>
#include <QVideoSink>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kBar = 48;
constexpr int kStepMs = 5'000;

} // namespace

VideoViewer::VideoViewer(const Attachment &video, const VoicePlayer::Fetch &fetch, const Theme &theme, QWidget *parent)
    : QWidget(parent, Qt::Window)
    , m_video(video)
    , m_theme(theme)
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    setFocusPolicy(Qt::StrongFocus);
    const QString name = video.name.isEmpty() ? tr("Video") : plainLine(video.name, 120);
    setAccessibleName(name);
    setWindowTitle(name);
    resize(960, 640);
    build();
    m_file = std::make_unique<QTemporaryFile>(QDir::temp().filePath(u"antiphon-video-XXXXXX"_s));
    if (!fetch || !m_file->open()) {
        fail(tr("There is no room to play it."));
        return;
    }
    whenDone(fetch(video.url, m_file->fileName()), this, [this](const Result<void> &done) {
        if (done)
            start();
        else
            fail(errorText(done.error()));
    });
}

VideoViewer::~VideoViewer()
{
    if (m_player) {
        m_player->disconnect(this);
        m_player->stop();
    }
}

void VideoViewer::build()
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    auto *top = new QHBoxLayout;
    auto *title = new ElidedLabel(m_theme, TypeRole::Body, "text.primary"_L1, this);
    title->setText(windowTitle());
    m_save = new IconButton(m_theme, "download"_L1, tr("Save video"), this);
    auto *close = new IconButton(m_theme, "close"_L1, tr("Close"), this);
    top->addWidget(title, 1);
    top->addWidget(m_save);
    top->addWidget(close);
    column->addLayout(top);
    column->addStretch(1);
    m_saveInstead = new QPushButton(tr("Save …"), this);
    m_saveInstead->hide();
    column->addWidget(m_saveInstead, 0, Qt::AlignHCenter);
    column->addStretch(1);
    auto *bottom = new QHBoxLayout;
    bottom->setDirection(QBoxLayout::LeftToRight);
    m_play = new IconButton(m_theme, "play"_L1, tr("Play"), this);
    m_position = new QSlider(Qt::Horizontal, this);
    m_position->setAccessibleName(tr("Position"));
    m_position->setLayoutDirection(Qt::LeftToRight);
    m_position->setEnabled(false);
    m_time = new QLabel(this);
    m_time->setFont(m_theme.font(TypeRole::Small));
    m_time->setPalette(m_theme.palette());
    bottom->addWidget(m_play);
    bottom->addWidget(m_position, 1);
    bottom->addWidget(m_time);
    column->addLayout(bottom);
    for (QAbstractButton *button : {static_cast<QAbstractButton *>(m_save), static_cast<QAbstractButton *>(m_saveInstead)})
        connect(button, &QAbstractButton::clicked, this, [this] { emit saveRequested(m_video); });
    connect(close, &QAbstractButton::clicked, this, &QWidget::close);
    connect(m_play, &QAbstractButton::clicked, this, &VideoViewer::toggle);
    connect(m_position, &QSlider::sliderMoved, this, [this](int at) {
        if (m_player)
            m_player->setPosition(at);
    });
}

void VideoViewer::start()
{
    m_player = std::make_unique<QMediaPlayer>();
    m_player->setAudioOutput(new QAudioOutput(m_player.get()));
    m_sink = new QVideoSink(m_player.get());
    m_player->setVideoSink(m_sink);
    connect(m_sink, &QVideoSink::videoFrameChanged, this, [this](const QVideoFrame &frame) {
        if (!frame.isValid())
            return;
        m_frame = frame.toImage();
        update();
    });
    connect(m_player.get(), &QMediaPlayer::errorOccurred, this, [this](QMediaPlayer::Error, const QString &said) {
        qCInfo(lcUi) << "a video can't be played:" << said;
        QMetaObject::invokeMethod(this, [this] { fail(tr("This computer can't play this kind of video.")); }, Qt::QueuedConnection);
    });
    connect(m_player.get(), &QMediaPlayer::durationChanged, this, [this](qint64 duration) {
        m_position->setRange(0, int(std::min<qint64>(duration, INT_MAX)));
        m_position->setEnabled(duration > 0);
        showPosition();
    });
    connect(m_player.get(), &QMediaPlayer::positionChanged, this, &VideoViewer::showPosition);
    connect(m_player.get(), &QMediaPlayer::playbackStateChanged, this, [this](QMediaPlayer::PlaybackState state) {
        const bool isPlaying = state == QMediaPlayer::PlayingState;
        m_play->setIconName(isPlaying ? "pause"_L1 : "play"_L1);
        m_play->setName(isPlaying ? tr("Pause") : tr("Play"));
    });
    m_player->setSource(QUrl::fromLocalFile(m_file->fileName()));
    m_player->play();
}

void VideoViewer::toggle()
{
    if (!m_player)
        return;
    if (m_player->playbackState() == QMediaPlayer::PlayingState)
        m_player->pause();
    else
        m_player->play();
}

void VideoViewer::fail(const QString &problem)
{
    m_problem = problem;
    m_play->setDisabledReason(problem);
    m_position->setEnabled(false);
    m_saveInstead->show();
    update();
}

void VideoViewer::showPosition()
{
    if (!m_position->isSliderDown())
        m_position->setValue(int(m_player->position()));
    m_time->setText(u"%1 / %2"_s.arg(playTime(m_player->position()), playTime(m_player->duration())));
}

QRect VideoViewer::area() const
{
    return rect().adjusted(0, m_theme.px(kBar), 0, -m_theme.px(kBar));
}

void VideoViewer::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color("surface.sunken"_L1));
    const QRectF room(area());
    if (m_frame.isNull() || !m_problem.isEmpty()) {
        painter.setPen(m_theme.color("text.secondary"_L1));
        painter.setFont(m_theme.font(TypeRole::Body));
        painter.drawText(room.adjusted(16, 0, -16, m_problem.isEmpty() ? 0 : -m_theme.px(80)), Qt::AlignCenter | Qt::TextWordWrap,
                         m_problem.isEmpty() ? tr("Loading …") : m_problem);
        return;
    }
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const QSizeF size = QSizeF(m_frame.size()).scaled(room.size(), Qt::KeepAspectRatio);
    painter.drawImage(QRectF(room.center() - QPointF(size.width() / 2, size.height() / 2), size), m_frame);
}

void VideoViewer::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Escape: close(); return;
    case Qt::Key_Space: toggle(); return;
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (m_player)
            m_player->setPosition(m_player->position() + (event->key() == Qt::Key_Right ? kStepMs : -kStepMs));
        return;
    default: QWidget::keyPressEvent(event);                // every other key is the window's
    }
}

void VideoViewer::mousePressEvent(QMouseEvent *)
{
    toggle();
}

} // namespace antiphon
