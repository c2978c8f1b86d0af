#include "core/channels/meta/messagingevents.h"

#include "core/base/json.h"
#include "core/channels/meta/messagingelement.h"
#include "core/channels/meta/messagingvalues.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace antiphon::meta {

using namespace Qt::StringLiterals;

namespace {

/// The dashboard's "Test" button names nobody real.
bool isDashboardTest(const QString &account, const QJsonObject &element)
{
    return account == "0"_L1 || (partyId(element, "sender"_L1) == "12334"_L1 && partyId(element, "recipient"_L1) == "23245"_L1);
}

class Splitting {
public:
    Splitting(const Dialect &dialect, const RawWebhook &hook, const AppCredentials &app) : m_dialect(dialect), m_hook(hook), m_appId(app.appId) {}

    void addBody(const QJsonObject &body)
    {
        if (json::string(body, "object"_L1).compare(m_dialect.object, Qt::CaseInsensitive) != 0)
            return;
        const QJsonArray entries = body.value("entry"_L1).toArray();
        for (const QJsonValue &entry : entries)
            addEntry(entry.toObject());
    }

    QList<SplitEvent> events() const { return m_events; }

private:
    void addEntry(const QJsonObject &entry)
    {
        ElementSource source{.account = idText(entry, "id"_L1), .entryAt = moment(entry.value("time"_L1)), .appId = m_appId};
        addElements(source, entry.value("messaging"_L1).toArray());
        const QJsonArray changes = entry.value("changes"_L1).toArray();
        for (const QJsonValue &change : changes)
            addChange(source, change.toObject());
        if (entry.contains("field"_L1))
            addChange(source, {{"field"_L1, entry.value("field"_L1)}, {"value"_L1, entry.value("value"_L1)}});
        source.isStandby = true;
        addElements(source, entry.value("standby"_L1).toArray());
    }

    void addElements(const ElementSource &source, const QJsonArray &elements)
    {
        for (const QJsonValue &value : elements) {
            if (!value.isObject())
                m_events.append(brokenElement(source, {{"element"_L1, value}}, u"an element that is no object"_s));
            else if (isDashboardTest(source.account, value.toObject()))
                addTest(source, value.toObject());
            else
                m_events.append(splitElement(m_dialect, source, value.toObject()));
        }
    }

    /// Messages come as changes from the dashboard only; what else does is feed, comments and mentions, or events of other fields in the same shape.
    void addChange(const ElementSource &source, const QJsonObject &change)
    {
        const QString field = json::string(change, "field"_L1);
        const QJsonObject value = change.value("value"_L1).toObject();
        const bool isMessaging = value.value("sender"_L1).isObject() && value.value("recipient"_L1).isObject();
        if (isMessaging && isDashboardTest(source.account, value))
            return addTest(source, value);
        if (isMessaging)
            return addElements(source, {value});
        m_events.append(ignoredElement(source, change, u"ignored"_s, u"of no use here: "_s + (field.isEmpty() ? u"a change without field"_s : field.left(64))));
    }

    /// Its ids repeat, so the moment it came stands in the key.
    void addTest(const ElementSource &source, const QJsonObject &element)
    {
        SplitEvent test = ignoredElement(source, element, u"test"_s, u"a test event of the dashboard: the signature is right"_s);
        test.dedupeKey += u':' + QString::number(toUnixMs(m_hook.receivedAt));
        m_events.append(test);
    }

    const Dialect &m_dialect;
    const RawWebhook &m_hook;
    QString m_appId;
    QList<SplitEvent> m_events;
};

} // namespace

Result<QList<SplitEvent>> splitMessaging(const Dialect &dialect, const RawWebhook &hook, const AppCredentials &app)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(hook.body, &problem);
    if (problem.error != QJsonParseError::NoError)
        return Error{Error::Kind::BadPayload, u"JSON: %1 at byte %2"_s.arg(problem.errorString()).arg(problem.offset)};
    Splitting splitting(dialect, hook, app);
    if (document.isObject())
        splitting.addBody(document.object());
    const QJsonArray wrapped = document.array();
    for (const QJsonValue &body : wrapped)
        splitting.addBody(body.toObject());
    return splitting.events();
}

} // namespace antiphon::meta
