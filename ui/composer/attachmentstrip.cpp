#include "ui/composer/attachmentstrip.h"

#include "ui/models/errortext.h"
#include "ui/models/whendone.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/iconbutton.h"

#include <QBoxLayout>
#include <QFileInfo>
#include <QLabel>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
}

AttachmentStrip::AttachmentStrip(const Theme &theme, Upload upload, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_upload(std::move(upload))
    , m_row(new QHBoxLayout(this))
{
    setAccessibleName(tr("Attached files"));
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(m_theme.px(8));
    m_row->setAlignment(Qt::AlignLeading);
    hide();
}

void AttachmentStrip::addFile(const QString &path, const ComposerLimits &limits)
{
    const quint64 key = addItem(QFileInfo(path).fileName());
    whenDone(prepareFile(path, limits), this, [this, key](const Result<PreparedFile> &file) { take(key, file); });
}

void AttachmentStrip::addImage(const QImage &image, const ComposerLimits &limits)
{
    const quint64 key = addItem(tr("Pasted picture"));
    whenDone(prepareImage(image, limits), this, [this, key](const Result<PreparedFile> &file) { take(key, file); });
}

quint64 AttachmentStrip::addItem(const QString &name)
{
    const quint64 key = m_nextKey++;
    m_items.append({.key = key, .file = {.name = name}});
    rebuild();
    return key;
}

AttachmentStrip::Item *AttachmentStrip::find(quint64 key)
{
    for (Item &item : m_items) {
        if (item.key == key)
            return &item;
    }
    return nullptr;
}

void AttachmentStrip::take(quint64 key, const Result<PreparedFile> &file)
{
    Item *item = find(key);
    if (!item)
        return;   // taken away meanwhile
    if (file) {
        item->file = *file;
        upload(key);
    } else {
        item->problem = errorText(file.error());
    }
    rebuild();
}

void AttachmentStrip::upload(quint64 key)
{
    Item *item = find(key);
    item->problem.clear();
    whenDone(m_upload(item->file.path, item->file.name, item->file.mime), this, [this, key](const Result<Attachment> &uploaded) {
        Item *waiting = find(key);
        if (!waiting)
            return;
        if (uploaded)
            waiting->uploaded = *uploaded;
        else
            waiting->problem = errorText(uploaded.error());
        rebuild();
    });
}

void AttachmentStrip::remove(quint64 key)
{
    m_items.removeIf([key](const Item &item) { return item.key == key; });
    rebuild();
}

void AttachmentStrip::clear()
{
    m_items.clear();
    rebuild();
}

bool AttachmentStrip::isReady() const
{
    return std::all_of(m_items.begin(), m_items.end(), [](const Item &item) { return item.uploaded.has_value(); });
}

bool AttachmentStrip::hasFailed() const
{
    return !firstProblem().isEmpty();
}

QString AttachmentStrip::firstProblem() const
{
    for (const Item &item : m_items) {
        if (!item.problem.isEmpty())
            return item.problem;
    }
    return {};
}

QList<Attachment> AttachmentStrip::attachments() const
{
    QList<Attachment> uploaded;
    for (const Item &item : m_items) {
        if (item.uploaded)
            uploaded.append(*item.uploaded);
    }
    return uploaded;
}

void AttachmentStrip::rebuild()
{
    while (QLayoutItem *old = m_row->takeAt(0)) {
        if (QWidget *chip = old->widget())
            chip->deleteLater();
        delete old;
    }
    for (Item &item : m_items) {
        item.chip = makeChip(item);
        m_row->addWidget(item.chip);
    }
    setVisible(!m_items.isEmpty());
    emit changed();
}

QWidget *AttachmentStrip::makeChip(const Item &item)
{
    auto *chip = new QWidget(this);
    chip->setFixedSize(m_theme.px(220), m_theme.px(56));
    auto *row = new QHBoxLayout(chip);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(m_theme.px(8));
    auto *picture = new QLabel(chip);
    const int side = m_theme.px(48);
    picture->setFixedSize(side, side);
    picture->setAlignment(Qt::AlignCenter);
    if (!item.file.preview.isNull()) {
        QImage shown = item.file.preview.scaled(QSize(side, side) * devicePixelRatioF(), Qt::KeepAspectRatio, Qt::SmoothTransformation);
        shown.setDevicePixelRatio(devicePixelRatioF());
        picture->setPixmap(QPixmap::fromImage(shown));
    } else {
        picture->setPixmap(m_theme.icon(!item.problem.isEmpty()                       ? "alert-circle"_L1
                                             : item.file.mime.startsWith("video/"_L1) ? "video"_L1
                                             : item.file.mime.startsWith("audio/"_L1) ? "mic"_L1
                                                                                       : "file"_L1, "text.secondary"_L1).pixmap(side / 2, side / 2));
    }
    row->addWidget(picture);
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    auto *name = new ElidedLabel(m_theme, TypeRole::Small, "text.primary"_L1, chip);
    name->setText(item.file.name);
    auto *state = new ElidedLabel(m_theme, TypeRole::Caption, item.problem.isEmpty() ? "text.secondary"_L1 : "danger.text"_L1, chip);
    state->setText(!item.problem.isEmpty()   ? item.problem
                       : !item.uploaded      ? tr("Uploading …")
                       : item.file.wasConverted ? tr("Made smaller, %1").arg(QLocale().formattedDataSize(item.file.size))
                                             : QLocale().formattedDataSize(item.file.size));
    words->addStretch(1);
    words->addWidget(name);
    words->addWidget(state);
    words->addStretch(1);
    row->addLayout(words, 1);
    const quint64 key = item.key;
    if (!item.problem.isEmpty() && !item.file.path.isEmpty()) {
        auto *again = new IconButton(m_theme, "retry"_L1, tr("Try %1 again").arg(item.file.name), chip);
        again->setMetrics(24, 14);
        connect(again, &QAbstractButton::clicked, this, [this, key] {
            upload(key);
            rebuild();
        });
        row->addWidget(again);
    }
    auto *away = new IconButton(m_theme, "close"_L1, tr("Take %1 away").arg(item.file.name), chip);
    away->setMetrics(24, 14);
    connect(away, &QAbstractButton::clicked, this, [this, key] { remove(key); });
    row->addWidget(away);
    return chip;
}

} // namespace antiphon
