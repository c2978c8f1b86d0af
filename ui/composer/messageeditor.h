#pragma once

#include <QPlainTextEdit>

namespace antiphon {

class Theme;

/// The text field of the composer: plain text, one to eight lines, Enter sends (Shift+Enter breaks the line), files and pictures can be dropped or pasted.
class MessageEditor : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit MessageEditor(const Theme &theme, QWidget *parent = nullptr);

    void setHint(const QString &hint);      ///< what stands there while nothing is written; the field grows to show it
    void setCompact(bool compact);          ///< one line, for low windows

signals:
    void sendPressed();
    void filesDropped(const QStringList &paths);
    void imagePasted(const QImage &image);
    void focusChanged();
    void escapePressed();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    bool canInsertFromMimeData(const QMimeData *source) const override;
    void insertFromMimeData(const QMimeData *source) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void dress();
    void fitHeight();

    const Theme &m_theme;
    bool m_isCompact = false;
};

} // namespace antiphon
