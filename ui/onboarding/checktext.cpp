#include "ui/onboarding/checktext.h"

#include "ui/models/richtext.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>

#include <array>

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
    return plainLine(QString(name).replace(u'_', u' '), 80);
}

struct Sentence {
    QLatin1StringView said;
    const char *shown;
};

// What the server says word for word.
constexpr std::array kSentences{
    Sentence{"a probe sent to the public address arrived here"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "a probe sent to the public address arrived here")},
    Sentence{"the public address does not answer"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "the public address does not answer")},
    Sentence{"the public address answers, but it is not this server"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "the public address answers, but it is not this server")},
    Sentence{"no public address is known"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "no public address is known")},
    Sentence{"no public address is known, and none is needed: messages are fetched"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "there is none, and none is needed: messages are fetched")},
    Sentence{"no webhook has come yet"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "no message has been delivered yet")},
    Sentence{"nothing has come yet"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "nothing has come yet")},
    Sentence{"the platform names no end of the consent"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "the platform names no end")},
    Sentence{"no public address is known, so nothing can be delivered by webhook"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "no public address is known, so nothing can be delivered")},
    Sentence{"the address is entered in the platform's portal"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "the address is entered in the platform's portal")},
    Sentence{"not subscribed, and the platform takes no subscription from here"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "not subscribed; it has to be done in the platform's portal")},
    Sentence{"messages are fetched"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "messages are fetched")},
    Sentence{"messages are fetched, and no webhook is set"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "messages are fetched")},
    Sentence{"messages are fetched, and the webhook was taken off"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "messages are fetched; the webhook was taken off")},
    Sentence{"the inbox is switched off"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "the inbox is switched off")},
    Sentence{"another program fetches this account's messages: stop it"_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "another program fetches this account's messages: stop that one")}};

/// What the server says before something that changes.
struct Beginning {
    QLatin1StringView said;
    const char *shown;           ///< with %1
    enum class Rest { AsItIs, Time, Day, Name } rest = Rest::AsItIs;
};

constexpr std::array kBeginnings{
    Beginning{"the last webhook came at "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "the last delivery came on %1"), Beginning::Rest::Time},
    Beginning{"the last events came at "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "the last delivery came on %1"), Beginning::Rest::Time},
    Beginning{"the last failure to bring one was at "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "the last one that failed was on %1"), Beginning::Rest::Time},
    Beginning{"the consent ended on "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "it ended on %1"), Beginning::Rest::Day},
    Beginning{"the consent lasts until "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "until %1"), Beginning::Rest::Day},
    Beginning{"the platform knows this account as "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "as %1"), Beginning::Rest::Name},
    Beginning{"the platform could not be asked: "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "the platform could not be asked: %1")},
    Beginning{"the platform did not take the subscription: "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "the platform did not take the subscription: %1")},
    Beginning{"the subscription could not be read: "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "the subscription could not be read: %1")},
    Beginning{"the webhook could not be taken off: "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "the webhook could not be taken off: %1")},
    Beginning{"subscribed, to be brought to "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "subscribed, delivered to %1")},
    Beginning{"brought to another address, "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "delivered to another address: %1")},
    Beginning{"registered to another address, "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "delivered to another address: %1")},
    Beginning{"nothing can be fetched while another address is brought the messages, "_L1,
              QT_TRANSLATE_NOOP("antiphon::InboxCheck", "nothing can be fetched while messages are delivered to another address: %1")},
    Beginning{"webhooks go to another address, "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "webhooks go to another address: %1")},
    Beginning{"Telegram's last try failed: "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "Telegram's last try failed: %1")},
    Beginning{"delivered to "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "delivered to %1")},
    Beginning{"LINE could not bring a test: "_L1, QT_TRANSLATE_NOOP("antiphon::InboxCheck", "LINE's test of the webhook failed: %1")}};

QString restText(const QString &text, Beginning::Rest kind)
{
    switch (kind) {
    case Beginning::Rest::AsItIs: return text;           // what the platform itself said stays in its words
    case Beginning::Rest::Name: return QChar(0x2068) + text + QChar(0x2069);
    case Beginning::Rest::Time: return QLocale().toString(QDateTime::fromString(text, Qt::ISODateWithMs).toLocalTime(), QLocale::ShortFormat);
    case Beginning::Rest::Day: {
        const QDate date = QDate::fromString(text, Qt::ISODate);
        return date.isValid() ? QLocale().toString(date, QLocale::ShortFormat) : text;
    }
    }
    Q_UNREACHABLE();
}

/// A part of the server's words in this language; what isn't known here stays as it came. Empty for what a person needn't hear.
QString partOf(const QString &said)
{
    for (const Sentence &sentence : kSentences) {
        if (said == sentence.said)
            return Words::tr(sentence.shown);
    }
    for (const Beginning &beginning : kBeginnings) {
        if (said.startsWith(beginning.said) && said.size() > beginning.said.size())
            return Words::tr(beginning.shown).arg(restText(said.mid(beginning.said.size()), beginning.rest));
    }
    if (said.startsWith("app_secret is entered neither here"_L1))
        return Words::tr("the app secret is missing, so nothing that arrives can be believed");
    if (said.startsWith("taking it over would stop that installation"_L1) || said.startsWith("it is tried again every minute"_L1))
        return {};                                       // the button that does it says so; nobody has to do anything
    if (said.startsWith("\"Use webhook\" is switched off"_L1))
        return Words::tr("“Use webhook” is off: turn it on in the LINE Developers Console, under “Messaging API”");
    static const QRegularExpression quota(u"^(\\d+) of (\\d+) messages of this month are used(, nearly all of them)?$"_s);
    if (const auto match = quota.match(said); match.hasMatch()) {
        const QString text = Words::tr("%1 of %2 messages of this month are used").arg(QLocale().toString(match.captured(1).toLongLong()), QLocale().toString(match.captured(2).toLongLong()));
        return match.captured(3).isEmpty() ? text : text + u". "_s + Words::tr("Hardly any are left; answers within a minute cost none.");
    }
    static const QRegularExpression waiting(u"^(\\d+) updates wait at Telegram$"_s);
    if (const auto match = waiting.match(said); match.hasMatch())
        return Words::tr("%n message(s) wait to be delivered", nullptr, match.captured(1).toInt());
    return said;
}

/// The server's words, part by part.
QString detailOf(const QString &detail)
{
    if (const QString whole = partOf(detail); whole != detail && !detail.contains("; "_L1))
        return whole;
    QStringList parts;
    const QStringList all = detail.split(u"; "_s);
    for (const QString &said : all) {
        if (const QString part = partOf(said); !part.isEmpty())
            parts.append(part);
    }
    return parts.join(u"; "_s);
}

} // namespace

QString foreignAddress(const DeskCheck &check)
{
    static const QRegularExpression known(u"(?:brought|registered|go) to another address, ([^;, ]+)|while another address is brought the messages, ([^;, ]+)"_s);
    for (const DeskCheckLine &line : check.lines) {
        if (const auto match = known.match(line.detail); line.name == "subscription"_L1 && match.hasMatch())
            return match.captured(1) + match.captured(2);
    }
    return {};
}

QString checkLineText(const DeskCheckLine &line)
{
    const QString title = titleOf(line.name);
    return line.detail.isEmpty() ? title : u"%1 (%2)"_s.arg(title, detailOf(line.detail));
}

} // namespace antiphon
