#include "core/intake/phonesync.h"

#include "core/base/json.h"
#include "core/store/inboxrepository.h"
#include "core/store/jobrepository.h"

#include <QJsonArray>

#include <functional>

namespace antiphon::phonesync {
namespace {
using namespace Qt::StringLiterals;

constexpr auto kKey = "phone_sync"_L1;
constexpr auto kSteps = "steps"_L1;
constexpr auto kSync = "sync"_L1;
constexpr auto kState = "state"_L1;

Result<Inbox> inboxOf(ReadTransaction &tx, InboxId id)
{
    const auto row = inboxes::find(tx, id);
    if (!row)
        return row.error();
    if (!*row)
        return Error{Error::Kind::NotFound, u"no such inbox"_s};
    return (*row)->inbox;
}

bool isAt(const QJsonObject &step, QStringView state)
{
    return json::string(step, kState) == state;
}

/// Changes the steps of an inbox by `edit`, one after the other.
Result<void> editSteps(WriteTransaction &tx, InboxId id, const std::function<void(QJsonObject &)> &edit)
{
    const auto found = inboxOf(tx, id);
    if (!found)
        return found.error();
    Inbox inbox = *found;
    QJsonObject sync = inbox.settings.value(kKey).toObject();
    QJsonArray steps;
    const QJsonArray before = sync.value(kSteps).toArray();
    for (const QJsonValue &entry : before) {
        QJsonObject step = entry.toObject();
        edit(step);
        steps.append(step);
    }
    if (steps == before)
        return {};
    sync.insert(kSteps, steps);
    inbox.settings.insert(kKey, sync);
    return inboxes::update(tx, inbox);
}

} // namespace

Result<void> request(WriteTransaction &tx, const ChannelRegistry &channels, InboxId id)
{
    const auto found = inboxOf(tx, id);
    if (!found)
        return found.error();
    Inbox inbox = *found;
    const AccountAdapter *accounts = channels.accounts(inbox.channel);
    const QStringList syncs = accounts ? accounts->phoneSyncs({.account = inbox.externalId, .settings = inbox.settings}) : QStringList();
    if (syncs.isEmpty())
        return Error{Error::Kind::ChannelLimit, u"no phone of this inbox brings anything along"_s, u"id"_s};
    if (inbox.settings.contains(kKey))
        return Error{Error::Kind::Conflict, u"it was asked for before, and the platform gives it once"_s};
    QJsonArray steps;
    for (const QString &sync : syncs)
        steps.append(QJsonObject{{kSync, sync}, {kState, QString::fromUtf16(kWaiting)}});
    inbox.settings.insert(kKey, QJsonObject{{"at"_L1, toRfc3339(tx.now())}, {kSteps, steps}});
    if (const auto done = inboxes::update(tx, inbox); !done)
        return done;
    const auto queued = jobs::enqueue(tx, {.kind = u"phone_sync"_s, .inboxId = id, .entity = u"inbox"_s, .entityId = id.value(), .nextAt = tx.now()});
    return queued ? Result<void>() : Result<void>(queued.error());
}

Result<QString> begin(WriteTransaction &tx, InboxId inbox)
{
    QString next;
    const auto done = editSteps(tx, inbox, [&next](QJsonObject &step) {
        if (isAt(step, kAsking)) {
            step.insert(kState, QString::fromUtf16(kUnknown));
        } else if (next.isEmpty() && isAt(step, kWaiting)) {
            next = json::string(step, kSync);
            step.insert(kState, QString::fromUtf16(kAsking));
        }
    });
    return done ? Result<QString>(next) : Result<QString>(done.error());
}

Result<void> noteTaken(WriteTransaction &tx, InboxId inbox, const QString &sync, const QString &requestId)
{
    return editSteps(tx, inbox, [&](QJsonObject &step) {
        if (json::string(step, kSync) != sync)
            return;
        step.insert(kState, QString::fromUtf16(kAsked));
        step.insert("request_id"_L1, requestId);
    });
}

Result<void> noteFailed(WriteTransaction &tx, InboxId inbox, const QString &sync, const Error &error, bool isCertain)
{
    return editSteps(tx, inbox, [&](QJsonObject &step) {
        if (json::string(step, kSync) != sync)
            return;
        step.insert(kState, isCertain ? QString::fromUtf16(kRefused) : QString::fromUtf16(kUnknown));
        step.insert("code"_L1, error.code.isEmpty() ? errorKindName(error.kind) : error.code);
        step.insert("detail"_L1, error.detail);
    });
}

} // namespace antiphon::phonesync
