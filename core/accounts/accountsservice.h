#pragma once

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/domain/inbox.h"

#include <QJsonObject>
#include <QList>
#include <QUrl>

#include <functional>

namespace antiphon {

/// What an agent can do about platforms and accounts: the part of the Desk API behind `apps.*` and `inboxes.*`. Called in the net thread;
/// `done` is called once, in the same thread, and not any more after the service is gone. All but check(), and a change that
/// names no secret, end with Unavailable while the secrets are locked. Secrets go in, never out, but for verifyToken().
class AccountsService {
public:
    template <typename T>
    using Done = std::function<void(Result<T>)>;

    /// What an inbox is to become. Only what is given changes.
    struct InboxInput {
        std::optional<QString> name{};
        std::optional<QJsonObject> settings{};
        std::optional<QJsonObject> secrets{};
        std::optional<Inbox::Delivery> delivery{};
        std::optional<Inbox::State> state{};          ///< active or disabled
    };

    struct Check {
        QString name{};                               ///< "credentials", "subscription", "public_probe", "quiet_since", "token_life", "catch_up_depth"
        bool ok = false;
        QString detail{};                             ///< English sentence, no secrets
    };

    virtual ~AccountsService() = default;

    /// The application of a platform: `{channel, settings:{app_id}, secrets_set:["app_secret"]}`. NotFound where none is entered.
    virtual void getApp(Channel channel, Done<QJsonObject> done) = 0;
    /// Only what is given changes. Invalid with `field` for unknown or empty ones. A verify token is made where the platform will ask for one and none is there.
    virtual void setApp(Channel channel, const QJsonObject &settings, const QJsonObject &secrets, Done<QJsonObject> done) = 0;

    /// The word that a platform's portal asks for beside the webhook's address: `{verify_token}`, the inbox's own or else its application's. The one secret
    /// that comes out again, and for owners only: where it was made here, they have to type it there. NotFound where there is none.
    /// @param id null: the application's of `channel`.
    virtual void verifyToken(Channel channel, InboxId id, Done<QString> done) = 0;

    /// Tries the credentials at once: Invalid with `field` where they are refused, Conflict where the account is connected already.
    virtual void createInbox(Channel channel, const InboxInput &input, Done<Inbox> done) = 0;
    virtual void updateInbox(InboxId id, const InboxInput &input, Done<Inbox> done) = 0;
    virtual void deleteInbox(InboxId id, Done<void> done) = 0;

    /// The consent page to open in the browser. Unavailable without a public address, Invalid without app credentials.
    /// @param id the inbox to reconnect; null for a new one.
    virtual void authorize(Channel channel, InboxId id, Done<QUrl> done) = 0;
    /// The callback address pasted from the browser.
    virtual void authorizePaste(const QUrl &callback, Done<Inbox> done) = 0;

    /// Looks at everything that could keep messages away, and registers the webhook where nobody's is.
    /// @param takeOver also replaces another installation's registration, which then gets no messages any more.
    virtual void check(InboxId id, bool takeOver, Done<QList<Check>> done) = 0;
};

} // namespace antiphon
