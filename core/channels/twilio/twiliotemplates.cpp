#include "core/channels/twilio/twiliotemplates.h"

#include "core/base/json.h"
#include "core/channels/twilio/twilioapi.h"
#include "core/domain/templateplaces.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostPages = 100;
constexpr qsizetype kShownOfSid = 6;

struct ContentType {
    QLatin1StringView type;
    QLatin1StringView words;          ///< what holds its text
};
/// Those that may open a conversation.
constexpr ContentType kTypes[]{
    {"twilio/text"_L1, "body"_L1},           {"twilio/media"_L1, "body"_L1},      {"twilio/quick-reply"_L1, "body"_L1},
    {"twilio/call-to-action"_L1, "body"_L1}, {"twilio/card"_L1, "title"_L1},      {"whatsapp/card"_L1, "body"_L1},
    {"whatsapp/authentication"_L1, "body"_L1},
};

QString buttonType(const QString &type)
{
    const QString word = type.toUpper();
    return word == "PHONE"_L1 ? u"PHONE_NUMBER"_s : word;
}

QJsonArray buttonsOf(const QJsonObject &content, bool areReplies)
{
    QJsonArray buttons;
    const QJsonArray actions = content.value("actions"_L1).toArray();
    for (const QJsonValue &value : actions) {
        const QJsonObject action = value.toObject();
        const QString type = json::string(action, "type"_L1);
        QJsonObject button{{"type"_L1, areReplies || type.isEmpty() ? u"QUICK_REPLY"_s : buttonType(type)}, {"text"_L1, json::string(action, "title"_L1)}};
        for (const QLatin1StringView key : {"url"_L1, QLatin1StringView("phone")}) {
            if (const QString told = json::string(action, key); !told.isEmpty())
                button.insert(key == "phone"_L1 ? "phone_number"_L1 : key, told);
        }
        buttons.append(button);
    }
    return buttons;
}

QJsonArray componentsOf(const QJsonObject &content, const ContentType &type)
{
    QJsonArray components;
    if (const QString header = json::string(content, "header_text"_L1); !header.isEmpty())
        components.append(QJsonObject{{"type"_L1, u"HEADER"_s}, {"format"_L1, u"TEXT"_s}, {"text"_L1, header}});
    components.append(QJsonObject{{"type"_L1, u"BODY"_s}, {"text"_L1, json::string(content, type.words)}});
    QString footer = json::string(content, "footer"_L1);
    if (footer.isEmpty())
        footer = json::string(content, "subtitle"_L1);
    if (!footer.isEmpty())
        components.append(QJsonObject{{"type"_L1, u"FOOTER"_s}, {"text"_L1, footer}});
    if (const QJsonArray buttons = buttonsOf(content, type.type == "twilio/quick-reply"_L1); !buttons.isEmpty())
        components.append(QJsonObject{{"type"_L1, u"BUTTONS"_s}, {"buttons"_L1, buttons}});
    return components;
}

/// Friendly names may repeat; here a name and a language are one template.
QString uniqueName(const QJsonObject &one, QSet<QString> *taken)
{
    QString name = json::string(one, "name"_L1);
    const QString language = u'/' + json::string(one, "language"_L1);
    if (taken->contains(name + language))
        name += u" ("_s + json::string(one, "id"_L1).right(kShownOfSid) + u')';
    taken->insert(name + language);
    return name;
}

class ListTemplates final : public Operation<QJsonArray> {
public:
    ListTemplates(InboxCredentials inbox, ChannelEndpoints endpoints) : m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)) {}

    Step start() override
    {
        return Step(std::in_place_index<0>, get(hostUrl(Host::Content, m_endpoints, u"/v1/ContentAndApprovals"_s, {{u"PageSize"_s, u"100"_s}}), m_inbox));
    }

    Step next(const HttpReply &reply) override
    {
        const auto answer = readAnswer(reply, Repeatable::Yes);
        if (!answer)
            return Step(std::in_place_index<2>, answer.error());
        if (!answer->value("contents"_L1).isArray())          // taken for empty, it would say that there are none
            return Step(std::in_place_index<2>, Error{Error::Kind::Unavailable, u"an answer without a list"_s});
        const QJsonArray page = answer->value("contents"_L1).toArray();
        for (const QJsonValue &value : page) {
            QJsonObject one = templateOf(value.toObject());
            if (one.isEmpty())
                continue;
            one.insert("name"_L1, uniqueName(one, &m_names));
            m_found.append(one);
        }
        const QUrl more = toldUrl(json::string(answer->value("meta"_L1).toObject(), "next_page_url"_L1), Host::Content, m_endpoints);
        if (!more.isValid() || more.isEmpty() || ++m_pages >= kMostPages)
            return Step(std::in_place_index<1>, m_found);
        return Step(std::in_place_index<0>, get(more, m_inbox));
    }

private:
    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    QJsonArray m_found{};
    QSet<QString> m_names{};
    int m_pages = 0;
};

QStringList placesIn(const QString &text)
{
    return placesOf({QJsonObject{{"type"_L1, u"BODY"_s}, {"text"_L1, text}}}).body;
}

void fill(QJsonObject *variables, const QStringList &places, const QJsonValue &values)
{
    const QJsonArray ordered = values.toArray();
    for (qsizetype i = 0; i < places.size(); ++i)
        variables->insert(places[i], (values.isObject() ? values.toObject().value(places[i]) : ordered.at(i)).toString());
}

} // namespace

OperationPtr<QJsonArray> listTemplates(const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<ListTemplates>(inbox, endpoints);
}

QJsonObject templateOf(const QJsonObject &content)
{
    const QJsonObject types = content.value("types"_L1).toObject();
    const QString sid = json::string(content, "sid"_L1);
    for (const ContentType &type : kTypes) {
        if (!types.contains(type.type) || sid.isEmpty())
            continue;
        const QJsonObject approval = content.value("approval_requests"_L1).toObject();
        const QString status = json::string(approval, "status"_L1).toUpper();
        const QString name = json::string(content, "friendly_name"_L1);
        return {{"id"_L1, sid},
                {"name"_L1, name.isEmpty() ? sid : name},
                {"language"_L1, json::string(content, "language"_L1)},
                {"status"_L1, status.isEmpty() ? u"UNSUBMITTED"_s : status},
                {"category"_L1, json::string(approval, "category"_L1).toUpper()},
                {"parameter_format"_L1, u"POSITIONAL"_s},
                {"components"_L1, componentsOf(types.value(type.type).toObject(), type)},
                {"rejected_reason"_L1, json::string(approval, "rejection_reason"_L1)}};
    }
    return {};
}

QJsonObject contentVariables(const OutboundTemplate &from)
{
    QJsonObject variables;
    const TemplatePlaces places = placesOf(from.components);
    fill(&variables, places.header, from.values.value("header"_L1));
    fill(&variables, places.body, from.values.value("body"_L1));
    const QJsonArray given = from.values.value("buttons"_L1).toArray();
    qsizetype used = 0;
    for (const QJsonValue &component : from.components) {
        const QJsonArray buttons = component.toObject().value("buttons"_L1).toArray();
        for (const QJsonValue &button : buttons) {
            const QStringList names = placesIn(json::string(button.toObject(), "url"_L1));
            if (names.isEmpty())
                continue;
            const QString value = given.at(used++).toString();
            for (const QString &name : names)
                variables.insert(name, value);
        }
    }
    return variables;
}

} // namespace antiphon::twilio
