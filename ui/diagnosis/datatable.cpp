#include "ui/diagnosis/datatable.h"

#include "ui/diagnosis/rowsmodel.h"
#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QScrollBar>

namespace antiphon {
using namespace Qt::StringLiterals;

DataTable::DataTable(const Theme &theme, const QString &name, int mostRows, QWidget *parent)
    : QTableView(parent)
    , m_theme(theme)
    , m_mostRows(mostRows)
{
    setAccessibleName(name);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setShowGrid(false);
    setTabKeyNavigation(false);
    setWordWrap(false);
    setCornerButtonEnabled(false);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    verticalHeader()->hide();
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    connect(&m_theme, &Theme::changed, this, &DataTable::dress);
    dress();
}

void DataTable::setModel(QAbstractItemModel *model)
{
    QTableView::setModel(model);
    const auto changed = [this] {
        fit();
        updateGeometry();
    };
    connect(model, &QAbstractItemModel::modelReset, this, changed);
    connect(model, &QAbstractItemModel::rowsInserted, this, changed);
    connect(model, &QAbstractItemModel::dataChanged, this, changed);
    connect(model, &QAbstractItemModel::modelReset, this, &DataTable::chosen);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &DataTable::chosen);
    fit();
}

QString DataTable::chosenKey() const
{
    const QModelIndexList rows = selectionModel() ? selectionModel()->selectedRows() : QModelIndexList();
    return rows.isEmpty() ? QString() : rows.constFirst().data(RowsModel::KeyRole).toString();
}

void DataTable::setStretchColumn(int column)
{
    m_stretched = column;
    fit();
}

int DataTable::wantedHeight() const
{
    const int rows = model() ? std::clamp(model()->rowCount(), 1, m_mostRows) : 1;
    const int bar = horizontalScrollBar()->maximum() > 0 ? horizontalScrollBar()->sizeHint().height() : 0;
    return horizontalHeader()->sizeHint().height() + rows * verticalHeader()->defaultSectionSize() + 2 * frameWidth() + bar;
}

QSize DataTable::sizeHint() const
{
    return {m_theme.px(480), wantedHeight()};
}

QSize DataTable::minimumSizeHint() const
{
    return {m_theme.px(200), wantedHeight()};
}

void DataTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fit();
}

/// Columns as wide as their words, within reason; the stretched one takes what is left and no less than it needs.
void DataTable::fit()
{
    if (!model())
        return;
    int others = 0;
    for (int column = 0; column < model()->columnCount(); ++column) {
        // The head's hint has room around its words already.
        const int wanted = std::max(sizeHintForColumn(column) + m_theme.px(8), horizontalHeader()->sectionSizeHint(column) + m_theme.px(4));
        const int width = std::min(wanted, m_theme.px(260));
        setColumnWidth(column, width);
        if (column != m_stretched)
            others += width;
    }
    const int left = viewport()->width() - others;
    setColumnWidth(m_stretched, std::max(columnWidth(m_stretched), left));
    updateGeometry();
}

void DataTable::dress()
{
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::Base, m_theme.color("surface.view"_L1));
    colors.setColor(QPalette::Highlight, m_theme.color("state.selected.list"_L1));
    colors.setColor(QPalette::HighlightedText, m_theme.color("text.primary"_L1));
    setPalette(colors);
    setFont(m_theme.font(TypeRole::Body));
    setIconSize(QSize(m_theme.px(16), m_theme.px(16)));
    verticalHeader()->setDefaultSectionSize(std::max(m_theme.px(32), m_theme.lineHeight(TypeRole::Body) + m_theme.px(10)));
    // A flat head: the style's own paints with the button's colour.
    QPalette head = colors;
    head.setColor(QPalette::Button, m_theme.color("surface.view"_L1));
    head.setColor(QPalette::ButtonText, m_theme.color("text.secondary"_L1));
    horizontalHeader()->setPalette(head);
    horizontalHeader()->setFont(m_theme.font(TypeRole::Small));
    fit();
}

} // namespace antiphon
