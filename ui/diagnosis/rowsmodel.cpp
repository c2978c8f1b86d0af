#include "ui/diagnosis/rowsmodel.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"

#include <algorithm>

namespace antiphon {

RowsModel::RowsModel(const Theme &theme, const QStringList &heads, QObject *parent)
    : QAbstractTableModel(parent)
    , m_theme(theme)
    , m_heads(heads)
{
}

void RowsModel::setRows(const QList<Row> &rows)
{
    const bool isSameShape = rows.size() == m_rows.size()
        && std::equal(rows.begin(), rows.end(), m_rows.begin(), [](const Row &a, const Row &b) { return a.key == b.key; });
    if (isSameShape) {
        m_rows = rows;
        if (!m_rows.isEmpty())
            emit dataChanged(index(0, 0), index(int(m_rows.size()) - 1, columnCount() - 1));
        return;
    }
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

void RowsModel::append(const QList<Row> &rows)
{
    if (rows.isEmpty())
        return;
    beginInsertRows({}, int(m_rows.size()), int(m_rows.size() + rows.size()) - 1);
    m_rows += rows;
    endInsertRows();
}

int RowsModel::rowOf(const QString &key) const
{
    const auto it = std::find_if(m_rows.begin(), m_rows.end(), [&key](const Row &row) { return row.key == key; });
    return it == m_rows.end() ? -1 : int(it - m_rows.begin());
}

int RowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int RowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_heads.size());
}

QVariant RowsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Row &row = m_rows.at(index.row());
    const QString text = row.cells.value(index.column());
    const bool isToned = index.column() == row.toneCell;
    switch (role) {
    case Qt::DisplayRole: return singleLine(text);
    case Qt::ToolTipRole: return plainToolTip(text);
    case Qt::AccessibleTextRole: return text.isEmpty() ? text : m_heads.at(index.column()) + QStringLiteral(": ") + text;
    case Qt::ForegroundRole: return isToned ? toneColors(m_theme, row.tone).text : m_theme.color(QLatin1StringView(index.column() == 0 ? "text.primary" : "text.secondary"));
    case Qt::DecorationRole: {
        if (!isToned || row.icon.isEmpty())
            return {};
        const auto token = row.tone == Tone::Danger ? "danger.text" : row.tone == Tone::Warn ? "warn.text" : row.tone == Tone::Ok ? "ok.text" : "text.secondary";
        return m_theme.icon(row.icon, QLatin1StringView(token));
    }
    case KeyRole: return row.key;
    default: return {};
    }
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::DisplayRole)
        return m_heads.value(section);
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeading | Qt::AlignVCenter);
    return {};
}

bool RowsModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_more;
}

void RowsModel::fetchMore(const QModelIndex &parent)
{
    if (!parent.isValid() && m_more)
        std::exchange(m_more, {})();
}

} // namespace antiphon
