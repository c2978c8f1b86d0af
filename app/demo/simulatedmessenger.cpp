#include "app/demo/simulatedmessenger.h"

#include "app/demo/simulatedpageinstagram.h"

namespace antiphon::demo {

using namespace Qt::StringLiterals;

SimulatedMessenger::SimulatedMessenger(MessengerOptions options, const Clock &clock, RandomSource &random, QObject *parent)
    : SimulatedThreads(options.app, options.pages,
                       {.object = u"page"_s,
                        .idPrefix = u"m_"_s,
                        .longestText = 2000,
                        .windowSubcode = 2018278,
                        .needsMessagingType = true,
                        .needsProof = true,
                        .sendable = {u"image"_s, u"video"_s, u"audio"_s, u"file"_s, u"template"_s},
                        .messageKeys = {u"text"_s, u"attachment"_s, u"metadata"_s, u"quick_replies"_s}},
                       clock, random, parent),
      m_delivers(options.delivers)
{
}

void SimulatedMessenger::handle(const SimulatedHttp::Request &request, const SimulatedHttp::Answer &answer)
{
    if (m_linked && m_linked->isFor(request))
        m_linked->take(request, answer);
    else
        SimulatedThreads::handle(request, answer);
}

SimulatedGraph::Outcome SimulatedMessenger::describePerson(const ThreadPerson &person, const SimulatedHttp::Request &request)
{
    if (person.profileCode)
        return refused(person.profileCode, u"The profile cannot be told"_s, person.profileSubcode);
    const QJsonObject known{{u"id"_s, person.id},
                            {u"name"_s, person.name},
                            {u"first_name"_s, person.name.section(u' ', 0, 0)},
                            {u"last_name"_s, person.name.section(u' ', 1)},
                            {u"profile_pic"_s, pictureOf(person.name)}};
    QStringList fields;
    if (auto no = readFields(request, known.keys() + QStringList{u"locale"_s, u"timezone"_s, u"gender"_s}, fields))
        return *no;
    QJsonObject answer{{u"id"_s, person.id}};
    for (const QString &field : std::as_const(fields)) {
        if (known.contains(field))
            answer.insert(field, known[field]);
    }
    return {.body = answer};
}

SimulatedGraph::Outcome SimulatedMessenger::describeAccount(const ThreadAccount &account, const SimulatedHttp::Request &request)
{
    const QJsonObject known{{u"id"_s, account.id}, {u"name"_s, account.name}, {u"username"_s, account.username}, {u"picture"_s, QJsonObject{{u"data"_s, QJsonObject{{u"url"_s, pictureOf(account.name)}}}}}};
    QStringList fields;
    if (auto no = readFields(request, known.keys() + QStringList{u"link"_s, u"category"_s, u"instagram_business_account"_s, u"tasks"_s}, fields))
        return *no;
    QJsonObject answer{{u"id"_s, account.id}};
    for (const QString &field : std::as_const(fields)) {
        if (known.contains(field))
            answer.insert(field, known[field]);
    }
    if (!fields.contains(u"instagram_business_account"_s))
        return {.body = answer};
    const QStringList scopes = tokens().value(tokenOf(request, true)).scopes;
    if (!scopes.isEmpty() && !scopes.contains(u"instagram_basic"_s))
        return refused(10, u"Application does not have permission for this action"_s, 0, 403);
    if (const QJsonObject linked = m_linked ? m_linked->linkedTo(account.id) : QJsonObject(); !linked.isEmpty())
        answer.insert(u"instagram_business_account"_s, linked);
    return {.body = answer};
}

QJsonObject SimulatedMessenger::echoOf(const QJsonObject &asked) const
{
    QJsonObject echo{{u"app_id"_s, app().appId.toLongLong()}};
    if (asked.contains(u"metadata"_s))
        echo.insert(u"metadata"_s, asked[u"metadata"_s]);
    return echo;
}

void SimulatedMessenger::sentAlso(const QString &person, const QString &messageId)
{
    if (m_delivers)
        tellDelivery(person, {messageId}, now());
}

QStringList SimulatedMessenger::subscribable() const
{
    return {u"messages"_s, u"messaging_postbacks"_s, u"message_deliveries"_s, u"message_reads"_s, u"message_echoes"_s, u"message_reactions"_s, u"message_edits"_s,
            u"messaging_referrals"_s, u"messaging_optins"_s, u"messaging_policy_enforcement"_s, u"standby"_s, u"messaging_handovers"_s, u"feed"_s};
}

void SimulatedMessenger::customerReads(const QString &person, Timestamp upTo, const GraphEvent &event)
{
    tellElement(person, false, {{u"read"_s, QJsonObject{{u"watermark"_s, toUnixMs(upTo)}}}}, event);
}

void SimulatedMessenger::tellDelivery(const QString &person, const QStringList &messageIds, Timestamp upTo, const GraphEvent &event)
{
    QJsonObject delivery{{u"watermark"_s, toUnixMs(upTo)}};
    if (!messageIds.isEmpty())
        delivery.insert(u"mids"_s, QJsonArray::fromStringList(messageIds));
    tellElement(person, false, {{u"delivery"_s, delivery}}, event);
}

QString SimulatedMessenger::otherAppWrites(const QString &person, const QString &text, qint64 appId, const GraphEvent &event)
{
    return businessSends(person, {{u"text"_s, text}, {u"app_id"_s, appId}, {u"metadata"_s, u"flow:7"_s}}, event);
}

void SimulatedMessenger::handOver(const QString &person, const QString &what, const QJsonObject &about, const GraphEvent &event)
{
    tellElement(person, false, {{what, about}}, event);
}

} // namespace antiphon::demo
