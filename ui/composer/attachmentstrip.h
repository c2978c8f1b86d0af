#pragma once

#include "core/client/deskapi.h"
#include "ui/composer/imagepreparer.h"

#include <QWidget>

class QHBoxLayout;

namespace antiphon {

class Theme;

/// The files that hang on what is being written: prepared, uploaded at once, shown with their state, each can be taken away or tried again.
class AttachmentStrip : public QWidget {
    Q_OBJECT
public:
    using Upload = std::function<QFuture<Result<Attachment>>(const QString &path, const QString &name, const QString &mime)>;

    AttachmentStrip(const Theme &theme, Upload upload, QWidget *parent = nullptr);

    void addFile(const QString &path, const ComposerLimits &limits);
    void addImage(const QImage &image, const ComposerLimits &limits);
    void clear();

    int count() const { return int(m_items.size()); }
    bool isReady() const;                     ///< all uploaded
    bool hasFailed() const;
    QList<Attachment> attachments() const;    ///< the uploaded ones, in order
    QString firstProblem() const;

signals:
    void changed();

private:
    struct Item {
        quint64 key = 0;
        PreparedFile file{};
        std::optional<Attachment> uploaded{};
        QString problem{};
        QWidget *chip = nullptr;
    };

    quint64 addItem(const QString &name);
    Item *find(quint64 key);
    void take(quint64 key, const Result<PreparedFile> &file);
    void upload(quint64 key);
    void remove(quint64 key);
    void rebuild();
    QWidget *makeChip(const Item &item);

    const Theme &m_theme;
    Upload m_upload;
    QList<Item> m_items;
    QHBoxLayout *m_row;
    quint64 m_nextKey = 1;
};

} // namespace antiphon
