#pragma once

#include "app/demo/scriptedanswer.h"
#include "app/demo/simulatedhttp.h"
#include "core/base/random.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QObject>
#include <QStringList>

#include <deque>

namespace antiphon::demo {

/// What every simulated platform has: a server on loopback, a record of what came, answers of one's own choice, and what follows an answer (an echo, a
/// status). All calls in the thread that made it (see SimulatorThread). How endpoints are named is said by each platform.
class SimulatedPlatform : public QObject {
    Q_OBJECT
public:
    SimulatedPlatform(const Clock &clock, RandomSource &random, QObject *parent = nullptr);

    Result<void> listen();
    void shutDown();                            ///< unreachable until `listen` brings it back under the same address
    QUrl apiUrl() const { return m_http.url(); }

    void next(const QString &endpoint, const ScriptedAnswer &answer);      ///< the next request not yet scripted; of sends the next message, no sign
    void always(const QString &endpoint, const ScriptedAnswer &answer);    ///< every one, behind those of `next`
    void normal(const QString &endpoint);                                  ///< forgets both
    void setEcho(Echo echo, Milliseconds delay = Milliseconds(20)) { m_echo = echo; m_echoDelay = delay; }

    struct Received { QString endpoint{}; SimulatedHttp::Request request{}; };
    const QList<Received> &received() const { return m_received; }
    QList<SimulatedHttp::Request> received(const QString &endpoint) const;
    int count(const QString &endpoint) const { return int(received(endpoint).size()); }
    void forgetReceived() { m_received.clear(); }

signals:
    void requested(const QString &endpoint);

protected:
    struct Route { QString endpoint{}; QString node{}; };
    struct Outcome {
        QJsonObject body{};
        int httpStatus = 200;
        bool isRefused = false;
        std::optional<SimulatedHttp::Reply> raw{};      ///< instead of JSON
        QList<SimulatedHttp::Header> headers{};
        std::function<void()> follows{};                ///< the echo or status of a send; by setEcho()
        std::function<void()> then{};                   ///< right behind the answer
    };
    using Done = std::function<void(const Outcome &)>;

    /// Which endpoint a request is for; an empty one: there is none.
    virtual Route routeOf(const SimulatedHttp::Request &request) const = 0;
    virtual void perform(const Route &route, const SimulatedHttp::Request &request, const Done &done) = 0;
    /// Whether a send is only a sign (typing, read mark), which scripted answers pass over.
    virtual bool isSign(const Route &, const SimulatedHttp::Request &) const { return false; }
    /// How the platform says that there is nothing at this address.
    virtual Outcome nowhere(const SimulatedHttp::Request &request) = 0;
    /// A scripted failure in the platform's own words.
    virtual Outcome refusal(const ScriptedAnswer &script) = 0;
    virtual QByteArray bytesOf(const QJsonObject &body) const;              ///< compact JSON where not said otherwise
    virtual QList<SimulatedHttp::Header> headersOfAll() { return {}; }      ///< what every answer carries

    virtual void handle(const SimulatedHttp::Request &request, const SimulatedHttp::Answer &answer);

    /// The first name that isn't in `known`, or empty.
    static QString strangeKey(const QJsonObject &object, const QStringList &known);
    static QJsonObject bodyOf(const SimulatedHttp::Request &request);   ///< empty where it is no JSON object
    static QStringList queryNames(const SimulatedHttp::Request &request);
    QString newDigits(int count);
    QString newHex(int count);                  ///< lower case
    Timestamp now() const { return m_clock.now(); }
    RandomSource &random() { return m_random; }
    const Clock &clock() const { return m_clock; }

private:
    struct Script { std::deque<ScriptedAnswer> once{}; std::optional<ScriptedAnswer> lasting{}; };

    std::optional<ScriptedAnswer> scripted(const Route &route, const SimulatedHttp::Request &request);
    void answerScripted(const ScriptedAnswer &script, const Outcome &outcome, const SimulatedHttp::Answer &answer);
    void finish(const Outcome &outcome, SimulatedHttp::Reply reply, const SimulatedHttp::Answer &answer);
    SimulatedHttp::Reply rendered(const Outcome &outcome) const;

    const Clock &m_clock;
    RandomSource &m_random;
    SimulatedHttp m_http;
    QHash<QString, Script> m_scripts{};
    QList<Received> m_received{};
    Echo m_echo = Echo::AfterAnswer;
    Milliseconds m_echoDelay{20};
};

} // namespace antiphon::demo
