#pragma once

#include "ui/theme/theme.h"

#include <QStyledItemDelegate>

namespace antiphon {

/// A row of the template list: its name, and below it language, category and what keeps it from being sent. Both are lines of the item's text.
class TemplateDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    static constexpr int kIsSendableRole = Qt::UserRole;

    explicit TemplateDelegate(const Theme &theme, QObject *parent = nullptr) : QStyledItemDelegate(parent), m_theme(theme) {}

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const Theme &m_theme;
};

} // namespace antiphon
