#pragma once

#include "core/base/result.h"

#include <QFuture>
#include <QObject>
#include <QTemporaryFile>

#include <functional>
#include <memory>

class QMediaPlayer;

namespace antiphon {

/// Plays the sounds of a conversation, one at a time, from a fetched copy. Nothing of the system's sound is touched before somebody presses play.
class VoicePlayer : public QObject {
    Q_OBJECT
public:
    enum class State { Idle, Loading, Playing, Paused, Failed };
    struct Status {
        State state = State::Idle;
        qint64 positionMs = 0;
        qint64 durationMs = 0;            ///< 0: not known yet
        double rate = 1.0;
        QString problem{};                ///< of Failed: a sentence for the person
    };
    /// Writes the file behind an address of the desk to `path`.
    using Fetch = std::function<QFuture<Result<void>>(const QString &url, const QString &path)>;

    explicit VoicePlayer(QObject *parent = nullptr);
    ~VoicePlayer() override;

    void setFetch(Fetch fetch) { m_fetch = std::move(fetch); }

    void toggle(const QString &url);      ///< play, pause, go on; another one that plays ends
    void seek(const QString &url, double fraction);
    void changeRate(const QString &url);  ///< 1, 1.5, 2, 1 …
    void stop();
    Status status(const QString &url) const;
    const QString &current() const { return m_url; }
    bool hasPlayer() const { return m_player != nullptr; }

signals:
    void changed(const QString &url);     ///< position, state or rate

private:
    void start();
    void fail(const QString &problem);
    void drop();

    Fetch m_fetch;
    QString m_url;
    Status m_status;
    double m_rate = 1.0;
    quint64 m_run = 0;                    // answers to an earlier play are dropped
    std::unique_ptr<QTemporaryFile> m_file;
    std::unique_ptr<QMediaPlayer> m_player;
};

} // namespace antiphon
