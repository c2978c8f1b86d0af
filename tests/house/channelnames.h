#pragma once

#include <QString>
#include <QStringList>

namespace antiphon::test {

/// Where the name of a platform stands in a source: the enum's, or in a text. Comments may name whom they like, and so may #include, which the table of rooms judges.
class ChannelNames {
public:
    /// @param header the text of the file that has the enum
    explicit ChannelNames(const QString &header);

    const QStringList &names() const { return m_names; }      ///< "Tiktok", …

    /// "12: Channel::Tiktok", "13: \"/webhooks/line\"", each place once; empty: none.
    QStringList placesIn(const QString &source) const;

private:
    bool isNamed(const QString &text) const;

    QStringList m_names;
};

} // namespace antiphon::test
