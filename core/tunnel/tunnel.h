#pragma once

#include "core/tunnel/publicprobe.h"
#include "core/tunnel/restartpolicy.h"
#include "core/tunnel/toolhelp.h"
#include "core/tunnel/toolprocess.h"
#include "core/tunnel/tunnelprovider.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>

namespace antiphon {

/// The way in from the internet: starts the chosen tool, reads its address, proves it from outside, watches it, and starts it again.
/// Lives in the net thread.
class Tunnel final : public QObject {
    Q_OBJECT
public:
    struct Times {
        Milliseconds probeEvery{60'000};         ///< while up
        Milliseconds probeInDoubt{3'000};        ///< after a probe that failed, or word of a lost connection
        Milliseconds probeStarting{2'000};
        Milliseconds probeDown{10'000};          ///< while the address is there and nothing arrives
        Milliseconds probeTimeout{8'000};
        Milliseconds connected{500};             ///< between the tool's word and the first probe
        Milliseconds unannounced{10'000};        ///< the first probe of a tool that should have given its word by then
        Milliseconds patience{30'000};           ///< for the first proof after a start
        Milliseconds stuck{60'000};              ///< down with the tool running: it is started anew
        Milliseconds considerate{60'000};        ///< the least wait after a refused login: others count those
        Milliseconds toolLook{10'000};           ///< whether a missing tool is there by now
        Milliseconds toolStop{2'000};
        Milliseconds pulse{5'000};               ///< looks whether the machine slept
        RestartPolicy::Times restart{};
    };
    struct Surroundings {
        HttpClient &http;
        const Clock &clock;
        RandomSource &random;
        std::function<QString(const QString &)> findTool = antiphon::findTool;
        QUrl quickOrigin{};                      ///< see TunnelProvider::make
        SystemKind system = systemAtHand();
        Times times{};
    };

    explicit Tunnel(const Surroundings &surroundings, QObject *parent = nullptr);
    ~Tunnel() override;

    /// Takes down what runs and begins with this. @param port the intake port on 127.0.0.1
    void begin(const TunnelSettings &settings, const TunnelSecrets &secrets, quint16 port);
    void stop();                                 ///< for good: asks the tool to end

    /// Probes now, or starts a tool that waits for its next try. `done` comes when that is decided, at once where nothing is wanted.
    void checkNow(std::function<void()> done);
    void networkChanged();                       ///< the machine woke, or its network is another one
    void noteProbe(const QString &nonce) { m_probe.note(nonce); }

    const TunnelStatus &status() const { return m_status; }
    const TunnelSettings &settings() const { return m_settings; }
    ToolHelp help() const;                       ///< for the chosen provider's tool

signals:
    void changed();                              ///< status() is another one, in more than its probe's time
    void proved(const QUrl &address);            ///< after each time that it wasn't
    void wentDown(antiphon::Timestamp from);     ///< and since when nothing may have come in; proved() ends it

private:
    void launch();
    void clear();
    void takeLine(const QString &line);
    void takeNews(const ToolNews &news);
    void toolEnded(const QString &how);
    void takeAddress(const QUrl &address);
    void fail(TunnelProblem problem);
    void scheduleProbe(Milliseconds in);
    void probe();
    void takeOutcome(PublicProbe::Outcome outcome);
    void missed(TunnelProblem problem);
    void becomeUp();
    void becomeDown(TunnelProblem problem);
    void setState(TunnelState state, TunnelProblem problem);
    void dropTool(const std::function<void()> &then);
    void answerChecks();
    void beat();
    bool needsTool() const { return m_provider && !m_command.program.isEmpty(); }

    HttpClient &m_http;
    const Clock &m_clock;
    RandomSource &m_random;
    std::function<QString(const QString &)> m_findTool;
    QUrl m_quickOrigin;
    SystemKind m_system;
    Times m_times;

    TunnelSettings m_settings;
    TunnelSecrets m_secrets;
    quint16 m_port = 0;
    std::unique_ptr<TunnelProvider> m_provider;
    ToolCommand m_command;
    ToolProcess *m_process = nullptr;            ///< the one that counts; earlier ones end on their own
    int m_generation = 0;                        ///< of begin(): what was put off for an earlier one is void
    PublicProbe m_probe;
    RestartPolicy m_policy;
    TunnelStatus m_status;
    TunnelProblem m_told = TunnelProblem::None;  ///< the last problem the tool spoke of
    bool m_isConnected = false;                  ///< the tool says so
    int m_misses = 0;                            ///< probes in a row
    QTimer m_probeTimer;
    QTimer m_restartTimer;
    QTimer m_patienceTimer;
    QTimer m_pulse;
    QTimer m_linesTimer;                         ///< tells of printed lines together
    Timestamp m_lastBeat{};
    SteadyTime m_lastSteady{};
    std::vector<std::function<void()>> m_checks;
};

} // namespace antiphon
