#pragma once

#include "core/domain/channel.h"

#include <QList>
#include <QStringList>

#include <optional>

namespace antiphon {

/// A value that a person copies from the platform's pages.
struct ConnectField {
    enum class Where { AppSetting, AppSecret, InboxSetting, InboxSecret };
    Where where = Where::InboxSetting;
    QString key{};               ///< as the Desk API calls it: "phone_number_id"
    QString name{};              ///< as the platform's page calls it
    QString placeholder{};       ///< an example
    QString hint{};              ///< where it stands; below the field
    QString pattern{};           ///< the whole of it must match; empty: anything
    QString wrong{};             ///< said where it doesn't
    QString refused{};           ///< said where the platform refused it

    bool isSecret() const { return where == Where::AppSecret || where == Where::InboxSecret; }
    bool isOfApp() const { return where == Where::AppSetting || where == Where::AppSecret; }
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
    QStringList clicks{};        ///< what to do there, in order
    QString valuesHead{};
    QList<ConnectValue> values{};
    QString fieldsHead{};
    QList<ConnectField> fields{};
    QString fieldsNote{};
    QString ticksHead{};
    QStringList ticks{};         ///< what a person looks after at the platform
};

struct ConnectPlan {
    Channel channel = Channel::Tiktok;
    bool needsAddress = true;    ///< nothing can be connected without a public address; else only nothing arrives
    QString callbackPath{};      ///< of the consent's return: "/tiktok/callback"; empty: there is none
    QList<ConnectStep> steps{};
};

/// How an account of this channel is connected; nothing where no assistant knows it.
std::optional<ConnectPlan> connectPlan(Channel channel);

/// The channels with an assistant, in the order in which they are offered.
QList<Channel> connectableChannels();
/// What connecting one takes, in a few words.
QString connectNeeds(Channel channel);

} // namespace antiphon
