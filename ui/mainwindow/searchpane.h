#pragma once

#include "ui/mainwindow/deskmodels.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QListView;
class QStackedLayout;

namespace antiphon {

class EmptyState;
class IconButton;
class SearchModel;
class Theme;

/// What the search found, in the place of the cards: messages, contacts and conversations, newest first.
class SearchPane : public QWidget {
    Q_OBJECT
public:
    SearchPane(DeskModels &models, const Theme &theme, QWidget *parent = nullptr);

    /// Asks shortly after the last change of the words; empty words find nothing.
    void setWords(const QString &words);
    QString words() const { return m_words; }
    void focusResults();
    void openFirst();                    ///< the first hit, as soon as it is there
    QListView *view() const { return m_view; }

signals:
    void conversationChosen(antiphon::ConversationId id, antiphon::MessageId around);
    void closed();

private:
    void ask();
    void choose(int row);
    void showState();
    void dress();

    DeskModels &m_models;
    const Theme &m_theme;
    SearchModel *m_results;
    QLabel *m_title;
    IconButton *m_close;
    QListView *m_view;
    EmptyState *m_empty;
    QStackedLayout *m_stack;
    QTimer m_pause;
    QString m_words;
    quint64 m_generation = 0;
    bool m_isAsking = false;
    bool m_opensFirst = false;
    std::optional<Error> m_error;
};

} // namespace antiphon
