#pragma once

#include "core/client/deskapi.h"
#include "core/client/tunnelapi.h"

#include <QTimer>
#include <QWidget>

class QGridLayout;
class QLabel;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace antiphon {

class Banner;
class DataTable;
class IconButton;
class InboxModel;
class RowsModel;
class Theme;

/// How the way in is doing: the most urgent finding, each inbox, what could not be read and what to do with it, times away, what was refused. Reads
/// only while it is seen: when it opens, when an event says that something changed, and every 5 s.
class DiagnosisPage : public QWidget {
    Q_OBJECT
public:
    /// All must outlive the page.
    DiagnosisPage(DeskApi &api, InboxModel &inboxes, const Theme &theme, const Clock &clock, QWidget *parent = nullptr);

    void applyEvent(const DeskEvent &event);
    void refresh();                                  ///< asks for everything again
    void showDeadLetters();                          ///< brings them into sight

    // For tests.
    RowsModel &inboxRows() const { return *m_inboxRows; }
    RowsModel &groupRows() const { return *m_groupRows; }
    RowsModel &letterRows() const { return *m_letterRows; }
    RowsModel &gapRows() const { return *m_gapRows; }
    RowsModel &refusedRows() const { return *m_refusedRows; }
    QString finding() const { return m_findingText; }

signals:
    void closed();
    void conversationRequested(antiphon::ConversationId id);
    void inboxSettingsRequested(antiphon::InboxId id);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    struct Section {
        QWidget *box = nullptr;
        QLabel *head = nullptr;
        QLabel *empty = nullptr;
        DataTable *table = nullptr;
    };

    void build();
    void buildFigures(QVBoxLayout *column);
    void buildLetterButtons(QVBoxLayout *column);
    Section addSection(QVBoxLayout *column, const QString &title, const QString &empty, RowsModel *rows, int mostRows, int stretched);
    void readHealth();
    void readLetters();
    void readMoreLetters(const QString &cursor);
    void readGaps();
    void readTunnel();
    void showHealth();
    void showFigures();
    void showLetters();
    void showSections();
    void showButtons();
    QString nameOf(InboxId id) const;
    const DeadLetterGroup *chosenGroup() const;
    const DeadLetter *chosenLetter() const;
    void retry();
    void retryAll();
    void discard();
    void copyPayload();
    void openConversation();
    void exportReport();
    void say(const QString &sentence, bool isError = false);
    void dress();

    DeskApi &m_api;
    TunnelApi m_tunnelApi;
    InboxModel &m_inboxes;
    const Theme &m_theme;
    const Clock &m_clock;

    QLabel *m_title = nullptr;
    QLabel *m_checked = nullptr;
    QPushButton *m_again = nullptr;
    IconButton *m_close = nullptr;
    Banner *m_finding = nullptr;
    Banner *m_said = nullptr;
    QScrollArea *m_scroll = nullptr;
    QGridLayout *m_figures = nullptr;
    QList<std::pair<QLabel *, QLabel *>> m_figureLabels;
    QPushButton *m_retry = nullptr;
    QPushButton *m_retryAll = nullptr;
    QPushButton *m_discard = nullptr;
    QPushButton *m_copy = nullptr;
    QPushButton *m_conversation = nullptr;
    QPushButton *m_export = nullptr;
    QWidget *m_letterButtons = nullptr;
    RowsModel *m_inboxRows = nullptr;
    RowsModel *m_groupRows = nullptr;
    RowsModel *m_letterRows = nullptr;
    RowsModel *m_gapRows = nullptr;
    RowsModel *m_refusedRows = nullptr;
    RowsModel *m_laneRows = nullptr;
    Section m_inboxSection;
    Section m_groupSection;
    Section m_letterSection;
    Section m_gapSection;
    Section m_refusedSection;
    Section m_laneSection;

    QTimer m_tick;                                   // while it is seen
    QTimer m_soon;                                   // several events, one reading
    std::optional<DeskHealth> m_health;
    std::optional<DeskTunnel> m_tunnel;
    QList<DeadLetterGroup> m_groups;
    QList<DeadLetter> m_letters;
    QList<Gap> m_gaps;
    QString m_findingText;
    bool m_isReading = false;
};

} // namespace antiphon
