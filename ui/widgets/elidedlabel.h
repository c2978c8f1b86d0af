#pragma once

#include "ui/theme/theme.h"

#include <QWidget>

namespace antiphon {

/// One line of plain text, never markup, cut with "…" at the layout's end; the whole text is the tooltip then.
/// Taller scripts may reach out of the line box: only the width clips.
class ElidedLabel : public QWidget {
    Q_OBJECT
public:
    ElidedLabel(const Theme &theme, TypeRole role, QLatin1StringView token, QWidget *parent = nullptr);

    void setText(const QString &text);
    QString text() const { return m_text; }
    void setBold(bool bold);
    void setToken(QLatin1StringView token);
    void setAlignment(Qt::Alignment alignment);      ///< horizontal; leading unless said otherwise
    void setOptional(bool optional);                 ///< shows nothing at all where the whole has no room: for hints

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void refresh();

    const Theme &m_theme;
    TypeRole m_role;
    QLatin1StringView m_token;
    QString m_text;
    Qt::Alignment m_alignment = Qt::AlignLeading;
    bool m_bold = false;
    bool m_optional = false;
};

/// Makes a foreign text fit for one line: line breaks and control characters become blanks, bidi overrides a visible mark, at most `most` characters.
QString singleLine(const QString &text, int most = 400);

/// A tooltip that can't be markup, whatever the text holds.
QString plainToolTip(const QString &text);

} // namespace antiphon
