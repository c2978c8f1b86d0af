#pragma once

#include "core/client/deskapi.h"
#include "ui/onboarding/connectplan.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace antiphon {

class ChoiceRow;
class CopyRow;
class FieldRow;
class PrimaryButton;
class StepList;
class Theme;
class TunnelPanel;

/// The assistant that connects an account of a channel, step by step as its plan says, and at the end one real message on its way in, shown as it
/// happens. What failed is said under the field or button it concerns.
class ConnectPage : public QWidget {
    Q_OBJECT
public:
    ConnectPage(const Theme &theme, DeskApi &api, QWidget *parent = nullptr);

    /// Begins anew. @param reconnect the inbox whose owner must agree again, or whose keys are other ones now; null for a new one.
    /// @param way of several to connect an account; empty: the first
    void begin(Channel channel, const std::optional<Inbox> &reconnect = {}, const QString &way = {});
    void showStep(ConnectStep::Kind kind);        ///< for who has done those before it already
    void applyEvent(const DeskEvent &event);      ///< inbox.created, inbox.updated, message.created
    Channel channel() const { return m_plan.channel; }

signals:
    void finished(antiphon::InboxId inbox);       ///< 0: left without connecting

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    // connectpage.cpp: what the steps are made of
    void build();
    QWidget *buildStep(int index);
    void buildAddress(int index, QVBoxLayout *column);
    void buildConsent(int index, QVBoxLayout *column);
    void buildRoundTrip(QVBoxLayout *column);
    void addWays(QVBoxLayout *column);
    void addValues(const ConnectStep &step, QVBoxLayout *column);
    void addFields(int index, QVBoxLayout *column);
    void addClicks(const ConnectStep &step, QVBoxLayout *column);
    void addAdvanced(const ConnectStep &step, const QList<FieldRow *> &rows, QVBoxLayout *column);
    QLabel *label(const QString &text, bool bold = false, bool secondary = false);
    QLabel *sectionHead(const QString &text);
    QWidget *checkRow(const QString &text);
    QWidget *footer(int index, QPushButton *next);
    void dress();

    // connectflow.cpp: what happens
    template <typename T, typename Function>
    void ask(QFuture<T> future, Function function);
    void show(int index);
    Channel application() const { return m_plan.application.value_or(m_plan.channel); }
    int indexOf(ConnectStep::Kind kind) const;
    const ConnectStep &current() const;
    void goOn();
    void askApp();
    void takeApp(const Result<DeskApp> &app);
    void takeAddress();
    void showValues();
    bool fieldsWillDo(ConnectStep::Kind kind);
    QJsonObject valuesOf(ConnectStep::Kind kind, ConnectField::Where where) const;
    std::optional<Inbox::Delivery> chosenDelivery() const;
    void fillKnown();
    void reveal(FieldRow *row);
    QString wellText() const;
    void saveApp();
    void saveAccount();
    void refuse(const Error &error, ConnectStep::Kind kind);
    void openConsent();
    void paste();
    void connected(const Inbox &inbox);
    void check();
    void readVerifyToken();
    void makeVerifyToken();
    void say(QLabel *place, const QString &text, bool isError);

    const Theme &m_theme;
    DeskApi &m_api;
    ConnectPlan m_plan;
    quint64 m_run = 0;                            ///< grows with every beginning: answers to earlier ones are dropped
    std::optional<Inbox> m_reconnect;
    std::optional<Inbox> m_inbox;                 ///< once it is connected
    DeskApp m_app;
    QString m_verifyToken;                        ///< what is entered at the platform; empty: not read yet, or stored and not for this agent
    QString m_shownAddress;
    bool m_isWaitingForConsent = false;

    QLabel *m_title = nullptr;
    QHBoxLayout *m_body = nullptr;
    StepList *m_steps = nullptr;
    QStackedWidget *m_pages = nullptr;
    QList<std::pair<QLabel *, bool>> m_labels;    ///< and whether they are secondary
    QList<QLabel *> m_heads;
    QList<QLabel *> m_sections;
    QList<FieldRow *> m_fields;
    QList<ChoiceRow *> m_choices;
    QPushButton *m_more = nullptr;                ///< opens what few need
    QWidget *m_advanced = nullptr;
    QList<QLabel *> m_states;                     ///< of each step
    QList<PrimaryButton *> m_next;                ///< of each step; null where there is another one
    TunnelPanel *m_tunnel = nullptr;
    QList<CopyRow *> m_redirects;
    QList<CopyRow *> m_webhooks;
    QList<CopyRow *> m_verifyRows;
    QPushButton *m_newVerifyToken = nullptr;
    QLineEdit *m_pasted = nullptr;
    QPushButton *m_pasteButton = nullptr;
    QPushButton *m_keysAgain = nullptr;           ///< what was entered was refused
    PrimaryButton *m_openBrowser = nullptr;
    QLabel *m_checks = nullptr;
    QPushButton *m_checkAgain = nullptr;
};

} // namespace antiphon
