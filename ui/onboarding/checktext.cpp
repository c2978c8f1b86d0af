#include "ui/onboarding/checktext.h"

#include <QCoreApplication>

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

} // namespace

QString checkLineText(const DeskCheckLine &line)
{
    const QString title = titleOf(line.name);
    return line.detail.isEmpty() ? title : u"%1 (%2)"_s.arg(title, line.detail);
}

} // namespace antiphon
