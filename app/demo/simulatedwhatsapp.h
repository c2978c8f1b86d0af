#pragma once

#include "app/demo/simulatedgraph.h"

namespace antiphon::demo {

/// A number at WhatsApp. Digits are without "+".
struct WhatsappNumber {
    QString id = QStringLiteral("200000000000001");             ///< phone_number_id
    QString digits = QStringLiteral("15550100001");
    QString accountId = QStringLiteral("100000000000001");      ///< WhatsApp Business Account
    QString verifiedName = QStringLiteral("Lantern Books");
    bool isCoexistence = false;
};

struct WhatsappOptions {
    GraphApp app{};
    QList<WhatsappNumber> numbers{WhatsappNumber{}};
    QJsonArray templates = defaultTemplates();
    int templatesPerPage = 2;                                   ///< however many are asked for, so that everybody has to page
    std::chrono::seconds mediaUrlLife{300};
    std::chrono::hours window{24};                              ///< 131047 behind it

    static QJsonArray defaultTemplates();                       ///< approved, rejected, paused; positional and named
};

/// A person with WhatsApp.
struct WhatsappCustomer {
    QString waId{};                     ///< digits; empty for somebody who shows a user name only
    QString name{};
    QString username{};
    QString userId{};                   ///< "US.31415926535"; empty: not told
    QString parentUserId{};
};

/// WhatsApp's Cloud API on loopback, with the phone of a business beside it. A customer is whoever events name; `at()` chooses the number they write to.
/// Statuses follow a send by themselves: those of setStatuses(), with the sender's own data.
class SimulatedWhatsapp : public SimulatedGraph {
    Q_OBJECT
public:
    SimulatedWhatsapp(WhatsappOptions options, const Clock &clock, RandomSource &random, QObject *parent = nullptr);

    const WhatsappOptions &options() const { return m_options; }
    const WhatsappNumber &number() const { return m_options.numbers[m_at]; }
    void at(int number) { m_at = number; }                      ///< events are about this one from now on; 0 is the first
    void setTemplates(const QJsonArray &templates) { m_options.templates = templates; }
    /// A token of the number's account with these permissions; both where empty.
    QString issueToken(const QStringList &scopes = {}) { return SimulatedGraph::issueToken(number().accountId, scopes); }
    void revokeTokens() { SimulatedGraph::revokeTokens(number().accountId); }
    /// How WhatsApp itself spells a number that was written another way (Brazil, Argentina, Mexico).
    void setCanonical(const QString &digits, const QString &waId) { m_canonical.insert(digits, waId); }
    void setStatuses(const QStringList &statuses) { m_statuses = statuses; }        ///< after each send; {"sent", "delivered"} at first

    // Customers. The wamid of the event.
    QString customerWrites(const WhatsappCustomer &from, const QString &text, const GraphEvent &event = {});
    /// image, video, audio, document or sticker; `more` is merged into it: {"caption": …}, {"voice": true}, {"filename": …}.
    QString customerSendsFile(const WhatsappCustomer &from, const QString &kind, const QByteArray &bytes, const QByteArray &mime, const QJsonObject &more = {},
                              const GraphEvent &event = {});
    QString customerReacts(const WhatsappCustomer &from, const QString &messageId, const QString &emoji, const GraphEvent &event = {});
    QString customerEdits(const WhatsappCustomer &from, const QString &messageId, const QString &text, const GraphEvent &event = {});
    QString customerRevokes(const WhatsappCustomer &from, const QString &messageId, const GraphEvent &event = {});
    QString customerChangesNumber(const WhatsappCustomer &from, const QString &newWaId, const GraphEvent &event = {});
    /// Any type with its object: {"type": …, "<type>": content}.
    QString customerSends(const WhatsappCustomer &from, const QString &type, const QJsonValue &content, const GraphEvent &event = {});

    // The phone of the business
    QString phoneWrites(const WhatsappCustomer &to, const QString &text, const GraphEvent &event = {});
    QString phoneEdits(const WhatsappCustomer &to, const QString &messageId, const QString &text, const GraphEvent &event = {});
    QString phoneRevokes(const WhatsappCustomer &to, const QString &messageId, const GraphEvent &event = {});
    QString phoneSends(const WhatsappCustomer &to, const QString &type, const QJsonValue &content, const GraphEvent &event = {});
    QString phoneSendsFile(const WhatsappCustomer &to, const QString &kind, const QByteArray &bytes, const QByteArray &mime, const QJsonObject &more = {},
                           const GraphEvent &event = {});

    /// A status; of what was sent here it carries the sender's own data.
    void tellStatus(const QString &messageId, const QString &status, const GraphEvent &event = {}, const QJsonArray &errors = {});
    /// @param threads [{id, messages: […]}], see historyMessage().
    void tellHistory(int phase, int chunk, int progress, const QJsonArray &threads, const GraphEvent &event = {});
    void declineHistory(const GraphEvent &event = {});
    QJsonObject historyMessage(const WhatsappCustomer &with, bool fromBusiness, const QString &text, Timestamp at, const QString &status, const QString &id = {});
    void tellContact(const QString &digits, const QString &fullName, bool isAdded = true, const GraphEvent &event = {});
    void tellAccount(const QString &what, const GraphEvent &event = {});                   ///< "PARTNER_REMOVED"
    void tellTemplate(const QString &name, const QString &language, const QString &status, const GraphEvent &event = {});
    /// Any field with its value (metadata is added where `withNumber`).
    void tellField(const QString &field, QJsonObject value, bool withNumber = true, const GraphEvent &event = {});

    /// A file as a customer's message names it, not sent: {id, mime_type, sha256}.
    QJsonObject offerFile(const QByteArray &bytes, const QByteArray &mime);
    void forgetFile(const QString &mediaId) { m_media.remove(mediaId); }

    struct Sent { QString id{}; QString to{}; QJsonObject body{}; Timestamp at{}; };
    const QList<Sent> &sent() const { return m_sent; }         ///< what the API took, oldest first
    QStringList read() const { return m_read; }                ///< wamids that were marked read

signals:
    void messageSent(const QString &to, const QString &messageId, const QString &type);

protected:
    Route routeOf(const SimulatedHttp::Request &request) const override;
    void perform(const Route &route, const SimulatedHttp::Request &request, const Done &done) override;
    bool isOnlySign(const SimulatedHttp::Request &request) const override;
    QJsonObject webhookBody(const QJsonArray &entries) const override;

private:
    struct Media { QByteArray bytes{}; QByteArray mime{}; QString numberId{}; bool isUpload = false; Timestamp made{}; };
    struct Download { QString mediaId{}; Timestamp expires{}; };

    const WhatsappNumber *numberOf(const QString &id) const;
    bool isAccount(const QString &id) const;
    std::optional<Outcome> refusedNumber(const SimulatedHttp::Request &request, const QString &numberId, const QString &scope);
    QString kindOfNode(const QString &id) const;

    // simulatedwhatsapp.cpp
    Outcome getNumber(const QString &id, const SimulatedHttp::Request &request);
    void overrideCallback(const QString &id, const SimulatedHttp::Request &request, const Done &done);
    Outcome listNumbers(const QString &accountId, const SimulatedHttp::Request &request);
    Outcome listTemplates(const QString &accountId, const SimulatedHttp::Request &request);
    void subscription(const QString &accountId, const SimulatedHttp::Request &request, const Done &done);
    Outcome startSync(const QString &id, const SimulatedHttp::Request &request);

    // simulatedwhatsappmessages.cpp
    Outcome upload(const QString &numberId, const SimulatedHttp::Request &request);
    Outcome getMedia(const QString &id, const SimulatedHttp::Request &request);
    Outcome download(const SimulatedHttp::Request &request);
    Outcome send(const QString &numberId, const SimulatedHttp::Request &request);
    Outcome takeSign(const QJsonObject &body);
    std::optional<Outcome> refusedContent(const QString &numberId, const QString &type, const QJsonObject &content);
    std::optional<Outcome> refusedFile(const QString &numberId, const QString &type, const QJsonObject &content);
    std::optional<Outcome> refusedInteractive(const QJsonObject &content);
    std::optional<Outcome> refusedTemplate(const QJsonObject &content);
    Outcome badParameter(const QString &details) { return refused(100, QStringLiteral("Invalid parameter"), 0, 400, details); }

    QJsonObject person(const WhatsappCustomer &customer, bool withName) const;
    QString addEvent(const QString &field, const QString &array, QJsonObject message, const WhatsappCustomer &with, const GraphEvent &event);
    QString canonical(const QString &digits) const { return m_canonical.value(digits, digits); }
    QString newWamid() { return newId(QStringLiteral("wamid.")); }

    WhatsappOptions m_options;
    int m_at = 0;
    QStringList m_statuses{QStringLiteral("sent"), QStringLiteral("delivered")};
    QHash<QString, QString> m_canonical{};
    QHash<QString, Timestamp> m_lastFrom{};             ///< of the customer, by address
    QHash<QString, Media> m_media{};
    QHash<QString, Download> m_downloads{};             ///< by path
    QHash<QString, QUrl> m_overrides{};                 ///< by number or account
    QStringList m_subscribed{};                         ///< accounts
    QStringList m_syncs{};                              ///< "<number> <type>" that were asked for
    QList<Sent> m_sent{};
    QStringList m_read{};
};

} // namespace antiphon::demo
