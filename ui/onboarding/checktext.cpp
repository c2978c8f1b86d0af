#include "ui/onboarding/checktext.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::InboxCheck)
};

QString titleOf(const QString &name)
{
    if (name == "credentials"_L1)
        return Words::tr("The platform accepts the connection");
    if (name == "subscription"_L1)
        return Words::tr("The platform delivers to this address");
    if (name == "public_probe"_L1)
        return Words::tr("The public address leads here");
    if (name == "quiet_since"_L1)
        return Words::tr("Messages keep coming in");
    if (name == "token_life"_L1)
        return Words::tr("The permission lasts");
    if (name == "catch_up_depth"_L1)
        return Words::tr("Missed messages can be fetched");
    return name;
}

/// The server's words in this language; what isn't known here stays as it came.
QString detailOf(const QString &detail)
{
    if (detail == "a probe sent to the public address arrived here"_L1)
        return Words::tr("a probe sent to the public address arrived here");
    if (detail == "the public address does not answer"_L1)
        return Words::tr("the public address does not answer");
    if (detail == "the public address answers, but it is not this server"_L1)
        return Words::tr("the public address answers, but it is not this server");
    if (detail == "no public address is known"_L1)
        return Words::tr("no public address is known");
    if (detail == "no webhook has come yet"_L1)
        return Words::tr("no message has been delivered yet");
    if (detail == "the platform names no end of the consent"_L1)
        return Words::tr("the platform names no end");
    if (detail == "no public address is known, so nothing can be delivered by webhook"_L1)
        return Words::tr("no public address is known, so nothing can be delivered");
    if (detail == "the address is entered in the platform's portal"_L1)
        return Words::tr("the address is entered in the platform's portal");
    if (detail == "not subscribed, and the platform takes no subscription from here"_L1)
        return Words::tr("not subscribed; it has to be done in the platform's portal");
    if (detail.startsWith("app_secret is entered neither here"_L1))
        return Words::tr("the app secret is missing, so nothing that arrives can be believed");
    const auto rest = [&detail](QLatin1StringView start) { return detail.startsWith(start) ? detail.mid(start.size()) : QString(); };
    if (const QString at = rest("the last webhook came at "_L1); !at.isEmpty()) {
        const QDateTime time = QDateTime::fromString(at, Qt::ISODateWithMs).toLocalTime();
        return Words::tr("the last delivery came on %1").arg(QLocale().toString(time, QLocale::ShortFormat));
    }
    const auto day = [](const QString &text) {
        const QDate date = QDate::fromString(text, Qt::ISODate);
        return date.isValid() ? QLocale().toString(date, QLocale::ShortFormat) : text;
    };
    if (const QString end = rest("the consent ended on "_L1); !end.isEmpty())
        return Words::tr("it ended on %1").arg(day(end));
    if (const QString end = rest("the consent lasts until "_L1); !end.isEmpty())
        return Words::tr("until %1").arg(day(end));
    if (const QString name = rest("the platform knows this account as "_L1); !name.isEmpty())
        return Words::tr("as %1").arg(QChar(0x2068) + name + QChar(0x2069));
    // What the platform itself said stays in its words.
    if (const QString said = rest("the platform could not be asked: "_L1); !said.isEmpty())
        return Words::tr("the platform could not be asked: %1").arg(said);
    if (const QString said = rest("the platform did not take the subscription: "_L1); !said.isEmpty())
        return Words::tr("the platform did not take the subscription: %1").arg(said);
    if (const QString said = rest("the subscription could not be read: "_L1); !said.isEmpty())
        return Words::tr("the subscription could not be read: %1").arg(said);
    if (const QString address = rest("subscribed, to be brought to "_L1); !address.isEmpty())
        return Words::tr("subscribed, delivered to %1").arg(address);
    if (const QString address = rest("brought to another address, "_L1).section(u';', 0, 0); !address.isEmpty())
        return Words::tr("delivered to another address: %1").arg(address);
    return detail;
}

} // namespace

QString checkLineText(const DeskCheckLine &line)
{
    const QString title = titleOf(line.name);
    return line.detail.isEmpty() ? title : u"%1 (%2)"_s.arg(title, detailOf(line.detail));
}

} // namespace antiphon
