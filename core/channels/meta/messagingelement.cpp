#include "core/channels/meta/messagingelement.h"

#include "core/base/json.h"
#include "core/channels/meta/messagingvalues.h"

#include <QCryptographicHash>
#include <QJsonArray>

namespace antiphon::meta {

using namespace Qt::StringLiterals;

namespace {

/// Of the platform's own inboxes, as echoes name them: a person wrote there.
/// @see https://developers.facebook.com/docs/messenger-platform/handover-protocol#page-inbox
constexpr QLatin1StringView kPageInbox = "263902037430900"_L1;
constexpr QLatin1StringView kInstagramInbox = "1217981644879628"_L1;

QString hashOf(const QJsonObject &content)
{
    return QString::fromLatin1(QCryptographicHash::hash(json::toBytes(content), QCryptographicHash::Sha256).toHex());
}

QString number(Timestamp time)
{
    return QString::number(toUnixMs(time));
}

/// Who sent an echo, as far as the platform says.
QString writerOf(const Dialect &dialect, const ElementSource &source, const QJsonObject &message)
{
    if (!dialect.namesApps || source.isListed)
        return u"unsure"_s;
    const QString app = idText(message, "app_id"_L1);
    const bool isTagged = json::string(message, "metadata"_L1).startsWith(QLatin1StringView(kSendTag));
    if (app.isEmpty() || app == kPageInbox || app == kInstagramInbox)
        return isTagged ? u"own"_s : u"app"_s;
    if (source.appId.isEmpty())
        return isTagged ? u"own"_s : u"unsure"_s;
    return app == source.appId ? u"own"_s : u"other"_s;
}

/// One element on its way to events.
class Element {
public:
    Element(const Dialect &dialect, const ElementSource &source, const QJsonObject &element)
        : m_dialect(dialect), m_source(source), m_element(element), m_sender(partyId(element, "sender"_L1)), m_recipient(partyId(element, "recipient"_L1)),
          m_at(moment(element.value("timestamp"_L1)))
    {
        if (!m_at)
            m_at = source.entryAt;
        const bool isEcho = element.value("message"_L1).toObject().value("is_echo"_L1).toBool();
        m_isOurs = isEcho || (!m_sender.isEmpty() && m_sender == source.account && m_recipient != source.account);
        m_customer = m_isOurs ? m_recipient : m_sender;
        m_account = m_isOurs ? m_sender : m_recipient;
        if (m_account.isEmpty())
            m_account = source.account;
    }

    QList<SplitEvent> split() const
    {
        if (m_element.value("policy_enforcement"_L1).isObject())
            return {aboutAccount(u"policy"_s)};
        if (m_element.contains("app_roles"_L1))
            return {ignored(u"ignored"_s, u"roles of applications: no thread is meant"_s)};
        const auto make = maker();
        if (!make)
            return {ignored(u"unknown"_s, u"an event nobody told us of: "_s + m_element.keys().join(u", "_s).left(200))};
        if (m_customer.isEmpty())
            return {broken(u"neither sender nor recipient names a customer"_s)};
        if (!m_at)
            return {broken(u"no timestamp"_s)};
        return (this->*make)();
    }

private:
    using Maker = QList<SplitEvent> (Element::*)() const;

    Maker maker() const
    {
        struct Known {
            QLatin1StringView key;
            Maker make;
        };
        static constexpr Known kKnown[]{
            {"message"_L1, &Element::splitMessage},
            {"message_edit"_L1, &Element::splitEdit},
            {"reaction"_L1, &Element::splitReaction},
            {"read"_L1, &Element::splitRead},
            {"delivery"_L1, &Element::splitDelivery},
            {"postback"_L1, &Element::splitPostback},
            {"referral"_L1, &Element::splitReferral},
            {"optin"_L1, &Element::splitOptin},
            {"account_linking"_L1, &Element::splitLinking},
            {"pass_thread_control"_L1, &Element::splitHandover},
            {"take_thread_control"_L1, &Element::splitHandover},
            {"request_thread_control"_L1, &Element::splitHandover},
        };
        for (const Known &known : kKnown) {
            if (m_element.contains(known.key))
                return known.make;
        }
        return nullptr;
    }

    QJsonObject part(QLatin1StringView key) const { return m_element.value(key).toObject(); }

    SplitEvent make(const QString &kind, const QString &key, bool hasLane = true) const
    {
        QJsonObject payload{{"element"_L1, m_element}, {"customer"_L1, m_customer}, {"at"_L1, toUnixMs(*m_at)}};
        if (m_source.isStandby)
            payload.insert("standby"_L1, true);
        return {.account = m_account,
                .lane = hasLane ? messagingLane(m_dialect, m_account, m_customer) : QString(),
                .dedupeKey = key,
                .kind = kind,
                .platformAt = m_at,
                .payload = payload};
    }

    SplitEvent ignored(const QString &kind, const QString &why) const { return ignoredElement(placed(), m_element, kind, why); }
    SplitEvent broken(const QString &why) const { return brokenElement(placed(), m_element, why); }

    ElementSource placed() const
    {
        ElementSource source = m_source;
        source.account = m_account;
        if (m_at)
            source.entryAt = m_at;
        return source;
    }

    /// No thread is meant, but the account.
    SplitEvent aboutAccount(const QString &kind) const
    {
        SplitEvent split = ignored(kind, {});
        split.payload.insert("element"_L1, m_element);
        return split;
    }

    QList<SplitEvent> splitMessage() const
    {
        const QJsonObject message = part("message"_L1);
        const QString mid = idText(message, "mid"_L1);
        if (mid.isEmpty())
            return {broken(u"a message without mid"_s)};
        if (message.value("is_deleted"_L1).toBool()) {
            SplitEvent split = make(u"unsend"_s, u"d:"_s + mid);
            split.target = mid;
            return {split};
        }
        SplitEvent split = make(m_isOurs ? u"echo"_s : u"message"_s, u"m:"_s + mid);
        if (m_isOurs)
            split.payload.insert("writer"_L1, writerOf(m_dialect, m_source, message));
        return {split};
    }

    QList<SplitEvent> splitEdit() const
    {
        const QJsonObject edit = part("message_edit"_L1);
        const QString mid = idText(edit, "mid"_L1);
        if (mid.isEmpty())
            return {broken(u"an edit without mid"_s)};
        const qint64 revision = json::integer(edit.value("num_edit"_L1)).value_or(0);
        SplitEvent split = make(u"edit"_s, u"e:"_s + mid + u':' + (revision > 0 ? QString::number(revision) : u"t"_s + number(*m_at)));
        split.target = mid;
        return {split};
    }

    QList<SplitEvent> splitReaction() const
    {
        const QJsonObject reaction = part("reaction"_L1);
        const QString mid = idText(reaction, "mid"_L1);
        if (mid.isEmpty())
            return {broken(u"a reaction without mid"_s)};
        const QString emoji = json::string(reaction, "emoji"_L1);
        SplitEvent split = make(u"reaction"_s, u"r:"_s + mid + u':' + m_sender + u':' + json::string(reaction, "action"_L1) + u':'
                                    + (emoji.isEmpty() ? json::string(reaction, "reaction"_L1) : emoji) + u':' + number(*m_at));
        split.target = mid;
        return {split};
    }

    QList<SplitEvent> splitRead() const
    {
        const QJsonObject read = part("read"_L1);
        const QString mid = idText(read, "mid"_L1);
        const auto watermark = moment(read.value("watermark"_L1));
        if (mid.isEmpty() && !watermark)
            return {broken(u"a read mark without mid or watermark"_s)};
        SplitEvent split = make(u"read"_s, u"rd:"_s + m_customer + u':' + (mid.isEmpty() ? number(*watermark) : mid), false);
        split.target = mid.isEmpty() ? m_customer : mid;
        return {split};
    }

    /// Said of a time and, not always, of messages: each is an event of its own, since one may wait for its message while the other needs none.
    QList<SplitEvent> splitDelivery() const
    {
        const QJsonObject delivery = part("delivery"_L1);
        const auto watermark = moment(delivery.value("watermark"_L1));
        const QJsonArray mids = delivery.value("mids"_L1).toArray();
        QList<SplitEvent> events;
        if (watermark) {
            events.append(make(u"delivery"_s, u"dl:"_s + m_customer + u':' + number(*watermark), false));
            events.last().target = m_customer;
        }
        for (const QJsonValue &value : mids) {
            const QString mid = idText(value);
            if (mid.isEmpty())
                continue;
            events.append(make(u"delivered"_s, u"dl:"_s + mid, false));
            events.last().target = mid;
        }
        return events.isEmpty() ? QList{broken(u"a delivery without watermark or messages"_s)} : events;
    }

    /// The key of what may have no id: what it is about, who it came from and when.
    QString nameless(const QJsonObject &content) const
    {
        return u"p:"_s + hashOf({{"account"_L1, m_account}, {"sender"_L1, m_sender}, {"at"_L1, toUnixMs(*m_at)}, {"content"_L1, content}});
    }

    QList<SplitEvent> splitPostback() const
    {
        const QJsonObject postback = part("postback"_L1);
        if (postback.isEmpty())
            return {broken(u"an empty postback"_s)};
        const QString mid = idText(postback, "mid"_L1);
        SplitEvent split = make(u"postback"_s, mid.isEmpty() ? nameless(postback) : u"p:"_s + mid);
        split.payload.insert("id"_L1, mid.isEmpty() ? split.dedupeKey : mid);
        return {split};
    }

    QList<SplitEvent> splitReferral() const
    {
        const QJsonObject referral = part("referral"_L1);
        if (referral.isEmpty())
            return {broken(u"an empty referral"_s)};
        return {make(u"referral"_s, nameless(referral))};
    }

    QList<SplitEvent> splitOptin() const { return {make(u"optin"_s, nameless(part("optin"_L1)))}; }
    QList<SplitEvent> splitLinking() const { return {make(u"account_linking"_s, nameless(part("account_linking"_L1)))}; }

    /// Whether the thread is ours now is said against our own application; without its id by which of the two events it is.
    QList<SplitEvent> splitHandover() const
    {
        const bool isPassed = m_element.contains("pass_thread_control"_L1);
        const bool isTaken = m_element.contains("take_thread_control"_L1);
        const QJsonObject control = part(isPassed ? "pass_thread_control"_L1 : isTaken ? "take_thread_control"_L1 : "request_thread_control"_L1);
        const QString owner = idText(control, "new_owner_app_id"_L1);
        SplitEvent split = make(u"handover"_s, u"h:"_s + hashOf(m_element));
        const bool isOurs = m_source.appId.isEmpty() || owner.isEmpty() ? isPassed : owner == m_source.appId;
        split.payload.insert("action"_L1, !isPassed && !isTaken ? u"requested"_s : isOurs ? u"returned"_s : u"handed_over"_s);
        split.payload.insert("app_id"_L1, owner.isEmpty() ? idText(control, "requested_owner_app_id"_L1) : owner);
        return {split};
    }

    const Dialect &m_dialect;
    const ElementSource &m_source;
    const QJsonObject &m_element;
    QString m_sender;
    QString m_recipient;
    QString m_customer;
    QString m_account;
    std::optional<Timestamp> m_at;
    bool m_isOurs = false;
};

} // namespace

SplitEvent ignoredElement(const ElementSource &source, const QJsonObject &element, const QString &kind, const QString &why)
{
    return {.account = source.account,
            .dedupeKey = u"x:"_s + hashOf({{"account"_L1, source.account}, {"content"_L1, element}}),
            .kind = kind,
            .target = source.account,
            .platformAt = source.entryAt,
            .payload = {{"reason"_L1, why}}};
}

SplitEvent brokenElement(const ElementSource &source, const QJsonObject &element, const QString &why)
{
    SplitEvent split = ignoredElement(source, element, u"broken"_s, why);
    split.payload.insert("element"_L1, element);
    split.broken = why;
    return split;
}

QList<SplitEvent> splitElement(const Dialect &dialect, const ElementSource &source, const QJsonObject &element)
{
    return Element(dialect, source, element).split();
}

} // namespace antiphon::meta
