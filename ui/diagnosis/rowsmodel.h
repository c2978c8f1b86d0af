#pragma once

#include "ui/widgets/tone.h"

#include <QAbstractTableModel>
#include <QStringList>

#include <functional>

namespace antiphon {

/// Rows of plain words under heads: each row has a key of its own, and one cell may carry a tone with an icon. More rows are fetched when the view
/// comes to the end.
class RowsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role { KeyRole = Qt::UserRole + 1 };

    struct Row {
        QString key{};
        QStringList cells{};
        int toneCell = -1;
        Tone tone = Tone::Quiet;
        QLatin1StringView icon{};
    };

    RowsModel(const Theme &theme, const QStringList &heads, QObject *parent = nullptr);

    void setRows(const QList<Row> &rows);            ///< rows with a known key keep their place in the selection
    void append(const QList<Row> &rows);
    void setMore(std::function<void()> more) { m_more = std::move(more); }   ///< asked once each time; empty: all is here
    const QList<Row> &rows() const { return m_rows; }
    int rowOf(const QString &key) const;             ///< -1 where there is none

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

private:
    const Theme &m_theme;
    QStringList m_heads;
    QList<Row> m_rows;
    std::function<void()> m_more;
};

} // namespace antiphon
