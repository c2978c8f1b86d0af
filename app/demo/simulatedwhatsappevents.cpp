#include "app/demo/simulatedwhatsapp.h"

/// What customers, the phone of the business and WhatsApp itself do.
namespace antiphon::demo {

using namespace Qt::StringLiterals;

namespace {

QString seconds(Timestamp at) { return QString::number(toUnixMs(at) / 1000); }

void merge(QJsonObject &into, const QJsonObject &from)
{
    for (auto it = from.begin(); it != from.end(); ++it)
        into.insert(it.key(), it.value());
}

QJsonObject merged(QJsonObject into, const QJsonObject &from)
{
    merge(into, from);
    return into;
}

void insertWhere(QJsonObject &into, const QString &key, const QString &value)
{
    if (!value.isEmpty())
        into.insert(key, value);
}

QJsonObject words(const QString &text) { return {{u"body"_s, text}}; }

QJsonObject edit(const QString &messageId, const QString &text)
{
    return {{u"original_message_id"_s, messageId}, {u"message"_s, QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, words(text)}}}};
}

} // namespace

void SimulatedWhatsapp::tellField(const QString &field, QJsonObject value, bool withNumber, const GraphEvent &event)
{
    if (withNumber) {
        value.insert(u"messaging_product"_s, u"whatsapp"_s);
        value.insert(u"metadata"_s, QJsonObject{{u"display_phone_number"_s, number().digits}, {u"phone_number_id"_s, number().id}});
    }
    GraphEvent addressed = event;
    // The number's own address goes first, then the account's, then the application's.
    for (const QString &owner : {number().accountId, number().id}) {
        if (event.webhook.callback.isEmpty() && m_overrides.contains(owner) && withNumber)
            addressed.webhook.callback = m_overrides[owner];
    }
    tell({{u"id"_s, number().accountId}, {u"changes"_s, QJsonArray{QJsonObject{{u"value"_s, value}, {u"field"_s, field}}}}}, addressed);
}

QJsonObject SimulatedWhatsapp::person(const WhatsappCustomer &customer, bool withName) const
{
    QJsonObject contact;
    if (withName) {
        QJsonObject profile{{u"name"_s, customer.name}};
        insertWhere(profile, u"username"_s, customer.username);
        contact.insert(u"profile"_s, profile);
    }
    insertWhere(contact, u"wa_id"_s, customer.waId);
    insertWhere(contact, u"user_id"_s, customer.userId);
    insertWhere(contact, u"parent_user_id"_s, customer.parentUserId);
    return contact;
}

QString SimulatedWhatsapp::addEvent(const QString &field, const QString &array, QJsonObject message, const WhatsappCustomer &with, const GraphEvent &event)
{
    const QString id = event.id.isEmpty() ? newWamid() : event.id;
    const Timestamp at = event.at.value_or(now());
    message.insert(u"id"_s, id);
    message.insert(u"timestamp"_s, seconds(at));
    if (!event.quotedId.isEmpty())
        message.insert(u"context"_s, QJsonObject{{u"from"_s, number().digits}, {u"id"_s, event.quotedId}});
    merge(message, event.more);
    const bool isEcho = field == "smb_message_echoes"_L1;
    static const QStringList silent{u"system"_s, u"edit"_s, u"revoke"_s, u"reaction"_s};
    if (!isEcho && !silent.contains(message[u"type"_s].toString())) {
        for (const QString &address : {with.waId, with.userId}) {
            if (!address.isEmpty())
                m_lastFrom[address] = std::max(m_lastFrom.value(address), at);
        }
    }
    QJsonObject value{{array, QJsonArray{message}}};
    if (message[u"type"_s] != "system"_L1)
        value.insert(u"contacts"_s, QJsonArray{person(with, !isEcho)});
    tellField(field, value, true, event);
    return id;
}

QString SimulatedWhatsapp::customerSends(const WhatsappCustomer &from, const QString &type, const QJsonValue &content, const GraphEvent &event)
{
    QJsonObject message{{u"type"_s, type}};
    insertWhere(message, u"from"_s, from.waId);
    insertWhere(message, u"from_user_id"_s, from.userId);
    insertWhere(message, u"from_parent_user_id"_s, from.parentUserId);
    if (!content.isNull() && !content.isUndefined())
        message.insert(type, content);
    return addEvent(u"messages"_s, u"messages"_s, message, from, event);
}

QString SimulatedWhatsapp::customerWrites(const WhatsappCustomer &from, const QString &text, const GraphEvent &event)
{
    return customerSends(from, u"text"_s, words(text), event);
}

QString SimulatedWhatsapp::customerSendsFile(const WhatsappCustomer &from, const QString &kind, const QByteArray &bytes, const QByteArray &mime, const QJsonObject &more,
                                             const GraphEvent &event)
{
    return customerSends(from, kind, merged(offerFile(bytes, mime), more), event);
}

QString SimulatedWhatsapp::customerReacts(const WhatsappCustomer &from, const QString &messageId, const QString &emoji, const GraphEvent &event)
{
    QJsonObject reaction{{u"message_id"_s, messageId}};
    insertWhere(reaction, u"emoji"_s, emoji);
    return customerSends(from, u"reaction"_s, reaction, event);
}

QString SimulatedWhatsapp::customerEdits(const WhatsappCustomer &from, const QString &messageId, const QString &text, const GraphEvent &event)
{
    return customerSends(from, u"edit"_s, edit(messageId, text), event);
}

QString SimulatedWhatsapp::customerRevokes(const WhatsappCustomer &from, const QString &messageId, const GraphEvent &event)
{
    return customerSends(from, u"revoke"_s, QJsonObject{{u"original_message_id"_s, messageId}}, event);
}

QString SimulatedWhatsapp::customerChangesNumber(const WhatsappCustomer &from, const QString &newWaId, const GraphEvent &event)
{
    return customerSends(from, u"system"_s,
                         QJsonObject{{u"body"_s, u"%1 changed from %2 to %3"_s.arg(from.name, from.waId, newWaId)}, {u"wa_id"_s, newWaId}, {u"type"_s, u"user_changed_number"_s}}, event);
}

QString SimulatedWhatsapp::phoneSends(const WhatsappCustomer &to, const QString &type, const QJsonValue &content, const GraphEvent &event)
{
    QJsonObject message{{u"from"_s, number().digits}, {u"type"_s, type}, {type, content}};
    insertWhere(message, u"to"_s, to.waId);
    insertWhere(message, u"to_user_id"_s, to.userId);
    insertWhere(message, u"to_parent_user_id"_s, to.parentUserId);
    return addEvent(u"smb_message_echoes"_s, u"message_echoes"_s, message, to, event);
}

QString SimulatedWhatsapp::phoneWrites(const WhatsappCustomer &to, const QString &text, const GraphEvent &event)
{
    return phoneSends(to, u"text"_s, words(text), event);
}

QString SimulatedWhatsapp::phoneEdits(const WhatsappCustomer &to, const QString &messageId, const QString &text, const GraphEvent &event)
{
    return phoneSends(to, u"edit"_s, edit(messageId, text), event);
}

QString SimulatedWhatsapp::phoneRevokes(const WhatsappCustomer &to, const QString &messageId, const GraphEvent &event)
{
    return phoneSends(to, u"revoke"_s, QJsonObject{{u"original_message_id"_s, messageId}}, event);
}

QString SimulatedWhatsapp::phoneSendsFile(const WhatsappCustomer &to, const QString &kind, const QByteArray &bytes, const QByteArray &mime, const QJsonObject &more, const GraphEvent &event)
{
    return phoneSends(to, kind, merged(offerFile(bytes, mime), more), event);
}

void SimulatedWhatsapp::tellStatus(const QString &messageId, const QString &status, const GraphEvent &event, const QJsonArray &errors)
{
    QJsonObject one{{u"id"_s, messageId}, {u"status"_s, status}, {u"timestamp"_s, seconds(event.at.value_or(now()))}};
    for (const Sent &sent : std::as_const(m_sent)) {
        if (sent.id != messageId)
            continue;
        one.insert(sent.to.contains(u'.') ? u"recipient_user_id"_s : u"recipient_id"_s, sent.to);
        insertWhere(one, u"biz_opaque_callback_data"_s, sent.body[u"biz_opaque_callback_data"_s].toString());
        if (status == "sent"_L1) {
            one.insert(u"conversation"_s, QJsonObject{{u"id"_s, u"c5a3e2"_s}, {u"origin"_s, QJsonObject{{u"type"_s, u"service"_s}}}});
            one.insert(u"pricing"_s, QJsonObject{{u"billable"_s, false}, {u"pricing_model"_s, u"PMP"_s}, {u"category"_s, u"service"_s}, {u"type"_s, u"free_customer_service"_s}});
        }
    }
    if (!errors.isEmpty())
        one.insert(u"errors"_s, errors);
    merge(one, event.more);
    tellField(u"messages"_s, {{u"statuses"_s, QJsonArray{one}}}, true, event);
}

QJsonObject SimulatedWhatsapp::historyMessage(const WhatsappCustomer &with, bool fromBusiness, const QString &text, Timestamp at, const QString &status, const QString &id)
{
    QJsonObject message{{u"from"_s, fromBusiness ? number().digits : with.waId}, {u"id"_s, id.isEmpty() ? newWamid() : id}, {u"timestamp"_s, seconds(at)},
                        {u"type"_s, u"text"_s}, {u"text"_s, words(text)}, {u"history_context"_s, QJsonObject{{u"status"_s, status}}}};
    if (fromBusiness)
        message.insert(u"to"_s, with.waId);
    return message;
}

void SimulatedWhatsapp::tellHistory(int phase, int chunk, int progress, const QJsonArray &threads, const GraphEvent &event)
{
    const QJsonObject one{{u"metadata"_s, QJsonObject{{u"phase"_s, phase}, {u"chunk_order"_s, chunk}, {u"progress"_s, progress}}}, {u"threads"_s, threads}};
    tellField(u"history"_s, {{u"history"_s, QJsonArray{one}}}, true, event);
}

void SimulatedWhatsapp::declineHistory(const GraphEvent &event)
{
    const QJsonObject error{{u"code"_s, 2593109}, {u"title"_s, u"History sync is turned off by the business from the WhatsApp Business App"_s},
                            {u"message"_s, u"History sync is turned off by the business from the WhatsApp Business App"_s},
                            {u"error_data"_s, QJsonObject{{u"details"_s, u"History sharing is turned off by the business"_s}}}};
    tellField(u"history"_s, {{u"history"_s, QJsonArray{QJsonObject{{u"errors"_s, QJsonArray{error}}}}}}, true, event);
}

void SimulatedWhatsapp::tellContact(const QString &digits, const QString &fullName, bool isAdded, const GraphEvent &event)
{
    QJsonObject contact{{u"phone_number"_s, digits}};
    if (isAdded) {
        contact.insert(u"full_name"_s, fullName);
        contact.insert(u"first_name"_s, fullName.section(u' ', 0, 0));
    }
    const QJsonObject one{{u"type"_s, u"contact"_s}, {u"contact"_s, contact}, {u"action"_s, isAdded ? u"add"_s : u"remove"_s},
                          {u"metadata"_s, QJsonObject{{u"timestamp"_s, seconds(event.at.value_or(now()))}}}};
    tellField(u"smb_app_state_sync"_s, {{u"state_sync"_s, QJsonArray{one}}}, true, event);
}

void SimulatedWhatsapp::tellAccount(const QString &what, const GraphEvent &event)
{
    QJsonObject value{{u"event"_s, what}, {u"phone_number"_s, number().digits}};
    merge(value, event.more);
    tellField(u"account_update"_s, value, false, event);
}

void SimulatedWhatsapp::tellTemplate(const QString &name, const QString &language, const QString &status, const GraphEvent &event)
{
    tellField(u"message_template_status_update"_s,
              {{u"event"_s, status}, {u"message_template_id"_s, qint64(594425479261596)}, {u"message_template_name"_s, name}, {u"message_template_language"_s, language}, {u"reason"_s, u"NONE"_s}},
              false, event);
}

} // namespace antiphon::demo
