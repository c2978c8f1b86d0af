#include "tests/flows/deskworld.h"

#include <QJsonDocument>
#include <QUuid>

namespace antiphon::test {
namespace {
using namespace Qt::StringLiterals;
} // namespace

QString DeskWorld::restart()
{
    m_desk.reset();
    m_server.kill();
    if (!m_server.start(30'000))
        return u"the server did not start: "_s + m_server.standardError();
    m_desk = std::make_unique<RawDesk>(m_server.deskPort());
    return wordsOf(m_desk->open(m_server.token()));
}

QString DeskWorld::wordsOf(const QJsonObject &answer)
{
    return answer.contains("result"_L1) ? QString() : QString::fromUtf8(QJsonDocument(answer).toJson(QJsonDocument::Compact));
}

QJsonObject DeskWorld::inbox(const QString &channel)
{
    const QJsonArray all = m_desk->result(u"inboxes.list"_s).value("items"_L1).toArray();
    for (const QJsonValue &one : all) {
        if (one["channel"_L1] == channel)
            return one.toObject();
    }
    return {};
}

QJsonArray DeskWorld::conversations()
{
    return m_desk->result(u"conversations.list"_s, {{u"filter"_s, QJsonObject()}, {u"limit"_s, 200}}).value("items"_L1).toArray();
}

bool DeskWorld::isOf(const QJsonValue &conversation, const QString &sourceId)
{
    const QJsonArray identifiers = conversation["contact"_L1]["identifiers"_L1].toArray();
    return std::any_of(identifiers.begin(), identifiers.end(), [&sourceId](const QJsonValue &one) { return one["source_id"_L1] == sourceId; });
}

QJsonObject DeskWorld::conversation(const QString &sourceId)
{
    const QJsonArray all = conversations();
    const auto found = std::find_if(all.begin(), all.end(), [&sourceId](const QJsonValue &one) { return isOf(one, sourceId); });
    return found == all.end() ? QJsonObject() : found->toObject();
}

QJsonArray DeskWorld::messages(const QString &sourceId)
{
    const QJsonObject found = conversation(sourceId);
    return found.isEmpty() ? QJsonArray() : m_desk->result(u"messages.list"_s, {{u"conversation_id"_s, found["id"_L1]}, {u"limit"_s, 200}}).value("items"_L1).toArray();
}

QJsonObject DeskWorld::message(const QString &sourceId, const QString &messageSourceId)
{
    const QJsonArray all = messages(sourceId);
    for (const QJsonValue &one : all) {
        if (one["source_id"_L1] == messageSourceId)
            return one.toObject();
    }
    return {};
}

QJsonObject DeskWorld::byId(const QString &sourceId, const QString &id)
{
    const QJsonArray all = messages(sourceId);
    for (const QJsonValue &one : all) {
        if (one["id"_L1] == id)
            return one.toObject();
    }
    return {};
}

QStringList DeskWorld::texts(const QString &sourceId)
{
    QStringList found;
    const QJsonArray all = messages(sourceId);
    for (const QJsonValue &one : all)
        found.append(one["content"_L1].toString());
    return found;
}

qint64 DeskWorld::stat(const QString &name) { return m_desk->result(u"intake.stats"_s).value(name).toInteger(-1); }

QJsonObject DeskWorld::send(const QString &sourceId, const QString &content, const QJsonObject &more)
{
    QJsonObject params = more;
    params.insert("conversation_id"_L1, conversation(sourceId)["id"_L1]);
    params.insert("content"_L1, content);
    params.insert("client_id"_L1, QUuid::createUuid().toString(QUuid::WithoutBraces));
    const QJsonObject answer = m_desk->call(u"messages.send"_s, params);
    return answer.contains("result"_L1) ? answer["result"_L1].toObject() : answer;
}

QString DeskWorld::upload(const QByteArray &bytes, const QByteArray &mime, const QByteArray &name)
{
    const HttpAnswer answer = http("POST", m_server.desk(u"/api/v1/attachments"_s), bytes, {{"Authorization", m_server.bearer()}, {"Content-Type", mime}, {"X-File-Name", name}});
    return QJsonDocument::fromJson(answer.body).object().value("id"_L1).toString();
}

QByteArray DeskWorld::download(const QJsonObject &attachment)
{
    return http("GET", m_server.desk(attachment["url"_L1].toString()), {}, {{"Authorization", m_server.bearer()}}).body;
}

int DeskWorld::nativeAnnounced() const
{
    return int(std::count_if(m_desk->events.begin(), m_desk->events.end(), [](const QJsonObject &event) {
        return event["type"_L1] == "message.created"_L1 && event["data"_L1]["sender"_L1]["type"_L1] == "native_app"_L1;
    }));
}

} // namespace antiphon::test
