#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>

#include <optional>

namespace antiphon {

/// Buttons or a list that a message offers to choose from.
struct MessageChoice {
    struct Item {
        QString id{};
        QString title{};
        QString description{};
    };
    QString button{};                        ///< what opens a list; empty: buttons
    QList<Item> items{};
};

QJsonObject toJson(const MessageChoice &choice);
std::optional<MessageChoice> messageChoiceFromJson(const QJsonObject &json);   ///< nothing where there are no items

} // namespace antiphon
