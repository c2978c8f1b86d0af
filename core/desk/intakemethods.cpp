#include "core/desk/intakemethods.h"

#include "core/desk/deskobjects.h"
#include "core/desk/params.h"
#include "core/intake/deadletters.h"
#include "core/intake/intakestats.h"

#include <QJsonArray>

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

Result<QJsonObject> stats(ReadTransaction &tx, const NotStored &notStored)
{
    const auto numbers = readIntakeStats(tx, notStored);
    if (!numbers)
        return numbers.error();
    return withSeq(tx, toJson(*numbers));
}

Result<QJsonObject> list(ReadTransaction &tx, const QJsonObject &params)
{
    const auto limit = params::limit(params);
    if (!limit)
        return limit.error();
    const auto text = params::text(params, "cursor"_L1, 256);
    if (!text)
        return text.error();
    const auto cursor = deadletters::cursorFromText(*text);
    if (!cursor && !text->isEmpty())
        return params::invalid("cursor"_L1, u"not a cursor of this list"_s);
    const auto page = deadletters::list(tx, cursor, *limit);
    if (!page)
        return page.error();
    QJsonArray items;
    for (const deadletters::DeadLetter &letter : page->items)
        items.append(deadletters::toJson(letter));
    return withSeq(tx, {{u"items"_s, items}, {u"next_cursor"_s, page->next ? QJsonValue(deadletters::toText(*page->next)) : QJsonValue(QJsonValue::Null)}});
}

/// A dead letter's id is a number of its own.
Result<qint64> idOf(const QJsonObject &params)
{
    const auto id = params::requiredId<EventId>(params, "id"_L1);
    return id ? Result<qint64>(id->value()) : Result<qint64>(id.error());
}

Result<QJsonObject> retry(WriteTransaction &tx, const std::function<void()> &wakeIntake, const QJsonObject &params)
{
    const auto id = idOf(params);
    if (!id)
        return id.error();
    if (const auto done = deadletters::retry(tx, *id); !done)
        return done.error();
    if (wakeIntake)
        tx.afterCommit(wakeIntake);
    return QJsonObject();
}

Result<QJsonObject> discard(WriteTransaction &tx, const QJsonObject &params)
{
    const auto id = idOf(params);
    if (!id)
        return id.error();
    const auto done = deadletters::discard(tx, *id);
    return done ? Result<QJsonObject>(QJsonObject()) : Result<QJsonObject>(done.error());
}

} // namespace

void addIntakeMethods(MethodTable &methods, const std::function<void()> &wakeIntake, const std::function<NotStored()> &notStored)
{
    using Role = Agent::Role;
    methods.read(u"intake.stats"_s, Role::Admin, [notStored](ReadTransaction &tx, const Caller &, const QJsonObject &) {
        return stats(tx, notStored ? notStored() : NotStored{});
    });
    methods.read(u"intake.dead_letters"_s, Role::Admin, [](ReadTransaction &tx, const Caller &, const QJsonObject &params) { return list(tx, params); });
    methods.write(u"intake.retry"_s, Role::Admin,
                  [wakeIntake](WriteTransaction &tx, const Caller &, const QJsonObject &params) { return retry(tx, wakeIntake, params); });
    methods.write(u"intake.discard"_s, Role::Admin, [](WriteTransaction &tx, const Caller &, const QJsonObject &params) { return discard(tx, params); });
}

} // namespace antiphon::desk
