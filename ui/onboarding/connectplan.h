#pragma once

#include "core/domain/inbox.h"

#include <QList>
#include <QStringList>

#include <optional>

namespace antiphon {

/// A value that a person copies from the platform's pages.
struct ConnectField {
    enum class Where { AppSetting, AppSecret, InboxSetting, InboxSecret };
    Where where = Where::InboxSetting;
    QString key{};               ///< as the Desk API calls it: "phone_number_id"
    QString otherKey{};          ///< what is typed in the form of `otherPattern` goes under this name instead
    QString otherPattern{};
    QString name{};              ///< as the platform's page calls it
    QString placeholder{};       ///< an example
    QString hint{};              ///< where it stands; below the field
    QString pattern{};           ///< the whole of it must match; empty: anything
    QString wrong{};             ///< said where it doesn't
    QString refused{};           ///< said where the platform refused it
    bool isOptional = false;
    bool isAdvanced = false;     ///< few need it: behind "More options"

    bool isSecret() const { return where == Where::AppSecret || where == Where::InboxSecret; }
    bool isOfApp() const { return where == Where::AppSetting || where == Where::AppSecret; }
};

/// One of several ways, of which exactly one is taken.
struct ConnectChoice {
    enum class Where { Setting, Delivery };
    struct Option {
        QString value{};         ///< as the Desk API calls it: "sms"
        QString name{};
        QString text{};          ///< what it means, a sentence
        bool needsAddress = false;      ///< off while no public address is known
        bool isPreferred = false;       ///< the first of these that can be had is taken at first
    };
    Where where = Where::Setting;
    QString key{};               ///< "medium"
    QString name{};
    QList<Option> options{};
};

/// A value of ours that is entered at the platform.
struct ConnectValue {
    enum class Kind { Redirect, Webhook, VerifyToken, Fixed };
    Kind kind = Kind::Fixed;
    QString name{};
    QString value{};             ///< of Fixed
    bool isSetForYou = false;    ///< the program enters it itself
};

/// One task: what to click where, what to copy there, what to bring back.
struct ConnectStep {
    enum class Kind {
        Address,        ///< the public address
        App,            ///< ends with apps.set
        Deliver,        ///< the callback address is entered at the platform
        Consent,        ///< in the browser
        Account,        ///< ends with inboxes.create
        RoundTrip       ///< checks, and one real message
    };
    Kind kind = Kind::Address;
    QString title{};
    QString detail{};
    QString heading{};
    QString text{};
    QString portal{};            ///< a page to open; empty: none
    QString portalName{};        ///< of the button that opens it
    QString clicksHead{};
    QStringList clicks{};        ///< what to do there, in order
    QString valuesHead{};
    QList<ConnectValue> values{};
    QString fieldsHead{};
    QList<ConnectField> fields{};
    QString fieldsNote{};
    QList<ConnectChoice> choices{};
    QString advancedNote{};      ///< behind "More options", below its fields
    QString ticksHead{};
    QStringList ticks{};         ///< what a person looks after at the platform
    QString note{};              ///< what should be known of the channel, at the end
};

struct ConnectPlan {
    Channel channel = Channel::Tiktok;
    bool needsAddress = true;    ///< nothing can be connected without a public address; else only nothing arrives
    bool tellsAllChecks = false; ///< also those that went well: each is worth a look
    QString callbackPath{};      ///< of the consent's return: "/tiktok/callback"; empty: there is none
    std::optional<Channel> application{};        ///< whose application is entered, where that is another channel's
    ConnectChoice ways{};        ///< of several ways to connect an account, each with a plan of its own; without options there is one
    QString way{};               ///< which of them this plan is
    QList<ConnectStep> steps{};
};

/// How an account of this channel is connected; nothing where no assistant knows it. @param way of `ConnectPlan::ways`; empty: the first
std::optional<ConnectPlan> connectPlan(Channel channel, const QString &way = {});
/// The way in which an inbox was connected; empty: the first, or the only one.
QString connectWay(const Inbox &inbox);

/// The channels with an assistant, in the order in which they are offered.
QList<Channel> connectableChannels();
/// What connecting one takes, in a few words.
QString connectNeeds(Channel channel);

/// What it is without a public address, in a few words.
struct ConnectReach {
    bool worksWithout = false;
    QString text{};
};
ConnectReach connectReach(Channel channel);

} // namespace antiphon
