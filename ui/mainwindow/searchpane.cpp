#include "ui/mainwindow/searchpane.h"

#include "ui/mainwindow/searchmodel.h"
#include "ui/models/errortext.h"
#include "ui/models/relativetime.h"
#include "ui/models/whendone.h"
#include "ui/theme/theme.h"
#include "ui/widgets/avatarpainter.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/focusring.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/iconbutton.h"

#include <QBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QScrollBar>
#include <QStackedLayout>
#include <QStyledItemDelegate>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

constexpr auto kPause = 180ms;
constexpr int kPage = 40;

/// Paints one hit: who and when, below it the words that were found.
class HitDelegate : public QStyledItemDelegate {
public:
    HitDelegate(const Theme &theme, const SearchModel &model, const Clock &clock, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_theme(theme)
        , m_model(model)
        , m_clock(clock)
    {
    }

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        return {option.rect.width(), m_theme.lineHeight(TypeRole::Body) + m_theme.lineHeight(TypeRole::Small) * 2 + m_theme.px(18)};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const SearchHit &hit = m_model.at(index.row());
        const bool rtl = option.direction == Qt::RightToLeft;
        const bool isSelected = option.state.testFlag(QStyle::State_Selected);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->fillRect(option.rect, m_theme.color(isSelected ? "state.selected.list"_L1
                                                         : option.state.testFlag(QStyle::State_MouseOver) ? "state.hover.list"_L1
                                                                                                          : "surface.list"_L1));
        painter->translate(option.rect.topLeft());
        const int width = option.rect.width();
        const auto mirrored = [width, rtl](QRect rect) {
            if (rtl)
                rect.moveLeft(width - rect.x() - rect.width());
            return rect;
        };
        const int side = m_theme.px(16);
        const int icon = m_theme.px(18);
        const int top = m_theme.px(9);
        const int line = m_theme.lineHeight(TypeRole::Body);
        m_theme.paintIcon(painter, iconOf(hit.kind), mirrored(QRect(side, top, icon, line)), 18, m_theme.color("text.secondary"_L1), option.direction);
        const int x = side + icon + m_theme.px(10);
        const QString time = hit.kind == SearchHit::Kind::Contact ? QString() : listTime(hit.createdAt, m_clock.now());
        const QFont small = m_theme.font(TypeRole::Small);
        const int timeWidth = QFontMetrics(small).horizontalAdvance(time) + 1;
        const int align = int(Qt::AlignVCenter | Qt::AlignAbsolute);
        painter->setFont(small);
        painter->setPen(m_theme.color("text.secondary"_L1));
        painter->drawText(mirrored(QRect(width - side - timeWidth, top, timeWidth, line)), align | int(rtl ? Qt::AlignLeft : Qt::AlignRight), time);
        const QFont bold = m_theme.font(TypeRole::Body, true);
        const int nameWidth = width - side - timeWidth - m_theme.px(8) - x;
        QString who = index.data(SearchModel::WhoRole).toString();
        if (who.isEmpty())
            who = kindText(hit.kind);
        painter->setFont(bold);
        painter->setPen(m_theme.color("text.primary"_L1));
        // On the font's own baseline and unclipped: a fallback font's taller letters neither move the line nor lose their tops.
        const QFontMetrics metrics(bold);
        const QString shown = metrics.elidedText(who.replace(u'\n', u' '), Qt::ElideRight, nameWidth);
        const QRect nameRect = mirrored(QRect(x, top, nameWidth, line));
        const int nameX = rtl ? nameRect.right() + 1 - metrics.horizontalAdvance(shown) : nameRect.x();
        painter->drawText(QPointF(nameX, top + (line - metrics.ascent() - metrics.descent() + 1) / 2 + metrics.ascent()), shown);
        painter->setFont(small);
        painter->setPen(m_theme.color("text.secondary"_L1));
        const QRect words = mirrored(QRect(x, top + line, width - side - x, m_theme.lineHeight(TypeRole::Small) * 2));
        painter->setClipRect(words.adjusted(0, -4, 0, 4));
        painter->drawText(words, int(Qt::AlignTop | Qt::AlignAbsolute) | int(rtl ? Qt::AlignRight : Qt::AlignLeft) | int(Qt::TextWordWrap), hit.snippet.simplified());
        painter->setClipping(false);
        paintHairline(painter, m_theme, QPointF(rtl ? 0 : x, option.rect.height() - 1), QPointF(rtl ? width - x : width, option.rect.height() - 1));
        if (option.state.testFlag(QStyle::State_HasFocus) && option.state.testFlag(QStyle::State_KeyboardFocusChange))
            paintFocusRing(painter, m_theme, QRectF(1, 1, width - 2, option.rect.height() - 2), 4);
        painter->restore();
    }

private:
    static QLatin1StringView iconOf(SearchHit::Kind kind)
    {
        switch (kind) {
        case SearchHit::Kind::Message: return "quote"_L1;
        case SearchHit::Kind::Contact: return "user"_L1;
        case SearchHit::Kind::Conversation: return "inbox"_L1;
        }
        Q_UNREACHABLE();
    }

    static QString kindText(SearchHit::Kind kind)
    {
        switch (kind) {
        case SearchHit::Kind::Message: return SearchPane::tr("Message");
        case SearchHit::Kind::Contact: return SearchPane::tr("Contact");
        case SearchHit::Kind::Conversation: return SearchPane::tr("Conversation");
        }
        Q_UNREACHABLE();
    }

    const Theme &m_theme;
    const SearchModel &m_model;
    const Clock &m_clock;
};

} // namespace

SearchPane::SearchPane(DeskModels &models, const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_models(models)
    , m_theme(theme)
    , m_results(new SearchModel([&models](ConversationId id) { return models.api().conversation(id); }, this))
    , m_title(new QLabel(tr("Search results"), this))
    , m_close(new IconButton(theme, "close"_L1, tr("Close the search"), this))
    , m_view(new QListView(this))
    , m_empty(new EmptyState(theme, this))
{
    setAccessibleName(m_title->text());
    setAutoFillBackground(true);
    m_title->setTextFormat(Qt::PlainText);
    m_view->setAccessibleName(tr("Search results"));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setUniformItemSizes(true);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setMouseTracking(true);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setItemDelegate(new HitDelegate(m_theme, *m_results, models.clock(), m_view));
    m_view->setModel(m_results);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(m_theme.px(16), m_theme.px(8), m_theme.px(8), m_theme.px(8));
    head->addWidget(m_title, 1);
    head->addWidget(m_close);
    auto *holder = new QWidget(this);
    m_stack = new QStackedLayout(holder);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(new Hairline(m_theme, Qt::Horizontal, this));
    column->addWidget(holder, 1);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPause);
    connect(&m_pause, &QTimer::timeout, this, &SearchPane::ask);
    connect(m_close, &QAbstractButton::clicked, this, &SearchPane::closed);
    connect(m_view, &QAbstractItemView::clicked, this, [this](const QModelIndex &index) { choose(index.row()); });
    connect(m_view, &QAbstractItemView::activated, this, [this](const QModelIndex &index) { choose(index.row()); });
    connect(&m_theme, &Theme::changed, this, &SearchPane::dress);
    dress();
}

void SearchPane::setWords(const QString &words)
{
    if (words == m_words)
        return;
    m_words = words;
    m_opensFirst = false;
    ++m_generation;
    if (words.trimmed().isEmpty()) {
        m_pause.stop();
        m_isAsking = false;
        m_results->clear();
        showState();
        return;
    }
    m_isAsking = true;
    m_pause.start();
    showState();
}

void SearchPane::ask()
{
    m_isAsking = true;
    m_error.reset();
    whenDone(m_models.api().search(m_words.trimmed(), {}, {}, kPage), this, [this, generation = m_generation](const Result<SearchPage> &page) {
        if (generation != m_generation)
            return;
        m_isAsking = false;
        if (page) {
            m_results->setPage(*page);
            if (!page->items.isEmpty())
                m_view->setCurrentIndex(m_results->index(0));
            if (std::exchange(m_opensFirst, false))
                choose(0);
        } else {
            m_error = page.error();
            m_results->clear();
        }
        showState();
    });
}

void SearchPane::choose(int row)
{
    if (row < 0 || row >= m_results->rowCount())
        return;
    const SearchHit hit = m_results->at(row);
    if (hit.kind != SearchHit::Kind::Contact) {
        emit conversationChosen(hit.conversationId, hit.kind == SearchHit::Kind::Message ? MessageId(hit.id) : MessageId());
        return;
    }
    whenDone(m_models.api().conversations({.contactId = ContactId(hit.id)}, ConversationSort::LastActivity, {}, 1), this, [this](const Result<ConversationPage> &page) {
        if (page && !page->items.isEmpty())
            emit conversationChosen(page->items.first().id, {});
        else
            emit m_models.failed(page ? tr("There is no conversation with this contact.") : errorText(page.error()));
    });
}

void SearchPane::focusResults()
{
    m_view->setFocus(Qt::ShortcutFocusReason);
}

void SearchPane::openFirst()
{
    focusResults();
    if (!m_isAsking) {
        choose(0);
        return;
    }
    m_opensFirst = true;
    if (m_pause.isActive()) {
        m_pause.stop();
        ask();
    }
}

void SearchPane::showState()
{
    if (m_results->rowCount() > 0) {
        m_stack->setCurrentWidget(m_view);
        return;
    }
    if (m_error)
        m_empty->setContent("alert"_L1, tr("The search did not work"), errorText(*m_error));
    else if (m_isAsking)
        m_empty->setContent("search"_L1, tr("Searching …"));
    else
        m_empty->setContent("search"_L1, tr("No message or contact found"), tr("Try fewer or other words."));
    m_stack->setCurrentWidget(m_empty);
}

void SearchPane::dress()
{
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::Window, m_theme.color("surface.list"_L1));
    colors.setColor(QPalette::Base, m_theme.color("surface.list"_L1));
    setPalette(colors);
    m_view->setPalette(colors);
    m_title->setFont(m_theme.font(TypeRole::Title, true));
    m_view->doItemsLayout();
}

} // namespace antiphon
