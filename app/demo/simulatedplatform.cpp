#include "app/demo/simulatedplatform.h"

#include <QJsonDocument>
#include <QTimer>

namespace antiphon::demo {

using namespace Qt::StringLiterals;

namespace {

bool fails(const ScriptedAnswer &script) { return script.code != 0 || script.httpStatus >= 400; }

} // namespace

SimulatedPlatform::SimulatedPlatform(const Clock &clock, RandomSource &random, QObject *parent)
    : QObject(parent),
      m_clock(clock),
      m_random(random),
      m_http(clock, [this](const SimulatedHttp::Request &request, const SimulatedHttp::Answer &answer) { handle(request, answer); })
{
}

Result<void> SimulatedPlatform::listen() { return m_http.listen(); }

void SimulatedPlatform::shutDown() { m_http.close(); }

void SimulatedPlatform::next(const QString &endpoint, const ScriptedAnswer &answer) { m_scripts[endpoint].once.push_back(answer); }

void SimulatedPlatform::always(const QString &endpoint, const ScriptedAnswer &answer) { m_scripts[endpoint].lasting = answer; }

void SimulatedPlatform::normal(const QString &endpoint) { m_scripts.remove(endpoint); }

QList<SimulatedHttp::Request> SimulatedPlatform::received(const QString &endpoint) const
{
    QList<SimulatedHttp::Request> found;
    for (const Received &one : m_received) {
        if (one.endpoint == endpoint)
            found.append(one.request);
    }
    return found;
}

QByteArray SimulatedPlatform::bytesOf(const QJsonObject &body) const { return QJsonDocument(body).toJson(QJsonDocument::Compact); }

QString SimulatedPlatform::strangeKey(const QJsonObject &object, const QStringList &known)
{
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (!known.contains(it.key()))
            return it.key();
    }
    return {};
}

QJsonObject SimulatedPlatform::bodyOf(const SimulatedHttp::Request &request) { return QJsonDocument::fromJson(request.body).object(); }

QStringList SimulatedPlatform::queryNames(const SimulatedHttp::Request &request)
{
    QStringList names;
    for (const QByteArray &pair : request.rawQuery.split('&')) {
        if (!pair.isEmpty())
            names.append(QString::fromUtf8(QByteArray::fromPercentEncoding(pair.left(pair.indexOf('=')))));
    }
    return names;
}

QString SimulatedPlatform::newDigits(int count)
{
    const QByteArray bytes = m_random.bytes(count);
    QString digits;
    for (const char byte : bytes)
        digits += QChar(u'0' + uchar(byte) % 10);
    digits[0] = QChar(u'1' + uchar(bytes[0]) % 9);
    return digits;
}

QString SimulatedPlatform::newHex(int count) { return QString::fromLatin1(m_random.bytes((count + 1) / 2).toHex()).left(count); }

std::optional<ScriptedAnswer> SimulatedPlatform::scripted(const Route &route, const SimulatedHttp::Request &request)
{
    const auto script = m_scripts.find(route.endpoint);
    if (script == m_scripts.end() || isSign(route, request))
        return std::nullopt;
    if (script->once.empty())
        return script->lasting;
    const ScriptedAnswer answer = script->once.front();
    script->once.pop_front();
    return answer;
}

SimulatedHttp::Reply SimulatedPlatform::rendered(const Outcome &outcome) const
{
    SimulatedHttp::Reply reply{.status = outcome.httpStatus, .contentType = "application/json; charset=UTF-8"};
    if (outcome.raw)
        reply = *outcome.raw;
    else
        reply.body = bytesOf(outcome.body);
    reply.headers += outcome.headers;
    return reply;
}

void SimulatedPlatform::handle(const SimulatedHttp::Request &request, const SimulatedHttp::Answer &answer)
{
    const Route route = routeOf(request);
    m_received.append({route.endpoint, request});
    emit requested(route.endpoint);
    if (route.endpoint.isEmpty()) {
        const Outcome outcome = nowhere(request);
        finish(outcome, rendered(outcome), answer);
        return;
    }
    const auto script = scripted(route, request);
    if (!script) {
        perform(route, request, [this, answer](const Outcome &outcome) { finish(outcome, rendered(outcome), answer); });
        return;
    }
    if (script->takesEffect.value_or(!fails(*script)))
        perform(route, request, [this, answer, script](const Outcome &outcome) { answerScripted(*script, outcome, answer); });
    else
        answerScripted(*script, {}, answer);
}

void SimulatedPlatform::answerScripted(const ScriptedAnswer &script, const Outcome &outcome, const SimulatedHttp::Answer &answer)
{
    SimulatedHttp::Reply reply = rendered(outcome);
    if (fails(script)) {
        reply = rendered(refusal(script));
        if (script.code == 0 && script.message.isEmpty())
            reply.body = "<html>an error of a balancer</html>";
    }
    if (script.garbageBody)
        reply.body = *script.garbageBody;
    if (script.retryAfter)
        reply.headers.append({"Retry-After", QByteArray::number(qint64(script.retryAfter->count()))});
    reply.delay = script.delay;
    reply.cutAfterBytes = script.cutAfterBytes;
    reply.closeWithoutAnswer = script.closeWithoutAnswer;
    finish(outcome, reply, answer);
}

void SimulatedPlatform::finish(const Outcome &outcome, SimulatedHttp::Reply reply, const SimulatedHttp::Answer &answer)
{
    reply.headers += headersOfAll();
    const bool isEarly = outcome.follows && m_echo == Echo::BeforeAnswer;
    if (isEarly) {
        outcome.follows();
        reply.delay += m_echoDelay;
    }
    answer(reply);
    if (outcome.follows && m_echo == Echo::AfterAnswer)
        QTimer::singleShot(reply.delay + m_echoDelay, this, outcome.follows);
    if (outcome.then)
        outcome.then();
}

} // namespace antiphon::demo
