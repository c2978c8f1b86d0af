#include "core/accounts/ownaddresses.h"

#include "core/base/logging.h"
#include "core/store/settingrepository.h"
#include "core/store/writer.h"

#include <QJsonArray>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr qsizetype kRemembered = 64;        // a tunnel may be given another address at each start, and each number has its own

QString settingKey(Channel channel) { return channelName(channel) + u".registered_callback"_s; }

QString pathOf(const QUrl &url)
{
    const QString query = url.query(QUrl::FullyDecoded);
    return url.path(QUrl::FullyDecoded) + (query.isEmpty() ? QString() : u'?' + query);
}

} // namespace

bool leadsTo(const QUrl &registered, const QString &path)
{
    return pathOf(registered).endsWith(pathOf(QUrl(u"https://here"_s + path)));
}

OwnAddresses::OwnAddresses(Database &database, Mailbox &mailbox)
    : m_database(database)
    , m_mailbox(mailbox)
{
}

void OwnAddresses::load(Channel channel, const std::function<void()> &then)
{
    if (m_ours.contains(channel)) {
        then();
        return;
    }
    m_database.read<QStringList>(
        "read registered callbacks",
        [channel](ReadTransaction &tx) -> Result<QStringList> {
            const auto value = settings::value(tx, settingKey(channel));
            if (!value)
                return value.error();
            if (!*value)
                return QStringList();
            if ((*value)->isString())   // one address, as it was kept at first
                return QStringList{(*value)->toString()};
            QStringList all;
            const QJsonArray entries = (*value)->toArray();
            for (const QJsonValue &entry : entries)
                all.append(entry.toString());
            return all;
        },
        m_mailbox, [this, alive = std::weak_ptr(m_alive), channel, then](const Result<QStringList> &registered) {
            if (alive.expired())
                return;
            if (!registered)
                qCWarning(lcAccounts).noquote() << "registered callbacks not read:" << describe(registered.error());
            else if (!m_ours.contains(channel))   // else it was set meanwhile
                m_ours[channel] = *registered;
            then();
        });
}

bool OwnAddresses::contains(Channel channel, const QUrl &address) const
{
    const auto ours = m_ours.find(channel);
    return ours != m_ours.end() && ours->second.contains(address.toString(QUrl::RemoveFragment));
}

QStringList OwnAddresses::all(Channel channel) const
{
    const auto ours = m_ours.find(channel);
    return ours == m_ours.end() ? QStringList() : ours->second;
}

void OwnAddresses::note(Channel channel, const QUrl &address, const std::function<void()> &then)
{
    const QString text = address.toString(QUrl::RemoveFragment);
    QStringList &ours = m_ours[channel];
    if (!ours.isEmpty() && ours.last() == text) {
        then();
        return;
    }
    ours.removeAll(text);
    ours.append(text);
    while (ours.size() > kRemembered)
        ours.removeFirst();
    m_database.writer().write<void>(
        Writer::Priority::Background, "store registered callbacks",
        [channel, all = QJsonArray::fromStringList(ours)](WriteTransaction &tx) { return settings::store(tx, settingKey(channel), all); }, m_mailbox,
        [alive = std::weak_ptr(m_alive), then](const Result<void> &stored) {
            if (!stored)
                qCWarning(lcAccounts).noquote() << "registered callbacks not stored:" << describe(stored.error());
            if (!alive.expired())
                then();
        });
}

} // namespace antiphon
