#include "ui/diagnosis/diagnosispage.h"

#include "ui/diagnosis/diagnosistext.h"
#include "ui/models/errortext.h"
#include "ui/models/whendone.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QMessageBox>
#include <QPushButton>
#include <QSaveFile>

// What a person does with dead letters.
namespace antiphon {
using namespace Qt::StringLiterals;

void DiagnosisPage::retry()
{
    const DeadLetter *letter = chosenLetter();
    if (!letter)
        return;
    whenDone(m_api.retryDeadLetter(letter->id), this, [this](const Result<void> &done) {
        say(done ? tr("It is being tried again.") : errorText(done.error()), !done);
        m_soon.start();
    });
}

void DiagnosisPage::retryAll()
{
    std::optional<DeadLetterGroup> group;
    if (const DeadLetterGroup *chosen = chosenGroup())
        group = *chosen;
    else if (const DeadLetter *letter = chosenLetter())
        group = DeadLetterGroup{.inboxId = letter->inboxId, .kind = letter->kind, .errorClass = letter->errorClass, .reason = letter->reason};
    if (!group)
        return;
    whenDone(m_api.retryDeadLetters(*group), this, [this](const Result<int> &count) {
        say(count ? tr("%n are being tried again.", nullptr, *count) : errorText(count.error()), !count);
        m_soon.start();
    });
}

void DiagnosisPage::discard()
{
    const DeadLetter *letter = chosenLetter();
    if (!letter)
        return;
    auto *dialog = new QMessageBox(QMessageBox::Warning, tr("Discard this event?"),
                                   tr("It never becomes a message, even if the platform delivers it again. This can't be undone."), QMessageBox::Cancel, this);
    dialog->setTextFormat(Qt::PlainText);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *yes = dialog->addButton(tr("Discard"), QMessageBox::DestructiveRole);
    dialog->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QAbstractButton::clicked, this, [this, id = letter->id] {
        whenDone(m_api.discardDeadLetter(id), this, [this](const Result<void> &done) {
            say(done ? tr("It is discarded.") : errorText(done.error()), !done);
            m_soon.start();
        });
    });
    dialog->open();
}

void DiagnosisPage::copyPayload()
{
    const DeadLetter *letter = chosenLetter();
    if (!letter)
        return;
    whenDone(m_api.deadLetter(letter->id), this, [this](const Result<DeadLetterDetails> &details) {
        if (!details)
            return say(errorText(details.error()), true);
        if (details->payload.isEmpty())
            return say(tr("Its content is no longer kept."), true);
        QGuiApplication::clipboard()->setText(details->payload);
        say(tr("Copied, with texts, names and numbers masked."));
    });
}

void DiagnosisPage::openConversation()
{
    const DeadLetter *letter = chosenLetter();
    if (!letter)
        return;
    whenDone(m_api.deadLetter(letter->id), this, [this](const Result<DeadLetterDetails> &details) {
        if (!details)
            say(errorText(details.error()), true);
        else if (!details->conversationId)
            say(tr("It is not known whose it is."), true);
        else
            emit conversationRequested(details->conversationId);
    });
}

void DiagnosisPage::exportReport()
{
    const DeadLetter *letter = chosenLetter();
    whenDone(m_api.exportDeadLetters(letter ? letter->id : QString()), this, [this](const Result<QJsonObject> &report) {
        if (!report)
            return say(errorText(report.error()), true);
        auto *dialog = new QFileDialog(this, tr("Export for a bug report"), QString(), tr("JSON (*.json)"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setDefaultSuffix(u"json"_s);
        dialog->selectFile(u"antiphon-report.json"_s);
        connect(dialog, &QFileDialog::fileSelected, this, [this, report = *report](const QString &path) {
            QSaveFile file(path);
            const QByteArray bytes = QJsonDocument(report).toJson();
            const bool isSaved = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
            say(isSaved ? tr("Saved, with secrets, names, numbers and texts masked.") : tr("The file could not be saved: %1").arg(file.errorString()), !isSaved);
        });
        dialog->open();
    });
}

} // namespace antiphon
