#include "ui/conversationview/voiceplayer.h"

#include "core/base/logging.h"
#include "ui/models/errortext.h"
#include "ui/models/whendone.h"

#include <QAudioOutput>
#include <QDir>
#include <QMediaPlayer>
#include <QUrl>

#include <array>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::array kRates{1.0, 1.5, 2.0};

} // namespace

VoicePlayer::VoicePlayer(QObject *parent) : QObject(parent) {}

VoicePlayer::~VoicePlayer()
{
    drop();
}

VoicePlayer::Status VoicePlayer::status(const QString &url) const
{
    if (url != m_url || url.isEmpty())
        return {.rate = m_rate};
    return m_status;
}

void VoicePlayer::toggle(const QString &url)
{
    if (url == m_url && m_player) {
        if (m_player->playbackState() == QMediaPlayer::PlayingState)
            m_player->pause();
        else
            m_player->play();
        return;
    }
    if (url == m_url && m_status.state == State::Loading)
        return;
    stop();
    if (!m_fetch)
        return;
    m_url = url;
    m_status = {.state = State::Loading, .rate = m_rate};
    m_file = std::make_unique<QTemporaryFile>(QDir::temp().filePath(u"antiphon-sound-XXXXXX"_s));
    if (!m_file->open()) {
        qCWarning(lcUi) << "no room for a sound:" << m_file->errorString();
        fail(tr("There is no room to play it."));
        return;
    }
    emit changed(m_url);
    whenDone(m_fetch(url, m_file->fileName()), this, [this, run = m_run](const Result<void> &done) {
        if (run != m_run)
            return;
        if (done)
            start();
        else
            fail(errorText(done.error()));
    });
}

void VoicePlayer::start()
{
    m_player = std::make_unique<QMediaPlayer>();
    m_player->setAudioOutput(new QAudioOutput(m_player.get()));
    connect(m_player.get(), &QMediaPlayer::errorOccurred, this, [this](QMediaPlayer::Error, const QString &said) {
        qCInfo(lcUi) << "a sound can't be played:" << said;
        // The player is inside its own call: it goes after it.
        QMetaObject::invokeMethod(this, [this, run = m_run] {
            if (run == m_run)
                fail(tr("This computer can't play this kind of file."));
        }, Qt::QueuedConnection);
    });
    connect(m_player.get(), &QMediaPlayer::durationChanged, this, [this](qint64 duration) {
        m_status.durationMs = duration;
        emit changed(m_url);
    });
    connect(m_player.get(), &QMediaPlayer::positionChanged, this, [this](qint64 position) {
        m_status.positionMs = position;
        emit changed(m_url);
    });
    connect(m_player.get(), &QMediaPlayer::playbackStateChanged, this, [this](QMediaPlayer::PlaybackState state) {
        if (m_status.state == State::Failed)
            return;
        m_status.state = state == QMediaPlayer::PlayingState ? State::Playing : state == QMediaPlayer::PausedState ? State::Paused : State::Idle;
        if (state == QMediaPlayer::StoppedState)
            m_status.positionMs = 0;                     // it ended: play begins anew
        emit changed(m_url);
    });
    m_player->setSource(QUrl::fromLocalFile(m_file->fileName()));
    m_player->setPlaybackRate(m_rate);
    m_player->play();
}

void VoicePlayer::seek(const QString &url, double fraction)
{
    if (url != m_url || !m_player || m_player->duration() <= 0)
        return;
    m_player->setPosition(qint64(std::clamp(fraction, 0.0, 1.0) * double(m_player->duration())));
}

void VoicePlayer::changeRate(const QString &url)
{
    const auto at = std::find_if(kRates.begin(), kRates.end(), [this](double rate) { return qFuzzyCompare(rate, m_rate); });
    m_rate = at == kRates.end() || at + 1 == kRates.end() ? kRates.front() : *(at + 1);
    m_status.rate = m_rate;
    if (m_player)
        m_player->setPlaybackRate(m_rate);
    emit changed(url);
}

void VoicePlayer::stop()
{
    const QString url = m_url;
    drop();
    m_url.clear();
    m_status = {};
    if (!url.isEmpty())
        emit changed(url);
}

void VoicePlayer::fail(const QString &problem)
{
    const QString url = m_url;
    drop();
    m_status = {.state = State::Failed, .rate = m_rate, .problem = problem};
    emit changed(url);
}

void VoicePlayer::drop()
{
    ++m_run;
    if (m_player) {
        m_player->disconnect(this);
        m_player->stop();
        m_player.reset();
    }
    m_file.reset();
}

} // namespace antiphon
