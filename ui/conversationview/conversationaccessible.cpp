#include "ui/conversationview/conversationview.h"

#include "ui/conversationview/albums.h"
#include "ui/models/messagetext.h"
#include "ui/models/relativetime.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QHash>

namespace antiphon {
using namespace Qt::StringLiterals;
namespace {

/// One row for assistive tools. It holds the row's key, so a row that goes leaves an invalid item and no dangling one.
class RowInterface : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    RowInterface(ConversationView *view, quint64 key) : m_view(view), m_key(key) {}

    int row() const { return m_view ? m_view->model().indexOfKey(m_key) : -1; }

    bool isValid() const override { return row() >= 0; }
    QObject *object() const override { return nullptr; }
    QWindow *window() const override { return m_view ? m_view->window()->windowHandle() : nullptr; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    QAccessibleInterface *parent() const override { return m_view ? QAccessible::queryAccessibleInterface(m_view) : nullptr; }
    QAccessibleInterface *child(int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }

    QString text(QAccessible::Text kind) const override
    {
        const int at = row();
        if (at < 0)
            return {};
        return kind == QAccessible::Name || kind == QAccessible::Value ? m_view->rowName(at) : QString();
    }
    void setText(QAccessible::Text, const QString &) override {}
    QRect rect() const override
    {
        const int at = row();
        if (at < 0)
            return {};
        const QRect inView = m_view->rowRect(at);
        return {m_view->viewport()->mapToGlobal(inView.topLeft()), inView.size()};
    }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        const int at = row();
        state.focusable = true;
        state.readOnly = true;
        state.invalid = at < 0;
        state.focused = at >= 0 && m_view->hasFocus() && m_view->focusedRow() == at;
        state.offscreen = at >= 0 && !m_view->rowRect(at).intersects(m_view->viewport()->rect());
        return state;
    }
    void *interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface *>(this) : nullptr;
    }

    QStringList actionNames() const override
    {
        QStringList names{setFocusAction()};
        const int at = row();
        if (at < 0)
            return names;
        for (const HitArea &hit : m_view->geometry(at)->hits) {
            if (hit.action != HitAction::None && hit.isOn && !hit.name.isEmpty() && !names.contains(hit.name))
                names.append(hit.name);
        }
        return names;
    }
    void doAction(const QString &name) override
    {
        const int at = row();
        if (at < 0)
            return;
        if (name == setFocusAction()) {
            m_view->setFocusedRow(at);
            return;
        }
        const auto geometry = m_view->geometry(at);
        for (const HitArea &hit : geometry->hits) {
            if (hit.action == HitAction::None || hit.name != name)
                continue;
            m_view->activate(at, hit);
            return;
        }
    }
    QStringList keyBindingsForAction(const QString &) const override { return {}; }

private:
    QPointer<ConversationView> m_view;
    quint64 m_key;
};

/// The view: a list that makes its items when they are asked for.
class ViewInterface : public QAccessibleWidget {
public:
    explicit ViewInterface(ConversationView *view) : QAccessibleWidget(view, QAccessible::List, view->accessibleName()) {}
    ~ViewInterface() override
    {
        for (const QAccessible::Id id : std::as_const(m_ids))
            QAccessible::deleteAccessibleInterface(id);
    }

    int childCount() const override { return view()->model().count(); }
    QAccessibleInterface *child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        forgetGoneRows();
        const quint64 key = view()->model().row(index).key;
        if (const auto it = m_ids.constFind(key); it != m_ids.cend())
            return QAccessible::accessibleInterface(*it);
        auto *row = new RowInterface(view(), key);
        m_ids.insert(key, QAccessible::registerAccessibleInterface(row));
        return row;
    }
    int indexOfChild(const QAccessibleInterface *child) const override
    {
        const auto *row = dynamic_cast<const RowInterface *>(child);
        return row ? row->row() : -1;
    }
    QAccessibleInterface *childAt(int x, int y) const override
    {
        return child(view()->rowAt(view()->viewport()->mapFromGlobal(QPoint(x, y))));
    }
    QAccessibleInterface *focusChild() const override { return child(view()->focusedRow()); }

private:
    static constexpr int kTidyFrom = 2000;

    ConversationView *view() const { return static_cast<ConversationView *>(widget()); }

    void forgetGoneRows() const
    {
        if (m_ids.size() < kTidyFrom + 2 * childCount())
            return;
        for (auto it = m_ids.begin(); it != m_ids.end();) {
            if (view()->model().indexOfKey(it.key()) >= 0) {
                ++it;
                continue;
            }
            QAccessible::deleteAccessibleInterface(it.value());
            it = m_ids.erase(it);
        }
    }

    mutable QHash<quint64, QAccessible::Id> m_ids;
};

QAccessibleInterface *makeInterface(const QString &, QObject *object)
{
    auto *view = qobject_cast<ConversationView *>(object);
    return view ? new ViewInterface(view) : nullptr;
}

} // namespace

void installConversationAccessibility()
{
    static const bool installed = [] {
        QAccessible::installFactory(makeInterface);
        return true;
    }();
    Q_UNUSED(installed);
}

QString ConversationView::rowName(int row) const
{
    const Message &message = m_model.row(row).message;
    if (message.direction == Message::Direction::Activity)
        return activityText(message);
    QString who = senderWord(message);
    if (who.isEmpty())
        who = message.direction == Message::Direction::Incoming ? m_traits.contactName : message.sender.name;
    if (isNativeEcho(message))
        who = tr("%1 app").arg(channelTitle(m_traits.channel));
    QString name = tr("%1, %2: %3").arg(plainLine(who, 80), clockTime(message.createdAt), messagePreview(message, m_traits.channel).text);
    if (const auto album = albumOf(m_model, row, m_state.unreadKey))
        name += u". "_s + tr("One of %n in an album", nullptr, album->count());
    if (message.status == MessageStatus::Failed)
        name += u". "_s + tr("Not sent.");
    for (const HitArea &hit : geometry(row)->hits) {
        if (hit.action == HitAction::None && !hit.name.isEmpty() && statusMark(message, m_traits.channel) && hit.name != who)
            name += u". "_s + hit.name;
    }
    return name;
}

} // namespace antiphon
