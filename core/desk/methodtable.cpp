#include "core/desk/methodtable.h"

namespace antiphon {

void MethodTable::read(const QString &name, Agent::Role least, Read action)
{
    m_methods.insert(name, {.least = least, .action = std::move(action)});
}

void MethodTable::write(const QString &name, Agent::Role least, Write action)
{
    m_methods.insert(name, {.least = least, .action = std::move(action)});
}

void MethodTable::call(const QString &name, Agent::Role least, Call action, bool isDetached)
{
    m_methods.insert(name, {.least = least, .action = std::move(action), .isDetached = isDetached});
}

const MethodTable::Method *MethodTable::find(const QString &name) const
{
    const auto it = m_methods.constFind(name);
    return it == m_methods.constEnd() ? nullptr : &*it;
}

QStringList MethodTable::names() const
{
    QStringList all = m_methods.keys();
    all.sort();
    return all;
}

bool MethodTable::mayCall(const Method &method, Agent::Role role)
{
    return int(role) <= int(method.least);   // owner, admin, agent: each may what the next may
}

} // namespace antiphon
