#pragma once

#include <QTableView>

namespace antiphon {

class Theme;

/// A quiet table on a page: hairlines between rows, whole rows chosen, as high as its rows up to `mostRows`, then it scrolls. Tab leaves it.
class DataTable : public QTableView {
    Q_OBJECT
public:
    DataTable(const Theme &theme, const QString &name, int mostRows, QWidget *parent = nullptr);

    void setModel(QAbstractItemModel *model) override;
    QString chosenKey() const;                       ///< RowsModel::KeyRole of the chosen row; empty for none
    void setStretchColumn(int column);               ///< takes the room that is left

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void chosen();                                   ///< another row, or none

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void dress();
    void fit();
    int wantedHeight() const;

    const Theme &m_theme;
    const int m_mostRows;
    int m_stretched = 0;
};

} // namespace antiphon
